"""The API's map: one include per app, and the schema of them all."""

from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from core.access import access
from tama_portal.api_deadlines import DeadlineListView
from tama_portal.api_rounds import RoundListView, RoundSheetActView, RoundSheetView, RoundView

urlpatterns = [
    path("", include("programs.api.urls")),
    path("", include("indicators.api.urls")),
    path("", include("accounts.api.urls")),
    path("", include("grants.api.urls")),
    path("deadlines/", DeadlineListView.as_view(), name="api-deadlines"),
    path("rounds/", RoundListView.as_view(), name="api-rounds"),
    path("rounds/<int:id>/", RoundView.as_view(), name="api-round"),
    path("rounds/<int:id>/sheets/<slug:number>/", RoundSheetView.as_view(), name="api-round-sheet"),
    path(
        "rounds/<int:id>/sheets/<slug:number>/acts/<slug:action>/",
        RoundSheetActView.as_view(),
        name="api-round-sheet-act",
    ),
    path("schema/", access(public=True)(SpectacularAPIView.as_view()), name="schema"),
    path(
        "docs/", access(public=True)(SpectacularSwaggerSplitView.as_view(url_name="schema")), name="api-docs"
    ),
]
