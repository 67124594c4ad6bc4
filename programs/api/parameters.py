"""The catalogue's query parameters as the schema describes them; taken from the one form that parses them."""

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter

from programs.filters import CodesField, CriteriaForm

_SEVERAL = {"owner"}


def criteria_parameters() -> list[OpenApiParameter]:
    """One parameter a form field; codes of closed sets are listed."""
    parameters = []
    for name, field in CriteriaForm.base_fields.items():
        pairs = getattr(field, "choices", ())
        codes = [str(code) for code, _ in pairs if code]
        parameters.append(
            OpenApiParameter(
                name=name,
                type=OpenApiTypes.STR,
                many=isinstance(field, CodesField) or name in _SEVERAL,
                enum=codes or None,
                description=f"{field.label}。{field.help_text}",
            )
        )
    return parameters
