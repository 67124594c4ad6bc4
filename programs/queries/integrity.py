"""What must always hold in the catalogue; run by `manage.py invariants`."""

from collections.abc import Iterable

from django.db.models import F

from core.events import verify_chain
from core.invariants import invariant
from core.text import fold
from programs.models import Program, ProgramEvent, ProjectMember


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
