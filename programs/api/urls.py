"""Addresses of the catalogue's API."""

from rest_framework.routers import SimpleRouter

from programs.api.views import CallViewSet, ProgramViewSet, ProjectViewSet

router = SimpleRouter()
router.register("programs", ProgramViewSet, basename="api-program")
router.register("calls", CallViewSet, basename="api-call")
router.register("projects", ProjectViewSet, basename="api-project")
urlpatterns = router.urls
