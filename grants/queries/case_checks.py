"""What the portal can judge of a submitted version by itself: eligibility and completeness, each with its reason.

Everything is read from the version, never from the copy that a town may be changing. And what the town changed between
the look at its draft and the submission.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from accounts.models import Organization
from core import clock
from core.exceptions import Fault
from core.money import format_yen
from core.wareki import long_date
from grants import rules
from grants.enums import BUDGET_SECTION, IncomeKind, MemberRole, SectionScope
from grants.models import Application, FormTemplate, Precheck, Revision, Snapshot, Waiver
from grants.queries.checks import requirements_of
from grants.queries.forms import form_of
from grants.queries.waivers import live_waivers, waived_text

Data = Mapping[str, Any]


@dataclass(frozen=True)
class Check:
    """One judgement: what was looked at, whether it holds, the facts it rests on, and what of it the office waived."""

    label: str
    holds: bool
    reasons: tuple[str, ...]
    waived: tuple[str, ...] = ()


def checks_of(application: Application, version: Snapshot) -> list[Check]:
    """All checks of a version, in the order of the form. A fixed number of queries."""
    data: Data = version.content
    form = form_of(application, version)
    waived = live_waivers(application)
    return [
        _check("申請の要件（構成団体）", _eligibility(form, data), _circle_words(data)),
        _waivable(
            "必須の設問",
            _unanswered(form, data),
            "必須の設問は、すべて答えがあります。",
            waived,
        ),
        *(_money(application, form, version) if form.has_money else ()),
        _waivable(
            "必要な書類",
            _missing_papers(form, version),
            "必要な書類は、すべて添付されています。",
            waived,
        ),
        _check("構成団体の同意", _consents(data), "代表のほかの全ての構成団体の同意があります。"),
        _certificate(data),
        _in_time(application, version),
    ]


def _money(application: Application, form: FormTemplate, version: Snapshot) -> list[Check]:
    fine = "団体と年度ごとに、収入と支出が一致しています。"
    return [
        _check("収支の一致", _balance(form.terms(application.call), version.content), fine),
        _computed(application, form.terms(application.call), version),
    ]


def _check(label: str, faults: Iterable[str], fine: str) -> Check:
    found = tuple(faults)
    return Check(label, not found, found or (fine,))


def _waivable(
    label: str, missing: Iterable[tuple[str, str]], fine: str, waivers: Mapping[str, Waiver]
) -> Check:
    """A judgement on things that are missing, each with its code: those waived do not count, and are told."""
    found = list(missing)
    faults = tuple(words for code, words in found if code not in waivers)
    excused = tuple(dict.fromkeys(waived_text(waivers[code]) for code, _ in found if code in waivers))
    return Check(label, not faults, faults or (() if excused else (fine,)), excused)


def _eligibility(form: FormTemplate, data: Data) -> list[str]:
    codes = [member["code"] for member in data["members"]]
    areas = dict(Organization.objects.filter(code__in=codes).values_list("code", "area"))
    towns = [member for member in data["members"] if member["role"] != MemberRole.DIVERSE_ACTOR]
    circle = rules.Circle(
        tuple((member["name"], areas.get(member["code"], "")) for member in towns),
        tuple(member["name"] for member in data["members"] if member["role"] == MemberRole.DIVERSE_ACTOR),
    )
    return [fault.message for fault in rules.eligibility(circle, requirements_of(form))]


def _circle_words(data: Data) -> str:
    towns = [member["name"] for member in data["members"] if member["role"] != MemberRole.DIVERSE_ACTOR]
    actors = [member["name"] for member in data["members"] if member["role"] == MemberRole.DIVERSE_ACTOR]
    return (
        f"市町村{len(towns)}（{'、'.join(towns)}）、多様な主体{len(actors)}（{'、'.join(actors) or 'なし'}）"
    )


def _unanswered(form: FormTemplate, data: Data) -> Iterable[tuple[str, str]]:
    towns = [member for member in data["members"] if member["role"] != MemberRole.DIVERSE_ACTOR]
    for question in form.questions.filter(required=True).order_by("position"):
        code, section = question.code, question.section
        if form.section_scope(section) is SectionScope.COMMON:
            if not str(data["answers"].get(section, {}).get(code, "")).strip():
                yield f"answers/{code}", f"「{question.label}」の答えがありません。"
            continue
        for member in towns:
            if not str(data["parts"].get(member["key"], {}).get(section, {}).get(code, "")).strip():
                yield f"answers/{code}", f"{member['name']}の「{question.label}」の答えがありません。"


def budget_of(data: Data) -> rules.Budget:
    """A version's budget, for the rules: the lead first, as the list of members has it (a kept mapping has no order)."""
    names = {member["key"]: member["name"] for member in data["members"] if member["key"] in data["budget"]}
    return rules.Budget(
        members=names | {key: key for key in data["budget"] if key not in names},
        costs=tuple(
            rules.Cost(key, line["item"], line["fiscal_year"], line["amount"], line["paid_to"] or None)
            for key, share in data["budget"].items()
            for line in share.get("costs", [])
        ),
        incomes=tuple(
            rules.Income(key, IncomeKind(line["kind"]), line["fiscal_year"], line["amount"])
            for key, share in data["budget"].items()
            for line in share.get("incomes", [])
        ),
        requests={line["line"]: line["amount"] for line in data.get("lines", [])},
    )


def _balance(terms: rules.FundingTerms, data: Data) -> list[str]:
    budget = budget_of(data)
    faults: list[Fault] = rules.balance(budget, terms, rules.subsidy(budget, terms))
    return [fault.message for fault in faults]


def _computed(application: Application, terms: rules.FundingTerms, version: Snapshot) -> Check:
    """The sum once more from the submitted budget."""
    again = rules.subsidy(budget_of(version.content), terms)
    first, total = again.amount(application.fiscal_year), again.total
    same = (first, total) == (version.requested_amount, version.requested_total)
    words = f"計算し直した額　初年度 {format_yen(first)}、全期間 {format_yen(total)}"
    kept = f"申請の額　初年度 {format_yen(version.requested_amount)}、全期間 {format_yen(version.requested_total)}"
    return Check("申請額の再計算", same, (f"{words}。申請の額と同じです。",) if same else (words, kept))


def _missing_papers(form: FormTemplate, version: Snapshot) -> Iterable[tuple[str, str]]:
    there = {str(file["requirement"]) for file in version.files}
    for document in form.required_documents():
        if document["code"] not in there:
            yield f"documents/{document['code']}", f"「{document['label']}」がありません。"


def _consents(data: Data) -> Iterable[str]:
    held = {str(consent["member"]) for consent in data["consents"]}
    for member in data["members"]:
        if member["role"] != MemberRole.LEAD and member["key"] not in held:
            yield f"{member['name']}の同意がありません。"


def _certificate(data: Data) -> Check:
    found = data.get("certification") or {}
    number = found.get("document_number", "")
    words = f"{number}（{found.get('signer_title', '')}）" if number else "庁内決裁の記録がありません。"
    return Check("代表市町村の庁内決裁", bool(number), (words,))


def _in_time(application: Application, version: Snapshot) -> Check:
    """The first two kinds against the closing, a resubmission against the date it was asked for."""
    if version.kind == "resubmit":
        request = (
            application.returns.filter(returned_at__lt=version.taken_at).order_by("-returned_at").first()
        )
        due: datetime | None = request.due_at if request else None
    else:
        due = application.call.closes_at
    taken = f"受付 {long_date(clock.today(version.taken_at))}{clock.local(version.taken_at):%H:%M}"
    limit = f"、期限 {long_date(clock.today(due))}{clock.local(due):%H:%M}" if due else ""
    return Check("期限内の受付", due is None or version.taken_at <= due, (taken + limit,))


# --- Since the precheck --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Change:
    """One part of the copy that changed: where, and for an answer what stood before and after."""

    place: str
    before: str
    after: str


def changes_since_precheck(application: Application) -> tuple[Precheck | None, list[Change]]:
    """What the town changed between its last request for a look at the draft and the version submitted last.

    (None, []) where nothing was asked or submitted.
    """
    precheck = application.prechecks.order_by("-requested_at", "-pk").first()
    until = application.submitted_content_version
    if precheck is None or until is None:
        return None, []
    rows = Revision.objects.filter(
        application=application, content_version__gt=precheck.content_version, content_version__lte=until
    )
    ends: dict[tuple[str, str, int | None], list[Any]] = {}
    names: dict[int | None, str] = {None: ""}
    for row in rows.select_related("member__organization").order_by("content_version"):
        place = ends.setdefault((row.section, row.key, row.member_id), [row.before, row.after])
        place[1] = row.after
        names[row.member_id] = f"（{row.member.name}）" if row.member else ""
    asked = dict(application.template.questions.values_list("code", "label"))
    return precheck, [
        _change(application, asked, section, key, names[member], *values)
        for (section, key, member), values in ends.items()
        if values[0] != values[1]
    ]


def _change(  # noqa: PLR0917 - the parts of one change
    application: Application, asked: Mapping[str, str], section: str, key: str, name: str, before: Any, after: Any
) -> Change:  # fmt: skip
    label = application.template.section_label(section)
    if key in asked:
        return Change(f"{label}　{asked[key]}{name}", str(before or ""), str(after or ""))
    if section == BUDGET_SECTION:
        return Change(f"{label}{name}", "", "")
    named = [str(value.get("name", "")) if isinstance(value, Mapping) else "" for value in (before, after)]
    return Change(f"{label}{name}", *named)


__all__ = ["Change", "Check", "budget_of", "changes_since_precheck", "checks_of"]
