"""The derived columns that search and facets read. Written with every change of text."""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import islice

from django.db import transaction

from core.text import fold
from programs.models import Program, ProgramIndex, Synonym
from programs.models.program import SEARCH_COLUMNS
from programs.rules import area_rank, largest_amount

DERIVED = ["search_title", "search_text", "search_synonyms", "area_rank", "largest_amount"]
_BATCH = 100
MOST_VARIANTS = 24
"""So many other wordings of one part are kept; parts with more synonyms than that are rare and long."""

Groups = Sequence[tuple[str, ...]]
"""Folded words that mean the same, group by group."""


def synonym_groups() -> Groups:
    """The synonyms as the index uses them; one query."""
    rows = Synonym.objects.values_list("words", flat=True)
    return [tuple(dict.fromkeys(fold(str(word)) for word in words)) for words in rows]


def refresh_derived(
    program: Program, groups: Groups | None = None, year_notes: Sequence[str] | None = None
) -> bool:
    """Set the derived columns from the text (does not save); True when one of them changed.

    Parts are folded one by one and joined by line breaks, which no folded query contains, so that no hit
    straddles two parts. Every column of text that a reader sees is found. `search_synonyms` holds the parts
    in their other wordings, so that a search for 空家 finds 空き家対策 without asking what means the same, on
    both engines alike; `search_text` has the wording of the page alone, for phrases. `groups` is what
    `synonym_groups` gives, read when it is not given; `year_notes` are those about to be written, else the stored ones.
    """
    known = synonym_groups() if groups is None else groups
    named = _folded([program.title, program.plain_title, *program.aliases, program.title_kana])
    body = _folded([*_body(program), *_results(program, year_notes)])
    other_names = _variants(named, known)
    wanted: dict[str, object] = {
        "search_title": "\n".join([*named, *other_names]),
        "search_text": "\n".join([*named, *body]),
        "search_synonyms": "\n".join([*other_names, *_variants(body, known)]),
        "area_rank": area_rank(program.level, program.audience_scope),
        "largest_amount": largest_amount(program.money),
    }
    changed = any(getattr(program, name) != value for name, value in wanted.items())
    for name, value in wanted.items():
        setattr(program, name, value)
    return changed


@transaction.atomic
def refresh_all() -> int:
    """Refresh every program, as after a load of figures or synonyms; returns how many changed."""
    groups = synonym_groups()
    rows = Program.objects.select_related("owner").prefetch_related("outcomes", "milestones", "years")
    changed = [program for program in rows if refresh_derived(program, groups)]
    Program.objects.bulk_update(changed, DERIVED, batch_size=_BATCH)
    ProgramIndex.objects.index(changed)
    return len(changed)


@transaction.atomic
def rebuild_index() -> int:
    """Write every program's keys anew from its search columns, and the index from the keys; returns how many.

    The columns stand as they are (`refresh_all` is for those).
    """
    columns = Program.objects.only(*SEARCH_COLUMNS).order_by("pk")
    ProgramIndex.objects.rebuild(columns.iterator(chunk_size=_BATCH))
    return ProgramIndex.objects.count()


def variants(part: str, groups: Groups) -> Iterable[str]:
    """A folded part with its synonyms exchanged, without the part itself: every combination, group by group."""
    found = {part: None}
    for words in groups:
        spelled = _any_of(words)
        if not spelled.search(part):
            continue
        for wording in list(found):
            bare = spelled.sub("\n", wording)
            for word in words:
                found.setdefault(bare.replace("\n", word))
    return islice((wording for wording in found if wording != part), MOST_VARIANTS)


@lru_cache(maxsize=1024)
def _any_of(words: tuple[str, ...]) -> re.Pattern[str]:
    """Any of the words, the longest first; a word in Latin letters only where it stands alone (AI, not trAIn)."""
    patterns = [
        rf"(?<![a-z0-9]){re.escape(word)}(?![a-z0-9])" if word.isascii() else re.escape(word)
        for word in sorted(words, key=len, reverse=True)
    ]
    return re.compile("|".join(patterns))


def _variants(parts: Iterable[str], groups: Groups) -> list[str]:
    return list(dict.fromkeys(wording for part in parts for wording in variants(part, groups)))


def _body(program: Program) -> list[str]:
    return [
        program.summary,
        program.audience_text,
        program.benefit_text,
        program.reach_text,
        program.kind_label,
        str(program.get_kind_display()),
        program.owner.name,
        program.department,
        program.phone,
        program.remarks,
        *(str(row.get("label", "")) for row in [*program.money, *program.facts]),
        *(str(desk.get(key, "")) for desk in program.phones for key in ("area", "desk", "phone")),
        *program.named,
        *program.eligible_expenses,
        *program.excluded_expenses,
    ]


def _results(program: Program, year_notes: Sequence[str] | None) -> list[str]:
    """What its figures, events and years say; a program that is not stored yet has its coming years alone."""
    if not program.pk:
        return list(year_notes or [])
    return [
        *(outcome.label for outcome in program.outcomes.all()),
        *(milestone.text for milestone in program.milestones.all()),
        *((year.note for year in program.years.all()) if year_notes is None else year_notes),
    ]


def _folded(parts: Iterable[str]) -> list[str]:
    """Folded, without empty ones and repetitions, in order."""
    return list(dict.fromkeys(key for part in parts if (key := fold(part))))
