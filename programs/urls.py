"""Addresses of programs."""

from django.urls import path

from programs.views import catalogue

app_name = "programs"
urlpatterns = [
    path("", catalogue.program_list, name="list"),
    path("<slug:slug>/", catalogue.program_detail, name="detail"),
]
