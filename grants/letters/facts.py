"""What a letter says, as plain text: read from the decision and from the submitted version it stands on.

Every text is cleaned of signs that a document cannot hold (controls, directions, halves of surrogate pairs), so
both forms of the letter show the same words.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from typing import Any

from accounts.enums import OrganizationKind
from accounts.models import Organization
from core import clock
from core.fiscal_year import label
from core.money import format_yen
from core.wareki import wareki
from grants.enums import DecisionOutcome, MemberRole
from grants.letters import words
from grants.letters.words import WORDINGS, LetterKind
from grants.models import Decision

_SHAPELESS = frozenset({"Cc", "Cf", "Cs"})
_NO_CHARACTERS = re.compile("[\ufdd0-\ufdef\ufffe\uffff]")


def plain(text: str) -> str:
    """One line of printable text: line breaks and tabs become spaces, what has no shape is left out.

    Kanji beyond the first plane, variation selectors and 外字 stay as they are.
    """
    spaced = _NO_CHARACTERS.sub("", " ".join(text.split()))
    return "".join(sign for sign in spaced if unicodedata.category(sign) not in _SHAPELESS)


@dataclass(frozen=True)
class Table:
    """`columns` [(head, is an amount)], rows of cells; the first cell of a row names it."""

    caption: str
    columns: tuple[tuple[str, bool], ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Item:
    """One numbered item of the letter: a heading, then paragraphs, then conditions, then tables."""

    heading: str
    paragraphs: tuple[str, ...] = ()
    points: tuple[str, ...] = ()
    tables: tuple[Table, ...] = ()


@dataclass(frozen=True)
class Letter:
    """A letter in reading order. `mark` is empty for a real call; `attachment` None where nothing is computed."""

    kind: str
    mark: str
    number: str
    day: str
    addressee: str
    sender: str
    sender_unit: str
    subject: str
    opening: str
    items: tuple[Item, ...]
    contact: tuple[str, ...]
    attachment: Item | None = field(default=None)

    def as_data(self) -> dict[str, Any]:
        """For the typesetter, as JSON."""
        return asdict(self)


def letter_of(decision: Decision) -> Letter:
    """The letter of a decision (joined with its application's call, program and lead, and its draft)."""
    application = decision.application
    kind = kind_of(decision)
    program = application.call.program
    snapshot = decision.recommendation.snapshot
    day = wareki(clock.today(snapshot.taken_at))
    wording = {name: text.format(service=_service(decision)) for name, text in asdict(WORDINGS[kind]).items()}
    subject = f"{program.title}（{application.call.name}）に係る{wording['subject']}"
    opening = (
        f"{day}付けで申請のあった事業（受付番号 {snapshot.receipt_number}）については、{wording['opening']}"
    )
    return Letter(
        kind=kind,
        mark=words.FICTIONAL if application.call.is_fictional else "",
        number=plain(decision.document_number),
        day=wareki(decision.decided_on),
        addressee=addressee(application.lead),
        sender=_sender(program.owner),
        sender_unit=_unit(program.department),
        subject=plain(subject),
        opening=plain(opening),
        items=tuple(_items(decision, kind)),
        contact=_contact(decision),
        attachment=_attachment(decision) if kind is LetterKind.ADOPTED else None,
    )


def kind_of(decision: Decision) -> LetterKind:
    """採択 (of money or of a service), 不採択, 補欠, or 補欠の解除: a rejection that ended a place on the reserve list in the same act."""
    if decision.outcome == DecisionOutcome.ADOPTED:
        return LetterKind.ADOPTED if decision.application.template.has_money else LetterKind.SERVICE
    if decision.outcome == DecisionOutcome.RESERVE:
        return LetterKind.RESERVE
    released = decision.application.decisions.filter(
        outcome=DecisionOutcome.RESERVE, superseded_at=decision.decided_at
    )
    return LetterKind.RELEASED if released.exists() else LetterKind.REJECTED


def _service(decision: Decision) -> str:
    """「派遣」「受入れ」: the form's own word."""
    return str(decision.application.template.visits.get("decided", words.SERVICE))


def addressee(body: Organization) -> str:
    """「東久留米市長　様」, with the name where it is known; 「○○　御中」 for a body without a known head."""
    if body.is_municipality:
        name = f"　{plain(body.head_name)}" if body.head_name else ""
        return f"{plain(body.name)}長{name}　様"
    if body.head_title and body.head_name:
        return f"{plain(body.name)}　{plain(body.head_title)}　{plain(body.head_name)}　様"
    return f"{plain(body.name)}　御中"


def _sender(owner: Organization) -> str:
    name = f"　{plain(owner.head_name)}" if owner.head_name else ""
    if owner.kind == OrganizationKind.METROPOLITAN:
        return f"{words.SENDER_OF_THE_METROPOLIS}{name}"
    return f"{plain(owner.name)}長{name}" if owner.is_municipality else plain(owner.name)


def _unit(department: str) -> str:
    """「総務局行政部振興企画課」: letters write a unit without the spaces of lists."""
    return "".join(plain(department).split())


def _items(decision: Decision, kind: LetterKind) -> Iterable[Item]:
    content = decision.recommendation.snapshot.content
    yield Item("事業名", (plain(content["title"]),))
    yield Item("決定の内容", (WORDINGS[kind].result.format(service=_service(decision)),))
    if kind is LetterKind.ADOPTED:
        yield _amounts(decision)
    elif kind in {LetterKind.REJECTED, LetterKind.RELEASED}:
        yield Item("理由", (plain(decision.told_reason) or words.NO_REASON_GIVEN[kind],))
    yield Item("施行日", (wareki(decision.effective_on),))
    yield Item("構成団体", tables=(_members(content["members"]),))
    if kind is LetterKind.ADOPTED:
        yield Item("採択の条件", points=words.ADOPTED_CONDITIONS)
    elif kind is LetterKind.SERVICE:
        yield Item("決定の条件", points=words.SERVICE_CONDITIONS)
    elif kind is LetterKind.RESERVE:
        yield Item("補欠の取扱い", points=words.RESERVE_CONDITIONS)
    yield Item("教示", (words.INSTRUCTION,))


def _amounts(decision: Decision) -> Item:
    """The amount decided for the call's year; what the plan says of later years is shown as no more than that."""
    draft, first = decision.recommendation, decision.application.fiscal_year
    years = {year["fiscal_year"]: year["amount"] for year in draft.snapshot.content["subsidy"]["years"]}
    rows = [
        (label(first), words.FIRST_YEAR, format_yen(draft.computed_amount), format_yen(decision.amount or 0))
    ]
    rows += [
        (label(year), words.LATER_YEARS, format_yen(amount), "－")
        for year, amount in sorted(years.items())
        if year != first
    ]
    columns = (("年度", False), ("区分", False), ("算定額", True), ("補助予定額", True))
    paragraphs = [f"{label(first)}　金 {format_yen(decision.amount or 0)}"]
    if decision.told_reason:
        paragraphs.append(f"算定額より下げた理由：{plain(decision.told_reason)}")
    return Item("補助予定額", tuple(paragraphs), tables=(Table("年度ごとの額", columns, tuple(rows)),))


def _members(members: list[dict[str, Any]]) -> Table:
    rows = tuple((plain(member["name"]), str(MemberRole(member["role"]).label)) for member in members)
    return Table("申請の構成団体", (("団体", False), ("役割", False)), rows)


def _contact(decision: Decision) -> tuple[str, ...]:
    program = decision.application.call.program
    lines = [plain(program.owner.name) + _unit(program.department)]
    if program.phone:
        lines.append(
            f"電話 {plain(program.phone)}" + (f"（{plain(program.hours)}）" if program.hours else "")
        )
    return tuple(lines)


def _attachment(decision: Decision) -> Item:
    """The calculation, step by step: the decided year first, then the plan's later ones."""
    draft, first = decision.recommendation, decision.application.fiscal_year
    steps: dict[int, list[tuple[str, ...]]] = {}
    for step in draft.snapshot.content["subsidy"]["trail"]:
        row = (plain(step["label"]), plain(step["expression"]), format_yen(step["amount"]))
        steps.setdefault(step["fiscal_year"], []).append(row)
    decided = steps.setdefault(first, [])
    if decision.amount != draft.computed_amount:
        change = f"{format_yen(draft.computed_amount)} → {format_yen(decision.amount or 0)}"
        decided.append(("予算調整", change, format_yen(decision.amount or 0)))
    columns = (("手順", False), ("計算", False), ("金額", True))
    tables = tuple(
        Table(
            f"{label(year)}　{words.FIRST_YEAR if year == first else words.LATER_YEARS}", columns, tuple(rows)
        )
        for year, rows in sorted(steps.items(), key=lambda pair: (pair[0] != first, pair[0]))
    )
    return Item("別紙　補助予定額の算定", ("提出された計画から、次のとおり算定しました。",), tables=tables)
