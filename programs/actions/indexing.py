"""The folded columns that search reads, and the rank lists are ordered by. Written with every change of text."""

from core.text import fold
from programs.models import Program
from programs.rules import area_rank

DERIVED = ["search_title", "search_text", "area_rank"]


def refresh_derived(program: Program) -> bool:
    """Set the derived columns from the text (does not save); True when one of them changed.

    Parts are folded one by one and joined by line breaks, which no folded query contains, so that no hit
    straddles two parts. Every column of text that a reader sees is found.
    """
    title = "\n".join(_folded([program.title, program.plain_title, *program.aliases, program.title_kana]))
    text = "\n".join([title, *_folded(_body(program))])
    rank = area_rank(program.level, program.audience_scope)
    wanted = dict(zip(DERIVED, [title, text, rank], strict=True))
    changed = any(getattr(program, name) != value for name, value in wanted.items())
    for name, value in wanted.items():
        setattr(program, name, value)
    return changed


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


def _folded(parts: list[str]) -> list[str]:
    """Folded, without empty ones and repetitions, in order."""
    return list(dict.fromkeys(key for part in parts if (key := fold(part))))
