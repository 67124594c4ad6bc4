"""What a person may fill in offline, what stands there now, and how a workbook differs from it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from core import clock
from core.exceptions import Fault
from core.fiscal_year import label
from core.spreadsheet import storable
from core.text import unstorable
from core.wareki import long_date
from grants import queries, rules
from grants.actions.drafting import MAX_ANSWER
from grants.actions.offline import OfflineAnswer
from grants.enums import BUDGET_SECTION, SectionScope
from grants.forms import BudgetForm
from grants.models import Answer, Member, Question
from grants.views.budget import budget_form, rows_of
from grants.views.frame import CasePage
from grants.views.offline_indicators import IndicatorDifference, book_indicators, compare_indicators
from grants.workbook import Book, BookAnswer, BookBudget, BookRow, Returned, canonical


@dataclass(frozen=True)
class Part:
    """One question somebody may answer now, for all or for one town, with what is saved."""

    question: Question
    member: Member | None
    answer: Answer | None

    @property
    def key(self) -> str:
        """Its mark in the workbook."""
        return f"{self.question.code}/{self.member.public_id}" if self.member else self.question.code

    @property
    def name(self) -> str:
        """Its name for people."""
        return f"{self.question.label}（{self.member}）" if self.member else self.question.label

    @property
    def value(self) -> str:
        """What is saved."""
        return self.answer.value if self.answer else ""

    @property
    def version(self) -> int:
        """Its version."""
        return self.answer.version if self.answer else 0


@dataclass(frozen=True)
class AnswerDifference:
    """An answer that is another in the workbook; `moved`: it was changed here since the workbook was made."""

    part: Part
    typed: str
    moved: bool

    def taken(self) -> OfflineAnswer:
        """For the action."""
        member = self.part.member
        return OfflineAnswer(
            self.part.question.code, member.pk if member else None, self.typed, self.part.version
        )


@dataclass(frozen=True)
class BudgetDifference:
    """A town's budget that is another: its cells (name, workbook, here), and the fields that carry it on."""

    member: Member
    cells: list[tuple[str, str, str]]
    data: Mapping[str, str]
    moved: bool


@dataclass
class Comparison:
    """Everything that differs, and everything that cannot be read."""

    answers: list[AnswerDifference] = field(default_factory=list)
    budgets: list[BudgetDifference] = field(default_factory=list)
    indicators: IndicatorDifference | None = None
    faults: list[Fault] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.answers or self.budgets or self.indicators)


def parts_of(page: CasePage) -> list[Part]:
    """The questions this person may answer now, in the order of the form."""
    template = page.application.template
    saved = {(a.question_id, a.member_id): a for a in queries.answers_for(page.actor, page.application)}
    found = []
    for section in template.sections:
        code = str(section["code"])
        shared = template.section_scope(code) is SectionScope.COMMON
        questions = list(template.questions.filter(section=code).order_by("position"))
        for member in [None] if shared else towns_of(page):
            if page.edits(code, member).permitted:
                keys = [(q, saved.get((q.pk, member.pk if member else None))) for q in questions]
                found += [Part(question, member, answer) for question, answer in keys]
    return found


def towns_of(page: CasePage) -> list[Member]:
    """The towns whose parts and budgets this person may see."""
    towns = page.application.members.present().municipalities().order_by("position")
    return [town for town in towns if page.is_lead or town.pk == page.member.pk]


def budgets_of(page: CasePage) -> list[Member]:
    """The towns whose budgets this person may change now."""
    return [town for town in towns_of(page) if page.edits(BUDGET_SECTION, town).permitted]


def book_of(page: CasePage) -> Book:
    """The workbook's content: what this person may fill in now, as it stands."""
    template = page.application.template
    answers = [
        BookAnswer(p.key, template.section_label(p.question.section), p.name, p.value, p.version)
        for p in parts_of(page)
    ]
    budgets = [_book_budget(page, member) for member in budgets_of(page)]
    unit = budget_form(page, page.member).unit if page.member.is_municipality else "円"
    return Book(
        application=page.application.public_id, title=str(page.application), form_version=template.version,
        made=long_date(clock.today(page.at)), unit=unit, years=list(template.fiscal_years(page.application.call)),
        answers=answers, budgets=budgets, indicators=book_indicators(page),
    )  # fmt: skip


def _book_budget(page: CasePage, member: Member) -> BookBudget:
    form = budget_form(page, member)
    rows = [
        BookRow(
            row.key,
            row.label,
            {y: _cell(form, amount) for y, amount in row.amounts.items() if amount},
            row.note,
        )
        for row in form.rows
    ]
    return BookBudget(member.public_id, member.name, member.budget_version, rows)


def _cell(form: BudgetForm, amount: int) -> int | str:
    """An amount as a number in the sheet's unit, or as text with 円 where thousands do not suffice."""
    shown = form.shown(amount)
    return shown if shown.endswith("円") else int(shown.replace(",", ""))


def compare(page: CasePage, returned: Returned) -> Comparison:
    """How what came back differs from what stands here now."""
    found = Comparison(faults=list(returned.faults))
    parts = {part.key: part for part in parts_of(page)}
    for key, cell in returned.answers.items():
        part = parts.get(key)
        if part is None:
            cure = "元の記号に戻してください。修正依頼などで、いま入力できない設問かもしれません。"
            found.faults.append(
                Fault("file", f"{cell.place}の記号「{key[:40]}」は、いま入力できる設問にありません。", cure)
            )
            continue
        if len(cell.text) > MAX_ANSWER or (fault := unstorable(cell.text)):
            what = f"長すぎます（上限{MAX_ANSWER:,}字）。" if len(cell.text) > MAX_ANSWER else fault
            found.faults.append(Fault("file", f"{cell.place}：{what}", "書き直してください。"))
        elif canonical(cell.text) != canonical(storable(part.value)):
            found.answers.append(AnswerDifference(part, cell.text, cell.version != part.version))
    towns = {member.public_id: member for member in budgets_of(page)}
    for key in returned.budgets:
        if key in towns:
            _compare_budget(page, towns[key], returned, found)
    found.indicators = compare_indicators(page, returned, found.faults)
    return found


def _compare_budget(page: CasePage, member: Member, returned: Returned, found: Comparison) -> None:
    cells, plain = returned.budgets[member.public_id], budget_form(page, member)
    rows = {row.key: row for row in plain.rows}
    data: dict[str, str] = {"version": str(member.budget_version)}
    for row in plain.rows:
        data |= {f"{row.key}-{y}": plain.shown(row.amounts.get(y, 0)) for y in plain.years}
        data[f"{row.key}-note"] = row.note
    before = len(found.faults)
    for (key, year), cell in cells.items():
        if key not in rows:
            if year is None:
                found.faults.append(
                    Fault(
                        "file",
                        f"{cell.place}の行の記号「{key[:40]}」がありません。",
                        "元の記号に戻してください。",
                    )
                )
            continue
        if year is None:
            data[f"{key}-note"] = cell.text.strip()
            continue
        try:
            amount = rules.read_amount(cell.text.strip() or "0", thousand=plain.thousand)
        except ValueError as error:
            found.faults.append(Fault("file", f"{cell.place}（{rows[key].label}、{label(year)}）：{error}"))
            continue
        if amount < 0:
            found.faults.append(
                Fault("file", f"{cell.place}：マイナスの金額は使えません。", "0円以上にしてください。")
            )
            continue
        data[f"{key}-{year}"] = plain.shown(amount)
    if len(found.faults) == before:
        _note_budget(page, member, data, returned.versions[member.public_id], found)


def _note_budget(
    page: CasePage, member: Member, data: Mapping[str, str], version: int, found: Comparison
) -> None:
    form = budget_form(page, member, data)
    if not form.is_valid():
        found.faults += [
            Fault("file", f"{member}の収支：{' '.join(map(str, e))}") for e in form.errors.values()
        ]
        return
    if cells := form.differences(rows_of(page, member)):
        found.budgets.append(BudgetDifference(member, cells, data, version != member.budget_version))
