"""Address of the 予算要求シート."""

from django.urls import path

from programs.views.budget_request import budget_request

app_name = "budget_request"
urlpatterns = [path("", budget_request, name="sheet")]
