"""Routes of the plans' API."""

from typing import Any

from django.urls import path

from indicators.api.rounds import RoundListView, RoundSheetActView, RoundSheetView, RoundView
from indicators.api.views import IndicatorViewSet, MeasureViewSet, PlanViewSet

LIST: dict[str, Any] = {"get": "list"}
ONE: dict[str, Any] = {"get": "retrieve"}

urlpatterns = [
    path("plans/", PlanViewSet.as_view(LIST), name="api-plans"),
    path("plans/<slug:slug>/", PlanViewSet.as_view(ONE), name="api-plan"),
    path("measures/", MeasureViewSet.as_view(LIST), name="api-measures"),
    path("measures/<slug:plan>/<str:number>/", MeasureViewSet.as_view(ONE), name="api-measure"),
    path("indicators/", IndicatorViewSet.as_view(LIST), name="api-indicators"),
    path("indicators/<slug:plan>/<slug:slug>/", IndicatorViewSet.as_view(ONE), name="api-indicator"),
    path("rounds/", RoundListView.as_view(), name="api-rounds"),
    path("rounds/<int:id>/", RoundView.as_view(), name="api-round"),
    path("rounds/<int:id>/sheets/<slug:number>/", RoundSheetView.as_view(), name="api-round-sheet"),
    path(
        "rounds/<int:id>/sheets/<slug:number>/acts/<slug:action>/",
        RoundSheetActView.as_view(),
        name="api-round-sheet-act",
    ),
]
