"""Questions about a call: the public list, asking, and the office's side."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from core.access import access, actor_of, allowed, arrival_of
from core.exceptions import DomainError, Refused
from grants import queries
from grants.actions import inquiries as actions
from grants.forms.inquiries import AnswerForm, AskForm, QuestionDeskForm
from grants.forms.routing import moment_text
from grants.models import Inquiry
from grants.permissions.inquiries import judge_ask, judge_inquiry, own_inquiries
from grants.permissions.judging import Ground
from grants.queries.inquiries import answer_due, due_of, own_questions, public_answers, questions_of
from grants.views.frame import form_page, status_of
from grants.views.review_call import call_of
from programs.models import Call
from programs.queries.catalogue import visible_calls


def _call(request: HttpRequest, public_id: str) -> Call:
    """A call the reader may see. Raises Refused."""
    rows = visible_calls(actor_of(request), arrival_of(request)).select_related("program")
    found = rows.filter(public_id=public_id).first()
    if found is None:
        raise Refused
    return found


# --- Everybody --------------------------------------------------------------------------------------------------


@access(public=True)
@require_safe
def public_list(request: HttpRequest, call: str) -> HttpResponse:
    """The answers of a call, for everybody."""
    found = _call(request, call)
    actor, at = actor_of(request), arrival_of(request)
    context = {
        "call": found, "answers": public_answers(found), "due": due_of(found), "is_late": at > due_of(found),
        "may_ask": bool(allowed(actor, "grants.ask", found, at)),
        "may_answer": bool(allowed(actor, "grants.answer_questions", found, at)),
    }  # fmt: skip
    return render(request, "grants/questions/list.html", context)


# --- Towns ------------------------------------------------------------------------------------------------------


@access(action="grants.ask")
@form_page
def ask(request: HttpRequest, call: str) -> HttpResponse:
    """One's own questions with their answers, and a new one."""
    found, status = _call(request, call), 200
    actor, at = actor_of(request), arrival_of(request)
    judgement = judge_ask(actor, found, at)
    if judgement.ground in {Ground.HIDDEN, Ground.PARTY}:
        raise Refused
    form = AskForm(request.POST or None)
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                actions.ask(call=found, by=actor, at=at, **form.cleaned_data)
            except DomainError as error:
                form.refuse(error)
                status = status_of(error)
            else:
                messages.success(request, "質問を送りました。都の担当に知らせました。")
                return redirect(request.path)
    context = {
        "call": found, "form": form, "decision": judgement.decision(), "due": due_of(found),
        "own": own_questions(actor, found), "case": queries.own_application(actor, found),
    }  # fmt: skip
    return render(request, "grants/questions/ask.html", context, status=status)


@access(action="grants.ask")
@require_POST
def withdraw(request: HttpRequest, call: str, inquiry: str) -> HttpResponse:
    """Take one's own question back."""
    rows = Inquiry.objects.filter(own_inquiries(actor_of(request)), call=_call(request, call))
    found = rows.filter(public_id=inquiry).first()
    if found is None:
        raise Refused
    try:
        actions.withdraw(inquiry_id=found.pk, by=actor_of(request), at=arrival_of(request))
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "質問を取り下げました。")
    return redirect("questions:ask", call)


# --- The office -------------------------------------------------------------------------------------------------


@access(action="grants.answer_questions")
@form_page
def office(request: HttpRequest, call: str) -> HttpResponse:
    """Everything that was asked, what waits first; and by when towns may ask."""
    found, status = call_of(request, call, "grants.answer_questions"), 200
    form = QuestionDeskForm(request.POST or None, initial={"due_at": moment_text(due_of(found))})
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                actions.set_deadline(call=found, due_at=form.cleaned_data["due_at"], by=actor_of(request))
            except DomainError as error:
                form.refuse(error)
            else:
                messages.success(request, "質問の期限を決めました。")
                return redirect(request.path)
    rows = [(row, answer_due(row)) for row in questions_of(found)]
    context = {"call": found, "form": form, "rows": rows, "due": due_of(found), "at": arrival_of(request)}
    return render(request, "grants/questions/office.html", context, status=status)


@access(action="grants.answer_questions")
@form_page
def answer(request: HttpRequest, call: str, inquiry: str) -> HttpResponse:
    """One question with the answers so far, and a new or corrected one."""
    found, status = call_of(request, call, "grants.answer_questions"), 200
    asked = next((row for row in questions_of(found) if row.public_id == inquiry), None)
    if asked is None:
        raise Refused
    versions = vars(asked)["versions"]
    form = _answer_form(request, asked, versions)
    if request.method == "POST":
        status = 422
        if form.is_valid():
            typed = {name: form.cleaned_data.get(name) or "" for name in ("question", "text", "reason")}
            try:
                actions.answer(
                    inquiry_id=asked.pk, public=form.cleaned_data["public"], by=actor_of(request),
                    at=arrival_of(request), expected_version=form.cleaned_data["version"], **typed,
                )  # fmt: skip
            except DomainError as error:
                form.refuse(error)
                status = status_of(error)
            else:
                messages.success(request, "回答しました。知らせを送りました。")
                return redirect("review:questions", call)
    actor = actor_of(request)
    steps = ("publish", "reply", "correct_answer")
    open_ = any(judge_inquiry(actor, step, asked).ground is Ground.YES for step in steps)
    context = {
        "call": found, "asked": asked, "versions": versions, "form": form, "open": open_, "due": answer_due(asked),
        "words": actions.telling_words(asked),
    }  # fmt: skip
    return render(request, "grants/questions/answer.html", context, status=status)


def _answer_form(request: HttpRequest, asked: Inquiry, versions: list[Any]) -> AnswerForm:
    newest = versions[0] if versions else None
    initial: dict[str, Any] = {"version": asked.version, "public": "no" if asked.wants_private else "yes"}
    if newest is not None:
        initial |= {
            "question": newest.question,
            "text": newest.answer,
            "public": "yes" if newest.is_public else "no",
        }
    form = AnswerForm(request.POST or None, initial=initial)
    if newest is None:
        del form.fields["reason"]
    elif not newest.is_public:
        form.fields["reason"].required = False  # publishing a private answer corrects nothing
    return form
