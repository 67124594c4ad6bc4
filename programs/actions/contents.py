"""Judging and writing the content of a program; the only writer of what a publisher edits."""

import copy
from collections.abc import Iterable, Mapping
from typing import Any, Final

from django.core.exceptions import ValidationError

from core.exceptions import Fault
from core.text import unstorable
from core.web_address import unfit
from programs.actions.indexing import Groups, refresh_derived
from programs.content import COLUMN_ITEMS, ITEM, ITEMS, REQUIRED, Content, texts
from programs.enums import FACET_CODES, Facet, YearChange
from programs.models import Program, ProgramTag, ProgramYear

_YEARS: Final = range(1950, 2101)
_FACETS: Final = (("audiences", Facet.AUDIENCE), ("themes", Facet.THEME))


def faults_of(program: Program, content: Content) -> list[Fault]:
    """Everything that keeps a content from being saved as a draft, field by field; [] when nothing does."""
    faults = [
        Fault(item.name, f"{item.label}：{fault}")
        for item in ITEMS
        for text in texts(content.get(item.name))
        if (fault := unstorable(text))
    ]
    return faults or [*_column_faults(program, content), *_year_faults(content.get("years") or [])]


def missing(content: Mapping[str, Any]) -> list[Fault]:
    """What a reader needs before it goes on view and the content lacks."""
    return [
        Fault(name, f"{ITEM[name].label}が空です。", "公開の前に入力してください。")
        for name in REQUIRED
        if not str(content.get(name) or "").strip()
    ]


def applied(program: Program, content: Mapping[str, Any]) -> Program:
    """A program as it would read with a content; nothing is written, nor is `program` changed."""
    shown = copy.copy(program)
    for name in COLUMN_ITEMS:
        setattr(shown, name, content[name])
    shown.held_tags = {facet.value: frozenset(content[name]) for name, facet in _FACETS}
    return shown


def write(program: Program, content: Mapping[str, Any], groups: Groups | None = None) -> None:
    """Make a program say a content, its tags and years too, and keep the search in step.

    A year that the content does not have is removed.
    """
    for name in COLUMN_ITEMS:
        setattr(program, name, content[name])
    program.parent = Program.objects.filter(slug=content["parent"]).first() if content["parent"] else None
    refresh_derived(program, groups, [row["note"] for row in content["years"]])
    program.save()
    _write_tags(program, content)
    _write_years(program, content["years"])


def _write_tags(program: Program, content: Mapping[str, Any]) -> None:
    held = set(ProgramTag.objects.filter(program=program).values_list("facet", "code"))
    wanted = {(facet.value, code) for name, facet in _FACETS for code in content[name]}
    for facet, code in held - wanted:
        ProgramTag.objects.filter(program=program, facet=facet, code=code).delete()
    ProgramTag.objects.bulk_create(
        ProgramTag(program=program, facet=facet, code=code) for facet, code in sorted(wanted - held)
    )


def _write_years(program: Program, years: Iterable[Mapping[str, Any]]) -> None:
    held = {year.fiscal_year: year for year in ProgramYear.objects.filter(program=program)}
    wanted = {row["fiscal_year"]: row for row in years}
    ProgramYear.objects.filter(program=program, fiscal_year__in=held.keys() - wanted.keys()).delete()
    for number, row in wanted.items():
        year = held.get(number) or ProgramYear(program=program, fiscal_year=number)
        values = (row["change"], row["note"], row["budget"])
        if year.pk is None or (year.change, year.note, year.budget) != values:
            year.change, year.note, year.budget = values
            year.save()


def _column_faults(program: Program, content: Content) -> Iterable[Fault]:
    shown = applied(program, content)
    kept = {*COLUMN_ITEMS}
    try:
        shown.clean_fields(exclude=[field.name for field in shown._meta.fields if field.name not in kept])
    except ValidationError as error:
        for name, messages in error.message_dict.items():
            yield from (Fault(name, f"{ITEM[name].label}：{message}") for message in messages)
    if content["url"].startswith("http") and (fault := unfit(content["url"])):
        yield Fault("url", f"{ITEM['url'].label}：{fault}")
    first, last = content["first_year"], content["last_year"]
    if first is not None and last is not None and first > last:
        yield Fault("last_year", "終了年度が開始年度より前です。", "終了年度は開始年度以後にしてください。")
    for name, facet in _FACETS:
        for code in set(content[name]) - set(FACET_CODES[facet]):
            yield Fault(name, f"{facet.label}「{code}」は選べません。", "決められた値から選んでください。")


def _year_faults(rows: Iterable[Mapping[str, Any]]) -> Iterable[Fault]:
    seen: set[Any] = set()
    for row in rows:
        number, budget = row.get("fiscal_year"), row.get("budget")
        if type(number) is not int or number not in _YEARS:
            yield Fault(
                "years", f"年度「{number}」を読み取れません。", "2027 のように西暦4桁で入力してください。"
            )
            continue
        if number in seen:
            yield Fault("years", f"{number}年度の版が2つあります。", "1つにまとめてください。")
        if row.get("change") not in {"", *YearChange.values}:
            yield Fault(
                "years",
                f"{number}年度の変更「{row.get('change')}」は選べません。",
                "一覧から選んでください。",
            )
        if budget is not None and (type(budget) is not int or budget < 0):
            yield Fault("years", f"{number}年度の予算は0円以上の整数にしてください。")
        seen.add(number)
