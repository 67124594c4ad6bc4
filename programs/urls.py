"""Addresses of programs."""

from django.urls import path

from programs.views import calculate, catalogue, corrections

app_name = "programs"
urlpatterns = [
    path("", catalogue.program_list, name="list"),
    path("<slug:slug>/", catalogue.program_detail, name="detail"),
    path("<slug:slug>/correction/", corrections.correction_form, name="correction"),
    path("<slug:slug>/corrections/", corrections.correction_list, name="corrections"),
    path("<slug:slug>/calculate/", calculate.calculate, name="calculate"),
    path("<slug:slug>/eligibility/", calculate.eligibility, name="eligibility"),
]
