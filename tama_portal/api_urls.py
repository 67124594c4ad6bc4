"""The API's map: one include per app, and the schema of them all."""

from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from core.access import access

urlpatterns = [
    path("", include("programs.api.urls")),
    path("", include("indicators.api.urls")),
    path("", include("accounts.api.urls")),
    path("schema/", access(public=True)(SpectacularAPIView.as_view()), name="schema"),
    path(
        "docs/", access(public=True)(SpectacularSwaggerSplitView.as_view(url_name="schema")), name="api-docs"
    ),
]
