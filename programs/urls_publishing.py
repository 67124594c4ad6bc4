"""Addresses of publishers: their programs, lists taken in, the coming year."""

from django.urls import path

from programs.views import duplicates, parts, publishing, publishing_acts, publishing_edit, publishing_lists

app_name = "publishing"
urlpatterns = [
    path("", publishing.board_page, name="board"),
    path("new/", publishing_edit.new, name="new"),
    path("import/", publishing_lists.take_in, name="import"),
    path("duplicates/", duplicates.duplicates_page, name="duplicates"),
    path("duplicates/<slug:first>/<slug:second>/", duplicates.pair_page, name="pair"),
    path("together/<slug:state>/", publishing_lists.together_page, name="together"),
    path("roll-over/", publishing_lists.roll_over_page, name="roll-over"),
    path("programs/<slug:slug>/", publishing.detail, name="detail"),
    path("programs/<slug:slug>/edit/", publishing_edit.edit, name="edit"),
    path("programs/<slug:slug>/preview/", publishing.preview, name="preview"),
    path("programs/<slug:slug>/acts/<slug:name>/", publishing_acts.act, name="act"),
    path("programs/<slug:slug>/revisions/<int:number>/", publishing.revision, name="revision"),
    path("programs/<slug:slug>/parts/<slug:part>/new/", parts.new, name="part-new"),
    path("programs/<slug:slug>/parts/<slug:part>/<slug:key>/", parts.detail, name="part"),
    path("programs/<slug:slug>/parts/<slug:part>/<slug:key>/edit/", parts.edit, name="part-edit"),
    path("programs/<slug:slug>/parts/<slug:part>/<slug:key>/preview/", parts.preview, name="part-preview"),
    path("programs/<slug:slug>/parts/<slug:part>/<slug:key>/acts/<slug:name>/", parts.act, name="part-act"),
    path(
        "programs/<slug:slug>/parts/<slug:part>/<slug:key>/revisions/<int:number>/",
        parts.revision,
        name="part-revision",
    ),
]
