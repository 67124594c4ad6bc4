"""Adopted projects in the shape of the 360Giving Data Standard (1.4).

The standard demands the amount and the day of an award. The public record of a project names neither an amount
(nor, for projects taken from printed sources, a day), so those keys are left out instead of being made up; the
package says so. Bodies are named by their 法人番号 (JP-JCN, org-id.guide).
"""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from accounts.models import Organization
from core import clock
from core.codes import corporate_number_for_municipality, municipality_code_valid
from programs.models import AdoptedProject
from tama_portal.open_data.record_rows import address, projects

VERSION: Final = "1.4"
CURRENCY: Final = "JPY"
PREFIX: Final = "JP-TAMASHIMA"
LICENCE: Final = "https://creativecommons.org/licenses/by/4.0/"
_TITLE: Final = 140
_ABOUT: Final = (
    "多摩・島しょの採択事業。公開の記録に交付額はないため amountAwarded を、公表の日が資料にない事業は "
    "awardDate を、推測で埋めずに省いています。"
)


def package(at: datetime) -> Iterator[bytes]:
    """The package, project by project; the same data give the same bytes."""
    head = {
        "version": VERSION,
        "title": "採択事業",
        "description": _ABOUT,
        "identifier": f"{PREFIX}-projects",
        "publisher": {"name": "東京都", "identifier": organization_id(code="130001", number=None)},
        "license": LICENCE,
    }
    yield json.dumps(head, ensure_ascii=False)[:-1].encode() + b', "grants": ['
    for number, project in enumerate(projects(at)):
        yield (b",\n" if number else b"\n") + json.dumps(grant(project), ensure_ascii=False).encode()
    yield b"\n]}\n"


def grant(project: AdoptedProject) -> dict[str, Any]:
    """One project as a grant to its lead; partners are named beside it."""
    first = project.adopted_fiscal_year
    told: dict[str, Any] = {
        "id": f"{PREFIX}-{project.slug}",
        "title": project.title[:_TITLE],
        "description": project.purpose or project.title,
        "currency": CURRENCY,
        "url": address("projects:detail", project.slug),
        "recipientOrganization": [_body(project.lead)],
        "fundingOrganization": [_body(project.program.owner)],
        "grantProgramme": [
            {
                "code": project.program.slug,
                "title": project.program.title,
                "url": address("programs:detail", project.program.slug),
            }
        ],
        "plannedDates": [
            {
                "startDate": f"{first}-04-01",
                "endDate": f"{first + project.max_years}-03-31",
                "description": "採択年度から最長の年数",
            }
        ],
        "beneficiaryLocation": [
            _place(body)
            for body in [project.lead, *(each.organization for each in project.memberships.all())]
        ],
    }
    if project.announced_at is not None:
        told["awardDate"] = f"{clock.local(project.announced_at):%Y-%m-%d}"
    return told


def organization_id(*, code: str, number: str | None) -> str:
    """JP-JCN and the 法人番号: the one recorded, else that of a local government by its code, else our own id."""
    if number:
        return f"JP-JCN-{number}"
    if municipality_code_valid(code):
        return f"JP-JCN-{corporate_number_for_municipality(code)}"
    return f"{PREFIX}-org-{code}"


def _body(body: Organization) -> dict[str, str]:
    return {"id": organization_id(code=body.code, number=body.corporate_number), "name": body.name}


def _place(body: Organization) -> dict[str, str]:
    return {"name": body.name, "countryCode": "JP", "geoCode": body.code, "geoCodeType": "JP-LGC"}
