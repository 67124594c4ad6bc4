"""Routes of cases. The paths are fixed: notices and receipts on paper link to them."""

from django.urls import include, path

from grants.views import (
    applications,
    budget,
    consents,
    documents,
    indicators,
    inquiries,
    invitations,
    offline,
    papers,
    partners,
    parts,
    pasting,
    receipts,
    review_acts,
    review_call,
    review_case,
    review_decision,
    review_list,
    review_panel,
    review_precheck,
    review_scoring,
    routing,
    routing_part,
    sharing,
    submission,
    versions,
)

application_pages = [
    path("", applications.application_list, name="list"),
    path("start/", applications.start, name="start"),
    path("<str:public_id>/", applications.detail, name="detail"),
    path("<str:public_id>/history/", applications.history, name="history"),
    path("<str:public_id>/acts/<slug:name>/", applications.act, name="act"),
    path("<str:public_id>/plan/", parts.plan, name="plan"),
    path("<str:public_id>/plan/<slug:code>/", parts.section, name="section"),
    path("<str:public_id>/plan/<slug:code>/<str:member>/", parts.section, name="part"),
    path("<str:public_id>/form/", versions.form_version, name="form"),
    path("<str:public_id>/members/", invitations.members, name="members"),
    path("<str:public_id>/members/<str:member>/remove/", invitations.remove, name="remove_member"),
    path("<str:public_id>/budget/", budget.budget, name="budget"),
    path("<str:public_id>/budget/<str:member>/", budget.budget_member, name="budget_member"),
    path("<str:public_id>/indicators/", indicators.indicators, name="indicators"),
    path("<str:public_id>/offline/", offline.offline, name="offline"),
    path("<str:public_id>/offline/form.xlsx", offline.workbook, name="workbook"),
    path("<str:public_id>/papers/<slug:kind>.<slug:form>", papers.paper, name="paper"),
    path("<str:public_id>/shares/", sharing.shares, name="shares"),
    path("<str:public_id>/partners/", partners.partners, name="partners"),
    path("<str:public_id>/partners/<str:member>/", partners.backing, name="backing"),
    path("<str:public_id>/budget/<str:member>/paste/", pasting.budget_paste, name="budget_paste"),
    path("<str:public_id>/documents/", documents.documents, name="documents"),
    path("<str:public_id>/documents/<str:document>/", documents.download, name="download"),
    path("<str:public_id>/documents/<str:document>/remove/", documents.remove, name="remove_document"),
    path("<str:public_id>/routing/", routing.board, name="routing"),
    path("<str:public_id>/routing/<str:routing>/", routing_part.one, name="routing_part"),
    path("<str:public_id>/routing/<str:routing>/<slug:name>/", routing.act, name="routing_act"),
    path("<str:public_id>/precheck/", submission.precheck, name="precheck"),
    path("<str:public_id>/consent/", consents.consent, name="consent"),
    path("<str:public_id>/consent/<str:member>/", consents.letter, name="letter"),
    path("<str:public_id>/certify/", submission.certify, name="certify"),
    path("<str:public_id>/check/", submission.check, name="check"),
    path("<str:public_id>/submit/", submission.submit, name="submit"),
]

review_pages = [
    path("", review_list.review_list, name="list"),
    path("calls/<str:call>/", review_call.board, name="call"),
    path("calls/<str:call>/cases.<str:form>", review_call.board_file, name="call_file"),
    path("calls/<str:call>/panel/", review_panel.panel, name="panel"),
    path("calls/<str:call>/extend/", review_call.extend, name="extend"),
    path("calls/<str:call>/questions/", inquiries.office, name="questions"),
    path("calls/<str:call>/questions/<str:inquiry>/", inquiries.answer, name="question"),
    path("<str:public_id>/", review_case.detail, name="detail"),
    path("<str:public_id>/history/", review_case.history, name="history"),
    path("<str:public_id>/documents/<str:document>/", review_case.download, name="download"),
    path("<str:public_id>/precheck/", review_precheck.precheck, name="precheck"),
    path("<str:public_id>/acts/<slug:name>/", review_acts.act, name="act"),
    path("<str:public_id>/return/", review_acts.return_, name="return"),
    path("<str:public_id>/petitions/<slug:name>/", review_acts.petition, name="petition"),
    path("<str:public_id>/reviewers/", review_scoring.reviewers, name="reviewers"),
    path("<str:public_id>/interest/", review_scoring.interest, name="interest"),
    path("<str:public_id>/score/", review_scoring.score, name="score"),
    path("<str:public_id>/score/<int:assignment>/", review_scoring.proxy_score, name="proxy_score"),
    path("<str:public_id>/recommend/", review_decision.recommend, name="recommend"),
    path("<str:public_id>/promote/", review_decision.promote, name="promote"),
    path("<str:public_id>/letters/", review_decision.letters, name="letters"),
    path("<str:public_id>/decide/<slug:name>/", review_decision.decide, name="decide"),
]

receipt_pages = [
    path("<str:number>/", receipts.receipt, name="receipt"),
    path("<str:number>/receipt.pdf", receipts.receipt_pdf, name="pdf"),
]

question_pages = [
    path("<str:call>/questions/", inquiries.public_list, name="list"),
    path("<str:call>/questions/ask/", inquiries.ask, name="ask"),
    path("<str:call>/questions/<str:inquiry>/withdraw/", inquiries.withdraw, name="withdraw"),
]

urlpatterns = [
    path("calls/", include((question_pages, "questions"))),
    path("applications/", include((application_pages, "applications"))),
    path("review/", include((review_pages, "review"))),
    path("receipts/", include((receipt_pages, "receipts"))),
    path(
        "invitations/", include(([path("<str:token>/", invitations.invitation, name="open")], "invitations"))
    ),
]
