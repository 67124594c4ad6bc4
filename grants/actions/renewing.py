"""Taking a case over to the newest version of its form. Nothing that was written is lost."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from core import clock
from core.actor import Actor
from grants.actions import locking, transition
from grants.actions.changes import changed, person
from grants.actions.errors import Stale
from grants.actions.prefilling import prefill
from grants.enums import BUDGET_SECTION, FORM_PART, SectionScope
from grants.models import Answer, Application, FormTemplate, Member, Question
from grants.permissions.forms import judge_renewal
from grants.queries import forms


@transaction.atomic
def renew_form(
    *, application_id: int, shown_version: int, by: Actor, at: datetime | None = None
) -> Application:
    """Take the case over to the newest version of its form; `shown_version` is the one whose changes the page listed.

    Answers go over by their question's code where the question is still filled by the same (once, or by each body);
    all others stay and are shown. An answer whose question changed gets a new version, and a question without an answer
    its first one, so that a page still open in the old form is refused and not mixed in. Consents bound to what changed
    end, and so does the certificate. A case that is there already stays as it is. Raises Refused for all but the lead's
    people, UnknownTransition or DomainError where nothing can be changed now, Stale when a further version came out.
    """
    instant = at or clock.now()
    transition.require_person(by)
    application = locking.application(application_id)
    transition.insist(judge_renewal(by, application, instant))
    new = forms.newer_form(application)
    if new is None:
        return application
    if shown_version != new.version:
        raise Stale("様式の版がさらに変わりました。画面を開き直して、変わった所を確かめてください。")
    _go(application, new, by, instant)
    return application


def _go(application: Application, new: FormTemplate, by: Actor, at: datetime) -> None:
    old = application.template
    changes = forms.form_changes(old, new)
    application.template = new
    application.save(update_fields=["template"])
    carried = _carry(application, old, new, by, at)
    if any(change.section == BUDGET_SECTION for change in changes):
        _end_open_grids(application)
    sections = forms.changed_sections(changes)
    names = "、".join(f"「{new.section_label(code)}」" for code in new.section_codes() if code in sections)
    why = (
        f"様式が第{new.version}版になり、{names}の内容が変わったため"
        if names
        else f"様式が第{new.version}版になったため"
    )
    changed(
        application, section=FORM_PART, key=str(new.version), by=by, at=at, action="renew_form",
        before={"version": old.version}, after={"version": new.version, "carried": carried},
        reason=why[:300], reworded=sections,
    )  # fmt: skip
    transition.record(
        application, "renew_form", by=by, at=at,
        payload={"from": old.version, "to": new.version, "sections": sorted(sections)},
        comment=f"第{old.version}版から第{new.version}版へ",
    )  # fmt: skip
    prefill(application, application.members.present().select_related("organization"), by=by, at=at)


def _carry(
    application: Application, old: FormTemplate, new: FormTemplate, by: Actor, at: datetime
) -> list[str]:
    """Move the answers the new form asks for, newest form first; the codes that went over."""
    asked = {question.code: question for question in new.questions.all()}
    reworded = forms.changed_questions(old, new)
    taken: set[tuple[str, int | None]] = set()
    rows = application.answers.select_related("question__template").order_by(
        "-question__template__version", "pk"
    )
    for answer in rows:
        after, key = asked.get(answer.question.code), (answer.question.code, answer.member_id)
        if (
            after is None
            or key in taken
            or not forms.carries(answer.question.template, new, answer.question, after)
        ):
            continue
        taken.add(key)
        differs = after.code in reworded or answer.question.template_id != old.pk
        answer.question, answer.version = after, answer.version + (1 if differs else 0)
        answer.save(update_fields=["question", "version"])
    shared = [asked[code] for code in reworded]
    _begin_unanswered(application, new, shared, taken, by, at)
    return sorted({code for code, _ in taken})


def _begin_unanswered(  # noqa: PLR0917 - what an empty answer consists of
    application: Application,
    new: FormTemplate,
    questions: Iterable[Question],
    taken: set[tuple[str, int | None]],
    by: Actor,
    at: datetime,
) -> None:
    """A first, empty version of what changed and has no answer yet: a page with the old wording is refused there too."""
    towns: list[Member | None] = [*application.members.present().municipalities()]
    for question in questions:
        shared = new.section_scope(question.section) is SectionScope.COMMON
        for member in [None] if shared else towns:
            if (question.code, member.pk if member else None) not in taken:
                Answer.objects.create(
                    application=application, question=question, member=member, value="", updated_at=at,
                    updated_by_id=person(by),
                )  # fmt: skip


def _end_open_grids(application: Application) -> None:
    """A page that still shows the old items is refused: every budget gets a new version."""
    for member in application.members.present().municipalities():
        member.budget_version += 1
        member.save(update_fields=["budget_version"])
