"""Shapes of bodies in the API. No people."""

from rest_framework import serializers

from accounts.models import Designation, Organization


class DesignationSerializer(serializers.ModelSerializer[Designation]):
    """A dated fact about an area: `state` designated, not_designated or unknown; `citations` say who says so."""

    state_label = serializers.CharField(source="get_state_display", read_only=True)

    class Meta:
        model = Designation
        fields = [
            "kind", "label", "state", "state_label", "extent", "value", "detail", "since", "until", "as_of",
            "evidence", "citations",
        ]  # fmt: skip


class OrganizationSerializer(serializers.ModelSerializer[Organization]):
    """A body; `code` is the six-digit code, or a short name for bodies without one."""

    kind_label = serializers.CharField(source="get_kind_display", read_only=True)
    municipal_type_label = serializers.CharField(source="get_municipal_type_display", read_only=True)
    area_label = serializers.CharField(source="get_area_display", read_only=True)

    class Meta:
        model = Organization
        fields = [
            "code", "name", "kana", "kind", "kind_label", "municipal_type", "municipal_type_label", "area",
            "area_label", "subarea", "corporate_number", "website", "population", "population_as_of", "area_km2",
            "citations",
        ]  # fmt: skip


class OrganizationDetailSerializer(OrganizationSerializer):
    """A body with its designations."""

    designations = DesignationSerializer(many=True, read_only=True)

    class Meta(OrganizationSerializer.Meta):
        fields = [*OrganizationSerializer.Meta.fields, "designations"]
