"""Cases of applications for tests: a world of bodies, people and one call, and a case in every state.

Every state is reached through the actions, under a set clock.
"""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from typing import Any
from uuid import uuid4

from django.contrib.auth.hashers import make_password
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import Department, Membership, Organization, User
from accounts.queries import actor_for
from core import clock
from core.actor import ANONYMOUS, SYSTEM, Actor
from core.loading import read_json
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
from grants.actions.loading import load_form
from grants.enums import ApplicationStatus, IncomeKind, MemberRole
from grants.models import Application, FormTemplate, Member
from grants.queries import consent_hash
from programs.models import Call
from tests.factories import accounts as people
from tests.factories import programs as catalogue
from tests.factories.grant_answers import ANSWERS, COST
from tests.factories.grant_forms import FORM, look, measure

NOW = datetime(2026, 11, 21, 1, 0, tzinfo=UTC)
CLOSES = NOW + timedelta(days=10)
PRECHECK_DUE = NOW + timedelta(days=5)
AFTER_CLOSING = CLOSES + timedelta(days=1)
ANNOUNCES = NOW + timedelta(days=60)
CHAMBER = "test-chamber"
DEPARTMENT = "総務局 行政部 振興企画課"
S = ApplicationStatus


def pdf(text: str = "計画") -> bytes:
    """The bytes of a file that is a PDF as far as the portal looks."""
    return b"%PDF-1.7\n" + text.encode() + b"\nstartxref\n0\n%%EOF\n"


def upload(name: str = "計画.pdf", content: bytes | None = None) -> SimpleUploadedFile:
    """A file as a browser sends it."""
    return SimpleUploadedFile(name, content if content is not None else pdf(), content_type="application/pdf")


def key() -> str:
    """A fresh key of a submit button, unlike those of cases that another process made."""
    return f"key-{uuid4().hex}"


@dataclass
class World:
    """Bodies, actors and the call. `actors` by what they are to the case; all but the named ones are strangers."""

    call: Call
    template: FormTemplate
    lead: Organization
    partner: Organization
    chamber: Organization
    users: dict[str, User]
    actors: dict[str, Actor] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Actor:
        return self.actors[name]


PEOPLE = {
    "lead_editor": ("lead", "企画政策課", ["editor"]),
    "lead_colleague": ("lead", "企画政策課", ["editor"]),
    "lead_approver": ("lead", "企画政策課", ["approver"]),
    "lead_second_approver": ("lead", "企画政策課", ["approver"]),
    "lead_finance": ("lead", "財政課", ["finance"]),
    "partner_editor": ("partner", "企画課", ["editor"]),
    "partner_approver": ("partner", "企画課", ["approver"]),
    "stranger_editor": ("stranger", "企画課", ["editor"]),
    "stranger_approver": ("stranger", "企画課", ["approver"]),
    "officer": ("tokyo", DEPARTMENT, ["officer"]),
    "second_officer": ("tokyo", DEPARTMENT, ["officer"]),
    "reviewer": ("tokyo", DEPARTMENT, ["reviewer"]),
    "second_reviewer": ("tokyo", DEPARTMENT, ["reviewer"]),
    "unassigned_reviewer": ("tokyo", DEPARTMENT, ["reviewer"]),
    "external_reviewer": ("tokyo", "審査会", ["external_reviewer"]),
    "decider": ("tokyo", DEPARTMENT, ["decider"]),
    "second_decider": ("tokyo", DEPARTMENT, ["decider"]),
    "drafting_decider": ("tokyo", DEPARTMENT, ["officer", "decider"]),
    "other_bureau": ("tokyo", "産業労働局 観光部 振興課", ["officer", "decider", "reviewer"]),
}
OUTSIDERS = ("stranger_editor", "stranger_approver", "other_bureau", "unassigned_reviewer", "anonymous")


def world(**call_values: Any) -> World:
    """Make bodies, people and an open call of the first subsidy; the clock should be held at NOW."""
    bodies = {
        "lead": catalogue.municipality("132225", "東久留米市"),
        "partner": catalogue.municipality("132217", "清瀬市"),
        "stranger": catalogue.municipality("132110", "小平市"),
        "tokyo": catalogue.metropolis(),
    }
    password = make_password(people.PASSWORD)
    users = {
        name: User(email=f"{name}@test.example", name=f"試験 {name}", joined_at=NOW, password=password)
        for name in PEOPLE
    }
    User.objects.bulk_create(users.values())  # all at once: the accounts' tests cover how people come in
    units = {
        (body, unit): Department.objects.get_or_create(organization=bodies[body], name=unit)[0]
        for body, unit, _ in PEOPLE.values()
    }
    Membership.objects.bulk_create(
        Membership(user=users[name], department=units[body, unit], role=role, starts_on=date(2026, 4, 1))
        for name, (body, unit, roles) in PEOPLE.items()
        for role in roles
    )
    program = catalogue.published(
        slug="diverse-partners-grant", title="多様な主体との連携活動促進支援事業", department=DEPARTMENT,
        owner=bodies["tokyo"],
    )  # fmt: skip
    load_form(read_json(FORM))
    values = {
        "opens_at": NOW - timedelta(days=1), "closes_at": CLOSES, "precheck_due_at": PRECHECK_DUE,
        "announce_at": ANNOUNCES, "fiscal_year": 2027, "round_name": "第1次募集", "rounding_unit": 1000,
        "is_fictional": True,
    }  # fmt: skip
    call = catalogue.call_open(program, **(values | call_values))
    Organization.objects.create(code=CHAMBER, kind="partner", name="試験商工会議所")
    return world_of(call)


def world_of(call: Call) -> World:
    """The world that was made with a call, looked up."""
    found = User.objects.in_bulk([f"{name}@test.example" for name in PEOPLE], field_name="email")
    users = {name: found[f"{name}@test.example"] for name in PEOPLE}
    today = clock.today()
    posts: dict[int, list[Membership]] = defaultdict(list)
    held = Membership.objects.in_force(today).filter(user__in=users.values())
    for post in held.select_related("department__organization").order_by("pk"):
        posts[post.user_id].append(post)
    actors = {
        name: actor_for(user, posts[user.pk][0], today, second_factor=True, posts=posts[user.pk])
        for name, user in users.items()
    }
    actors |= {"anonymous": ANONYMOUS, "system": SYSTEM}
    bodies = Organization.objects.in_bulk(["132225", "132217", CHAMBER], field_name="code")
    lead, partner, chamber = (bodies[code] for code in ("132225", "132217", CHAMBER))
    return World(call, FormTemplate.objects.get(program=call.program), lead, partner, chamber, users, actors)


@dataclass
class Gallery:
    """A world and the primary key of its case in each state."""

    world: World
    cases: dict[str, int]

    @classmethod
    def found(cls) -> "Gallery":
        """The gallery in the database."""
        cases = dict(Application.objects.values_list("status", "pk"))
        return cls(world_of(Call.objects.get()), cases)

    def case(self, status: str) -> Application:
        """The case in a state, read afresh."""
        return Application.objects.with_parts().get(pk=self.cases[status])


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
