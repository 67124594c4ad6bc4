"""Routes of the plans' API."""

from typing import Any

from django.urls import path

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
]
