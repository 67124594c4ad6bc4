"""Addresses of the open data, of the feeds, and of what search engines ask for."""

from django.urls import path

from tama_portal.open_data import views

urlpatterns = [
    path("open-data/", views.index, name="open-data"),
    path("open-data/catalog.jsonld", views.catalogue, name="open-data-catalog"),
    path("open-data/calls.atom", views.calls_atom, name="open-data-calls-atom"),
    path("open-data/projects.atom", views.projects_atom, name="open-data-projects-atom"),
    path("open-data/dumps/<str:day>/<str:name>", views.dump_file, name="open-data-dump"),
    path("open-data/<str:name>", views.data_file, name="open-data-file"),
    path("programs/<slug:slug>.jsonld", views.program_jsonld, name="program-jsonld"),
    path("sitemap.xml", views.sitemap, name="sitemap"),
]
