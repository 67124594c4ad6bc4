"""Versions of a form: which one a call asks for now, and what changed between two of them.

Answers are carried by a question's code. What a version no longer asks stays with the draft and is shown, never submitted.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Any

from django.db.models import QuerySet

from core.actor import Actor
from core.money import format_yen
from grants.enums import BUDGET_SECTION, DOCUMENTS_SECTION, INDICATORS_SECTION, QuestionKind, SectionScope
from grants.models import Answer, Application, FormTemplate, Question, Snapshot
from grants.permissions import restricted_to
from programs.models import Call

_NONE = "（なし）"


class ChangeKind(StrEnum):
    """How something differs from the version before."""

    ADDED = "加わった"
    REMOVED = "なくなった"
    REWORDED = "言葉が変わった"
    LIMITS = "条件が変わった"
    MOVED = "場所が変わった"


@dataclass(frozen=True)
class Change:
    """One difference: of what (設問, 書類 …), in which section ("" for none), its name and both sides in words.

    `left` is the section a question went away from.
    """

    kind: ChangeKind
    of: str
    section: str
    code: str
    name: str
    before: str = ""
    after: str = ""
    left: str = ""


def current_form(call: Call) -> FormTemplate | None:
    """The version a call asks for now: the newest of its own, or of its program."""
    return FormTemplate.objects.asked_by(call).first()


def form_of(application: Application, version: Snapshot | None) -> FormTemplate:
    """The form a submitted version was written in; that of the working copy where there is none."""
    number = version.content["form"]["version"] if version is not None else application.template.version
    if number == application.template.version:
        return application.template
    return FormTemplate.objects.get(program=application.call.program_id, version=number)


def newer_form(application: Application) -> FormTemplate | None:
    """The version published since the case began, or None where it stands on the current one."""
    newest = current_form(application.call)
    return newest if newest is not None and newest.pk != application.template_id else None


def demanded_form(application: Application) -> FormTemplate | None:
    """The version the case has to go over to before it is submitted, or None: any demanded one since its own counts."""
    since = FormTemplate.objects.asked_by(application.call).filter(version__gt=application.template.version)
    return newer_form(application) if since.filter(demanded=True).exists() else None


def retired_items(template: FormTemplate) -> dict[str, str]:
    """Names of cost items that only earlier versions had, by code."""
    earlier = FormTemplate.objects.filter(program=template.program_id, version__lt=template.version)
    named = {
        code: form.item_label(code) for form in earlier.order_by("version") for code in form.item_codes()
    }
    return {code: name for code, name in named.items() if code not in template.item_codes()}


def kept_answers(actor: Actor, application: Application) -> QuerySet[Answer]:
    """What was written to questions the form no longer asks (a partner: its own and the common ones)."""
    rows = application.answers.exclude(question__template=application.template_id).exclude(value="")
    own = restricted_to(actor, application)
    if own is not None:
        rows = rows.filter(member=own) | rows.filter(member__isnull=True)
    return rows.select_related("question__template", "member").order_by("question__position", "pk")


# --- What changed -------------------------------------------------------------------------------------------


def form_changes(old: FormTemplate, new: FormTemplate) -> list[Change]:
    """Everything that differs, in the order of the new form; what went comes after what stayed."""
    return [
        *_section_changes(old, new),
        *_question_changes(old, new),
        *_indicator_changes(old, new),
        *_listed("書類", DOCUMENTS_SECTION, old.documents, new.documents, _document_words),
        *_listed("費目", BUDGET_SECTION, old.cost_items, new.cost_items, _item_words),
        *_listed("審査の観点", "", old.criteria, new.criteria, _criterion_words),
        *_term_changes(old, new),
    ]


def changed_sections(changes: Iterable[Change]) -> frozenset[str]:
    """The sections whose meaning changed: a consent bound to one of them no longer says what was meant."""
    return frozenset(code for change in changes for code in (change.section, change.left) if code)


def changed_questions(old: FormTemplate, new: FormTemplate) -> frozenset[str]:
    """Codes of questions both versions ask, differently."""
    asked = {question.code: question for question in old.questions.all()}
    return frozenset(
        question.code
        for question in new.questions.all()
        if question.code in asked and _words(asked[question.code]) + _limits(asked[question.code])
        != _words(question) + _limits(question)
    )  # fmt: skip


def carries(old: FormTemplate, new: FormTemplate, before: Question, after: Question) -> bool:
    """Whether an answer goes over: the same key, filled once in both or by each body in both."""
    return before.code == after.code and old.section_scope(before.section) is new.section_scope(after.section)


def _section_changes(old: FormTemplate, new: FormTemplate) -> Iterable[Change]:
    before, after = _by_code(old.sections), _by_code(new.sections)
    for code, section in after.items():
        name = str(section["label"])
        if code not in before:
            yield Change(ChangeKind.ADDED, "部分", "", code, name, "", _section_words(section))
        elif _section_words(before[code]) != _section_words(section):
            sides = _section_words(before[code]), _section_words(section)
            yield Change(ChangeKind.REWORDED, "部分", "", code, name, *sides)
    for code, section in before.items():
        if code not in after:
            yield Change(ChangeKind.REMOVED, "部分", "", code, str(section["label"]), _section_words(section))


def _question_changes(old: FormTemplate, new: FormTemplate) -> Iterable[Change]:
    before = {question.code: question for question in old.questions.order_by("position")}
    after = {question.code: question for question in new.questions.order_by("position")}
    moved = _out_of_order(
        [code for code in before if code in after], [code for code in after if code in before]
    )
    for code, asked in after.items():
        if code not in before:
            yield Change(ChangeKind.ADDED, "設問", asked.section, code, asked.label, "", _limits(asked))
            continue
        was = before[code]
        yield from _asked_otherwise(was, asked)
        if was.section != asked.section:
            yield from _elsewhere(old, new, was, asked)
        elif code in moved:
            yield Change(
                ChangeKind.MOVED, "設問", "", code, asked.label, "", "同じ部分の中で順番が変わりました"
            )
    for code, was in before.items():
        if code not in after:
            yield Change(ChangeKind.REMOVED, "設問", was.section, code, was.label, _words(was))


def _asked_otherwise(was: Question, asked: Question) -> Iterable[Change]:
    sides = ((ChangeKind.REWORDED, _words), (ChangeKind.LIMITS, _limits))
    for kind, words in sides:
        if words(was) != words(asked):
            yield Change(kind, "設問", asked.section, asked.code, asked.label, words(was), words(asked))


def _elsewhere(old: FormTemplate, new: FormTemplate, was: Question, asked: Question) -> Iterable[Change]:
    """One line for a question that went to another section; both sections read differently now."""
    sides = old.section_label(was.section), new.section_label(asked.section)
    yield Change(ChangeKind.MOVED, "設問", asked.section, asked.code, asked.label, *sides, left=was.section)


def _out_of_order(before: Sequence[str], after: Sequence[str]) -> set[str]:
    """Codes that are not where the others' order would have them."""
    blocks = SequenceMatcher(a=before, b=after, autojunk=False).get_matching_blocks()
    stayed = {code for block in blocks for code in before[block.a : block.a + block.size]}
    return set(before) - stayed


def _listed(
    of: str, section: str, old: Sequence[Mapping[str, Any]], new: Sequence[Mapping[str, Any]], words: Any
) -> Iterable[Change]:
    before, after = _by_code(old), _by_code(new)
    for code, item in after.items():
        name = str(item["label"])
        if code not in before:
            yield Change(ChangeKind.ADDED, of, section, code, name, "", words(item))
        elif words(before[code]) != words(item):
            same = before[code]["label"] == item["label"]
            kind = ChangeKind.LIMITS if same else ChangeKind.REWORDED
            yield Change(kind, of, section, code, name, words(before[code]), words(item))
    for code, item in before.items():
        if code not in after:
            yield Change(ChangeKind.REMOVED, of, section, code, str(item["label"]), words(item))


def _indicator_changes(old: FormTemplate, new: FormTemplate) -> Iterable[Change]:
    if old.indicators == new.indicators:
        return
    kind = (
        ChangeKind.LIMITS
        if old.indicators and new.indicators
        else ChangeKind.ADDED
        if new.indicators
        else ChangeKind.REMOVED
    )
    sides = _indicator_words(old.indicators), _indicator_words(new.indicators)
    yield Change(kind, "成果指標", INDICATORS_SECTION, INDICATORS_SECTION, "成果指標", *sides)


def _indicator_words(asked: Mapping[str, Any]) -> str:
    return f"{asked.get('min', 1)}件から{asked.get('max', 5)}件まで。{asked.get('help', '')}" if asked else ""


def _term_changes(old: FormTemplate, new: FormTemplate) -> Iterable[Change]:
    before, after = _terms(old), _terms(new)
    for name in [*after, *(gone for gone in before if gone not in after)]:
        sides = before.get(name, _NONE), after.get(name, _NONE)
        if sides[0] != sides[1]:
            yield Change(ChangeKind.LIMITS, "補助の条件", BUDGET_SECTION, name, name, *sides)


# --- In words -----------------------------------------------------------------------------------------------


def _by_code(rows: Iterable[Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    return {str(row["code"]): row for row in rows}


def _words(question: Question) -> str:
    return question.label + (f"（{question.help}）" if question.help else "")


def _limits(question: Question) -> str:
    parts = [str(QuestionKind(question.kind).label), "必須" if question.required else "任意"]
    parts += [f"{question.max_length:,}字まで"] if question.max_length else []
    parts += [f"単位 {question.unit}"] if question.unit else []
    parts += [f"選択肢：{'、'.join(map(str, question.choices))}"] if question.choices else []
    return "、".join(parts)


def _section_words(section: Mapping[str, Any]) -> str:
    scope = str(SectionScope(section["scope"]).label)
    return f"{section['label']}（{scope}）{section.get('help', '')}"


def _document_words(item: Mapping[str, Any]) -> str:
    return f"{item['label']}（{'必須' if item['required'] else '任意'}）"


def _item_words(item: Mapping[str, Any]) -> str:
    note = f"。{item['note']}" if item.get("note") else ""
    return f"{item['label']}（{'対象' if item['eligible'] else '対象外'}）{note}"


def _criterion_words(item: Mapping[str, Any]) -> str:
    return f"{item['label']}（配点の重み {item['weight']}）{item.get('help', '')}"


def _terms(form: FormTemplate) -> dict[str, str]:
    return {
        "補助率": str(form.rate) if form.rate is not None else _UNSTATED,
        "初年度の上限": _cap(form.first_year_cap),
        "2年度目からの上限": _cap(form.later_year_cap),
        "事業期間全体の上限": _cap(form.project_cap),
        "上限の読み方": form.get_cap_reading_display(),
        "他の補助金の扱い": form.get_other_subsidy_display(),
        "最長の年数": f"{form.max_years}年度",
        "要件": _eligibility(form.eligibility),
        "案の事前確認": "必要" if form.requires_precheck else "任意",
    }


_UNSTATED = "資料に記載なし"


def _cap(amount: int | None) -> str:
    return _UNSTATED if amount is None else format_yen(amount)


def _eligibility(data: Mapping[str, Any]) -> str:
    area = str(data.get("area_label", "")) or "地域の定めなし"
    towns, actors = data.get("min_municipalities", 1), data.get("min_diverse_actors", 0)
    return f"{area}、市町村{towns}以上、多様な主体{actors}以上"
