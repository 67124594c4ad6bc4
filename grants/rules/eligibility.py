"""Who may apply together: enough municipalities of the area, and diverse actors beside them."""

from dataclasses import dataclass

from core.exceptions import Fault


@dataclass(frozen=True)
class Requirements:
    """Data of the form. `areas` are codes of accounts.enums.Area ("" entries are ignored); empty: any area."""

    areas: frozenset[str]
    area_label: str
    min_municipalities: int
    min_diverse_actors: int
    max_municipalities: int | None = None


@dataclass(frozen=True)
class Circle:
    """The bodies that are in: (name, area) of each municipality with the lead first, names of diverse actors."""

    municipalities: tuple[tuple[str, str], ...]
    diverse_actors: tuple[str, ...]


def eligibility(circle: Circle, requirements: Requirements) -> list[Fault]:
    """What the circle lacks, with the facts used; [] when it is eligible."""
    faults = []
    if requirements.areas:
        faults += [
            Fault(
                "members",
                f"{name}は{requirements.area_label}の市町村ではありません。",
                "この団体を構成から外してください。",
            )
            for name, area in circle.municipalities
            if area not in requirements.areas
        ]
    inside = [
        name for name, area in circle.municipalities if not requirements.areas or area in requirements.areas
    ]
    if len(inside) < requirements.min_municipalities:
        faults.append(
            Fault(
                "members",
                f"{requirements.area_label}の市町村が{requirements.min_municipalities}つ以上必要です"
                f"（いま{len(inside)}：{'、'.join(inside) or 'なし'}）。",
                "連携する市町村を招いてください。",
            )
        )
    faults += _too_many(inside, requirements.max_municipalities)
    if len(circle.diverse_actors) < requirements.min_diverse_actors:
        faults.append(
            Fault(
                "members",
                f"企業・大学・NPOなどの多様な主体が{requirements.min_diverse_actors}つ以上必要です"
                f"（いま{len(circle.diverse_actors)}）。",
                "多様な主体を加えてください。",
            )
        )
    return faults


def _too_many(inside: list[str], most: int | None) -> list[Fault]:
    """More municipalities than one application may have; None: any number."""
    if most is None or len(inside) <= most:
        return []
    return [
        Fault(
            "members",
            f"この募集に一つの申請で加われる市町村は{most}つまでです（いま{len(inside)}：{'、'.join(inside)}）。",
            "ほかの市町村を構成から外してください。",
        )
    ]
