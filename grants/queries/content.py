"""The working copy as plain data: what is hashed by consents and certificates and frozen by snapshots.

Contacts (mail addresses, names of persons) are never part of it.
"""

from typing import Any

from django.db.models import Prefetch

from grants import rules
from grants.enums import (
    BUDGET_SECTION,
    DOCUMENTS_SECTION,
    INDICATORS_SECTION,
    LINES_SECTION,
    MEMBERS_SECTION,
    DocumentPurpose,
    DocumentState,
    IncomeKind,
    SectionScope,
)
from grants.models import Application, BudgetLine, Member
from grants.queries.project_indicators import indicator_data, indicator_rows

Data = dict[str, Any]


def budget_of(application: Application) -> rules.Budget:
    """The working copy's budget: the municipalities that are in, the lead first."""
    members = list(application.members.present().municipalities().order_by("position"))
    keys = {member.pk: member.public_id for member in members}
    costs = application.budget_lines.filter(member__in=members).select_related("paid_to")
    incomes = application.income_lines.filter(member__in=members)
    return rules.Budget(
        members={member.public_id: member.name for member in members},
        costs=tuple(
            rules.Cost(
                keys[line.member_id],
                line.item,
                line.fiscal_year,
                line.amount,
                line.paid_to.public_id if line.paid_to else None,
            )
            for line in costs
        ),
        incomes=tuple(
            rules.Income(keys[line.member_id], IncomeKind(line.kind), line.fiscal_year, line.amount)
            for line in incomes
        ),
        requests={line.line: line.amount for line in application.line_requests.all()},
    )


def subsidy_of(application: Application) -> rules.SubsidyResult:
    """The subsidy of the working copy, with its reasoning."""
    if not application.template.has_money:
        return rules.SubsidyResult((), ())
    return rules.subsidy(budget_of(application), application.template.terms(application.call))


def budget_faults(application: Application) -> list[Any]:
    """What does not add up in the working copy's budget."""
    if not application.template.has_money:
        return []
    terms = application.template.terms(application.call)
    budget = budget_of(application)
    return rules.balance(budget, terms, rules.subsidy(budget, terms))


def member_data(member: Member) -> Data:
    """Who a member is."""
    return {
        "key": member.public_id,
        "role": member.role,
        "code": member.organization.code if member.organization else "",
        "name": member.name,
        "actor_kind": member.actor_kind,
        "corporate_number": member.corporate_number,
        **({"is_group": True} if member.is_group else {}),
    }


def share_data(member: Member) -> Data:
    """A member's own budget, in order; cells of 0 say nothing and are left out."""
    costs = [line for line in member.budget_lines.all() if line.amount > 0]
    incomes = [line for line in member.income_lines.all() if line.amount > 0]
    return {
        "costs": [
            {
                "item": line.item,
                "fiscal_year": line.fiscal_year,
                "amount": line.amount,
                "paid_to": line.paid_to.public_id if line.paid_to else "",
                "note": line.note,
            }
            for line in sorted(costs, key=_cost_order)
        ],
        "incomes": [
            {"kind": line.kind, "fiscal_year": line.fiscal_year, "amount": line.amount, "note": line.note}
            for line in sorted(incomes, key=lambda line: (line.fiscal_year, line.kind))
        ],
    }


def _cost_order(line: BudgetLine) -> tuple[int, str, int, int]:
    """Year, item, payee, entry; sorted here because engines place what has no payee differently."""
    return line.fiscal_year, line.item, line.paid_to.position if line.paid_to else -1, line.pk


def _answers(application: Application) -> tuple[dict[str, Data], dict[int, dict[str, Data]]]:
    """Common answers by section, and each member's by section; empty ones are left out, and those an earlier form asked."""
    # Answers that only an earlier version of the form asked for are kept, and are not submitted.
    common: dict[str, Data] = {}
    parts: dict[int, dict[str, Data]] = {}
    for answer in (
        application.answers.filter(question__template=application.template_id)
        .exclude(value="")
        .select_related("question")
        .order_by("question__position")
    ):
        section = answer.question.section
        home = common if answer.member_id is None else parts.setdefault(answer.member_id, {})
        home.setdefault(section, {})[answer.question.code] = answer.value
    return common, parts


def _documents(application: Application) -> list[Data]:
    attached = application.documents.filter(state=DocumentState.ATTACHED, purpose=DocumentPurpose.ATTACHMENT)
    return [
        {
            "document": document.public_id,
            "requirement": document.requirement,
            "name": document.name,
            "size": document.size,
            "sha256": document.sha256,
            "member": document.member.public_id if document.member else "",
        }
        for document in attached.select_related("member").order_by("pk")
    ]


def content(application: Application) -> Data:
    """The whole working copy but consents and certificate: what a certificate is bound to."""
    lines = Prefetch("budget_lines", BudgetLine.objects.select_related("paid_to"))
    present = application.members.present().select_related("organization").order_by("position")
    members = list(present.prefetch_related(lines, "income_lines"))
    common, parts = _answers(application)
    asked: Data = {}
    if application.template.indicators:
        asked = {"indicators": indicator_data(indicator_rows(application))}
    found = {
        "form": {"program": application.call.program.slug, "version": application.template.version},
        "call": application.call.public_id,
        "fiscal_year": application.fiscal_year,
        "title": application.title,
        "members": [member_data(member) for member in members],
        "answers": common,
        "parts": {member.public_id: parts.get(member.pk, {}) for member in members},
        "budget": {member.public_id: share_data(member) for member in members if member.is_municipality},
        "documents": _documents(application),
        **asked,
    }
    if application.template.lines:
        found["lines"] = line_data(application)
    return found


def line_data(application: Application) -> list[Data]:
    """The lines that are chosen, in the order of the form: name, what is asked for in yen, what is planned."""
    labels = {line.code: line.label for line in application.template.line_terms()}
    chosen = {row.line: row for row in application.line_requests.all()}
    return [
        {"line": code, "label": label, "amount": chosen[code].amount, "outline": chosen[code].outline}
        for code, label in labels.items()
        if code in chosen
    ]


def binding_content(application: Application, member: Member, whole: Data | None = None) -> Data:
    """What one member's consent is bound to: the call's binding sections, its own part, its share.

    `whole` may be given to spare reading it again.
    """
    data = whole if whole is not None else content(application)
    fixed = {
        INDICATORS_SECTION: data.get("indicators", []),
        LINES_SECTION: data.get("lines", []),
        BUDGET_SECTION: data["budget"],
        MEMBERS_SECTION: data["members"],
        DOCUMENTS_SECTION: data["documents"],
    }
    binding = application.template.binding(application.call)
    return {
        "application": application.public_id,
        "sections": {
            code: fixed[code] if code in fixed else data["answers"].get(code, {}) for code in binding
        },
        "part": data["parts"].get(member.public_id, {}),
        "share": data["budget"].get(member.public_id, {}),
    }


def bound_sections(application: Application, member: Member) -> frozenset[str]:
    """The sections a member's consent is bound to: the call's, and of a municipality its own parts and its budget."""
    template = application.template
    own = [code for code in template.section_codes() if template.section_scope(code) is SectionScope.MEMBER]
    mine = {*own, BUDGET_SECTION} if member.is_municipality else set[str]()
    return frozenset(template.binding(application.call)) | mine


def content_hash(application: Application) -> str:
    """SHA-256 of the working copy."""
    return rules.fingerprint(content(application))


def consent_hash(application: Application, member: Member, whole: Data | None = None) -> str:
    """SHA-256 of what the member consents to."""
    return rules.fingerprint(binding_content(application, member, whole))


def subsidy_data(result: rules.SubsidyResult) -> Data:
    """A calculation as snapshots and decisions keep it."""
    return {
        "total": result.total,
        "years": [
            {
                "fiscal_year": year.fiscal_year,
                "support_year": year.support_year,
                "gross": year.gross,
                "eligible": year.eligible,
                "deducted": year.deducted,
                "selected": year.selected,
                "amount": year.amount,
                "payees": dict(year.payees),
            }
            for year in result.years
        ],
        "trail": [step.as_data() for step in result.trail],
    }
