"""Public pages of plans."""

from django.urls import path

from indicators.views import plans

app_name = "plans"
urlpatterns = [
    path("", plans.plan_list, name="list"),
    path("<slug:slug>/", plans.plan_page, name="detail"),
    path("<slug:slug>/measures/<str:number>/", plans.measure_page, name="measure"),
    path("<slug:slug>/indicators/<slug:indicator>/", plans.indicator_page, name="indicator"),
]
