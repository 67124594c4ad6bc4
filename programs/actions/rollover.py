"""年度更新: year versions of the coming fiscal year for many programs at once, as drafts with a difference view."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from django.db import transaction

from core import clock, fiscal_year
from core.access import require
from core.actor import Actor
from core.exceptions import DomainError, Fault
from programs.actions import revising
from programs.actions.indexing import synonym_groups
from programs.content import Content, Difference, differences, sorted_years
from programs.enums import RevisionState, YearChange
from programs.models import Program, ProgramRevision
from programs.queries.revisions import content_of, curated


@dataclass(frozen=True)
class Line:
    """One program: what its draft would change, or why nothing is done ("" where something is)."""

    slug: str
    title: str
    changes: list[Difference] = field(default_factory=list)
    why_not: str = ""


@dataclass(frozen=True)
class RollOver:
    """The coming year, and a line a program in the order of the titles' reading."""

    year: int
    lines: list[Line]

    @property
    def moving(self) -> list[Line]:
        """Programs that get a draft."""
        return [line for line in self.lines if line.changes]


def preview(*, wanted: Mapping[str, str], year: int, by: Actor, at: datetime | None = None) -> RollOver:
    """What `roll_over` would do; nothing is written."""
    return _run(wanted, year, by, at or clock.now(), dry=True)


@transaction.atomic
def roll_over(*, wanted: Mapping[str, str], year: int, by: Actor, at: datetime | None = None) -> RollOver:
    """Give each program of `wanted` ({slug: YearChange}) a version of `year` in its draft; budgets stay blank.

    A program that has a version of that year, on view or in its draft, is left as it is; so is one that is being
    checked. Raises Refused for anyone but a publisher, DomainError for a year that is neither this one nor one of
    the two after it, and for a program the actor does not look after.
    """
    return _run(wanted, year, by, at or clock.now(), dry=False)


def years(at: datetime) -> list[int]:
    """The fiscal years there may be versions for: this one and the two after it."""
    this = fiscal_year.current_fiscal_year(at)
    return [this, this + 1, this + 2]


def _run(wanted: Mapping[str, str], year: int, by: Actor, at: datetime, *, dry: bool) -> RollOver:
    require(by, "programs.edit", None, at)
    if year not in years(at):
        raise DomainError(
            Fault("year", f"{year}年度の版はここでは作れません。", "今年度から2年先までを選んでください。")
        )
    if unknown := set(wanted.values()) - set(YearChange.values):
        raise DomainError(f"変更「{sorted(unknown)[0]}」は選べません。一覧から選んでください。")
    rows = curated(by).filter(slug__in=wanted.keys()).select_related("owner", "parent")
    if not dry:  # nobody saves between what is read and what is written
        rows = rows.select_for_update(of=("self",))
    found = list(rows.prefetch_related("tags", "years").order_by("pk"))
    found.sort(key=lambda program: (program.title_kana, program.slug))
    if len(found) != len(wanted):
        raise DomainError("選んだ制度の一部が見つかりません。ページを読み込み直して、選び直してください。")
    revisions = ProgramRevision.objects.unfinished().filter(program__in=found)
    open_ = {revision.program_id: revision for revision in revisions}
    planned = [
        (program, *_planned(program, open_.get(program.pk), year, wanted[program.slug])) for program in found
    ]
    kept_back: dict[str, str] = {}
    if not dry:
        contents = {program.slug: content for program, _, content in planned if content is not None}
        kept_back = revising.save_all(
            contents_by_slug=contents,
            by=by,
            at=at,
            why=f"{fiscal_year.label(year)}への更新",
            groups=synonym_groups(),
        )
    lines = [
        replace(line, changes=[], why_not=kept_back[line.slug]) if line.slug in kept_back else line
        for _, line, _ in planned
    ]
    return RollOver(year, lines)


def _planned(
    program: Program, revision: ProgramRevision | None, year: int, change: str
) -> tuple[Line, Content | None]:
    before = revision.content if revision else content_of(program)
    held = [row for row in before["years"] if row["fiscal_year"] == year]
    if held:
        return Line(
            program.slug, program.title, why_not=f"{fiscal_year.label(year)}の版がすでにあります。"
        ), None
    if revision is not None and revision.state == RevisionState.IN_REVIEW:
        return Line(
            program.slug,
            program.title,
            why_not="確認中です。公開するか差し戻してから、もう一度選んでください。",
        ), None
    after = before | {
        "years": sorted_years(
            [*before["years"], {"fiscal_year": year, "change": change, "note": "", "budget": None}]
        )
    }
    if change == YearChange.ENDED and after["last_year"] is None:
        after["last_year"] = year - 1
    if change == YearChange.NEW and after["first_year"] is None:
        after["first_year"] = year
    return Line(program.slug, program.title, differences(before, after)), after
