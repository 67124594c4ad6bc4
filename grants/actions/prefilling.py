"""Values the portal knows already: put in once, said where they come from, and unchecked until an editor has looked.

Sources: the record of the body and of the unit that applies, and the call. An answer somebody wrote is never touched.
"""

from collections.abc import Collection, Iterable
from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet

from core import clock
from core.actor import Actor
from core.exceptions import DomainError, Fault
from core.fiscal_year import label
from core.wareki import wareki
from grants.actions import locking
from grants.actions.changes import changed, open_for_edit, person
from grants.actions.transition import record, require_person
from grants.enums import PREFILL_PART, AnswerOrigin, PrefillSource, SectionScope
from grants.models import Answer, Application, Member, Question

Known = tuple[str, str, AnswerOrigin]
"""The value, where it comes from in words, and the kind of source."""


def prefill(application: Application, members: Iterable[Member], *, by: Actor, at: datetime) -> list[Answer]:
    """Answer what is known and not answered yet: the common questions, and those of these municipalities.

    Inside the caller's transaction, the case locked or just made. An answer copied from an earlier application gives
    way to the record, which is newer.
    """
    made, template = [], application.template
    there = {(a.question_id, a.member_id): a for a in application.answers.all()}
    towns = [member for member in members if member.is_municipality]
    for question in template.questions.exclude(prefill="").order_by("position"):
        shared = template.section_scope(question.section) is SectionScope.COMMON
        for member in [None] if shared else towns:
            known = _known(application, question, member)
            answer = there.get((question.pk, member.pk if member else None))
            if known is None or (
                answer is not None and answer.value and answer.origin != AnswerOrigin.COPIED
            ):
                continue
            made.append(_put(application, question, member, answer, known, by, at))
    if made:
        changed(
            application, section=PREFILL_PART, key=PREFILL_PART, by=by, at=at, before=None,
            after={"questions": sorted({answer.question.code for answer in made})},
        )  # fmt: skip
    return made


def _put(  # noqa: PLR0917 - the parts of one answer
    application: Application, question: Question, member: Member | None, answer: Answer | None, known: Known,
    by: Actor, at: datetime,
) -> Answer:  # fmt: skip
    value, words, origin = known
    if answer is None:
        answer = Answer(application=application, question=question, member=member, version=0)
    answer.value, answer.version = value, answer.version + 1
    answer.origin, answer.origin_words = origin, words
    answer.checked_at = answer.checked_by = None
    answer.updated_at, answer.updated_by_id = at, person(by)
    answer.save()
    return answer


def _known(application: Application, question: Question, member: Member | None) -> Known | None:
    body = member.organization if member is not None else application.lead
    unit = application.lead_department if member is None or member.is_lead else None
    match question.prefill:
        case PrefillSource.START_DATE:
            year = application.call.fiscal_year
            return wareki(date(year, 4, 1)), f"募集の対象年度（{label(year)}）", AnswerOrigin.CALL
        case PrefillSource.CORPORATE_NUMBER if body is not None and body.corporate_number:
            return body.corporate_number, f"{body}の記録（法人番号）", AnswerOrigin.RECORD
        case PrefillSource.POPULATION if body is not None and body.population is not None:
            day = f"、{wareki(body.population_as_of)}現在" if body.population_as_of else ""
            return str(body.population), f"{body}の記録（人口{day}）", AnswerOrigin.RECORD
        case PrefillSource.UNIT if unit is not None:
            return unit.name, f"{body}の記録（担当部署）", AnswerOrigin.RECORD
        case PrefillSource.PHONE if unit is not None and unit.phone:
            return unit.phone, f"{unit.name}の記録（電話）", AnswerOrigin.RECORD
    return None


@transaction.atomic
def confirm_prefilled(
    *,
    application_id: int,
    questions: Collection[str],
    by: Actor,
    member_id: int | None = None,
    at: datetime | None = None,
) -> int:
    """An editor has looked at these prefilled answers and leaves them as they are; how many. No consent ends by it.

    Raises Refused for parts of others, UnknownTransition or DomainError where nothing can be changed now, DomainError
    where one of them is not prefilled any more (somebody has changed it).
    """
    instant = at or clock.now()
    require_person(by)
    locking.application(application_id)  # what is looked at is what stands: nobody writes in between
    found = []
    for code in questions:
        answer = _unchecked(application_id, member_id).filter(question__code=code).first()
        if answer is None:
            raise DomainError(
                Fault(
                    code,
                    "確かめる値が、ほかの人に直されたか、もう確かめられています。",
                    "いまの内容を見てください。",
                )
            )
        open_for_edit(application_id, section=answer.question.section, member_id=member_id, by=by, at=instant)
        found.append(answer)
    for answer in found:
        answer.checked_at, answer.checked_by_id = instant, person(by)
        answer.save(update_fields=["checked_at", "checked_by"])
    if found:
        payload = {"questions": [a.question.code for a in found], "versions": [a.version for a in found]}
        record(found[0].application, "confirm_prefilled", by=by, at=instant, payload=payload)
    return len(found)


def _unchecked(application_id: int, member_id: int | None) -> QuerySet[Answer]:
    rows = Answer.objects.unchecked().filter(application=application_id, member=member_id)
    return rows.select_related("question", "application")
