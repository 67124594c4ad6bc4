"""Addresses of calls."""

from django.urls import path

from programs.views import calls

app_name = "calls"
urlpatterns = [
    path("", calls.call_list, name="list"),
    path("<slug:public_id>/", calls.call_detail, name="detail"),
]
