"""Shapes of bodies, of the caller and of notices in the API. No people."""

from typing import Any

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
    website = serializers.CharField(read_only=True, help_text="公式サイト（分からないときは空）")
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


class PlaceSerializer(serializers.Serializer[Any]):
    """The body a caller acts for."""

    code = serializers.CharField(help_text="団体コード")
    name = serializers.CharField(help_text="名称")


class TokenFactsSerializer(serializers.Serializer[Any]):
    """The token that called."""

    key = serializers.CharField(help_text="識別記号")
    name = serializers.CharField(help_text="使い道")
    expires_at = serializers.DateTimeField(help_text="期限")


class MeSerializer(serializers.Serializer[Any]):
    """Who calls, as the portal takes it."""

    by = serializers.ChoiceField(choices=["session", "token"], help_text="画面のサインインか、トークンか")
    organization = PlaceSerializer(allow_null=True, help_text="団体。配属がなければ null")
    department = serializers.CharField(help_text="部署（配属がなければ空）")
    roles = serializers.ListField(child=serializers.CharField(), help_text="役割")
    scopes = serializers.ListField(
        child=serializers.CharField(),
        allow_null=True,
        help_text="トークンでできること。サインインのときは null",
    )
    token = TokenFactsSerializer(allow_null=True, help_text="トークン。サインインのときは null")


class NoticeSerializer(serializers.Serializer[Any]):
    """A notice of the caller's inbox."""

    id = serializers.IntegerField(help_text="通知の識別子")
    notice_code = serializers.CharField(help_text="通知番号（画面の上の欄で開く6桁）")
    kind = serializers.CharField(help_text="種類")
    title = serializers.CharField(help_text="件名")
    lines = serializers.ListField(child=serializers.CharField(), help_text="本文")
    at = serializers.DateTimeField(help_text="通知日時")
    due_at = serializers.DateTimeField(allow_null=True, help_text="期限")
    is_read = serializers.BooleanField(help_text="既読か")
    page = serializers.CharField(source="path", help_text="開く画面")


class NoticeReadSerializer(serializers.Serializer[Any]):
    """What became of a notice."""

    id = serializers.IntegerField(help_text="通知の識別子")
    is_read = serializers.BooleanField(help_text="既読か")
