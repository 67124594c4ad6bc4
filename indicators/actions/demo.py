"""An invented round of the demo: sheets in every state, walked by the actions under a set clock; marked 【架空】.

The content stands in fixtures/demo/rounds.json. Every moment is a business day counted from the day of loading.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.db import transaction

from accounts.actions.addressing import pass_over
from accounts.models import User
from accounts.queries import actor_for, memberships_in_force
from core import clock
from core.actor import Actor
from core.business_days import add_business_days
from core.exceptions import Refused
from core.fiscal_year import current_fiscal_year
from core.loading import LoadReport, read_json
from indicators.actions import checking, filling, meetings, rounds
from indicators.actions.filling import Typed
from indicators.models import ActivityIndicator, Plan, ProgressRound, SheetTask
from indicators.rules.sheets import Key

_PAST: Final = "デモの過去の出来事のため、メールは送っていません。"
_MINUTES: Final = 7


def load_demo_round(directory: Path) -> LoadReport:
    """Make the round of `directory/rounds.json` where its plan, year and kind have none yet.

    Shape {"plan", "kind", "opened" and "due" (business days before and after today), "coordinator", "sections":
    {department: {"editor", "head"}}, "activities", "texts": {cell: text}, "sheets": [{"number", "state", …}]}; the plan and
    the people must be loaded. Refuses to run outside the demo (RuntimeError).
    """
    if settings.PRODUCTION:
        raise RuntimeError("demo rounds are for the demo and for tests")
    data = read_json(directory / "rounds.json")
    plan = Plan.objects.filter(slug=data["plan"]).first()
    if plan is None:
        return LoadReport()
    year = current_fiscal_year(clock.now())
    if ProgressRound.objects.filter(plan=plan, fiscal_year=year, kind=data["kind"]).exists():
        return LoadReport(unchanged=1)
    with transaction.atomic():
        _Walk(data, plan, year).go()
    return LoadReport(created=1)


class _Walk:
    """One round on its way: opened some days ago, its sheets brought to their states since."""

    def __init__(self, data: Mapping[str, Any], plan: Plan, year: int) -> None:
        self.data, self.plan, self.year = data, plan, year
        self.today = clock.today()
        self.people: dict[str, Actor] = {}
        self.coordinator = self._person(data["coordinator"])

    def go(self) -> None:
        """Open the round and walk every sheet."""
        for item in self.data["activities"]:
            measure = self.plan.measures.get(number=item["number"])
            facts = {"unit": item["unit"], "is_fictional": True}
            ActivityIndicator.objects.get_or_create(measure=measure, name=item["name"], defaults=facts)
        opened = self._day(-self.data["opened"])
        with clock.at(opened):
            made = rounds.plan_round(
                plan=self.plan, fiscal_year=self.year, kind=self.data["kind"], by=self.coordinator,
                open_cells={str(self.year - 1): ["result", "issues"], str(self.year): ["content", "goal"]},
                due_at=clock.instant(add_business_days(self.today, self.data["due"]), time(17)),
                note=self.data["message"], is_fictional=True,
            )  # fmt: skip
            rounds.open_round(round_id=made.pk, by=self.coordinator)
        tasks = {
            task.measure.number: task
            for task in SheetTask.objects.filter(round=made).select_related("measure", "department")
        }
        for place, item in enumerate(self.data["sheets"]):
            task = tasks.get(item["number"])
            if (
                task is not None
                and task.department is not None
                and task.department.name in self.data["sections"]
            ):
                self._sheet(task, item, timedelta(minutes=_MINUTES * place))
        self._meeting(made)
        for chain in [made.chain_key, *(task.chain_key for task in tasks.values())]:
            pass_over(f"indicators:{chain}:", why=_PAST)

    def _meeting(self, made: ProgressRound) -> None:
        """A hearing with its opinions, answered where the file has an answer."""
        item = self.data["meeting"]
        with clock.at(self._day(-1)):
            meeting = meetings.record_meeting(
                round_id=made.pk, kind=item["kind"], title=item["title"], held_on=clock.today(),
                summary=item["summary"], by=self.coordinator,
            )  # fmt: skip
            for said in item["opinions"]:
                row = meetings.add_opinion(
                    meeting_id=meeting.pk, text=said["text"], number=said["number"], by=self.coordinator
                )
                if said["answer"]:
                    meetings.answer_opinion(opinion_id=row.pk, text=said["answer"], by=self.coordinator)

    def _sheet(self, task: SheetTask, item: Mapping[str, Any], shift: timedelta) -> None:
        people = self.data["sections"][task.department.name if task.department else ""]
        editor, head = self._person(people["editor"]), self._person(people["head"])
        pk, state = task.pk, item["state"]
        steps = ("opened", "typed", "asked", "approved", "checked")
        days = {name: self._day(number - self.data["opened"]) + shift for number, name in enumerate(steps)}
        with clock.at(days["typed"]):
            if state == "disclaimed":
                filling.disclaim(task_id=pk, reason=item["reason"], by=editor)
                return
            typed = self._typed(task, state)
            filling.save_cells(task_id=pk, typed=typed, by=self.coordinator if state == "proxy" else editor)
        if state in {"typing", "proxy"}:
            return
        with clock.at(days["asked"]):
            filling.propose(task_id=pk, by=editor)
        if state == "proposed":
            return
        with clock.at(days["approved"]):
            filling.approve(task_id=pk, by=head)
        with clock.at(days["checked"]):
            self._check(pk, item)

    def _check(self, pk: int, item: Mapping[str, Any]) -> None:
        """What the coordinator did with a submitted sheet."""
        ways: dict[str, Callable[[], object]] = {
            "confirmed": lambda: checking.decide(task_id=pk, action="confirm", by=self.coordinator),
            "returned": lambda: checking.return_cells(
                task_id=pk, reasons={(self._year_of(name), name): why for name, why in item["return"].items()},
                due_at=clock.instant(add_business_days(self.today, 5), time(17)), by=self.coordinator,
            ),
            "edited": lambda: checking.edit(
                task_id=pk, typed=[Typed((self._year_of(name), name), text) for name, text in item["edit"].items()],
                by=self.coordinator,
            ),
        }  # fmt: skip
        if item["state"] in ways:
            ways[item["state"]]()

    def _typed(self, task: SheetTask, state: str) -> list[Typed]:
        values: dict[Key, str] = {
            (self._year_of(name), name): text for name, text in self.data["texts"].items()
        }
        values |= {(self.year - 1, "compared"): "better", (self.year - 1, "toward"): "nearer"}
        if state in {"typing", "proxy"}:
            del values[self.year, "goal"]
        if state == "no_goal":
            values[self.year, "goal"], values[self.year, "no_goal"] = "", "1"
        figures = {item["name"]: item for item in self.data["activities"]}
        for activity in task.measure.activities.all():
            values[self.year - 1, f"done-{activity.pk}"] = figures[activity.name]["done"]
            values[self.year, f"planned-{activity.pk}"] = figures[activity.name]["planned"]
        return [Typed(key, text) for key, text in values.items()]

    def _year_of(self, name: str) -> int:
        return self.year - 1 if name in {"result", "issues"} else self.year

    def _day(self, days: int) -> datetime:
        return clock.instant(add_business_days(self.today, days), time(9, 30))

    def _person(self, email: str) -> Actor:
        if email not in self.people:
            user = User.objects.get(email=email)
            posts = memberships_in_force(user, self.today)
            if not posts:
                raise Refused
            self.people[email] = actor_for(user, posts[0], self.today, second_factor=True)
        return self.people[email]
