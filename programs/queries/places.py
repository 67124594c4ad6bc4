"""Municipalities as the catalogue needs them."""

from accounts.models import Organization
from programs.rules import Place


def place_of(municipality: Organization) -> Place:
    """What programs are judged against for a municipality."""
    return Place(
        code=municipality.code,
        name=municipality.name,
        area=municipality.area,
        municipal_type=municipality.municipal_type,
        area_label=str(municipality.get_area_display()),
        type_label=str(municipality.get_municipal_type_display()),
    )
