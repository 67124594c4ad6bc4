"""Fields and small shapes of the catalogue's API."""

from decimal import Decimal
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers


class TextOrNull(serializers.CharField):
    """Text as the source prints it; null where the source gives none (stored as "")."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("allow_null", True)
        kwargs.setdefault("read_only", True)
        super().__init__(**kwargs)

    def to_representation(self, value: Any) -> Any:
        """The text, or None."""
        return str(value) or None


@extend_schema_field({"type": ["integer", "number", "string", "null"]})
class Figure(serializers.Field[Any, Any, Any, Any]):
    """A value as the source gives it: a number, words, or null."""

    def to_representation(self, value: Any) -> Any:
        """The value unchanged."""
        return value


@extend_schema_field({"type": "string", "description": "10進数の文字列"})
class ExactNumber(serializers.Field[Any, Any, Any, Any]):
    """A decimal as text without trailing zeros: nothing is lost to a float."""

    def to_representation(self, value: Decimal) -> str:
        """Plain digits."""
        return f"{value.normalize():f}"


class Shape(serializers.Serializer[Any]):
    """A read-only object inside a JSON column; keys the row does not have are null."""

    def to_representation(self, instance: Any) -> dict[str, Any]:
        """The declared keys of a mapping."""
        return {str(name): instance.get(name) for name in self.fields}


class PhoneShape(Shape):
    """A desk by area."""

    area = serializers.CharField(help_text="地域")
    desk = serializers.CharField(help_text="担当")
    phone = serializers.CharField(help_text="電話番号")


class MoneyShape(Shape):
    """An amount or rate as printed."""

    label = serializers.CharField(help_text="名目")  # type: ignore[assignment]
    text = serializers.CharField(allow_null=True, help_text="資料の表記")
    value = Figure(help_text="値（円、率など）")
    unit = serializers.CharField(allow_null=True, help_text="単位")


class FactShape(Shape):
    """A condition or figure as printed."""

    label = serializers.CharField(help_text="項目")  # type: ignore[assignment]
    text = serializers.CharField(allow_null=True, help_text="資料の表記")
    value = Figure(help_text="値")
    unit = serializers.CharField(allow_null=True, help_text="単位")
    approx = serializers.BooleanField(allow_null=True, help_text="おおよその値か")


class SeriesShape(Shape):
    """A yearly series as printed."""

    label = serializers.CharField(help_text="項目")  # type: ignore[assignment]
    unit = serializers.CharField(allow_null=True, help_text="単位")
    years = serializers.ListField(child=serializers.CharField(), help_text="年（R6＝令和6年度）")
    values = serializers.ListField(child=Figure(), help_text="値")


class CitationShape(Shape):
    """Where a fact stands: source document and its lines."""

    source = serializers.CharField(help_text="出典資料の識別名")  # type: ignore[assignment]
    lines = serializers.ListField(child=serializers.IntegerField(), help_text="行番号")
    note = serializers.CharField(allow_null=True, help_text="注記")
