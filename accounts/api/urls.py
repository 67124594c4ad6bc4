"""Routes of the bodies' API."""

from django.urls import path

from accounts.api.me import MeView
from accounts.api.views import OrganizationViewSet

urlpatterns = [
    path("me/", MeView.as_view(), name="api-me"),
    path("organizations/", OrganizationViewSet.as_view({"get": "list"}), name="api-organizations"),
    path(
        "organizations/<str:code>/", OrganizationViewSet.as_view({"get": "retrieve"}), name="api-organization"
    ),
]
