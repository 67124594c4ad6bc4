"""Addresses of the protocol: no trailing slash."""

from django.urls import path

from programs.common_grants import views

urlpatterns = [
    path("opportunities", views.opportunities, name="common-grants-list"),
    path("opportunities/search", views.search, name="common-grants-search"),
    path("opportunities/<str:identifier>", views.opportunity, name="common-grants-detail"),
]
