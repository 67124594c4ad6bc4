"""Choosing the lines of an application: which ones, what is planned, what is asked for."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from core import clock
from core.actor import Actor
from core.exceptions import Conflict, DomainError, Fault
from core.money import LARGEST
from grants import rules
from grants.actions.changes import changed, open_for_edit
from grants.actions.texts import text_faults
from grants.enums import LINES_SECTION
from grants.models import Application, LineRequest
from grants.queries.content import line_data
from grants.queries.lines import refusal


@dataclass(frozen=True)
class LineEntry:
    """One chosen line as typed: whole yen."""

    line: str
    amount: int
    outline: str = ""


def lines_mark(application: Application) -> str:
    """What the page showed: the choice as it stands, as one word."""
    return rules.fingerprint(line_data(application))


@transaction.atomic
def save_lines(
    *,
    application_id: int,
    lines: Sequence[LineEntry],
    by: Actor,
    shown: str | None = None,
    at: datetime | None = None,
) -> Application:
    """Replace the choice of lines; what is incomplete is kept all the same, an equal choice changes nothing.

    `shown` is the `lines_mark` of the page. Raises Conflict when a colleague was faster, DomainError for a line that
    the form does not have or the town may not take, an amount below 0 or text no database can keep, and as
    open_for_edit.
    """
    instant = at or clock.now()
    application, _ = open_for_edit(application_id, section=LINES_SECTION, member_id=None, by=by, at=instant)
    before = line_data(application)
    if shown is not None and shown != rules.fingerprint(before):
        raise Conflict(
            Fault(
                LINES_SECTION,
                "取組の選び方を、ほかの人が先に保存しました。",
                "いま保存されている内容と見比べて、もう一度保存してください。",
            )
        )
    faults = [*_faults(application, lines)]
    if faults:
        raise DomainError(*faults)
    application.line_requests.all().delete()
    LineRequest.objects.bulk_create(
        LineRequest(application=application, line=entry.line, amount=entry.amount, outline=entry.outline)
        for entry in lines
    )
    after = line_data(application)
    if after != before:
        changed(
            application, section=LINES_SECTION, key=LINES_SECTION, by=by, at=instant, before=before, after=after
        )  # fmt: skip
    return application


def _faults(application: Application, lines: Sequence[LineEntry]) -> Iterable[Fault]:
    known = {line.code: line for line in application.template.line_terms()}
    for entry in lines:
        field, line = f"{LINES_SECTION}/{entry.line}", known.get(entry.line)
        if line is None:
            yield Fault(field, "この募集にない取組です。", "画面を開き直してください。")
            continue
        refused = refusal(application, line)
        if refused is not None:
            yield refused
        if isinstance(entry.amount, bool) or not 0 <= entry.amount <= LARGEST:
            yield Fault(
                field, f"「{line.label}」の申請額が正しくありません。", "0円以上の整数で入力してください。"
            )
        yield from text_faults(field, entry.outline, of=f"「{line.label}」の内容")
