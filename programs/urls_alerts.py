"""Addresses of alerts."""

from django.urls import path

from programs.views import alerts

app_name = "alerts"
urlpatterns = [
    path("", alerts.subscribe_page, name="subscribe"),
    path("<str:token>/", alerts.alert_page, name="page"),
]
