"""Routes of cases. The paths are fixed: notices and receipts on paper link to them."""

from django.urls import include, path

from grants.views import applications, budget, consents, documents, invitations, parts, receipts, submission

application_pages = [
    path("", applications.application_list, name="list"),
    path("start/", applications.start, name="start"),
    path("<str:public_id>/", applications.detail, name="detail"),
    path("<str:public_id>/history/", applications.history, name="history"),
    path("<str:public_id>/acts/<slug:name>/", applications.act, name="act"),
    path("<str:public_id>/plan/", parts.plan, name="plan"),
    path("<str:public_id>/plan/<slug:code>/", parts.section, name="section"),
    path("<str:public_id>/plan/<slug:code>/<str:member>/", parts.section, name="part"),
    path("<str:public_id>/members/", invitations.members, name="members"),
    path("<str:public_id>/members/<str:member>/remove/", invitations.remove, name="remove_member"),
    path("<str:public_id>/budget/", budget.budget, name="budget"),
    path("<str:public_id>/budget/<str:member>/", budget.budget_member, name="budget_member"),
    path("<str:public_id>/documents/", documents.documents, name="documents"),
    path("<str:public_id>/documents/<str:document>/", documents.download, name="download"),
    path("<str:public_id>/documents/<str:document>/remove/", documents.remove, name="remove_document"),
    path("<str:public_id>/precheck/", submission.precheck, name="precheck"),
    path("<str:public_id>/consent/", consents.consent, name="consent"),
    path("<str:public_id>/consent/<str:member>/", consents.letter, name="letter"),
    path("<str:public_id>/certify/", submission.certify, name="certify"),
    path("<str:public_id>/check/", submission.check, name="check"),
    path("<str:public_id>/submit/", submission.submit, name="submit"),
]

urlpatterns = [
    path("applications/", include((application_pages, "applications"))),
    path("receipts/", include(([path("<str:number>/", receipts.receipt, name="receipt")], "receipts"))),
    path(
        "invitations/", include(([path("<str:token>/", invitations.invitation, name="open")], "invitations"))
    ),
]
