"""Read-only API of bodies. People are in no API."""

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.viewsets import ReadOnlyModelViewSet

from accounts.api.serializers import OrganizationDetailSerializer, OrganizationSerializer
from accounts.filters import OrganizationFilter
from accounts.models import Organization
from core.access import access

_CODE = OpenApiParameter("code", str, OpenApiParameter.PATH, description="団体コード（6桁）または識別名")


@extend_schema_view(
    list=extend_schema(summary="団体の一覧", tags=["団体"]),
    retrieve=extend_schema(
        summary="団体と地域指定", tags=["団体"], parameters=[_CODE], responses=OrganizationDetailSerializer
    ),
)
@access(public=True)
class OrganizationViewSet(ReadOnlyModelViewSet[Organization]):
    """Bodies in 建制順 (by code); one body with its designations, each with source and date."""

    queryset = Organization.objects.all()
    lookup_field = "code"
    lookup_value_regex = "[^/]+"
    filterset_class = OrganizationFilter

    def get_queryset(self) -> QuerySet[Organization]:
        """All bodies; designations come with the single one."""
        rows = super().get_queryset()
        return rows.prefetch_related("designations") if self.action == "retrieve" else rows

    def get_serializer_class(self) -> type[serializers.BaseSerializer[Organization]]:
        """Short in the list, whole for one."""
        return OrganizationDetailSerializer if self.action == "retrieve" else OrganizationSerializer
