"""Routes of the handover between fiscal years."""

from django.urls import path

from accounts.views import transfer, transfer_help

app_name = "transfer"

urlpatterns = [
    path("", transfer.units, name="units"),
    path("towns/", transfer_help.towns, name="towns"),
    path("towns/<str:code>/", transfer_help.town, name="town"),
    path("<int:unit_id>/", transfer.unit, name="unit"),
]
