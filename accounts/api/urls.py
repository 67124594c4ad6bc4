"""Routes of the bodies' API."""

from django.urls import path

from accounts.api.views import OrganizationViewSet

urlpatterns = [
    path("organizations/", OrganizationViewSet.as_view({"get": "list"}), name="api-organizations"),
    path(
        "organizations/<str:code>/", OrganizationViewSet.as_view({"get": "retrieve"}), name="api-organization"
    ),
]
