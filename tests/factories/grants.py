"""Cases of applications for tests: a world of bodies, people and one call, and a case in every state.

Every state is reached through the actions, under a set clock.
"""

from collections.abc import Callable
from datetime import date, timedelta
from io import BytesIO
from typing import Any

from django.core.files.base import ContentFile

from core import clock
from grants.actions import (
    announcing,
    budgeting,
    certification,
    closing,
    consents,
    decision,
    documents,
    drafting,
    membership,
    petitions,
    prechecks,
    returning,
    review,
    submission,
)
from grants.actions.budgeting import CostEntry, IncomeEntry
from grants.enums import ApplicationStatus, IncomeKind, MemberRole
from grants.models import Application, Member
from grants.queries import consent_hash
from tests.factories.grant_answers import ANSWERS, COST
from tests.factories.grant_forms import FORM, look, measure
from tests.factories.grant_world import (
    AFTER_CLOSING,
    ANNOUNCES,
    CHAMBER,
    CLOSES,
    DEPARTMENT,
    NOW,
    OUTSIDERS,
    PEOPLE,
    PRECHECK_DUE,
    Gallery,
    World,
    key,
    pdf,
    upload,
    world,
    world_of,
)

__all__ = [
    "AFTER_CLOSING",
    "ANNOUNCES",
    "ANSWERS",
    "CHAMBER",
    "CLOSES",
    "COST",
    "DEPARTMENT",
    "FORM",
    "NOW",
    "OUTSIDERS",
    "PAPERS",
    "PARTNER_COST",
    "PEOPLE",
    "PRECHECK_DUE",
    "Gallery",
    "World",
    "agree",
    "broken_file",
    "case_in",
    "certify",
    "chamber_of",
    "decided",
    "deciding",
    "fill",
    "key",
    "lead_of",
    "make_gallery",
    "partner_of",
    "pdf",
    "plan",
    "precheck",
    "ready",
    "returned",
    "start",
    "submitted",
    "under_review",
    "upload",
    "world",
    "world_of",
]

S = ApplicationStatus


# --- The pieces of a case ---------------------------------------------------------------------------------

PARTNER_COST = 1_500_000


def start(world: World) -> Application:
    """A draft nobody has filled; a further one where the call allows several."""
    if world.call.max_per_lead > 1:
        return drafting.start_another(call=world.call, by=world["lead_editor"])
    return drafting.start(call=world.call, by=world["lead_editor"])[0]


def lead_of(application: Application) -> Member:
    """The lead's member."""
    return application.members.get(role=MemberRole.LEAD)


def partner_of(application: Application) -> Member:
    """The partner municipality's member."""
    return application.members.present().get(role=MemberRole.PARTNER)


def chamber_of(application: Application) -> Member:
    """The diverse actor's member."""
    return application.members.present().get(role=MemberRole.DIVERSE_ACTOR)


def fill(world: World, application: Application) -> None:
    """Invite both, answer everything, plan three balanced years, attach the plan sheet."""
    by = world["lead_editor"]
    membership.invite(application_id=application.pk, organization=world.partner, by=by)
    membership.invite(
        application_id=application.pk,
        name="東久留米市商工会",
        actor_kind="chamber",
        email="info@chamber.example",
        by=by,
    )
    for question, value in ANSWERS.items():
        drafting.save_answer(application_id=application.pk, question=question, value=value, by=by)
    for member in (lead_of(application), partner_of(application)):
        drafting.save_answer(
            application_id=application.pk,
            question="role",
            value=f"{member}の役割",
            member_id=member.pk,
            by=by,
        )
    look(world, application)
    measure(world, application)
    plan(world, application)
    documents.attach_document(application_id=application.pk, file=upload(), requirement="plan_sheet", by=by)


def plan(world: World, application: Application, first_year: int = COST[2027]) -> None:
    """Balanced budgets: the partner pays its own, the lead the rest less the subsidy of the sum."""
    by, partner = world["lead_editor"], partner_of(application)
    budgeting.save_budget(
        application_id=application.pk, member_id=partner.pk, by=by,
        costs=[CostEntry("12", year, PARTNER_COST) for year in COST],
        incomes=[IncomeEntry(IncomeKind.MEMBER_SHARE, year, PARTNER_COST) for year in COST],
    )  # fmt: skip
    costs = COST | {2027: first_year}
    caps = {2027: 10_000_000, 2028: 20_000_000, 2029: 20_000_000}
    subsidies = {
        year: min((cost + PARTNER_COST) * 2 // 3, caps[year]) // 1000 * 1000 for year, cost in costs.items()
    }
    budgeting.save_budget(
        application_id=application.pk, member_id=lead_of(application).pk, by=by,
        costs=[CostEntry("12", year, cost) for year, cost in costs.items()],
        incomes=[
            IncomeEntry(IncomeKind.MEMBER_SHARE, year, cost - subsidies[year]) for year, cost in costs.items()
        ],
    )  # fmt: skip


def precheck(world: World, application: Application) -> None:
    """Ask and answer."""
    prechecks.request_precheck(application_id=application.pk, by=world["lead_editor"])
    prechecks.answer_precheck(application_id=application.pk, by=world["officer"], confirmed=True)


def agree(world: World, application: Application) -> None:
    """The partner in the portal, the chamber by a letter."""
    partner, chamber = partner_of(application), chamber_of(application)
    application.refresh_from_db()
    shown = consent_hash(application, partner)
    if not partner.consents.filter(state="given").exists():
        consents.consent(application_id=application.pk, by=world["partner_approver"], shown_hash=shown)
    if not chamber.consents.filter(state="given").exists():
        consents.record_consent(
            application_id=application.pk, member_id=chamber.pk, evidence="consent_letter", document_number="商発第12号",
            document_date=clock.today(), file=upload("同意書.pdf", pdf("同意")), by=world["lead_editor"],
        )  # fmt: skip


def certify(world: World, application: Application) -> None:
    """The lead's approver records the town's decision."""
    certification.certify(
        application_id=application.pk, document_number="7東企第101号", decided_on=clock.today(), signer_title="市長",
        by=world["lead_approver"],
    )  # fmt: skip


def ready(world: World) -> Application:
    """A draft that only waits for the click."""
    application = start(world)
    fill(world, application)
    precheck(world, application)
    agree(world, application)
    certify(world, application)
    return Application.objects.get(pk=application.pk)


def submitted(world: World) -> Application:
    """Submitted in time."""
    application = ready(world)
    submission.submit(application_id=application.pk, by=world["lead_editor"], idempotency_key=key())
    return Application.objects.get(pk=application.pk)


def under_review(world: World) -> Application:
    """In review, with two internal reviewers and an external one, scored."""
    application = submitted(world)
    with clock.at(AFTER_CLOSING):
        review.start_review(application_id=application.pk, by=world["officer"])
        review.assign_reviewers(
            application_id=application.pk, by=world["officer"],
            reviewers=[world.users[name] for name in ("reviewer", "second_reviewer", "external_reviewer")],
        )  # fmt: skip
        review.declare_interest(application_id=application.pk, by=world["reviewer"], has_interest=False)
    return Application.objects.get(pk=application.pk)


def returned(
    world: World, *, under: bool = False, sections: tuple[str, ...] = ("plan", "budget")
) -> Application:
    """Sent back for corrections, from `submitted` or (`under`) from the review; due three days later."""
    application = under_review(world) if under else submitted(world)
    returning.return_(
        application_id=application.pk, by=world["officer"], sections=sections, reason="数値の根拠を補ってください。",
        due_at=clock.now() + timedelta(days=20),
    )  # fmt: skip
    return Application.objects.get(pk=application.pk)


def deciding(world: World, *, outcome: str = "adopt", by: str = "officer") -> Application:
    """Drafted and waiting for a decider."""
    application = under_review(world)
    with clock.at(AFTER_CLOSING):
        decision.recommend(
            application_id=application.pk, by=world[by], outcome=outcome, reason="評価が高いため",
            amount=10_000_000 if outcome == "adopt" else None,
        )  # fmt: skip
    return Application.objects.get(pk=application.pk)


def decided(world: World, verb: Callable[..., Any], outcome: str = "adopt") -> Application:
    """Decided by `verb` (decision.adopt, reject, reserve)."""
    application = deciding(world, outcome=outcome)
    with clock.at(AFTER_CLOSING):
        verb(application_id=application.pk, by=world["decider"], **PAPERS())
    return Application.objects.get(pk=application.pk)


def PAPERS() -> dict[str, Any]:  # noqa: N802 - reads as the constant it would be, but for the day
    """The facts of a decision."""
    return {"decided_on": clock.today(), "document_number": "8総行振第55号", "effective_on": date(2027, 4, 1)}


def _expired(world: World) -> Application:
    application = start(world)
    return closing.expire(application_id=application.pk, at=AFTER_CLOSING)


def _withdrawn(world: World) -> Application:
    application = submitted(world)
    return submission.withdraw(
        application_id=application.pk, by=world["lead_approver"], reason="事業を見直すため"
    )


def _discontinued(world: World) -> Application:
    application = decided(world, decision.adopt)
    with clock.at(AFTER_CLOSING):
        petitions.request_discontinuation(
            application_id=application.pk, by=world["lead_approver"], reason="相手が撤退したため"
        )
        return petitions.discontinue(
            application_id=application.pk, by=world["decider"], effective_on=date(2027, 4, 1)
        )


def _discarded(world: World) -> Application:
    return drafting.discard(application_id=start(world).pk, by=world["lead_approver"])


def _completed(world: World) -> Application:
    application = decided(world, decision.adopt)
    with clock.at(ANNOUNCES):
        announcing.announce(application_id=application.pk, by=world["officer"])
        return closing.complete(application_id=application.pk)


STAGES: dict[str, Callable[[World], Application]] = {
    S.DRAFT: ready,
    S.DISCARDED: _discarded,
    S.EXPIRED: _expired,
    S.SUBMITTED: submitted,
    S.UNDER_REVIEW: under_review,
    S.RETURNED: returned,
    S.DECIDING: deciding,
    S.RESERVE: lambda world: decided(world, decision.reserve),
    S.ADOPTED: lambda world: decided(world, decision.adopt),
    S.REJECTED: lambda world: decided(world, decision.reject, "reject"),
    S.WITHDRAWN: _withdrawn,
    S.DISCONTINUED: _discontinued,
    S.COMPLETED: _completed,
}
"""A case in every state of the table."""


def case_in(world: World, status: str) -> Application:
    """A case in a state, reached through the actions."""
    return Application.objects.with_parts().get(pk=STAGES[status](world).pk)


def make_gallery() -> None:
    """A world with one case in every state."""
    made = world(max_per_lead=50)
    for status in STAGES:
        case_in(made, status)


def broken_file() -> ContentFile:
    """A file that says PDF by its name and is not."""
    return ContentFile(BytesIO(b"MZ\x90\x00 this is a program").getvalue(), name="計画.pdf")
