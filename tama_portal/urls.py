"""The URL map. Source: docs/architecture.md; the paths are fixed, others link to them."""

from django.urls import include, path

urlpatterns = [
    path("", include("tama_portal.pages.urls")),
    path("programs/", include("programs.urls")),
    path("publishing/", include("programs.urls_publishing")),
    path("calls/", include("programs.urls_calls")),
    path("projects/", include("programs.urls_projects")),
    path("alerts/", include("programs.urls_alerts")),
    path("readings/", include("programs.urls_readings")),
    path("compare/", include("programs.urls_compare")),
    path("budget-request/", include("programs.urls_budget")),
    path("plans/", include("indicators.urls")),
    path("rounds/", include("indicators.urls_rounds")),
    path("", include("grants.urls")),
    path("notices/", include("accounts.urls_notices")),
    path("account/", include("accounts.urls")),
    path("transfer/", include("accounts.urls_transfer")),
    path("api/v1/", include("tama_portal.api_urls")),
    path("exp/", include("programs.exp.urls")),
    path("common-grants/", include("programs.common_grants.urls")),
    path("", include("tama_portal.open_data.urls")),
]

handler400 = "tama_portal.pages.errors.bad_request"
handler403 = "tama_portal.pages.errors.forbidden"
handler404 = "tama_portal.pages.errors.not_found"
handler500 = "tama_portal.pages.errors.server_error"
