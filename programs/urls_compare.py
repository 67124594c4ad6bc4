"""Address of the comparison."""

from django.urls import path

from programs.views.compare import compare

app_name = "compare"
urlpatterns = [path("", compare, name="table")]
