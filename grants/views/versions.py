"""The versions of a form: what changed since the draft began, going over, and a page that was still open in the old one."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from core.exceptions import DomainError, Fault
from grants import queries
from grants.actions.renewing import renew_form
from grants.forms import VersionForm
from grants.models import FormTemplate, Question
from grants.permissions.forms import judge_renewal
from grants.queries import forms
from grants.views.frame import CasePage, case_page, form_page, sees, status_of

MOVED = "様式が新しい版に変わったため、自動では保存しません。「保存する」を押すと、変わった設問と打った内容を並べて表示します。"


@dataclass(frozen=True)
class Moved:
    """A question as the open page asked it and as the form asks it now ("": no longer), with both texts."""

    code: str
    before: str
    after: str
    mine: str
    theirs: str
    url: str


@sees
@form_page
def form_version(request: HttpRequest, public_id: str) -> HttpResponse:
    """The list of what changed, the button that goes over, and what was written to questions that are gone."""
    page = case_page(request, public_id)
    newest = forms.newer_form(page.application)
    form, faults, status = VersionForm(request.POST or None), list[Fault](), 200
    if request.method == "POST":
        version = form.cleaned_data["version"] if form.is_valid() else 0
        try:
            done = renew_form(
                application_id=page.application.pk, shown_version=version, by=page.actor, at=page.at
            )
        except DomainError as error:
            faults, status = list(error.faults), status_of(error)
        else:
            messages.success(
                request,
                f"第{done.template.version}版に移りました。書いた内容は残っています。まだ提出していません。",
            )
            return redirect(request.path)
    changes = forms.form_changes(page.application.template, newest) if newest else []
    decision = judge_renewal(page.actor, page.application, page.at).decision()
    return page.render(
        request, "form", status=status, newest=newest, changes=changes, faults=faults, decision=decision,
        demanded=forms.demanded_form(page.application) is not None,
        kept=forms.kept_answers(page.actor, page.application),
    )  # fmt: skip


# --- A page that was open in the old version -------------------------------------------------------------------


def moved(request: HttpRequest, page: CasePage, code: str, member: str) -> list[Moved]:
    """What was typed on a page of an earlier version of the form and does not fit the form any more, question by question.

    Empty where the page is of today's version, or nothing it asked has changed.
    """
    old = _version(page, request.POST.get("form-version", ""))
    if old is None or old.pk == page.application.template_id:
        return []
    new = page.application.template
    asked = {question.code: question for question in new.questions.all()}
    changed = forms.changed_questions(old, new)
    found = []
    for question in old.questions.filter(section=code).order_by("position"):
        after = asked.get(question.code)
        here = after is not None and after.section == code and forms.carries(old, new, question, after)
        if question.code in request.POST and (not here or question.code in changed):
            found.append(_moved(page, question, after, request.POST[question.code], member))
    return found


def _version(page: CasePage, text: str) -> FormTemplate | None:
    if not text.isdecimal() or not text.isascii() or len(text) > 4:  # noqa: PLR2004 - versions are small
        return None
    return FormTemplate.objects.filter(program=page.application.call.program_id, version=int(text)).first()


def _moved(page: CasePage, before: Question, after: Question | None, typed: str, member: str) -> Moved:
    rows = page.application.answers.filter(question__code=before.code)
    if after is not None:
        rows = rows.filter(question=after)
    visible = (
        queries.answers_for(page.actor, page.application)
        if after
        else forms.kept_answers(page.actor, page.application)
    )
    rows = rows.filter(pk__in=visible.values("pk"))
    saved = rows.filter(member__public_id=member).first() if member else rows.filter(member=None).first()
    url = ""
    if after is not None:
        per_member = page.application.template.section_scope(after.section).value == "member"
        url = (
            page.url("part", after.section, member or page.member.public_id)
            if per_member
            else page.url("section", after.section)
        )
    return Moved(before.code, _asked(before), _asked(after), typed, saved.value if saved else "", url)


def _asked(question: Question | None) -> str:
    """The wording with its help; "" for a question that is gone."""
    if question is None:
        return ""
    return question.label + (f"（{question.help}）" if question.help else "")
