"""Answering the look at a draft: the draft itself, with a place for a remark beside every question."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.forms import BoundField
from django.http import HttpRequest, HttpResponse

from core.exceptions import Conflict, Fault
from grants.actions import prechecks
from grants.forms import PrecheckAnswerForm
from grants.models import Precheck
from grants.views.review_content import CaseContent, Entry, Section, case_content, cell_choices, version_of
from grants.views.review_frame import ReviewPage, form_page, posted, review_page, sees


@dataclass(frozen=True)
class RemarkedSection:
    """A section whose answers each have a field for a remark."""

    section: Section
    rows: list[tuple[Entry, BoundField]]


@sees
@form_page
def precheck(request: HttpRequest, public_id: str) -> HttpResponse:
    """The town's draft as it is now, and the answer to its request."""
    page = review_page(request, public_id)
    duty = page.duty("answer_precheck")
    content = case_content(page, version_of(page, ""))
    waiting = page.application.prechecks.filter(answered_at__isnull=True).first()
    questions = [
        (entry.code, entry.member_id, f"{entry.label}（{section.member}）" if section.member else entry.label)
        for section in content.sections
        for entry in section.entries
    ]
    form = PrecheckAnswerForm(
        request.POST or None, questions=questions, cells=cell_choices(page, content),
        initial={"precheck": waiting.pk if waiting else 0},
    )  # fmt: skip

    def run(typed: Mapping[str, Any]) -> object:
        if waiting is None or waiting.pk != typed["precheck"]:
            raise Conflict(Fault("", "この依頼は、もう待っていません。", "申請のページで確かめてください。"))
        return prechecks.answer_precheck(
            application_id=page.application.pk, confirmed=typed["verdict"] == "confirmed", answer=typed["answer"],
            remarks=form.remarks(), by=page.actor, at=page.at,
        )  # fmt: skip

    def again(typed: Mapping[str, Any]) -> bool:
        answered = Precheck.objects.filter(application=page.application, pk=typed["precheck"])
        return answered.filter(answered_by=page.actor.user_id, answered_at__isnull=False).exists()

    answer, status = posted(
        request, page, form, action="answer_precheck", run=run, again=again, done="案の事前確認に回答しました。市町村に知らされます。",
    )  # fmt: skip
    return answer or _shown(request, page, form, content, status=status, duty=duty, waiting=waiting)


def _shown(
    request: HttpRequest, page: ReviewPage, form: PrecheckAnswerForm, content: CaseContent, *, status: int, **context: Any
) -> HttpResponse:  # fmt: skip
    sections = [
        RemarkedSection(
            section,
            [(entry, form[form.key_of(entry.code, entry.member_id)]) for entry in section.entries],
        )
        for section in content.sections
    ]
    return page.render(
        request, "precheck", status=status, heading="案の事前確認への回答", form=form, content=content, sections=sections,
        **context,
    )  # fmt: skip
