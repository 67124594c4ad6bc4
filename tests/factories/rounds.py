"""A town's plan with a round for tests: people, sheets, and a sheet in every state, reached through the actions."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.contrib.auth.hashers import make_password

from accounts.models import Department, Membership, Organization, User
from core.actor import ANONYMOUS, SYSTEM, Actor
from indicators.actions import checking, filling, publishing, rounds
from indicators.actions.filling import Typed
from indicators.enums import SheetStatus
from indicators.models import (
    ActivityIndicator,
    Direction,
    Measure,
    Plan,
    Policy,
    ProgressRound,
    SheetTask,
    SheetYear,
    Theme,
)
from tests.factories import accounts as people

NOW = datetime(2026, 11, 21, 1, 0, tzinfo=UTC)
DUE = NOW + timedelta(days=14)
RETURN_DUE = NOW + timedelta(days=7)
CELLS = {"2025": ["result", "issues"], "2026": ["content", "goal"]}
LAST_YEAR = "R7年度も朝市を月に一度開きます。"
TEXTS = {
    (2025, "result"): "朝市を12回開き、延べ3,400人が来ました。",
    (2025, "issues"): "雨の日の来場が少ないので、場所を見直します。",
    (2026, "content"): "屋根のある場所で朝市を開きます。",
    (2026, "goal"): "年12回、延べ4,000人。",
}
PEOPLE = {
    "coordinator": ("town", "企画課", ["coordinator"]),
    "editor": ("town", "産業課", ["editor"]),
    "colleague": ("town", "産業課", ["editor"]),
    "head": ("town", "産業課", ["approver"]),
    "editing_head": ("town", "産業課", ["editor", "approver"]),
    "library": ("town", "図書館", ["editor"]),
    "library_head": ("town", "図書館", ["approver"]),
    "liaison": ("town", "企画課", ["liaison"]),
    "neighbour": ("other", "産業課", ["editor", "approver"]),
    "neighbour_coordinator": ("other", "企画課", ["coordinator"]),
    "officer": ("tokyo", "総務局 行政部 振興企画課", ["officer", "decider"]),
}
S = SheetStatus


@dataclass
class World:
    """A town with a plan of four sheets (the fourth is printed on the first), its people, and a neighbour."""

    plan: Plan
    town: Organization
    units: dict[str, Department]
    users: dict[str, User]
    actors: dict[str, Actor] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Actor:
        return self.actors[name]


def world() -> World:
    """Make it; the clock should be held at NOW."""
    bodies = {"town": people.city("132225"), "other": people.city("132217"), "tokyo": people.metropolis()}
    password = make_password(people.PASSWORD)
    users = {
        name: User(email=f"{name}@round.example", name=f"試験 {name}", joined_at=NOW, password=password)
        for name in PEOPLE
    }
    User.objects.bulk_create(users.values())
    units = {
        (body, unit): Department.objects.get_or_create(organization=bodies[body], name=unit)[0]
        for body, unit, _ in PEOPLE.values()
    }
    Membership.objects.bulk_create(
        Membership(user=users[name], department=units[body, unit], role=role, starts_on=date(2026, 4, 1))
        for name, (body, unit, roles) in PEOPLE.items()
        for role in roles
    )
    town_units = {unit: found for (body, unit), found in units.items() if body == "town"}
    actors = {name: people.actor(user) for name, user in users.items()}
    actors |= {"anonymous": ANONYMOUS, "system": SYSTEM}
    return World(plan(bodies["town"]), bodies["town"], town_units, users, actors)


def plan(body: Organization, slug: str = "asagiri") -> Plan:
    """Four sheets: two of 産業課 (the first with an activity), one of 図書館, one printed on the first."""
    made = Plan.objects.create(
        slug=slug, organization=body, title=f"{body.name}にぎわい計画", publication="published"
    )
    theme = Theme.objects.create(plan=made, code="dx", label="DX")
    direction = Direction.objects.create(plan=made, number=1, label="Ⅰ", title="にぎわい")
    policy = Policy.objects.create(direction=direction, number=1, title="まちなか")
    titles = {
        "1": ("朝市の開催", "産業課"),
        "2": ("空き店舗の活用", "産業 課"),
        "3": ("夜間開館", "図書館"),
        "4": ("まちあるき", "産業課"),
    }
    rows = [
        Measure.objects.create(
            plan=made, policy=policy, number=number, printed_number=f"0{number}", position=int(number), title=title,
            outlook="continue", lead_department=unit,
        )
        for number, (title, unit) in titles.items()
    ]  # fmt: skip
    rows[0].themes.add(theme)
    ActivityIndicator.objects.create(measure=rows[0], name="朝市の開催", unit="回")
    SheetYear.objects.create(measure=rows[0], fiscal_year=2024, content="R6年度も朝市を月に一度開きます。")
    SheetYear.objects.create(measure=rows[0], fiscal_year=2025, content=LAST_YEAR, goal="年12回")
    for year in (2025, 2026):
        SheetYear.objects.create(
            measure=rows[3], fiscal_year=year, refers_to=rows[0], refers_reason="同じ取組のため"
        )
    return made


def opened(world: World, **values: Any) -> ProgressRound:
    """A round that runs."""
    facts: dict[str, Any] = {
        "fiscal_year": 2026,
        "kind": "start",
        "open_cells": CELLS,
        "due_at": DUE,
    } | values
    made = rounds.plan_round(plan=world.plan, by=world["coordinator"], **facts)
    return rounds.open_round(round_id=made.pk, by=world["coordinator"])


def sheet(round_: ProgressRound, number: str = "2") -> SheetTask:
    """One of its sheets, read afresh."""
    return SheetTask.objects.get(round=round_, measure__number=number)


def fill(world: World, task: SheetTask, name: str = "editor", **texts: str) -> None:
    """Type all four texts; the activity of the first sheet too."""
    typed = [Typed(key, texts.get(key[1], text)) for key, text in TEXTS.items()]
    for activity in task.measure.activities.all():
        typed += [Typed((2025, f"done-{activity.pk}"), "12"), Typed((2026, f"planned-{activity.pk}"), "１２")]
    filling.save_cells(task_id=task.pk, typed=typed, by=world[name])


def proposed(world: World, task: SheetTask) -> None:
    """Filled, and the head asked."""
    fill(world, task)
    filling.propose(task_id=task.pk, by=world["editor"])


def submitted(world: World, task: SheetTask) -> None:
    """Handed in."""
    proposed(world, task)
    filling.approve(task_id=task.pk, by=world["head"])


def returned(world: World, task: SheetTask) -> None:
    """Given back for its result."""
    submitted(world, task)
    checking.return_cells(
        task_id=task.pk, reasons={(2025, "result"): "来場者の数え方を書いてください。"}, due_at=RETURN_DUE,
        by=world["coordinator"],
    )  # fmt: skip


def confirmed(world: World, task: SheetTask) -> None:
    """Accepted by the coordinator."""
    submitted(world, task)
    checking.decide(task_id=task.pk, action="confirm", by=world["coordinator"])


def settle(world: World, round_: ProgressRound, *numbers: str) -> None:
    """Confirm these sheets and exempt all the others; then the round stands before its publication."""
    for task in SheetTask.objects.filter(round=round_).exclude(status=S.EXEMPT):
        if task.measure.number in numbers:
            confirmed(world, task)
        else:
            checking.decide(task_id=task.pk, action="exempt", reason="試験", by=world["coordinator"])
    rounds.step(round_id=round_.pk, action="close_collection", by=world["coordinator"])
    rounds.step(round_id=round_.pk, action="deliberate", by=world["coordinator"])


def published(world: World, round_: ProgressRound) -> None:
    """A round whose first two sheets are public."""
    settle(world, round_, "1", "2")
    publishing.publish_round(round_id=round_.pk, by=world["coordinator"])


def in_state(world: World, task: SheetTask, state: str) -> SheetTask:
    """Bring an open sheet into a state (all but PUBLISHED) by the actions."""
    ways: dict[str, Any] = {
        S.OPEN: lambda: fill(world, task),
        S.DISCLAIMED: lambda: filling.disclaim(
            task_id=task.pk, reason="図書館の事業です。", by=world["editor"]
        ),
        S.PROPOSED: lambda: proposed(world, task),
        S.SUBMITTED: lambda: submitted(world, task),
        S.RETURNED: lambda: returned(world, task),
        S.CONFIRMED: lambda: confirmed(world, task),
        S.EXEMPT: lambda: checking.decide(
            task_id=task.pk, action="exempt", reason="今年度は行いません。", by=world["coordinator"]
        ),
    }
    ways[state]()
    task.refresh_from_db()
    return task
