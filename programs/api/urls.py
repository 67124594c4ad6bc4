"""Addresses of the catalogue's API."""

from django.urls import path
from rest_framework.routers import SimpleRouter

from programs.api.rules import EligibilityRuleViewSet, FundingRuleViewSet, ProgramEligibilityView
from programs.api.views import CallViewSet, ProgramViewSet, ProjectViewSet

router = SimpleRouter()
router.register("programs", ProgramViewSet, basename="api-program")
router.register("calls", CallViewSet, basename="api-call")
router.register("projects", ProjectViewSet, basename="api-project")
router.register("funding-rules", FundingRuleViewSet, basename="api-funding-rule")
router.register("eligibility-rules", EligibilityRuleViewSet, basename="api-eligibility-rule")
urlpatterns = [
    path(
        "programs/<str:slug>/eligibility/", ProgramEligibilityView.as_view(), name="api-program-eligibility"
    ),
    *router.urls,
]
