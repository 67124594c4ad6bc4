"""Notes for the bureau's own people, and opinions asked of other units: asked, reminded, answered, by proxy too."""

from collections.abc import Mapping
from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from core.access import access, actor_of, allowed, arrival_of, require
from core.exceptions import Conflict, DomainError, Refused
from grants.actions import opinions
from grants.forms.opinions import AnswerOpinionForm, AskOpinionForm, NoteForm, ProxyAnswerForm
from grants.models import OpinionRequest
from grants.queries.opinions import notes_of, opinions_of, shown_sections, units_to_ask
from grants.views.frame import status_of
from grants.views.review_content import shown_answer
from grants.views.review_frame import ReviewPage, form_page, posted, review_page, sees

Typed = Mapping[str, Any]
_ACTS: Final = {
    "remind": (opinions.remind_opinion, "催促しました。"),
    "withdraw": (opinions.withdraw_opinion, "照会を取り下げました。照会先からは読めなくなります。"),
}


def _insider(request: HttpRequest, public_id: str) -> ReviewPage:
    """The case for those who follow the deliberation; reviewers alone are refused."""
    page = review_page(request, public_id)
    if not page.is_insider:
        raise Refused
    return page


@sees
@form_page
def notes(request: HttpRequest, public_id: str) -> HttpResponse:
    """All notes of a case, and a new one."""
    page = _insider(request, public_id)
    may = allowed(page.actor, "grants.add_note", page.application, page.at)
    if request.method == "POST" and not may:
        raise Refused
    form = NoteForm(request.POST or None)
    newest = page.application.notes.order_by("-pk").first()

    def run(typed: Typed) -> object:
        if newest and (newest.text, newest.written_by_id) == (typed["text"].strip(), page.actor.user_id):
            return None  # a further click
        return opinions.add_note(
            application_id=page.application.pk, by=page.actor, text=typed["text"], at=page.at
        )

    answer, status = posted(request, page, form, action="add_note", run=run, done="庁内メモを書きました。")
    return answer or page.render(
        request, "notes", status=status, heading="庁内メモ", form=form, notes=notes_of(page.application), may_note=may,
    )  # fmt: skip


@sees
@form_page
def case_opinions(request: HttpRequest, public_id: str) -> HttpResponse:
    """The requests of a case, and a new one."""
    page = _insider(request, public_id)
    duty = allowed(page.actor, "grants.ask_opinion", page.application, page.at)
    if request.method == "POST" and not duty.reason and not duty:
        raise Refused
    template = page.application.template
    sections = [(str(each["code"]), str(each["label"])) for each in template.sections]
    form = AskOpinionForm(
        request.POST or None, units=units_to_ask(page.application, page.at), sections=sections
    )

    def run(typed: Typed) -> object:
        return opinions.ask_opinion(application_id=page.application.pk, by=page.actor, at=page.at, **typed)

    def again(typed: Typed) -> bool:
        rows = OpinionRequest.objects.filter(
            application=page.application, asked_by=page.actor.user_id or 0, answered_at__isnull=True, withdrawn_at__isnull=True
        )  # fmt: skip
        return rows.filter(department=typed["department"], question=typed["question"].strip()).exists()

    answer, status = posted(
        request, page, form, action="ask_opinion", run=run, again=again, done="意見を照会しました。照会先に知らせが届きます。",
    )  # fmt: skip
    return answer or page.render(
        request, "opinions", status=status, heading="意見照会", form=form, duty=duty,
        opinions=opinions_of(page.application),
    )  # fmt: skip


@sees
@require_POST
def act(request: HttpRequest, public_id: str, opinion: str, name: str) -> HttpResponse:
    """Remind the unit, or take the request back."""
    page = _insider(request, public_id)
    asked = page.application.opinions.filter(public_id=opinion).first()
    if asked is None or name not in _ACTS:
        raise Refused
    run, done = _ACTS[name]
    try:
        run(opinion_id=asked.pk, by=page.actor, at=page.at)
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, done)
    return redirect(page.url("opinions"))


@sees
@form_page
def proxy(request: HttpRequest, public_id: str, opinion: str) -> HttpResponse:
    """Enter what a unit answered on paper or by telephone."""
    page = _insider(request, public_id)
    asked = page.application.opinions.select_related("department").filter(public_id=opinion).first()
    if asked is None:
        raise Refused
    require(page.actor, "grants.ask_opinion", page.application, page.at)
    form = ProxyAnswerForm(request.POST or None)

    def run(typed: Typed) -> object:
        return opinions.answer_by_proxy(opinion_id=asked.pk, by=page.actor, at=page.at, **typed)

    def again(_typed: Typed) -> bool:
        return OpinionRequest.objects.filter(pk=asked.pk, answered_by=page.actor.user_id).exists()

    done = "代理で入力した意見を記録しました。"
    answer, status = posted(request, page, form, action="answer_opinion", run=run, again=again, done=done)
    return answer or page.render(
        request,
        "opinion_proxy",
        status=status,
        heading=f"意見の代理入力（{asked.department}）",
        form=form,
        asked=asked,
    )


@access(action="grants.answer_opinion")
@form_page
def opinion(request: HttpRequest, opinion: str) -> HttpResponse:
    """What the asked unit sees: the question, the sections it was shown, its answer; nothing else of the case."""
    actor, at = actor_of(request), arrival_of(request)
    rows = OpinionRequest.objects.select_related(
        "application__call__program", "application__lead", "application__template", "department", "snapshot", "answered_by",
    )  # fmt: skip
    asked = rows.filter(public_id=opinion).first()
    if asked is None or not allowed(actor, "grants.answer_opinion", asked, at):
        raise Refused
    form, status = AnswerOpinionForm(request.POST or None), 422 if request.method == "POST" else 200
    if form.is_valid():
        try:
            opinions.answer_opinion(opinion_id=asked.pk, by=actor, answer=form.cleaned_data["answer"], at=at)
        except DomainError as error:
            if isinstance(error, Conflict) and asked.answered_by_id == actor.user_id:
                return redirect("review:opinion", asked.public_id)
            form.refuse(error)
            status = status_of(error)
        else:
            messages.success(request, "意見を回答しました。")
            return redirect("review:opinion", asked.public_id)
    shown = [
        (section, [(question.label, shown_answer(question, value)) for question, value in section.answers])
        for section in shown_sections(asked)
    ]
    context = {
        "asked": asked,
        "call": asked.application.call,
        "form": form,
        "sections": shown,
        "late": asked.is_open and asked.due_at < at,
    }
    return render(request, "grants/review/opinion.html", context, status=status)
