"""Papers for a town's own desk: 起案用資料 for its decision, and a sheet for its council and its finance section.

A partner's paper holds the common part, its own part and its own money; the lead's holds the whole.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from core import clock
from core.actor import Actor
from core.fiscal_year import label
from core.money import format_yen
from core.wareki import long_date, wareki
from grants import rules
from grants.enums import BUDGET_SECTION, IncomeKind, MemberRole
from grants.letters import words
from grants.letters.facts import Item, Table, plain
from grants.models import Application, Member
from grants.models.backing import SOURCES
from grants.permissions import member_of
from grants.queries import answers_for, budget_of, content_hash, documents_for, subsidy_of
from grants.queries.partners import YearStanding, partner_standings
from grants.queries.project_indicators import indicator_data, indicator_rows, indicator_words, shown
from grants.queries.sharing import rule_of, share_plan

SOURCE_NAMES = dict(zip(SOURCES, ("国庫支出金", "都支出金", "地方債", "その他", "一般財源"), strict=True))
Cell = str | int


class PaperKind(StrEnum):
    """Which paper; its name in files and on pages."""

    DECISION = "起案用資料"
    FINANCE = "議会・財政課説明資料"


@dataclass(frozen=True)
class Grid:
    """A table whose amounts are whole yen (int), so that a workbook can go on counting with them."""

    caption: str
    columns: tuple[tuple[str, bool], ...]
    rows: tuple[tuple[Cell, ...], ...]

    def as_table(self) -> Table:
        """For a document: amounts with their unit."""
        cells = (tuple(format_yen(c) if isinstance(c, int) else c for c in row) for row in self.rows)
        return Table(self.caption, self.columns, tuple(cells))


@dataclass(frozen=True)
class Part:
    """One numbered part: paragraphs, then tables."""

    heading: str
    paragraphs: tuple[str, ...] = ()
    grids: tuple[Grid, ...] = ()

    def as_item(self) -> Item:
        """For a document."""
        return Item(self.heading, self.paragraphs, tables=tuple(grid.as_table() for grid in self.grids))


@dataclass(frozen=True)
class Paper:
    """A paper in reading order; `mark` is empty for a real call."""

    kind: PaperKind
    title: str
    body: str
    mark: str
    made: str
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class _Case:
    """What the parts are read from."""

    actor: Actor
    application: Application
    member: Member
    years: Sequence[YearStanding]
    whole: bool
    budget: rules.Budget
    result: rules.SubsidyResult


def paper_of(actor: Actor, application: Application, kind: PaperKind, today: date) -> Paper:
    """The paper of the actor's own body (a municipality that is in; the caller makes sure of it)."""
    member = member_of(actor, application)
    if member is None:
        raise AssertionError("only people of a member have a paper")
    standing = next(one for one in partner_standings(actor, application) if one.member.pk == member.pk)
    whole = member.is_lead or BUDGET_SECTION in application.template.binding(application.call)
    case = _Case(
        actor, application, member, standing.years, whole, budget_of(application), subsidy_of(application)
    )
    parts = _decision(case) if kind is PaperKind.DECISION else _finance(case)
    return Paper(
        kind=kind,
        title=plain(f"{kind.value}　{application}"),
        body=plain(member.name),
        mark=words.FICTIONAL if application.call.is_fictional else "",
        made=f"{long_date(today)}現在の入力から作成。内容の指紋（SHA-256）{content_hash(application)}",
        parts=tuple(part for part in parts if part.paragraphs or part.grids),
    )


def _decision(case: _Case) -> Iterable[Part]:
    application, call = case.application, case.application.call
    what = "申請してよろしいか" if case.member.is_lead else "構成団体として同意してよろしいか"
    yield Part("件名", (plain(f"{call.program.title}（{call.name}）に係る事業計画について"),))
    yield Part("伺い", (f"標記の募集について、下記の内容により{what}伺います。",))
    due = clock.local(call.closes_at)
    yield Part("期限", (f"募集の締切　{long_date(due.date())}{due:%H:%M}",))
    yield from _plan(case)
    yield _indicators(application)
    yield Part("構成団体", grids=(_members(application),))
    yield _own_money(case)
    yield _sharing(case)
    yield _project(case)
    yield Part("添付書類", tuple(_documents(case)))
    yield from _trail(case)


def _finance(case: _Case) -> Iterable[Part]:
    yield from _plan(case)
    yield _indicators(case.application)
    yield _items(case)
    yield _own_money(case)
    yield _backing(case)
    yield _sharing(case)
    yield _program(case)
    yield _project(case)
    yield from _trail(case)


# --- Parts ------------------------------------------------------------------------------------------------------


def _plan(case: _Case) -> Iterable[Part]:
    """The answers, section by section: the common ones and the body's own (the lead's paper: its own as well)."""
    template = case.application.template
    given = answers_for(case.actor, case.application).exclude(value="").order_by("question__position")
    answers = [a for a in given if a.member_id in {None, case.member.pk}]
    for section in template.sections:
        code = str(section["code"])
        lines = [f"{a.question.label}：{plain(a.value)}" for a in answers if a.question.section == code]
        yield Part(str(section["label"]), tuple(lines))


def _indicators(application: Application) -> Part:
    """What the project is measured by: a row per indicator, its targets year by year."""
    rows = indicator_data(indicator_rows(application)) if application.template.indicators else []
    years = sorted({year for row in rows for year in row["targets"]})
    columns = (
        ("指標", False),
        ("定義と現状値", False),
        *((f"{label(int(year))}の目標", False) for year in years),
    )
    lines = tuple(
        (
            plain(row["name"]),
            plain("、".join(f"{term} {text}" for term, text in indicator_words({**row, "targets": {}}))),
            *(
                f"{shown(row['targets'].get(year, ''))}{plain(row['unit'])}"
                if year in row["targets"]
                else "－"
                for year in years
            ),
        )
        for row in rows
    )
    return Part("成果指標", grids=(Grid("成果指標と年度ごとの目標", columns, lines),) if lines else ())


def _members(application: Application) -> Grid:
    members = application.members.present().order_by("position")
    rows = tuple((plain(m.name), str(MemberRole(m.role).label)) for m in members)
    return Grid("構成団体", (("団体", False), ("立場", False)), rows)


def _own_money(case: _Case) -> Part:
    """What the body spends and pays, year by year, with the sum."""
    names = ("支出", "うち団体への負担金", "受け取る負担金", "補助金の見込み", "構成市町村負担金")
    amounts = [(y.spending, y.passed, y.received, y.subsidy, y.share) for y in case.years]
    rows: list[tuple[Cell, ...]] = [
        (label(y.fiscal_year), *line) for y, line in zip(case.years, amounts, strict=True)
    ]
    rows.append(("計", *(sum(column) for column in zip(*amounts, strict=True))))
    columns = (("年度", False), *((name, True) for name in names))
    return Part(
        f"{plain(case.member.name)}の支出と負担",
        grids=(Grid("年度ごとの支出と負担", columns, tuple(rows)),),
    )


def _items(case: _Case) -> Part:
    """The body's costs by 節 and year."""
    template, key = case.application.template, case.member.public_id
    numbers = [line.fiscal_year for line in case.years]
    rows: list[tuple[Cell, ...]] = []
    for code in template.item_codes():
        costs = [c for c in case.budget.costs if c.member == key and c.item == code]
        amounts = [sum(c.amount for c in costs if c.fiscal_year == year) for year in numbers]
        if any(amounts):
            rows.append((template.item_label(code), *amounts, sum(amounts)))
    columns = (("費目（節）", False), *((label(year), True) for year in numbers), ("計", True))
    return Part("事業費の内訳", grids=(Grid("費目と年度ごとの支出", columns, tuple(rows)),) if rows else ())


def _backing(case: _Case) -> Part:
    """財源内訳 and how far the budget is; what the town has not entered is said to be missing."""
    rows = tuple(
        (
            label(line.fiscal_year),
            line.backing.get_state_display() if line.backing else "未入力",
            *(
                (getattr(line.backing, source) for source in SOURCES)
                if line.backing
                else ("－",) * len(SOURCES)
            ),
            plain(line.backing.scheduled) if line.backing else "",
        )
        for line in case.years
    )
    columns = (
        ("年度", False), ("予算措置状況", False), *((name, True) for name in SOURCE_NAMES.values()), ("時期", False),
    )  # fmt: skip
    return Part("財源内訳と予算措置状況", grids=(Grid("財源内訳", columns, rows),))


def _sharing(case: _Case) -> Part:
    """The rule in force and this body's fraction; the lead's paper lists every town's share."""
    plan = share_plan(case.application)
    if plan is None:
        return Part("負担割合")
    dated = (
        f"（人口は{wareki(plan.population_on)}現在）"
        if plan.population_on and plan.parts.get("population")
        else ""
    )
    names = {m.public_id: plain(m.name) for m in case.application.members.all()}
    rows = tuple(
        (label(int(year)), names.get(key, key), amount)
        for year, shares in sorted(plan.shares.items())
        for key, amount in shares.items()
        if case.whole or key == case.member.public_id
    )
    grid = Grid("割り方による負担金", (("年度", False), ("団体", False), ("負担金", True)), rows)
    return Part("負担割合", (f"{rule_of(plan).words()}{dated}。端数は代表市町村が負担します。",), (grid,))


def _project(case: _Case) -> Part:
    """The whole project by year: for those who see the whole budget."""
    if not case.whole:
        return Part("事業全体の額")
    shares = {
        year.fiscal_year: sum(
            i.amount
            for i in case.budget.incomes
            if i.fiscal_year == year.fiscal_year and i.kind is IncomeKind.MEMBER_SHARE
        )
        for year in case.result.years
    }
    rows = tuple(
        (label(y.fiscal_year), y.gross, y.deducted, y.eligible, y.selected, y.amount, shares[y.fiscal_year])
        for y in case.result.years
    )
    names = ("総事業費", "差し引く収入", "対象経費", "選定額", "補助金の見込み", "構成市町村負担金")
    return Part(
        "事業全体の額", grids=(Grid("年度ごとの額", (("年度", False), *((n, True) for n in names)), rows),)
    )


def _program(case: _Case) -> Part:
    """The terms of the subsidy and how what the sources leave open is read here."""
    template, program = case.application.template, case.application.call.program
    rate, first, later = template.rate, template.first_year_cap, template.later_year_cap
    caps = "　".join(
        f"{name} {format_yen(cap)}"
        for name, cap in (("初年度", first), ("2年度目から", later))
        if cap is not None
    )
    lines = (
        plain(program.title),
        f"補助率　{rate.numerator}/{rate.denominator}以内" if rate else "補助率　資料に記載なし",
        f"上限　{caps}" if caps else "上限　資料に記載なし",
        f"期間　最長{template.max_years}年度",
        *map(plain, template.defaults),
    )
    return Part("補助制度", lines)


def _documents(case: _Case) -> Iterable[str]:
    for document in documents_for(case.actor, case.application).filter(purpose="attachment"):
        yield f"{plain(document.name)}（{document.size:,}バイト、SHA-256 {document.sha256}）"


def _trail(case: _Case) -> Iterable[Part]:
    """Every step of the sum, for those who see the whole budget."""
    if not case.whole:
        return
    columns = (("手順", False), ("計算", False), ("金額", True))
    grids = tuple(
        Grid(
            f"{label(year.fiscal_year)}の計算", columns,
            tuple((s.label, plain(s.expression), s.amount) for s in case.result.steps(year.fiscal_year)),
        )
        for year in case.result.years
    )  # fmt: skip
    yield Part("補助金の算定", grids=grids)
