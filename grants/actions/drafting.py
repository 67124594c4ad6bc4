"""Starting an application and filling it: start, answers, discard and restore."""

from datetime import datetime

from django.db import transaction

from core import clock
from core.actor import Actor
from core.exceptions import DomainError, Fault, Refused
from core.text import unstorable
from grants.actions import locking, transition
from grants.actions.changes import changed, open_for_edit, person
from grants.actions.errors import AnswerConflict
from grants.actions.indicators import copy_indicators
from grants.actions.prefilling import prefill
from grants.enums import COPY_PART, AnswerOrigin, MemberRole, SectionScope
from grants.models import Answer, Application, FormTemplate, Member, Question
from grants.permissions import judge_start
from grants.queries.forms import current_form
from programs.models import Call

MAX_ANSWER = 20_000
"""Characters (code points) an answer may have at all; the question's own limit is checked before submission."""
TITLE_QUESTION = "title"


@transaction.atomic
def start(
    *,
    call: Call,
    by: Actor,
    at: datetime | None = None,
    copy_from: Application | None = None,
    form: FormTemplate | None = None,
) -> tuple[Application, bool]:
    """Start the application of the actor's municipality to a call, or open the one it has: (application, created).

    A second start by a colleague, a second click or a second tab finds the first one; the discarded and the
    withdrawn do not count. `copy_from` is an earlier
    application of the same municipality whose answers are taken over; `form` a version the call asked by before its
    newest, for cases that are loaded as they were begun. Raises Refused for anyone but an editor
    of a municipality, DomainError outside the period, outside the area, or without a form.
    """
    instant = at or clock.now()
    transition.require_person(by)
    transition.insist(judge_start(by, call, instant))
    if by.organization_id is None or by.department_id is None:
        raise Refused("配属のある利用者だけが申請を始められます。")
    locking.slot(call, by.organization_id)
    live = (
        Application.objects.live().with_parts().filter(call=call, lead=by.organization_id).order_by("ordinal")
    )
    found = live.first()
    if found is not None:
        return found, False
    return _begin(call, by, instant, set(), copy_from, form), True


@transaction.atomic
def start_another(*, call: Call, by: Actor, at: datetime | None = None) -> Application:
    """A further application to a call that allows several per lead.

    Raises as `start`, and DomainError when the number is used up.
    """
    instant = at or clock.now()
    transition.require_person(by)
    transition.insist(judge_start(by, call, instant))
    if by.organization_id is None or by.department_id is None:
        raise Refused("配属のある利用者だけが申請を始められます。")
    locking.slot(call, by.organization_id)
    taken = set(
        Application.objects.live()
        .filter(call=call, lead=by.organization_id)
        .values_list("ordinal", flat=True)
    )
    if len(taken) >= call.max_per_lead:
        raise DomainError(
            Fault(
                "call",
                f"この募集に申請できるのは1団体{call.max_per_lead}件までです。",
                "作成中の申請を開いてください。",
            )
        )
    return _begin(call, by, instant, taken, None, None)


def _begin(  # noqa: PLR0917 - what an application is begun with
    call: Call,
    by: Actor,
    at: datetime,
    taken: set[int],
    source: Application | None,
    form: FormTemplate | None,
) -> Application:
    if not call.is_open(at):
        raise DomainError(
            Fault("call", "この募集は受付期間ではありません。", "募集のページで期間を確かめてください。")
        )
    if source is not None and source.lead_id != by.organization_id:
        raise Refused
    template = form or current_form(call)
    if template is None or by.organization_id is None:
        raise DomainError(
            Fault("call", "この募集の申請様式はまだ用意されていません。", "都の担当に問い合わせてください。")
        )
    application = transition.create(
        by=by, at=at, call=call, template=template, lead_id=by.organization_id, lead_department_id=by.department_id,
        ordinal=min(set(range(1, len(taken) + 2)) - taken), fiscal_year=call.fiscal_year, copied_from=source,
    )  # fmt: skip
    Member.objects.create(
        application=application, role=MemberRole.LEAD, organization_id=by.organization_id,
        name=application.lead.name, position=0, invited_at=at, invited_by_id=person(by),
    )  # fmt: skip
    if source is not None:
        _copy(source, application, by, at)
    prefill(application, application.members.select_related("organization"), by=by, at=at)
    return application


def _copy(source: Application, target: Application, by: Actor, at: datetime) -> None:
    """Take over the common answers whose question the new form still asks, and the lead's own."""
    questions = {question.code: question for question in target.template.questions.all()}
    leads = {
        None: None,
        source.members.get(role=MemberRole.LEAD).pk: target.members.get(role=MemberRole.LEAD),
    }
    words = f"{source.call}への申請（{source}）"
    for answer in source.answers.select_related("question"):
        question = questions.get(answer.question.code)
        if question is None or answer.member_id not in leads or not answer.value:
            continue
        Answer.objects.create(
            application=target, question=question, member=leads[answer.member_id], value=answer.value,
            updated_at=at, updated_by_id=person(by), origin=AnswerOrigin.COPIED, origin_words=words[:200],
        )  # fmt: skip
    copy_indicators(source, target)
    target.title = source.title
    target.save(update_fields=["title"])
    changed(
        target, section=COPY_PART, key=source.public_id, by=by, at=at, before=None,
        after={"copied_from": source.public_id},
    )  # fmt: skip


@transaction.atomic
def save_answer(
    *,
    application_id: int,
    question: str,
    value: str,
    by: Actor,
    member_id: int | None = None,
    expected_version: int | None = None,
    at: datetime | None = None,
) -> Answer:
    """Save one answer of the working copy, verbatim; incomplete or too long is no obstacle in a draft.

    `expected_version` is the version the page showed (0: none yet); without it nothing is compared. An equal
    value changes nothing and ends no consent, whatever the version: a save sent twice is one. Raises AnswerConflict
    when a colleague was faster, Refused for parts of others, UnknownTransition or DomainError where nothing can be changed now, DomainError for an
    unknown question or text no database can keep.
    """
    instant = at or clock.now()
    application = Application.objects.filter(pk=application_id).select_related("template").first()
    asked = (
        Question.objects.filter(template=application.template, code=question).first() if application else None
    )
    if application is None or asked is None:
        raise Refused
    application, member = open_for_edit(
        application_id, section=asked.section, member_id=member_id, by=by, at=instant
    )
    asked = _asked_now(application, asked)
    _check_scope(application, asked, member)
    _check_text(asked, value)
    return _write(application, asked, member, value, expected_version, by, instant)


def _asked_now(application: Application, question: Question) -> Question:
    """The question in the version the locked case stands on: it may have gone over since the question was looked up."""
    if question.template_id == application.template_id:
        return question
    found = application.template.questions.filter(code=question.code).first()
    if found is None:
        raise DomainError(
            Fault(
                question.code,
                f"「{question.label}」は、新しい版の様式にはありません。",
                "様式の画面で、変わった所を確かめてください。",
            )
        )
    return found


def _check_scope(application: Application, question: Question, member: Member | None) -> None:
    per_member = application.template.section_scope(question.section) is SectionScope.MEMBER
    if per_member != (member is not None) or (member is not None and not member.is_municipality):
        raise DomainError(
            Fault(
                question.code, f"「{question.label}」を入力する団体が違います。", "画面を開き直してください。"
            )
        )


def _check_text(question: Question, value: str) -> None:
    if len(value) > MAX_ANSWER:
        raise DomainError(
            Fault(
                question.code,
                f"「{question.label}」が長すぎます（上限{MAX_ANSWER:,}字）。",
                "短くしてください。",
            )
        )
    if fault := unstorable(value):
        raise DomainError(Fault(question.code, f"「{question.label}」：{fault}", ""))


def _write(  # noqa: PLR0917 - the parts of one answer
    application: Application,
    question: Question,
    member: Member | None,
    value: str,
    expected_version: int | None,
    by: Actor,
    at: datetime,
) -> Answer:
    found = Answer.objects.filter(application=application, question=question, member=member).first()
    version, before = (found.version, found.value) if found else (0, "")
    if found is not None and before == value:
        return found
    if expected_version is not None and expected_version != version:
        raise AnswerConflict(
            f"「{question.label}」は、ほかの人が先に保存しました。両方を見比べて、残す内容を選んでください。",
            found,
        )
    if found is None:
        found = Answer(application=application, question=question, member=member, version=0)
    found.value, found.version = value, version + 1
    found.updated_at, found.updated_by_id = at, person(by)
    found.origin, found.origin_words, found.checked_at, found.checked_by = "", "", None, None
    found.save()
    if question.code == TITLE_QUESTION:
        application.title = value.strip()[:200]
        application.save(update_fields=["title"])
    changed(
        application, section=question.section, key=question.code, member=member, by=by, at=at, before=before,
        after=value,
    )  # fmt: skip
    return found


def discard(
    *,
    application_id: int,
    by: Actor,
    comment: str = "",
    expected_version: int | None = None,
    at: datetime | None = None,
) -> Application:
    """Put a draft aside; nothing is deleted. Raises as transition.begin."""
    return transition.fire(
        application_id, "discard", by=by, at=at, expected_version=expected_version, comment=comment
    )


@transaction.atomic
def restore(
    *, application_id: int, by: Actor, expected_version: int | None = None, at: datetime | None = None
) -> Application:
    """Take a discarded draft up again, while the call is open and no other one has taken its place."""
    instant = at or clock.now()
    row = Application.objects.filter(pk=application_id).select_related("call").first()
    if row is None:
        raise Refused
    locking.slot(row.call, row.lead_id)
    application = transition.begin(
        application_id, "restore", by=by, at=instant, expected_version=expected_version
    )
    others = Application.objects.live().filter(call=application.call, lead=application.lead)
    taken = set(others.values_list("ordinal", flat=True))
    ordinal = min(set(range(1, len(taken) + 2)) - taken)
    transition.finish(application, "restore", by=by, at=instant, columns={"ordinal": ordinal})
    return application
