"""The plan: one topic per page. What two people typed into the same question is shown side by side."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from core import clock
from core.exceptions import DomainError, Refused
from grants import queries
from grants.actions.prefilling import confirm_prefilled
from grants.enums import FIXED_SECTIONS, SectionScope
from grants.forms import SectionForm, stored_data
from grants.models import Answer, Member, Question
from grants.queries.checks import answer_faults
from grants.views import saving, versions
from grants.views.board import Line, last_changes, task_url
from grants.views.frame import CasePage, case_page, form_page, member_of_case, sees, status_of


@dataclass(frozen=True)
class Topic:
    """One section of the form, for all or for one municipality."""

    code: str
    label: str
    help: str
    member: Member | None
    questions: list[Question]


@sees
@require_safe
def plan(request: HttpRequest, public_id: str) -> HttpResponse:
    """The topics with their states."""
    page = case_page(request, public_id)
    touched = last_changes(page)
    lines = []
    for task in queries.task_list(page.actor, page.application, page.at):
        if task.section in FIXED_SECTIONS:
            continue
        last = touched.get((task.section, task.member.pk if task.member else None))
        note = f"最後の編集：{last[0]}" if last else ""
        lines.append(Line(task.label, task_url(page, task), task.state, note, last[1] if last else None))
    return page.render(request, "plan", lines=lines)


@sees
@form_page
def section(request: HttpRequest, public_id: str, code: str, member: str = "") -> HttpResponse:
    """The questions of one topic: typed, saved, or read by those who may not change them."""
    page = case_page(request, public_id)
    moved = versions.moved(request, page, code, member) if request.method == "POST" else []
    if moved and saving.is_automatic(request):
        return saving.held(versions.MOVED)
    if moved and not _is_asked(page, code, member):
        return page.render(
            request, "section", status=409, heading="様式が新しい版に変わりました", moved=moved, gone=True
        )
    topic = _topic(page, code, member)
    answers = _answers(page, topic)
    decision = page.edits(code, topic.member)
    if moved:
        return _moved(request, page, topic, moved)
    if request.method == "POST":
        return _save(request, page, topic, answers)
    return _page(
        request,
        page,
        topic,
        _shown(request, page, topic, answers),
        editable=decision.permitted,
        reason=decision.reason,
    )


def _topic(page: CasePage, code: str, member: str) -> Topic:
    template = page.application.template
    found = next((s for s in template.sections if s["code"] == code), None)
    per_member = template.section_scope(code) is SectionScope.MEMBER
    if found is None or per_member != bool(member):
        raise Refused
    body = member_of_case(page, member) if member else None
    if body is not None and not body.is_municipality:
        raise Refused
    questions = list(template.questions.filter(section=code).order_by("position"))
    return Topic(code, str(found["label"]), str(found.get("help", "")), body, questions)


def _is_asked(page: CasePage, code: str, member: str) -> bool:
    """Whether the form has this topic, filled by the same."""
    template = page.application.template
    known = any(section["code"] == code for section in template.sections)
    return known and (template.section_scope(code) is SectionScope.MEMBER) == bool(member)


def _moved(
    request: HttpRequest, page: CasePage, topic: Topic, moved: list[versions.Moved]
) -> HttpResponse:  # fmt: skip
    """The topic as the form asks it now, with everything that was typed still in its fields; nothing is saved yet."""
    answers = _answers(page, topic)
    data = request.POST.copy()
    for name, value in stored_data(topic.questions, answers).items():
        if name not in request.POST or name.endswith(("-version", "-shown")):
            data[name] = str(value)
    form = SectionForm(data, questions=topic.questions, answers=answers)
    form.is_valid()
    return _page(
        request, page, topic, form, status=409, moved=moved, unsaved=[q.code for q in topic.questions]
    )


def _answers(page: CasePage, topic: Topic) -> dict[int, Answer]:
    rows = queries.answers_for(page.actor, page.application).filter(
        question__section=topic.code, member=topic.member
    )
    return {answer.question_id: answer for answer in rows}


def _shown(request: HttpRequest, page: CasePage, topic: Topic, answers: dict[int, Answer]) -> SectionForm:
    """What is saved, with what is wrong about it; what is missing only after the check sent the person here."""
    form = SectionForm(stored_data(topic.questions, answers), questions=topic.questions, answers=answers)
    form.is_valid()
    suffix = f"/{topic.member.public_id}" if topic.member else ""
    codes = {f"answers/{question.code}{suffix}": question for question in topic.questions}
    checked = "check" in request.GET
    for fault in answer_faults(page.application):
        question = codes.get(fault.field)
        filled = question is not None and question.pk in answers and answers[question.pk].value.strip()
        if question is not None and (checked or filled):
            form.add_error(question.code, str(fault))
    return form


def _save(request: HttpRequest, page: CasePage, topic: Topic, answers: dict[int, Answer]) -> HttpResponse:
    form = SectionForm(request.POST, questions=topic.questions, answers=answers)
    if saving.is_automatic(request):
        return saving.automatic(page, topic.member, form)
    if not form.is_valid():
        return _page(request, page, topic, form, status=422, unsaved=[q.code for q in topic.questions])
    outcome = saving.save_typed(page, topic.member, form)
    for error in saving.at_fields(outcome):
        form.refuse(error)
    if not outcome.refused and (error_of := _confirm(request, page, topic)):
        form.refuse(error_of)
        return _page(request, page, topic, form, status=status_of(error_of))
    if not outcome.refused:
        messages.success(request, f"{clock.local(page.at):%H:%M} に保存しました。まだ提出していません。")
        return redirect(page.url("detail") if "back" in request.POST else request.path)
    form.data = saving.renewed(request.POST, topic.questions, outcome, _answers(page, topic))
    return _page(
        request, page, topic, form, status=outcome.http_code, clashes=outcome.clashes, unsaved=outcome.refused
    )


def _confirm(request: HttpRequest, page: CasePage, topic: Topic) -> DomainError | None:
    """Note the prefilled answers marked as right; those just changed need no mark."""
    marked, left = set(request.POST.getlist("confirm")), _answers(page, topic)
    wanted = [
        q.code for q in topic.questions if q.code in marked and q.pk in left and left[q.pk].is_unchecked
    ]
    try:
        confirm_prefilled(
            application_id=page.application.pk, questions=wanted, by=page.actor, at=page.at,
            member_id=topic.member.pk if topic.member else None,
        )  # fmt: skip
    except DomainError as error:
        return error
    return None


def _page(
    request: HttpRequest, page: CasePage, topic: Topic, form: SectionForm, *, status: int = 200,
    clashes: Iterable[saving.Clash] = (), unsaved: Iterable[str] = (), editable: bool = True, reason: str = "",
    moved: Iterable[versions.Moved] = (),
) -> HttpResponse:  # fmt: skip
    answers = _answers(page, topic)
    prefilled = {
        code: a for q in topic.questions if (code := q.code) and (a := answers.get(q.pk)) and a.origin
    }
    last = last_changes(page).get((topic.code, topic.member.pk if topic.member else None))
    return page.render(
        request, "section", status=status, topic=topic, heading=f"{topic.label}（{topic.member}）" if topic.member else topic.label, form=form, clashes=list(clashes), moved=list(moved), unsaved=list(unsaved), editable=editable,
        reason=reason, last=last, fields=[(form[q.code], prefilled.get(q.code)) for q in topic.questions],
        storage=saving.storage_key(page, topic.code, topic.member), held=saving.is_held(page.application),
        hidden=[form[f"{question.code}-{part}"] for question in topic.questions for part in ("version", "shown")],
    )  # fmt: skip
