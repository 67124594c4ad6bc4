"""Programs, calls and the people who publish them; every state is reached through the actions."""

from datetime import datetime, timedelta
from itertools import count
from typing import Any

from accounts.enums import Area, MunicipalType, OrganizationKind
from accounts.models import Organization
from core import clock
from core.actor import Actor
from programs.actions.calls import create_call, publish_call
from programs.actions.indexing import refresh_derived
from programs.actions.publication import publish, withdraw
from programs.enums import Facet, Kind, Level
from programs.models import Call, Program, ProgramTag

_numbers = count(1)


def metropolis() -> Organization:
    """東京都."""
    return Organization.objects.get_or_create(
        code="130001", defaults={"kind": OrganizationKind.METROPOLITAN, "name": "東京都"}
    )[0]


def municipality(code: str, name: str, area: str = Area.TAMA, kind: str = MunicipalType.SHI) -> Organization:
    """A municipality, with the code given."""
    return Organization.objects.get_or_create(
        code=code,
        defaults={
            "kind": OrganizationKind.MUNICIPALITY,
            "name": name,
            "area": area,
            "municipal_type": kind,
        },
    )[0]


def publisher(organization: Organization) -> Actor:
    """A 制度編集者 of a body."""
    return Actor(
        user_id=1,
        name="【架空】編集 花子",
        membership_id=1,
        organization_id=organization.pk,
        organization_code=organization.code,
        organization_name=organization.name,
        department_id=1,
        department_name="企画課",
        roles=frozenset({"publisher"}),
        second_factor=True,
    )


def draft(**values: Any) -> Program:
    """A program nobody has published yet. `audiences` and `themes` are lists of codes."""
    number = next(_numbers)
    tags = {Facet.AUDIENCE: values.pop("audiences", ["municipality"]), Facet.THEME: values.pop("themes", [])}
    defaults: dict[str, Any] = {
        "slug": f"program-{number}",
        "title": f"地域の支援事業{number}",
        "summary": "地域の取組を支えます。",
        "audience_text": "市町村が使えます。",
        "reach_text": "窓口へ相談してください。",
        "level": Level.METROPOLITAN,
        "kind": Kind.GRANT,
        "kind_label": "補助金",
    }
    values.setdefault("owner", metropolis())
    program = Program(**(defaults | values))
    refresh_derived(program)
    program.full_clean()
    program.save()
    ProgramTag.objects.bulk_create(
        ProgramTag(program=program, facet=facet, code=code) for facet, codes in tags.items() for code in codes
    )
    return program


def published(at: datetime | None = None, **values: Any) -> Program:
    """A program on view since `at` (default: a day ago)."""
    program = draft(**values)
    publish(program=program, by=publisher(program.owner), at=at or clock.now() - timedelta(days=1))
    return program


def withdrawn(**values: Any) -> Program:
    """A program that was on view."""
    program = published(**values)
    withdraw(program=program, by=publisher(program.owner), reason="内容を見直すため")
    return program


def call_draft(program: Program, **values: Any) -> Call:
    """A call nobody has announced: opened yesterday, closes in ten days."""
    now = clock.now()
    defaults: dict[str, Any] = {
        "fiscal_year": 2027,
        "round_name": f"第{next(_numbers)}次募集",
        "opens_at": now - timedelta(days=1),
        "closes_at": now + timedelta(days=10),
        "applicants": "市町村",
    }
    return create_call(program=program, by=publisher(program.owner), **(defaults | values))


def call_open(program: Program, **values: Any) -> Call:
    """An announced call, open now unless the dates say otherwise."""
    call = call_draft(program, **values)
    publish_call(call=call, by=publisher(program.owner), at=min(call.opens_at, clock.now()))
    return call
