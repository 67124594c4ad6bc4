"""The view of the schema."""

from drf_spectacular.views import SpectacularAPIView
from rest_framework.request import Request


class SchemaView(SpectacularAPIView):
    """The schema; as a file it has a name a header can carry, where the library takes the Japanese title."""

    def _get_filename(self, request: Request, version: str | None) -> str:
        return f"openapi.{super()._get_filename(request, version).rpartition('.')[2]}"  # type: ignore[no-untyped-call]
