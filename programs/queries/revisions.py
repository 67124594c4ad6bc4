"""What publishers see: programs they look after with their open revisions, contents, and what has been before."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from accounts.models import Organization
from core.actor import Actor
from core.text import fold
from programs.content import COLUMN_ITEMS, Content, Difference, differences, in_order, sorted_years
from programs.enums import UNPUBLISHED_PUBLICATIONS, Facet, Publication, RevisionState
from programs.models import METROPOLITAN_CODE, Correction, Program, ProgramEvent, ProgramRevision, curated_by
from programs.models.program import ProgramQuerySet

STAGES: Final = (
    ("draft", "下書き"),
    ("in_review", "確認中"),
    ("published", "公開"),
    ("withdrawn", "取下げ"),
    ("corrected", "指摘あり"),
)
"""What the list of a publisher is narrowed to: where the open revision stands, how far the program is, or whether readers'
corrections wait for an answer."""


@dataclass(frozen=True)
class Stage:
    """Revisions side by side: what one changed against the one on view before it."""

    revision: ProgramRevision
    changes: list[Difference]


def curated(actor: Actor) -> ProgramQuerySet:
    """The programs an actor looks after as a publisher, in every state."""
    return Program.objects.filter(curated_by(actor))


def board(actor: Actor, *, stage: str = "", words: str = "") -> QuerySet[Program]:
    """Those programs with `open_state` ("draft", "in_review", None), `open_at` and `open_name` of their revision, and
    `is_corrected` where a reader's correction waits.

    `words` are looked for in titles and texts as the public search does, all of them.
    """
    unfinished = ProgramRevision.objects.unfinished().filter(program=OuterRef("pk"))
    rows = curated(actor).select_related("owner").annotate(
        open_state=Subquery(unfinished.values("state")[:1]),
        open_at=Subquery(unfinished.values("drafted_at")[:1]),
        open_name=Subquery(unfinished.values("drafted_name")[:1]),
        is_corrected=Exists(Correction.objects.waiting().filter(program=OuterRef("pk"))),
    )  # fmt: skip
    for word in fold(words).split(" ") if words.strip() else []:
        rows = rows.filter(Q(search_text__contains=word) | Q(search_title__contains=word))
    return _narrowed(rows, stage).order_by("title_kana", "title", "pk")


def _narrowed(rows: QuerySet[Any], stage: str) -> QuerySet[Any]:
    if stage == "draft":
        undrafted = Q(open_state__isnull=True, publication=Publication.DRAFT)
        return rows.filter(Q(open_state=RevisionState.DRAFT) | undrafted)
    if stage == "in_review":
        return rows.filter(open_state=RevisionState.IN_REVIEW)
    if stage in {"published", "withdrawn"}:
        return rows.filter(publication=stage)
    if stage == "corrected":
        return rows.filter(is_corrected=True)
    return rows


def waiting_corrections(actor: Actor, at: datetime, program: Program | None = None) -> int:
    """How many readers' corrections wait for an answer, of all the actor's programs or of one."""
    rows = Correction.objects.visible_to(actor, at).waiting()
    return (rows.filter(program=program) if program else rows).count()


def curated_program(actor: Actor, slug: str) -> Program | None:
    """One of them, or None."""
    return curated(actor).select_related("owner", "parent").filter(slug=slug).first()


def content_of(program: Program) -> Content:
    """What a program says now (reads `tags`, `years` and `parent`, prefetched in lists)."""
    columns = {name: getattr(program, name) for name in COLUMN_ITEMS}
    tags: dict[str, list[str]] = {Facet.AUDIENCE.value: [], Facet.THEME.value: []}
    for tag in program.tags.all():
        tags[tag.facet].append(tag.code)
    years = [
        {"fiscal_year": year.fiscal_year, "change": year.change, "note": year.note, "budget": year.budget}
        for year in program.years.all()
    ]
    return {
        **columns,
        "audiences": in_order("audiences", tags[Facet.AUDIENCE.value]),
        "themes": in_order("themes", tags[Facet.THEME.value]),
        "parent": program.parent.slug if program.parent else "",
        "years": sorted_years(years),
    }


@dataclass(frozen=True)
class Waiting:
    """An open revision beside what is on view (for a program that never was: the whole of it), and whose draft it is."""

    program: Program
    revision: ProgramRevision
    changes: list[Difference]
    own: bool


def waiting(actor: Actor, state: str, most: int) -> list[Waiting]:
    """The open revisions in a state that an actor looks after, by reading of the title, at a fixed number of queries."""
    rows = ProgramRevision.objects.filter(curated_by(actor, prefix="program__"), state=state).select_related(
        "program"
    )
    found = list(
        rows.select_related("program__owner", "program__parent")
        .prefetch_related("program__tags", "program__years")
        .order_by("program__title_kana", "program__slug")[:most]
    )
    return [
        Waiting(
            row.program,
            row,
            differences(_on_view(row.program), row.content),
            own=row.drafted_by_id is not None and row.drafted_by_id == actor.user_id,
        )
        for row in found
    ]


def _on_view(program: Program) -> Content:
    return {} if program.publication in UNPUBLISHED_PUBLICATIONS else content_of(program)


def unfinished_revision(program: Program) -> ProgramRevision | None:
    """The revision on its way, if there is one."""
    return ProgramRevision.objects.unfinished().filter(program=program).first()


def history(program: Program) -> list[Stage]:
    """Every revision, the newest first, with what it changes against the last one published before it."""
    rows = list(ProgramRevision.objects.filter(program=program).order_by("number"))
    told, before = [], None
    for row in rows:
        told.append(Stage(row, differences(before.content, row.content) if before else []))
        if row.state == RevisionState.PUBLISHED:
            before = row
    return told[::-1]


def events(program: Program, most: int = 50) -> list[ProgramEvent]:
    """What was done, the newest first."""
    return list(ProgramEvent.objects.filter(program=program).order_by("-sequence")[:most])


def components(program: Program, actor: Actor) -> list[Program]:
    """Its components that the actor looks after too."""
    return list(curated(actor).filter(parent=program))


def owners(actor: Actor) -> list[Organization]:
    """The bodies for which an actor may begin a program: its own, and for 東京都 those of the country."""
    wanted = Q(pk=actor.organization_id or 0)
    if actor.organization_code == METROPOLITAN_CODE:
        wanted |= Q(kind="ministry")
    return list(Organization.objects.filter(wanted).order_by("-kind", "code"))


def parents(actor: Actor, program: Program | None) -> list[tuple[str, str]]:
    """(slug, title) of what can stand above a program: what the actor looks after, but itself and what is below it."""
    rows = list(curated(actor).order_by("title_kana", "slug").values_list("pk", "slug", "title", "parent_id"))
    below = below_of(program.pk, {pk: parent for pk, _, _, parent in rows}) if program else set()
    return [(slug, title) for pk, slug, title, _ in rows if pk not in below]


def below_of(root: int, parent_of: Mapping[int, int | None]) -> set[int]:
    """A program and everything that hangs on it."""
    found, frontier = {root}, [root]
    while frontier:
        new = {pk for pk, parent in parent_of.items() if parent in frontier} - found
        found |= new
        frontier = list(new)
    return found


def preview_years(content: Mapping[str, Any]) -> Iterable[Mapping[str, Any]]:
    """Year versions of a content, the newest first."""
    return sorted(content.get("years") or [], key=lambda row: -int(row["fiscal_year"]))
