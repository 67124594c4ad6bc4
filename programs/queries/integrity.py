"""What must always hold in the catalogue; run by `manage.py invariants`."""

from collections.abc import Iterable

from django.db import connection
from django.db.models import F

from core.events import verify_chain
from core.invariants import invariant
from core.text import fold
from programs.models import Program, ProgramEvent, ProgramIndex, ProjectMember
from programs.models.program import SEARCH_COLUMNS
from programs.models.searching import keys_of
from programs.models.searching_engine import present


@invariant("programs.event_chains")
def event_chains() -> Iterable[str]:
    """The record of publication acts is whole."""
    return verify_chain(ProgramEvent.objects.all())


@invariant("programs.lead_is_no_partner")
def lead_is_no_partner() -> Iterable[str]:
    """The lead of a project is not listed among its partners as well."""
    for slug in ProjectMember.objects.filter(organization=F("project__lead")).values_list(
        "project__slug", flat=True
    ):
        yield f"採択事業「{slug}」：代表の市町村が連携する市町村にも入っています。"


@invariant("programs.search_columns")
def search_columns() -> Iterable[str]:
    """Every title is found: the folded columns were written with the last change of the text."""
    for slug, title, folded in Program.objects.values_list("slug", "title", "search_title"):
        if fold(title) not in folded.split("\n"):
            yield f"制度「{slug}」：検索用の文字が正式名称と合いません。制度を保存し直してください。"


@invariant("programs.search_index")
def search_index() -> Iterable[str]:
    """Every program is found by every word of its search columns: its keys are those of its text."""
    stored = dict(ProgramIndex.objects.values_list("program_id", "keys"))
    for program in Program.objects.only("slug", *SEARCH_COLUMNS):
        if set(stored.get(program.pk, "").split()) != set(keys_of(program).split()):
            yield f"制度「{program.slug}」：検索の索引が古くなっています。manage.py rebuild_search を実行してください。"
    if not present(connection):
        yield "検索の索引がデータベースにありません。manage.py migrate を実行してください。"


@invariant("programs.no_rings")
def no_rings() -> Iterable[str]:
    """Following parents ends at a top-level program."""
    parents = dict(Program.objects.values_list("pk", "parent_id"))
    slugs = dict(Program.objects.values_list("pk", "slug"))
    for start, parent in parents.items():
        seen, at = {start}, parent
        while at is not None and at not in seen:
            seen.add(at)
            at = parents[at]
        if at is not None:
            yield f"制度「{slugs[start]}」：上位の制度が循環しています。"
