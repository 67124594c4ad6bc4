"""Questions about a call as everybody, the asking town and the office read them; and their dates."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time
from typing import Final

from django.conf import settings
from django.db.models import Prefetch, QuerySet

from accounts.enums import Role
from core import clock
from core.actor import Actor
from core.business_days import add_business_days
from core.deadlines import Cases, Deadline
from grants.enums import InquiryStatus
from grants.models import Inquiry, InquiryAnswer, QuestionDesk
from grants.models.inquiry import question_deadline
from grants.permissions.inquiries import own_inquiries
from grants.queries.units import Units
from programs.models import Call

_END_OF_DAY: Final = time(17, 0)


@dataclass(frozen=True)
class PublicAnswer:
    """What everybody reads: number, the office's wording, the answer; earlier versions where it was corrected."""

    number: int
    newest: InquiryAnswer
    earlier: list[InquiryAnswer]


def public_answers(call: Call) -> list[PublicAnswer]:
    """The published answers of a call by number. Never a word of who asked."""
    versions = InquiryAnswer.objects.filter(is_public=True).order_by("-version")
    rows = Inquiry.objects.filter(call=call, status=InquiryStatus.PUBLISHED).order_by("number")
    found = []
    for row in rows.prefetch_related(Prefetch("answers", versions, "public")):
        newest, *earlier = vars(row)["public"]
        found.append(PublicAnswer(row.number or 0, newest, earlier))
    return found


def _with_answers(rows: QuerySet[Inquiry]) -> QuerySet[Inquiry]:
    versions = InquiryAnswer.objects.select_related("answered_by").order_by("-version")
    return rows.select_related("call__program__owner", "body", "department", "asked_by").prefetch_related(
        Prefetch("answers", versions, "versions")
    )


def own_questions(actor: Actor, call: Call) -> list[Inquiry]:
    """What the actor's own body asked about a call, newest first; each has `versions` of its answer, newest first."""
    return list(_with_answers(Inquiry.objects.filter(own_inquiries(actor), call=call)).order_by("-pk"))


def questions_of(call: Call) -> list[Inquiry]:
    """Everything asked about a call, for its office: what waits first."""
    rows = list(_with_answers(Inquiry.objects.filter(call=call)).order_by("asked_at", "pk"))
    return sorted(rows, key=lambda row: row.status != InquiryStatus.ASKED)


def due_of(call: Call) -> datetime:
    """The last instant for questions of a call."""
    return question_deadline(call, QuestionDesk.objects.filter(call=call).first())


def answer_due(inquiry: Inquiry) -> datetime:
    """By when the office is to answer: settings.ANSWER_BUSINESS_DAYS after the question, 17:00, before the closing."""
    day = add_business_days(clock.today(inquiry.asked_at), settings.ANSWER_BUSINESS_DAYS)
    return min(clock.instant(day, _END_OF_DAY), inquiry.call.closes_at)


# --- Desks, reminders and calendars -------------------------------------------------------------------------------


def question_tasks(actor: Actor, at: datetime) -> list[Deadline]:
    """Questions that wait for the actor's office, soonest first."""
    if not actor.has_role(Role.OFFICER):
        return []
    return sorted(task for task in _waiting(at) if task.is_for(actor))


def planned_questions(at: datetime, cases: Cases = None) -> Iterator[Deadline]:
    """The same of all offices, and the question deadlines everybody may know."""
    for task in (*_waiting(at), *_public(at)):
        if cases is None or task.case_key in cases:
            yield task


def _waiting(at: datetime) -> Iterator[Deadline]:
    units = Units(at)
    rows = Inquiry.objects.filter(status=InquiryStatus.ASKED).select_related("call__program__owner")
    for row in rows.order_by("pk").iterator(chunk_size=500):
        program = row.call.program
        yield Deadline(
            kind="grants.answer_question", at=answer_due(row), title=f"募集への質問に回答してください：{row.call}",
            url=f"/review/calls/{row.call.public_id}/questions/{row.public_id}/", organization_id=program.owner_id,
            departments=units.of(program)[0], audience_roles=frozenset({Role.OFFICER.value}),
            case_key=f"inquiry:{row.public_id}", what="募集への質問への回答", about=f"募集：{row.call}", since=row.asked_at,
        )  # fmt: skip


def _public(at: datetime) -> Iterator[Deadline]:
    """The question deadlines that an office has set, of calls on view and still open to questions."""
    yield from question_dates(Call.objects.published(at).filter(question_desk__due_at__gte=at), at)


def question_dates(calls: QuerySet[Call], at: datetime) -> Iterator[Deadline]:
    """The question deadlines that an office has set, of those calls that have opened."""
    desks = QuestionDesk.objects.filter(due_at__isnull=False, call__in=calls, call__opens_at__lte=at)
    for desk in desks.select_related("call__program").order_by("pk"):
        call = desk.call
        yield Deadline(
            kind="grants.ask", at=question_deadline(call, desk), title=f"質問の期限：{call}",
            url=f"/calls/{call.public_id}/questions/", case_key=f"questions:{call.public_id}", what="募集への質問の期限",
            about=f"募集：{'【架空】' if call.is_fictional else ''}{call}",
        )  # fmt: skip
