"""What was submitted, in the order of the form: answers, parts, budgets, the sum, papers; with what changed since before."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from core.exceptions import Fault
from core.money import format_yen
from core.wareki import long_date
from grants import queries
from grants.enums import (
    FUNDED_STATES,
    ConsentEvidence,
    ConsentState,
    DocumentPurpose,
    IncomeKind,
    MemberState,
    QuestionKind,
    SectionScope,
)
from grants.models import Consent, Document, FormTemplate, Member, Question, Snapshot
from grants.queries import case_checks
from grants.queries import content as copies
from grants.queries.forms import form_of
from grants.rules import plain
from grants.views.review_frame import ReviewPage
from grants.views.review_indicators import IndicatorSection, indicator_sections
from grants.views.review_lines import ChosenLine, chosen_lines

Data = Mapping[str, Any]
_NO_DATA: Final[Data] = {}


@dataclass(frozen=True)
class Entry:
    """One question with its answer; `before` is the earlier version's answer where it differs, else None."""

    code: str
    label: str
    value: str
    before: str | None
    member_id: int | None


@dataclass(frozen=True)
class Section:
    """The answers of a section, or of one member's part of it."""

    code: str
    label: str
    member: str
    entries: list[Entry]


@dataclass(frozen=True)
class MoneyRow:
    """A cost item or a kind of income: yen by year (None: nothing planned), the sum, notes, whether it changed."""

    label: str
    amounts: list[int | None]
    total: int
    note: str
    changed: bool


@dataclass(frozen=True)
class MemberBudget:
    """One municipality's budget with its sums by year."""

    key: str
    name: str
    costs: list[MoneyRow]
    incomes: list[MoneyRow]
    cost_totals: list[int]
    income_totals: list[int]


@dataclass(frozen=True)
class YearTrail:
    """The computed subsidy of one fiscal year with its steps."""

    year: Data
    steps: list[Data]


@dataclass(frozen=True)
class MemberLine:
    """A body of the case: what it is, what its consent rests on, how it stands now."""

    member: Member
    evidence: str
    paper: str
    given_at: datetime | None

    @property
    def word(self) -> tuple[str, str, str]:
        """Word, tone and shape of its badge."""
        if self.member.state == MemberState.LEAVING:
            return "離脱の申出", "bad", "exclamation"
        if not self.member.is_present:
            return str(MemberState(self.member.state).label), "neutral", "cross"
        if self.member.is_lead:
            return "代表", "neutral", "bar"
        return ("同意", "good", "check") if self.evidence else ("同意の記録なし", "warn", "clock")


@dataclass(frozen=True)
class Paper:
    """A file with what it is for."""

    document: Document
    label: str


@dataclass(frozen=True)
class CaseContent:
    """Everything of one version. `version` is None for a draft that is only being looked at."""

    version: Snapshot | None
    earlier: Snapshot | None
    title: str
    sections: list[Section]
    indicators: list[IndicatorSection]
    years: list[int]
    lines: list[ChosenLine]
    budgets: list[MemberBudget]
    trails: list[YearTrail]
    total: int
    members: list[MemberLine]
    papers: list[Paper]
    letters: list[Document]
    minutes: list[Document]
    certification: Data
    faults: list[Fault]


def version_of(page: ReviewPage, wanted: str) -> Snapshot | None:
    """The version asked for by its branch number, else the newest the person may read; None for a draft."""
    chosen = [version for version in page.versions if str(version.branch) == wanted]
    return next(iter(chosen or page.versions), None)


def case_content(page: ReviewPage, version: Snapshot | None) -> CaseContent:
    """Read one version (or the draft a precheck was asked for) and put it in order."""
    application = page.application
    earlier = _earlier(page, version)
    data = version.content if version else draft_data(page)
    old = earlier.content if earlier else None
    members = queries.members_for(page.actor, application)
    documents = list(queries.documents_for(page.actor, application))
    form = form_of(application, version)
    years = list(form.fiscal_years(application.call))
    return CaseContent(
        version=version, earlier=earlier, title=str(data["title"] or ""),
        sections=_sections(form, data, old, members), indicators=indicator_sections(data, old), years=years,
        lines=chosen_lines(data, old), budgets=[
            _budget(form, key, data, old, years) for key in case_checks.budget_of(data).members
        ],
        trails=_trails(data["subsidy"]), total=data["subsidy"]["total"],
        members=[_member_line(member, data) for member in members if _belongs(page, member, data)],
        papers=_papers(form, version, documents),
        letters=[one for one in documents if one.purpose == DocumentPurpose.LETTER and version is not None],
        minutes=[one for one in documents if one.purpose == DocumentPurpose.MINUTES],
        certification=_certification(data), faults=[] if version else queries.check(application),
    )  # fmt: skip


def draft_data(page: ReviewPage) -> dict[str, Any]:
    """The copy as it is now, in the shape of a version; only for a case that was never submitted."""
    application = page.application
    found: dict[str, Any] = plain(
        {
            **copies.content(application),
            "subsidy": copies.subsidy_data(queries.subsidy_of(application)),
            "certification": {},
        }
    )
    held = Consent.objects.filter(member__application=application, state=ConsentState.GIVEN)
    found["consents"] = [
        {
            "member": consent.member.public_id,
            "evidence": consent.evidence,
            "document_number": consent.document_number,
            "document_date": consent.document_date,
            "given_at": consent.given_at,
        }
        for consent in held.select_related("member")
    ]
    return found


def _earlier(page: ReviewPage, version: Snapshot | None) -> Snapshot | None:
    """The version before, where there is one the person may read."""
    if version is None:
        return None
    return next((one for one in page.versions if one.branch == version.branch - 1), None)


# --- Answers ------------------------------------------------------------------------------------------------


def _sections(
    template: FormTemplate, data: Data, old: Data | None, members: Sequence[Member]
) -> list[Section]:  # fmt: skip
    questions: dict[str, list[Question]] = {}
    for question in template.questions.order_by("position"):
        questions.setdefault(question.section, []).append(question)
    bodies = {member.public_id: member for member in members if member.is_municipality}
    found = []
    for section in template.sections:
        code, label = str(section["code"]), str(section["label"])
        asked = questions.get(code, [])
        if template.section_scope(code) is SectionScope.COMMON:
            before = old["answers"].get(code, {}) if old else None
            entries = _entries(asked, data["answers"].get(code, {}), before, None)
            found.append(Section(code, label, "", entries))
            continue
        for key in (one["key"] for one in data["members"] if one["key"] in bodies):
            member, own = bodies[key], data["parts"].get(key, {}).get(code, {})
            before = old["parts"].get(key, {}).get(code, {}) if old else None
            found.append(Section(code, label, member.name, _entries(asked, own, before, member.pk)))
    return found


def _entries(
    questions: Sequence[Question], answers: Data, before: Data | None, member_id: int | None
) -> list[Entry]:
    return [
        Entry(
            question.code, question.label, shown_answer(question, answers.get(question.code, "")),
            _changed(question, answers, before), member_id,
        )
        for question in questions
    ]  # fmt: skip


def _changed(question: Question, answers: Data, before: Data | None) -> str | None:
    if before is None or before.get(question.code, "") == answers.get(question.code, ""):
        return None
    return shown_answer(question, before.get(question.code, ""))


def shown_answer(question: Question, value: object) -> str:
    """An answer as people read it: numbers with commas, days in the Japanese calendar, the rest as it was typed."""
    text = str(value)
    try:
        if question.kind == QuestionKind.NUMBER:
            return f"{int(text):,}"
        if question.kind == QuestionKind.DATE:
            return long_date(date.fromisoformat(text))
    except ValueError:
        return text
    return text


# --- Money ----------------------------------------------------------------------------------------------------


def _budget(form: FormTemplate, key: str, data: Data, old: Data | None, years: Sequence[int]) -> MemberBudget:
    names = {one["key"]: one["name"] for one in data["members"]}
    share = data["budget"][key]
    earlier = old["budget"].get(key, _NO_DATA) if old else None
    costs = _rows(_cost_cells(form, share, names), years, _cost_cells(form, earlier, names))
    incomes = _rows(_income_cells(share), years, _income_cells(earlier))
    return MemberBudget(
        key, names.get(key, key), costs, incomes, _totals(costs, years), _totals(incomes, years)
    )


_Cells = dict[str, dict[int, tuple[int, str]]]


def _cost_cells(form: FormTemplate, share: Data | None, names: Mapping[str, str]) -> _Cells | None:
    if share is None:
        return None
    found: _Cells = {}
    order = form.item_codes()
    lines = sorted(
        share.get("costs", []), key=lambda line: order.index(line["item"]) if line["item"] in order else 99
    )
    for line in lines:
        label = form.item_label(line["item"])
        if line["paid_to"]:
            label = f"{label}（{names.get(line['paid_to'], '')}へ）"
        _add(found, label, line)
    return found


def _income_cells(share: Data | None) -> _Cells | None:
    if share is None:
        return None
    found: _Cells = {}
    for line in share.get("incomes", []):
        _add(found, str(IncomeKind(line["kind"]).label), line)
    return found


def _add(cells: _Cells, label: str, line: Data) -> None:
    row = cells.setdefault(label, {})
    amount, note = row.get(line["fiscal_year"], (0, ""))
    notes = [part for part in (note, line["note"]) if part]
    row[line["fiscal_year"]] = (amount + line["amount"], "、".join(notes))


def _rows(cells: _Cells | None, years: Sequence[int], before: _Cells | None) -> list[MoneyRow]:
    rows = []
    for label, row in (cells or {}).items():
        amounts = [row[year][0] if year in row else None for year in years]
        notes = list(dict.fromkeys(note for _, note in row.values() if note))
        rows.append(
            MoneyRow(
                label, amounts, sum(amount for amount, _ in row.values()), "、".join(notes),
                before is not None and before.get(label) != row,
            )
        )  # fmt: skip
    gone = [label for label in (before or {}) if label not in (cells or {})]
    return rows + [
        MoneyRow(f"{label}（前の版にあった行）", [None] * len(years), 0, "", True) for label in gone
    ]


def _totals(rows: Sequence[MoneyRow], years: Sequence[int]) -> list[int]:
    return [sum(row.amounts[place] or 0 for row in rows) for place in range(len(years))]


def _trails(subsidy: Data) -> list[YearTrail]:
    return [
        YearTrail(year, [step for step in subsidy["trail"] if step["fiscal_year"] == year["fiscal_year"]])
        for year in subsidy["years"]
    ]


def cell_choices(page: ReviewPage, content: CaseContent) -> list[tuple[str, str]]:
    """Cells of the budget a remark can name: "<member>/<item>/<fiscal year>", whole budgets, and fixed sections."""
    application = page.application
    found = [
        ("budget", "収支計画の全体"),
        ("members", "構成団体"),
        ("documents", "添付書類"),
    ]
    lines, _ = queries.shares_for(page.actor, application)
    for line in lines.filter(amount__gt=0).order_by("member__position", "fiscal_year", "item"):
        label = application.template.item_label(line.item)
        words = f"{line.member.name}　{line.fiscal_year}年度　{label}　{format_yen(line.amount)}"
        found.append((f"{line.member.public_id}/{line.item}/{line.fiscal_year}", words))
    return list(dict(found).items())


# --- Bodies and papers -----------------------------------------------------------------------------------------


def _belongs(page: ReviewPage, member: Member, data: Data) -> bool:
    """Whether a body is of this version; after an adoption also those that came in by a change granted since."""
    if any(one["key"] == member.public_id for one in data["members"]):
        return True
    return member.is_present and page.application.state in FUNDED_STATES


def _member_line(member: Member, data: Data) -> MemberLine:
    held = next((one for one in data["consents"] if one["member"] == member.public_id), None)
    if held is None:
        return MemberLine(member, "", "", None)
    day = _day(held.get("document_date"))
    number = held.get("document_number") or ""
    paper = f"{number}（{long_date(day)}）" if number and day else number
    return MemberLine(member, str(ConsentEvidence(held["evidence"]).label), paper, _instant(held["given_at"]))


def _certification(data: Data) -> Data:
    found = data.get("certification") or {}
    return {**found, "decided_on": _day(found.get("decided_on"))} if found else {}


def _day(value: object) -> date | None:
    return value if isinstance(value, date) else date.fromisoformat(str(value)) if value else None


def _instant(value: object) -> datetime | None:
    return value if isinstance(value, datetime) else datetime.fromisoformat(str(value)) if value else None


def _papers(form: FormTemplate, version: Snapshot | None, documents: Sequence[Document]) -> list[Paper]:
    labels = {str(item["code"]): str(item["label"]) for item in form.documents}
    wanted = {str(file["document"]) for file in version.files} if version else None
    own = {DocumentPurpose.LETTER, DocumentPurpose.MINUTES}
    return [
        Paper(document, labels.get(document.requirement) or document.get_purpose_display())
        for document in documents
        if document.purpose not in own and (wanted is None or document.public_id in wanted)
    ]
