"""Pages of rounds: the board, a section's sheets, one sheet, and every act on it."""

from django.urls import path

from indicators.views import round_acts, round_book, round_meetings, round_sheet, rounds

app_name = "rounds"
SHEET = "<int:round_id>/sheets/<str:number>/"
urlpatterns = [
    path("", rounds.round_list, name="list"),
    path("new/<slug:slug>/", rounds.new, name="new"),
    path("<int:round_id>/", rounds.detail, name="detail"),
    path("<int:round_id>/steps/<str:name>/", rounds.step, name="step"),
    path("<int:round_id>/workbook.xlsx", round_book.workbook, name="workbook"),
    path("<int:round_id>/paper.<str:kind>", round_book.paper, name="paper"),
    path("<int:round_id>/upload/", round_book.upload, name="upload"),
    path("<int:round_id>/meetings/", round_meetings.meeting_list, name="meetings"),
    path("<int:round_id>/meetings/<int:meeting_id>/", round_meetings.opinion, name="opinion"),
    path("<int:round_id>/opinions/<int:opinion_id>/", round_meetings.answer, name="answer"),
    path(SHEET, round_sheet.sheet, name="sheet"),
    path(f"{SHEET}autosave/", round_sheet.autosave, name="autosave"),
    path(f"{SHEET}edit/", round_sheet.edit, name="edit"),
    path(f"{SHEET}history/", round_acts.history, name="history"),
    path(f"{SHEET}acts/<str:name>/", round_acts.act, name="act"),
]
