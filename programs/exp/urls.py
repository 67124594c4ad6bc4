"""Addresses of the contract: no trailing slash."""

from django.urls import path

from programs.exp import views

urlpatterns = [
    path("v1/public/subsidies", views.subsidies, name="exp-search"),
    path("v1/public/subsidies/id/<str:identifier>", views.subsidy_v1, name="exp-v1"),
    path("v2/public/subsidies/id/<str:identifier>", views.subsidy_v2, name="exp-v2"),
    path("page/<str:identifier>", views.page, name="exp-page"),
    path("<path:rest>", views.unknown, name="exp-unknown"),
]
