"""Questions about a call: asked by a town, answered to everybody at once without saying who asked, or to the asker."""

import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Final

from django.db import transaction

from accounts.actions.notice import Audience, notify
from accounts.enums import Role
from core import clock
from core.access import require
from core.actor import Actor
from core.exceptions import DomainError, Fault, Refused
from core.text import fold
from grants.actions import locking, transition
from grants.actions.changes import person
from grants.actions.errors import Stale
from grants.actions.telling import office
from grants.actions.texts import text_faults
from grants.enums import OPEN_STATES
from grants.models import Application, Inquiry, InquiryAnswer, Member, QuestionDesk
from grants.permissions.inquiries import judge_ask, judge_inquiry
from programs.models import Call

_TOWN: Final = (Role.EDITOR, Role.APPROVER, Role.LIAISON)
_KIND_OF_TOWN: Final = re.compile(r"[市区町村]$")
_ADDRESS: Final = re.compile(r"[\w.+-]+@[\w.-]+\.\w+|0\d{1,4}[-(（]\d{1,4}[-)）]\d{3,4}")
_SHORTEST: Final = 2
"""A name of one letter says nothing."""


def set_deadline(*, call: Call, due_at: datetime | None, by: Actor) -> QuestionDesk:
    """By when towns ask (None: the usual business days before the closing). Raises Refused, DomainError."""
    require(by, "grants.answer_questions", call)
    if due_at is not None and due_at > call.closes_at:
        raise DomainError(Fault("due_at", "質問の期限が締切より後です。", "締切以前の日時にしてください。"))
    return QuestionDesk.objects.update_or_create(call=call, defaults={"due_at": due_at})[0]


@transaction.atomic
def ask(
    *, call: Call, text: str, by: Actor, wants_private: bool = False, at: datetime | None = None
) -> Inquiry:
    """Ask the office of a call. Raises Refused, DomainError after the deadline or for a text that is empty or too long."""
    instant = at or clock.now()
    transition.require_person(by)
    transition.insist(judge_ask(by, call, instant))
    if by.organization_id is None or by.department_id is None:
        raise Refused("配属のある利用者だけが質問できます。")
    if faults := list(_text_faults("text", "質問", text)):
        raise DomainError(*faults)
    inquiry = transition.create_inquiry(
        call=call, body_id=by.organization_id, department_id=by.department_id, text=text, by=by, at=instant,
        wants_private=wants_private, asked_by_id=person(by),
    )  # fmt: skip
    _notify(
        inquiry, "asked", office(call.program, Role.OFFICER), "募集への質問が届きました", "内容を確かめて回答してください。",
        f"/review/calls/{call.public_id}/questions/{inquiry.public_id}/", instant,
    )  # fmt: skip
    return inquiry


@transaction.atomic
def withdraw(*, inquiry_id: int, by: Actor, at: datetime | None = None) -> Inquiry:
    """The asking town takes its question back. Raises Refused, UnknownTransition."""
    instant = at or clock.now()
    inquiry = locking.inquiry(inquiry_id)
    _insist(inquiry, "withdraw_inquiry", by, None)
    transition.finish_inquiry(inquiry, "withdraw_inquiry", by=by, at=instant)
    return inquiry


@transaction.atomic
def answer(
    *, inquiry_id: int, question: str, text: str, public: bool, by: Actor, reason: str = "",
    expected_version: int | None = None, at: datetime | None = None,
) -> InquiryAnswer:  # fmt: skip
    """Answer, or correct an answer; `question` is the office's own wording, `public` tells every applicant.

    A correction needs its reason, keeps the earlier version and is told again; a private answer may be published later,
    a published one stays public. Raises Refused, UnknownTransition, Stale, DomainError naming each word of a public text
    that says who asked.
    """
    instant = at or clock.now()
    transition.require_person(by)
    inquiry = locking.inquiry(inquiry_id)
    earlier = inquiry.answers.order_by("-version").first()
    correcting = earlier is not None and (earlier.is_public or not public)
    action = "correct_answer" if correcting else "publish" if public else "reply"
    _insist(inquiry, action, by, expected_version)
    public = public or (earlier is not None and earlier.is_public)
    faults = [
        *_text_faults("question", "質問", question),
        *_text_faults("text", "回答", text),
        *(_text_faults("reason", "訂正の理由", reason) if correcting else ()),
        *(_telling_words(inquiry, {"question": question, "text": text, "reason": reason}) if public else ()),
    ]
    if faults:
        raise DomainError(*faults)
    made = InquiryAnswer.objects.create(
        inquiry=inquiry, version=earlier.version + 1 if earlier else 1, is_public=public, question=question, answer=text,
        reason=reason if correcting else "", answered_at=instant, answered_by_id=person(by),
    )  # fmt: skip
    transition.finish_inquiry(
        inquiry, action, by=by, at=instant, number=_number(inquiry) if public else None, reason=made.reason
    )  # fmt: skip
    _tell(inquiry, made, correcting, instant)
    return made


def _insist(inquiry: Inquiry, action: str, by: Actor, expected: int | None) -> None:
    transition.insist(judge_inquiry(by, action, inquiry))
    if expected is not None and expected != inquiry.version:
        raise Stale(
            "この質問は、画面を開いた後に変わりました。最新の画面を開き直して、内容を確かめてください。"
        )


def _number(inquiry: Inquiry) -> int:
    """The public number: the one it has, or the next of the call."""
    if inquiry.number is not None:
        return inquiry.number
    desk = locking.desk(inquiry.call)
    desk.last += 1
    desk.save(update_fields=["last"])
    return desk.last


def _text_faults(field: str, name: str, text: str) -> Iterator[Fault]:
    if not text.strip():
        yield Fault(field, f"{name}が空です。", "入力してください。")
    yield from text_faults(field, text, of=name)


# --- Who asked stays untold -------------------------------------------------------------------------------------


def telling_words(inquiry: Inquiry) -> list[str]:
    """Names by which the asker could be told: its body with and without 市, unit, person, and those of its cases."""
    cases = list(
        Application.objects.filter(call=inquiry.call, members__organization=inquiry.body_id).distinct()
    )
    rows = Member.objects.filter(application__in=cases)
    bodies = [inquiry.body.name, *rows.order_by("pk").values_list("name", flat=True)]
    words = [*bodies, *(_KIND_OF_TOWN.sub("", name) for name in bodies), inquiry.department.name]
    words += [inquiry.asked_by.name, *inquiry.asked_by.name.replace("　", " ").split()]
    words += [case.title for case in cases] + [case.receipt_number or "" for case in cases]
    return sorted({word for word in words if len(word) >= _SHORTEST}, key=lambda word: (-len(word), word))


def _telling_words(inquiry: Inquiry, texts: dict[str, str]) -> Iterable[Fault]:
    words = telling_words(inquiry)
    for field, text in texts.items():
        folded = fold(text)
        found = next((word for word in words if fold(word) in folded), "")
        if match := _ADDRESS.search(text):
            found = found or match.group()
        if found:
            cure = "だれの質問か分からない言い方に直してください。"
            yield Fault(field, f"公開する文に、質問した人が分かる言葉「{found}」があります。", cure)


# --- Telling ----------------------------------------------------------------------------------------------------


def _tell(inquiry: Inquiry, made: InquiryAnswer, corrected: bool, at: datetime) -> None:
    call = inquiry.call
    asker = Audience.of_department(inquiry.department_id, *_TOWN)
    if made.is_public:
        title = "募集の質問への回答が訂正されました" if corrected else "募集の質問に回答がありました"
        line = f"番号：{inquiry.number}"
        _notify(
            inquiry, f"v{made.version}", asker + applicants(call), title, line,
            f"/calls/{call.public_id}/questions/", at,
        )  # fmt: skip
        return
    title = "質問への回答が訂正されました" if corrected else "質問に回答がありました"
    path = f"/calls/{call.public_id}/questions/ask/"
    _notify(
        inquiry, f"v{made.version}", asker, title, "この回答は、質問した団体だけに届いています。", path, at
    )


def applicants(call: Call) -> Audience:
    """Everybody with a live case in a call: the leads' units, and the bodies that are in."""
    rows = Application.objects.filter(call=call, status__in=sorted(OPEN_STATES))
    found = Audience()
    for unit in rows.order_by("pk").values_list("lead_department", flat=True):
        found += Audience.of_department(unit, *_TOWN)
    partners = Member.objects.present().partners().filter(application__in=rows, organization__isnull=False)
    for body in sorted({body for body in partners.values_list("organization", flat=True) if body}):
        found += Audience.of_organization(body, Role.EDITOR, Role.APPROVER)
    return found


def _notify(  # noqa: PLR0917 - the parts of one notice
    inquiry: Inquiry, step: str, audience: Audience, title: str, line: str, path: str, at: datetime
) -> None:
    notify(
        kind="grants.question",
        key=f"grants:inquiry:{inquiry.public_id}:{step}",
        audience=audience,
        title=title,
        lines=[f"募集：{inquiry.call}", line],
        path=path,
        at=at,
    )
