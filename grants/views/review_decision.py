"""Draft and decision: one person drafts with the whole reasoning in view, another decides; then the letters."""

from collections.abc import Mapping
from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from core.access import require
from core.exceptions import DomainError, Refused
from grants.actions import decision
from grants.actions.letters import issue_letters
from grants.enums import ReviewOutcome
from grants.forms import DecisionForm, RecommendForm
from grants.queries.envelope import envelope_of
from grants.views.review_case import decisions_of, drafts_of
from grants.views.review_frame import ReviewPage, form_page, posted, review_page, sees
from grants.views.review_table import assignments_of, score_table

Typed = Mapping[str, Any]
_VERBS: Final[dict[str, tuple[Any, str, str, str]]] = {
    "adopt": (decision.adopt, "採択を決定する", "採択を決定しました。", "起案のとおり採択し、補助予定額を決めます。"),
    "reject": (decision.reject, "不採択を決定する", "不採択を決定しました。", "不採択とします。補助予定額は付きません。"),
    "reserve": (decision.reserve, "補欠を決定する", "補欠を決定しました。", "予算に戻りが出たときに繰り上げる補欠とします。市町村には審査中と見えたままです。"),
    "release": (decision.release, "補欠を解く（不採択）", "補欠を解き、不採択としました。", "補欠を解いて不採択とします。"),
}  # fmt: skip


@sees
@form_page
def recommend(request: HttpRequest, public_id: str) -> HttpResponse:
    """Draft the decision."""
    page = review_page(request, public_id)
    computed = page.application.requested_amount or 0
    form = RecommendForm(
        request.POST or None,
        has_money=page.application.template.has_money,
        initial={"version": page.application.version, "amount": f"{computed:,}"},
    )

    def run(typed: Typed) -> object:
        amount = typed.get("amount")
        if typed["outcome"] == ReviewOutcome.REJECT and amount == computed:
            amount = None  # the figure the page had put in, not one that was typed
        return decision.recommend(outcome=typed["outcome"], **_draft(page, typed, amount))

    return _draft_page(request, page, form, "recommend", "起案", run)


@sees
@form_page
def promote(request: HttpRequest, public_id: str) -> HttpResponse:
    """Draft the adoption of a case on the reserve list."""
    page = review_page(request, public_id)
    computed = page.application.requested_amount or 0
    form = RecommendForm(
        request.POST or None,
        only_adopt=True,
        has_money=page.application.template.has_money,
        initial={"version": page.application.version, "amount": f"{computed:,}"},
    )

    def run(typed: Typed) -> object:
        return decision.promote(**_draft(page, typed, typed.get("amount")))

    return _draft_page(request, page, form, "promote", "繰上げの起案", run)


def _draft(page: ReviewPage, typed: Typed, amount: int | None) -> dict[str, Any]:
    return {
        "application_id": page.application.pk,
        "by": page.actor,
        "at": page.at,
        "expected_version": typed["version"],
        "reason": typed["reason"],
        "amount": amount,
        "adjustment_reason": typed.get("adjustment_reason", ""),
    }


def _draft_page(  # noqa: PLR0917 - one page for two verbs
    request: HttpRequest, page: ReviewPage, form: RecommendForm, action: str, heading: str, run: Any
) -> HttpResponse:  # fmt: skip
    duty = page.duty(action)
    done = "起案しました。決定権者に知らされます。"
    answer, status = posted(request, page, form, action=action, run=run, done=done)
    if answer is not None:
        return answer
    newest = page.versions[0] if page.versions else None
    steps = newest.content["subsidy"]["trail"] if newest else []
    return page.render(
        request, "recommend", status=status, heading=heading, form=form, duty=duty, newest=newest,
        trail=[step for step in steps if step["fiscal_year"] == page.application.fiscal_year],
        computed=page.application.requested_amount, scores=score_table(page, assignments_of(page)),
        promoting=action == "promote", envelope=envelope_of(page.application.call),
    )  # fmt: skip


@sees
@form_page
def decide(request: HttpRequest, public_id: str, name: str) -> HttpResponse:
    """One decision with its date, number and day of effect; never by the person who drafted."""
    page = review_page(request, public_id)
    if name not in _VERBS:
        raise Refused
    duty = page.duty(name)
    verb, label, done, effect = _VERBS[name]
    form = DecisionForm(request.POST or None, initial={"version": page.application.version})

    def run(typed: Typed) -> object:
        return verb(
            application_id=page.application.pk, by=page.actor, at=page.at, expected_version=typed["version"],
            decided_on=typed["decided_on"], document_number=typed["document_number"],
            effective_on=typed["effective_on"], reason=typed["reason"],
        )  # fmt: skip

    answer, status = posted(request, page, form, action=name, run=run, done=done)
    if answer is not None:
        return answer
    drafts = [draft for draft in drafts_of(page) if draft.ended_at is None]
    return page.render(
        request, "decide", status=status, heading=label, form=form, duty=duty, verb=name, effect=effect,
        draft=drafts[0] if drafts else None, earlier=decisions_of(page), envelope=envelope_of(page.application.call),
        scores=score_table(page, assignments_of(page)),
    )  # fmt: skip


@sees
@require_POST
def letters(request: HttpRequest, public_id: str) -> HttpResponse:
    """Make the letter of the decision in force, as PDF and as a draft in Word; a further click finds the same files."""
    page = review_page(request, public_id)
    require(page.actor, "grants.attach_letter", page.application, page.at)
    found = page.application.decisions.filter(superseded_at__isnull=True).first()
    if found is None:
        messages.error(request, "通知文を作れる決定がありません。決定の後に作ってください。")
        return redirect(page.url("detail"))
    try:
        made = issue_letters(decision_id=found.pk, by=page.actor, at=page.at)
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, f"通知文を用意しました（{'、'.join(letter.name for letter in made)}）。")
    return redirect(f"{page.url('detail')}#decisions")
