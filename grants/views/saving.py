"""Saving the answers of one topic: by the button, or by the page itself while somebody types.

The page saves by itself only while nothing is bound to the content: where a consent or a certificate holds, or a
submitted version would be replaced, a keystroke must not end it, and the person saves by the button.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest, JsonResponse, QueryDict
from django.utils.crypto import salted_hmac

from core import clock
from core.exceptions import DomainError, Fault
from grants.actions import drafting
from grants.actions.errors import AnswerConflict
from grants.enums import ApplicationStatus, ConsentState
from grants.forms import SectionForm, TypedAnswer, shown_digest, stored_data
from grants.models import Answer, Application, Consent, Member, Question
from grants.views.frame import CasePage, status_of

HELD = "同意か庁内決裁がある内容です。変えると失効することがあるため、自動では保存しません。「保存する」を押してください。"


@dataclass(frozen=True)
class Clash:
    """One question two people changed: what this person typed, and what stands now with its version."""

    code: str
    label: str
    mine: str
    theirs: str
    who: str
    version: int


@dataclass
class Outcome:
    """What became of a form: answers that were saved, what was refused and why, and the HTTP code of the page."""

    saved: dict[str, Answer] = field(default_factory=dict)
    refused: dict[str, DomainError] = field(default_factory=dict)
    clashes: list[Clash] = field(default_factory=list)
    http_code: int = 200


def save_typed(page: CasePage, member: Member | None, form: SectionForm) -> Outcome:
    """Save every answer somebody touched; what was left as shown does not fight with a colleague's change."""
    outcome = Outcome()
    for typed in form.typed():
        if not typed.touched:
            continue
        code = typed.question.code
        try:
            outcome.saved[code] = _save(page, member, typed)
        except DomainError as error:
            outcome.http_code = max(outcome.http_code, status_of(error))
            outcome.refused[code] = error
            if isinstance(error, AnswerConflict):
                outcome.clashes.append(_clash(typed, error.current))
    return outcome


def _save(page: CasePage, member: Member | None, typed: TypedAnswer) -> Answer:
    return drafting.save_answer(
        application_id=page.application.pk,
        question=typed.question.code,
        value=typed.value,
        member_id=member.pk if member else None,
        expected_version=typed.version,
        by=page.actor,
        at=page.at,
    )


def _clash(typed: TypedAnswer, current: Answer | None) -> Clash:
    return Clash(
        typed.question.code,
        typed.question.label,
        typed.value,
        current.value if current else "",
        current.updated_by.name if current else "",
        current.version if current else 0,
    )


# --- By the page itself -----------------------------------------------------------------------------------------


def is_automatic(request: HttpRequest) -> bool:
    """Whether the page's script saves, and wants its answer as data."""
    return request.headers.get("Accept", "") == "application/json"


def is_held(application: Application) -> bool:
    """Whether an edit could end something: a consent, a certificate, or the calm of a submitted version."""
    return (
        application.state is not ApplicationStatus.DRAFT
        or application.certifications.filter(voided_at__isnull=True).exists()
        or Consent.objects.filter(member__application=application, state=ConsentState.GIVEN).exists()
    )


def storage_key(page: CasePage, code: str, member: Member | None) -> str:
    """Under what a browser keeps what is not saved yet: per person, case and part, and nobody can read it back."""
    place = f"{page.application.public_id}/{code}/{member.public_id if member else ''}/{page.actor.user_id}"
    return f"tama-draft-{salted_hmac('grants.drafts', place).hexdigest()[:32]}"


def automatic(page: CasePage, member: Member | None, form: SectionForm) -> JsonResponse:
    """Save what a page sends while somebody types.

    200 {"at": "10:31", "saved": {code: {"version", "shown"}}}; 409 with "clashes" [{"code", "label", "theirs", "who",
    "version", "shown"}] or "held" and why; 422 with "faults" {code: message}. What could be saved is saved in every case
    but "held".
    """
    if is_held(page.application):
        return held(HELD)
    if not form.is_valid():
        faults = {name: " ".join(map(str, messages)) for name, messages in form.errors.items()}
        return JsonResponse({"saved": {}, "clashes": [], "faults": faults}, status=422)
    outcome = save_typed(page, member, form)
    clashing = {clash.code for clash in outcome.clashes}
    data: dict[str, Any] = {
        "at": f"{clock.local(page.at):%H:%M}",
        "saved": {code: _mark(answer.version, answer.value) for code, answer in outcome.saved.items()},
        "clashes": [
            {"code": clash.code, "label": clash.label, "theirs": clash.theirs, "who": clash.who}
            | _mark(clash.version, clash.theirs)
            for clash in outcome.clashes
        ],
        "faults": {code: str(error) for code, error in outcome.refused.items() if code not in clashing},
    }
    return JsonResponse(data, status=outcome.http_code)


def held(why: str) -> JsonResponse:
    """Nothing is saved by the page itself, and why: the person presses the button."""
    return JsonResponse({"held": why, "saved": {}, "clashes": [], "faults": {}}, status=409)


def _mark(version: int, value: str) -> dict[str, Any]:
    return {"version": version, "shown": shown_digest(value)}


def at_fields(outcome: Outcome) -> list[DomainError]:
    """What was refused, each with the question as its field."""
    return [
        DomainError(*(Fault(code, fault.message, fault.cure) for fault in error.faults))
        for code, error in outcome.refused.items()
    ]


def renewed(
    data: QueryDict, questions: Iterable[Question], outcome: Outcome, answers: Mapping[int, Answer]
) -> QueryDict:
    """The form for another try: what was refused as typed, everything else as it is saved now."""
    copy = data.copy()
    for name, value in stored_data(questions, answers).items():
        if name not in outcome.refused:
            copy[name] = str(value)
    return copy
