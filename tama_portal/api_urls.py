"""The API's map: one include per app, and the schema of them all."""

from django.urls import include, path
from drf_spectacular.views import SpectacularSwaggerSplitView

from core.access import access
from tama_portal.api_deadlines import DeadlineListView
from tama_portal.api_schema import SchemaView

urlpatterns = [
    path("", include("programs.api.urls")),
    path("", include("indicators.api.urls")),
    path("", include("accounts.api.urls")),
    path("", include("grants.api.urls")),
    path("deadlines/", DeadlineListView.as_view(), name="api-deadlines"),
    path("schema/", access(public=True)(SchemaView.as_view()), name="schema"),
    path(
        "docs/",
        access(public=True)(
            SpectacularSwaggerSplitView.as_view(url_name="schema", template_name="api/docs.html")
        ),
        name="api-docs",
    ),
]
