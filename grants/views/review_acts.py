"""Acts that need a reason or a date: begin the review, ask for corrections, take back, send back, correct, announce."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.http import HttpRequest, HttpResponse

from accounts.models import Organization
from core.exceptions import Conflict, Fault, Refused
from grants.actions import announcing, decision, petitions, returning, review
from grants.enums import PetitionKind
from grants.forms import PetitionForm, ReturnForm, ReviewReasonForm
from grants.models import Petition
from grants.views.review_frame import ReviewPage, form_page, posted, review_page, sees

Typed = Mapping[str, Any]


@dataclass(frozen=True)
class Act:
    """One act on its own page. `hint` is "" for acts that take no reason; `optional` where it may be empty."""

    label: str
    effect: str
    run: Callable[[ReviewPage, Typed], object]
    done: str
    hint: str = ""
    optional: bool = False
    grave: bool = False


def _common(page: ReviewPage, typed: Typed) -> dict[str, Any]:
    return {
        "application_id": page.application.pk,
        "by": page.actor,
        "expected_version": typed["version"],
        "at": page.at,
    }


def _start_review(page: ReviewPage, typed: Typed) -> object:
    return review.start_review(**_common(page, typed))


def _take_back(page: ReviewPage, typed: Typed) -> object:
    return returning.take_back(comment=typed["reason"], **_common(page, typed))


def _send_back(page: ReviewPage, typed: Typed) -> object:
    return decision.send_back(reason=typed["reason"], **_common(page, typed))


def _correct(page: ReviewPage, typed: Typed) -> object:
    return decision.correct(reason=typed["reason"], **_common(page, typed))


def _announce(page: ReviewPage, typed: Typed) -> object:
    return announcing.announce(**_common(page, typed))


ACTS: Final[dict[str, Act]] = {
    "start_review": Act("審査を始める", "申請は「審査中」になり、代表市町村と構成団体に知らされます。この後、審査員を割り当てます。", _start_review, "審査を始めました。次は審査員の割当てです。"),
    "take_back": Act("引き取って続ける", "再提出を待つのをやめ、最後に提出された版で手続きを続けます。代表市町村と構成団体に知らされます。", _take_back, "引き取りました。最後に提出された版で続けます。", hint="市町村と相談した経過などを書きます。記録に残ります。", optional=True),
    "send_back": Act("起案を差し戻す", "起案を終わりにして担当に戻します。前の起案は記録に残り、担当が改めて起案します。", _send_back, "起案を差し戻しました。", hint="何を直して起案し直すのかを書きます。担当が読み、記録に残ります。"),
    "correct": Act("決定を訂正する", "決定をいったん取り消し、同じ起案で決定し直します。前の決定は記録に残ります。", _correct, "決定の訂正を始めました。改めて決定してください。", hint="訂正の理由を書きます。記録に残ります。", grave=True),
    "announce": Act("結果を公表する", "代表市町村と構成団体に結果が知らされます。採択のときは、事業が採択事業のページに公開されます。", _announce, "結果を公表しました。"),
}  # fmt: skip


@sees
@form_page
def act(request: HttpRequest, public_id: str, name: str) -> HttpResponse:
    """One act: what it does, the reason where it takes one, and why it cannot be done where that is so."""
    page, chosen = review_page(request, public_id), ACTS.get(name)
    if chosen is None:
        raise Refused
    duty = page.duty(name)
    form = ReviewReasonForm(
        request.POST or None, optional=chosen.optional or not chosen.hint, hint=chosen.hint,
        initial={"version": page.application.version},
    )  # fmt: skip
    stays = name == "announce"  # the one act here that leaves the case in its state

    def again(typed: Typed) -> bool:
        return page.done_by_me(name, typed["version"])

    answer, status = posted(
        request,
        page,
        form,
        action=name,
        run=lambda typed: chosen.run(page, typed),
        done=chosen.done,
        again=again if stays else None,
    )
    return answer or page.render(
        request, "act", status=status, heading=chosen.label, act=chosen, form=form, duty=duty
    )


# --- Corrections by the town -----------------------------------------------------------------------------------


@sees
@form_page
def return_(request: HttpRequest, public_id: str) -> HttpResponse:
    """Ask for corrections: which parts, why, by when."""
    page = review_page(request, public_id)
    duty = page.duty("return")
    template = page.application.template
    form = ReturnForm(
        request.POST or None, sections=[(code, template.section_label(code)) for code in template.section_codes()],
        initial={"version": page.application.version},
    )  # fmt: skip

    def run(typed: Typed) -> object:
        return returning.return_(
            sections=typed["sections"],
            reason=typed["reason"],
            due_at=typed["due_at"],
            **_common(page, typed),
        )

    answer, status = posted(
        request, page, form, action="return", run=run, done="修正を依頼しました。代表市町村と構成団体に知らされます。"
    )  # fmt: skip
    return answer or page.render(
        request, "return", status=status, heading="修正を依頼する", form=form, duty=duty
    )


# --- What a town asked for ---------------------------------------------------------------------------------------

_PETITIONS: Final = {
    "change_members": (PetitionKind.CHANGE_MEMBERS, "構成の変更を承認する", "構成の変更を承認しました。"),
    "discontinue": (PetitionKind.DISCONTINUE, "廃止を承認する", "廃止を承認しました。"),
}


@sees
@form_page
def petition(request: HttpRequest, public_id: str, name: str) -> HttpResponse:
    """Grant a change of members or a discontinuation, as the town asked for it."""
    page = review_page(request, public_id)
    if name not in _PETITIONS:
        raise Refused
    duty = page.duty(name)
    kind, label, done = _PETITIONS[name]
    asked = page.application.petitions.filter(kind=kind, granted_at__isnull=True)
    found = asked.select_related("asked_by").prefetch_related("removes").first()
    initial = {"version": page.application.version, "petition": found.pk if found else 0}
    form = PetitionForm(request.POST or None, initial=initial)

    def run(typed: Typed) -> object:
        if found is None or found.pk != typed["petition"]:
            raise Conflict(Fault("", "この申出は、もう待っていません。", "申請のページで確かめてください。"))
        given = {"effective_on": typed["effective_on"], "comment": typed["comment"], **_common(page, typed)}
        if name == "discontinue":
            return petitions.discontinue(**given)
        del given["expected_version"]
        return petitions.change_members(**given)

    def again(typed: Typed) -> bool:
        granted = Petition.objects.filter(application=page.application, pk=typed["petition"])
        return granted.filter(granted_by=page.actor.user_id, granted_at__isnull=False).exists()

    answer, status = posted(request, page, form, action=name, run=run, done=done, again=again)
    return answer or page.render(
        request, "petition", status=status, heading=label, form=form, duty=duty, petition=found,
        joining=_joining(found),
    )  # fmt: skip


def _joining(found: Petition | None) -> list[str]:
    """The names of the bodies that are to come in."""
    codes = found.adds if found else []
    return list(Organization.objects.filter(code__in=codes).order_by("code").values_list("name", flat=True))
