"""What meetings said of a round: recorded by the coordinator, every opinion answered before the publication."""

from datetime import date, datetime
from typing import Final

from django.db import transaction

from core import clock
from core.actor import Actor
from core.exceptions import Conflict, DomainError, Fault, Refused
from core.text import unstorable
from indicators.actions import transition
from indicators.enums import MeetingKind
from indicators.models import Meeting, Opinion

_LONGEST: Final = 4000
_TITLE: Final = 120


@transaction.atomic
def record_meeting(
    *,
    round_id: int,
    kind: str,
    title: str,
    held_on: date,
    by: Actor,
    summary: str = "",
    at: datetime | None = None,
) -> Meeting:
    """Record a meeting of a running round. Raises as transition.begin_round, DomainError by field, Conflict twice."""
    instant = at or clock.now()
    round_ = transition.begin_round(round_id, "meet", by=by, at=instant)
    faults = [
        *_faults("title", "会議名", title, _TITLE, required=True),
        *_faults("summary", "議事の要旨", summary, _LONGEST, required=False),
    ]
    if kind not in MeetingKind.values:
        faults.append(Fault("kind", "会議の種類をえらんでください。"))
    if held_on > clock.today(instant):
        faults.append(Fault("held_on", "開催日が先の日付です。", "開いた後に記録してください。"))
    if faults:
        raise DomainError(*faults)
    if round_.meetings.filter(kind=kind, title=title, held_on=held_on).exists():
        raise Conflict(Fault("title", "同じ会議がもう記録されています。", "一覧から開いてください。"))
    made = Meeting.objects.create(
        round=round_, kind=kind, title=title, held_on=held_on, summary=summary, recorded_at=instant,
        recorded_by_id=_person(by),
    )  # fmt: skip
    payload = {"meeting": made.pk, "kind": kind, "title": title, "held_on": held_on.isoformat()}
    transition.finish_round(round_, "meet", by=by, at=instant, payload=payload)
    return made


@transaction.atomic
def add_opinion(
    *, meeting_id: int, text: str, by: Actor, number: str = "", at: datetime | None = None
) -> Opinion:
    """Add what was said, about the sheet with that number or the plan as a whole. Raises as record_meeting."""
    instant = at or clock.now()
    meeting = Meeting.objects.filter(pk=meeting_id).first()
    if meeting is None:
        raise Refused
    round_ = transition.begin_round(meeting.round_id, "meet", by=by, at=instant)
    faults = _faults("text", "意見", text, _LONGEST, required=True)
    measure = round_.plan.measures.filter(number=number).first() if number else None
    if number and measure is None:
        faults.append(
            Fault("number", f"個票{number}はこの計画にありません。", "一覧からえらび直してください。")
        )
    if faults:
        raise DomainError(*faults)
    made = Opinion.objects.create(
        meeting=meeting, measure=measure, text=text, received_at=instant, received_by_id=_person(by)
    )
    payload = {"meeting": meeting.pk, "opinion": made.pk, "sheet": number}
    transition.finish_round(round_, "meet", by=by, at=instant, payload=payload)
    return made


@transaction.atomic
def answer_opinion(*, opinion_id: int, text: str, by: Actor, at: datetime | None = None) -> Opinion:
    """Answer an opinion, or answer it better before the publication; the earlier answer stays in the record."""
    instant = at or clock.now()
    opinion = Opinion.objects.select_related("meeting").filter(pk=opinion_id).first()
    if opinion is None:
        raise Refused
    round_ = transition.begin_round(opinion.meeting.round_id, "meet", by=by, at=instant)
    opinion.refresh_from_db()
    if faults := _faults("answer", "回答", text, _LONGEST, required=True):
        raise DomainError(*faults)
    before = opinion.answer
    opinion.answer, opinion.answered_at, opinion.answered_by_id = text, instant, _person(by)
    opinion.save(update_fields=["answer", "answered_at", "answered_by"])
    payload = {"opinion": opinion.pk, "before": before, "after": text}
    transition.finish_round(round_, "meet", by=by, at=instant, payload=payload)
    return opinion


def _person(by: Actor) -> int:
    if by.user_id is None:
        raise Refused
    return by.user_id


def _faults(field: str, label: str, text: str, longest: int, *, required: bool) -> list[Fault]:
    if required and not text.strip():
        return [Fault(field, f"{label}が空です。", "入力してください。")]
    if fault := unstorable(text):
        return [Fault(field, f"{label}：{fault}")]
    if len(text) > longest:
        return [Fault(field, f"{label}が長すぎます。", f"{longest:,}字以内に短くしてください。")]
    return []
