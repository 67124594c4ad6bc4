"""Pages of plans: public ones, and the coordinator's import."""

from django.urls import path

from indicators.views import activities, budgets, indicator_acts, plans, round_meetings, sheets

app_name = "plans"
urlpatterns = [
    path("", plans.plan_list, name="list"),
    path("compare/", plans.compare_page, name="compare"),
    path("<slug:slug>/", plans.plan_page, name="detail"),
    path("<slug:slug>/workbook.xlsx", sheets.workbook, name="workbook"),
    path("<slug:slug>/paper.<str:kind>", sheets.paper, name="paper"),
    path("<slug:slug>/revisions/", plans.revisions_page, name="revisions"),
    path("<slug:slug>/matrix/", plans.matrix_page, name="matrix"),
    path("<slug:slug>/opinions/", round_meetings.public_opinions, name="opinions"),
    path("<slug:slug>/import/", sheets.take_in, name="import"),
    path("<slug:slug>/import/budget/", budgets.take_in, name="import-budget"),
    path("<slug:slug>/measures/<str:number>/", plans.measure_page, name="measure"),
    path("<slug:slug>/measures/<str:number>/activities/", activities.activities, name="activities"),
    path("<slug:slug>/scale/", indicator_acts.scale, name="scale"),
    path("<slug:slug>/indicators/<slug:indicator>/", plans.indicator_page, name="indicator"),
    path(
        "<slug:slug>/indicators/<slug:indicator>/<str:name>/",
        indicator_acts.indicator_act,
        name="indicator-act",
    ),
]
