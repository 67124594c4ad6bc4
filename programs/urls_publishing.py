"""Addresses of publishers: their programs, lists taken in, the coming year."""

from django.urls import path

from programs.views import publishing, publishing_acts, publishing_edit, publishing_lists

app_name = "publishing"
urlpatterns = [
    path("", publishing.board_page, name="board"),
    path("new/", publishing_edit.new, name="new"),
    path("import/", publishing_lists.take_in, name="import"),
    path("together/<slug:state>/", publishing_lists.together_page, name="together"),
    path("roll-over/", publishing_lists.roll_over_page, name="roll-over"),
    path("programs/<slug:slug>/", publishing.detail, name="detail"),
    path("programs/<slug:slug>/edit/", publishing_edit.edit, name="edit"),
    path("programs/<slug:slug>/preview/", publishing.preview, name="preview"),
    path("programs/<slug:slug>/acts/<slug:name>/", publishing_acts.act, name="act"),
    path("programs/<slug:slug>/revisions/<int:number>/", publishing.revision, name="revision"),
]
