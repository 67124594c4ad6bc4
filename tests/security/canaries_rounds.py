"""What a round of progress sheets holds that only its city may be shown."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from accounts.models import Organization
from core import clock
from indicators.models import Measure, Meeting, Opinion, Plan, ProgressRound, SheetCell, SheetTask
from tests.factories import accounts as make

Address = tuple[str, dict[str, Any]]


def _mark(body: Organization, what: str) -> str:
    return f"canary-{body.code}-{what}-q7x"


def plant(body: Organization, plan: Plan, measure: Measure) -> Iterator[tuple[str, list[Address]]]:
    """A round that runs, with a sheet of the walkers' department that somebody has typed into."""
    unit, now = make.department(body), clock.now()
    typist = make.person(
        f"{_mark(body, 'typist')}@people.example", "administrator", unit, name=_mark(body, "typist")
    )
    round_ = ProgressRound.objects.create(
        plan=plan, fiscal_year=2026, kind="start", status="open", open_cells={"2026": ["content"]}, opened_at=now,
        due_at=now + timedelta(days=9), note=_mark(body, "note"),
    )  # fmt: skip
    task = SheetTask.objects.create(
        round=round_, measure=measure, department=unit, status="open", moved_at=now
    )
    SheetCell.objects.create(
        task=task,
        fiscal_year=2026,
        name="content",
        value=_mark(body, "cell"),
        updated_at=now,
        updated_by=typist,
    )
    meeting = Meeting.objects.create(
        round=round_, kind="panel", title=_mark(body, "meeting"), held_on=clock.today(), recorded_at=now,
        recorded_by=typist,
    )  # fmt: skip
    said = Opinion.objects.create(
        meeting=meeting, text=_mark(body, "opinion"), received_at=now, received_by=typist
    )
    whole: dict[str, Any] = {"round_id": round_.pk}
    sheet = {**whole, "number": measure.number}
    yield (
        _mark(body, "cell"),
        [
            ("rounds:new", {"slug": plan.slug}),
            ("rounds:detail", whole),
            ("rounds:meetings", whole),
            ("rounds:workbook", whole),
            ("rounds:upload", whole),
            *(("rounds:paper", {**whole, "kind": kind}) for kind in ("pdf", "docx", "x")),
            ("rounds:opinion", {**whole, "meeting_id": meeting.pk}),
            ("rounds:answer", {**whole, "opinion_id": said.pk}),
            ("plans:opinions", {"slug": plan.slug}),
            *(("rounds:step", {**whole, "name": name}) for name in ("open_round", "extend", "x")),
            *((f"rounds:{page}", sheet) for page in ("sheet", "autosave", "edit", "history")),
            ("api-round", {"id": round_.pk}),
            ("api-round-sheet", {"id": round_.pk, "number": measure.number}),
            ("api-round-sheet-act", {"id": round_.pk, "number": measure.number, "action": "propose"}),
            *(("rounds:act", {**sheet, "name": name}) for name in ("confirm", "disclaim", "x")),
        ],
    )
    for what in ("note", "meeting", "opinion"):
        yield _mark(body, what), []
