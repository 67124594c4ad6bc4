"""Address of the glossary and its switch."""

from django.urls import path

from programs.views.readings import glossary

app_name = "readings"
urlpatterns = [path("", glossary, name="glossary")]
