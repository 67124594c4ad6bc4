"""Routes of the bodies' API."""

from django.urls import path

from accounts.api.me import MeView
from accounts.api.notices import NoticeListView, NoticeReadView
from accounts.api.views import OrganizationViewSet

urlpatterns = [
    path("notices/", NoticeListView.as_view(), name="api-notices"),
    path("notices/<int:id>/read/", NoticeReadView.as_view(), name="api-notice-read"),
    path("me/", MeView.as_view(), name="api-me"),
    path("organizations/", OrganizationViewSet.as_view({"get": "list"}), name="api-organizations"),
    path(
        "organizations/<str:code>/", OrganizationViewSet.as_view({"get": "retrieve"}), name="api-organization"
    ),
]
