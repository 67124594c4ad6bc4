"""Addresses of the cases' API."""

from django.urls import path

from grants.api import cases, copies, indicators

_CASE = "applications/<str:id>/"

urlpatterns = [
    path("applications/", cases.ApplicationListView.as_view(), name="api-applications"),
    path(_CASE, cases.ApplicationView.as_view(), name="api-application"),
    path(f"{_CASE}acts/<slug:action>/", cases.ActView.as_view(), name="api-application-act"),
    path(f"{_CASE}events/", cases.EventListView.as_view(), name="api-application-events"),
    path(f"{_CASE}versions/", cases.VersionListView.as_view(), name="api-application-versions"),
    path(f"{_CASE}versions/<int:branch>/", cases.VersionView.as_view(), name="api-application-version"),
    path(f"{_CASE}answers/", copies.AnswerListView.as_view(), name="api-application-answers"),
    path(
        f"{_CASE}answers/<slug:question>/", copies.CommonAnswerView.as_view(), name="api-application-answer"
    ),
    path(f"{_CASE}indicators/", indicators.IndicatorsView.as_view(), name="api-application-indicators"),
    path(f"{_CASE}reports/", cases.ReportListView.as_view(), name="api-application-reports"),
    path(f"{_CASE}budget/", copies.BudgetView.as_view(), name="api-application-budget"),
    path(f"{_CASE}members/<str:member>/budget/", copies.ShareView.as_view(), name="api-application-share"),
    path(
        f"{_CASE}members/<str:member>/answers/<slug:question>/",
        copies.MemberAnswerView.as_view(),
        name="api-application-member-answer",
    ),
    path(f"{_CASE}documents/", copies.DocumentListView.as_view(), name="api-application-documents"),
    path(f"{_CASE}documents/<str:document>/", copies.DocumentView.as_view(), name="api-application-document"),
    path(
        f"{_CASE}documents/<str:document>/content/",
        copies.DocumentContentView.as_view(),
        name="api-application-document-content",
    ),
]
