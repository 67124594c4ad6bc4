"""Canaries: for each body, things only that body may see, each with a string that is grepped everywhere.

One planter per app, registered with `@plants("<app>")`. It gets a body and yields what it planted: `text` is a
`mark(...)` (plain ASCII, so that it survives escaping, JSON and folding), and `addresses` are the routes by which
somebody could ask for it. An app that gets tables of its own must get a planter (test_access_matrix checks), and
a route with parameters must be among the addresses of some planter.
"""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

from accounts.actions.calendars import make_calendar_token
from accounts.actions.notice import Audience, notify
from accounts.actions.tokens import make_token
from accounts.enums import OrganizationKind, Role, Scope
from accounts.models import CalendarToken, Membership, Notice, Organization
from accounts.rules import assignable_roles
from core import clock
from core.actor import SYSTEM
from core.loading import read_json
from grants.actions import decision, documents, drafting, membership, opinions, review
from grants.actions.loading import load_form
from indicators.models import Direction, Indicator, Measure, Plan, Policy, SheetYear
from programs.actions import revising
from programs.actions.alerts import subscribe
from programs.actions.corrections import receive
from programs.actions.parts import save_part
from programs.common_grants.reading import identifier as opportunity
from programs.enums import PartKind
from programs.exp.identity import PROGRAM, identifier
from programs.models import AdoptedProject, Call, EligibilityRule, FundingRule, Program
from programs.parts import call as call_items
from programs.queries.revisions import content_of
from programs.queries.search import Criteria
from tests.factories import accounts as make
from tests.factories import grants as grant_cases
from tests.factories import programs as catalogue
from tests.security import canaries_calls, canaries_rounds, canaries_routing, canaries_supports
from tests.security.case_addresses import Address, api_addresses, call_pages, review_pages
from tests.security.planting import NOBODY, PLANTERS, Canary, mark, plants
from tests.security.publishing_addresses import publishing_pages


def plant(bodies: list[Organization]) -> list[Canary]:
    """Everything of every body."""
    return [canary for body in bodies for planter in PLANTERS.values() for canary in planter(body)]


@plants("accounts")
def accounts(body: Organization) -> Iterator[Canary]:
    """A colleague's name and address, an invited one, a mailbox, a notice, a sign-in factor."""
    unit = make.department(body, mailbox=f"{mark(body, 'mailbox')}@box.example")
    yield Canary(
        body.code,
        mark(body, "mailbox"),
        [
            ("transfer:unit", {"unit_id": unit.pk}),
            ("transfer:town", {"code": body.code}),
            ("account:deputy_end", {"number": unit.pk}),
            ("send_again", {"number": unit.pk}),
            *(("handover", {"form": form}) for form in ("pdf", "xlsx")),
        ],
    )
    name, email = mark(body, "person"), f"{mark(body, 'address')}@people.example"
    colleague = make.person(email, "administrator", unit, name=name)
    post = Membership.objects.get(user=colleague)
    factor = TOTP.activate(colleague, generate_totp_secret()).instance
    Authenticator.objects.filter(pk=factor.pk).update(
        type=Authenticator.Type.WEBAUTHN, data={"name": "x", "credential": {}}
    )
    one, both = {"person_id": colleague.pk}, {"person_id": colleague.pk, "post_id": post.pk}
    yield Canary(
        body.code,
        name,
        [
            ("account:person", one),
            ("account:invitation_renew", one),
            ("account:invitation_withdraw", one),
            ("account:post_add", one),
            ("account:post_end", both),
            ("account:post_cancel", both),
            *(
                ("account:secure", {**one, "act": act})
                for act in ("reset_factors", "deactivate", "reactivate", "x")
            ),
            ("mfa_edit_webauthn", {"pk": factor.pk}),
            ("mfa_remove_webauthn", {"pk": factor.pk}),
        ],
    )
    yield Canary(body.code, mark(body, "address"))
    newcomer = make.person(
        f"{mark(body, 'invited')}@people.example", "administrator", unit, name="招待中", registered=False
    )
    yield Canary(
        body.code,
        mark(body, "invited"),
        [
            ("account:person", {"person_id": newcomer.pk}),
            ("account:invitation", {"secret": "unknown"}),
            ("account_reset_password_from_key", {"uidb36": "1", "key": "unknown-key"}),
        ],
    )
    notify(
        key=mark(body, "notice"), kind="tests.canary", title=mark(body, "notice"), lines=[mark(body, "notice")],
        path="/notices/", audience=Audience.of_department(unit.pk),
    )  # fmt: skip
    told = Notice.objects.get(dedupe_key=mark(body, "notice"))
    yield Canary(body.code, mark(body, "notice"), [("api-notice-read", {"id": told.pk})])
    make_calendar_token(by=make.actor(colleague))
    calendar = CalendarToken.objects.get(made_by=colleague)
    feeds = [("account:calendar_revoke", {"token_id": calendar.pk}), ("calendar_feed", {"secret": "unknown"})]
    yield Canary(body.code, name, feeds)
    if body.kind in {OrganizationKind.METROPOLITAN, OrganizationKind.MUNICIPALITY}:
        owner = make.person(
            f"{mark(body, 'owner')}@people.example", "publisher", unit, name=mark(body, "owner")
        )
        post = Membership.objects.get(user=owner)
        token, _ = make_token(
            membership_id=post.pk,
            name=mark(body, "token"),
            scopes=[Scope.READ_NOTICES],
            days=30,
            by=make.actor(owner),
        )
        yield Canary(body.code, mark(body, "token"), [("account:token_revoke", {"token_id": token.pk})])
    yield Canary(
        body.code, mark(body, "notice"), [("api-notice-read", {"id": Notice.objects.latest("pk").pk})]
    )


@plants("programs")
def programs(body: Organization) -> Iterator[Canary]:
    """A draft program with a correction, an alert, a draft call, a project to be announced; partners own none."""
    if Role.PUBLISHER not in assignable_roles(body.kind):
        return
    now = clock.now()
    slug = f"draft-{body.code}"
    program = Program.objects.create(
        slug=slug, title=mark(body, "program"), level="municipal", kind="grant", owner=body, summary="概要",
        search_title=mark(body, "program"), search_text=mark(body, "program"),
    )  # fmt: skip
    key = f"call-{body.code[-5:]}"
    yield Canary(
        body.code,
        program.title,
        [
            *(
                (f"programs:{page}", {"slug": slug})
                for page in ("detail", "calculate", "eligibility", "correction", "corrections")
            ),
            *publishing_pages(slug, key),
            ("api-program-detail", {"slug": slug}),
            ("api-program-eligibility", {"slug": slug}),
            ("program-jsonld", {"slug": slug}),
            *((name, {"identifier": identifier(PROGRAM, slug)}) for name in ("exp-v1", "exp-v2", "exp-page")),
            ("exp-unknown", {"rest": f"v1/public/subsidies/{slug}"}),
            ("common-grants-detail", {"identifier": str(opportunity(slug))}),
            *(
                ("open-data-file", {"name": file})
                for file in ("programs.csv", "programs.json", "calls.sjis.csv")
            ),
            *(("open-data-file", {"name": file}) for file in ("projects.360giving.json", "figures.json")),
            ("open-data-dump", {"day": "2026-11-21", "name": "programs.csv"}),
        ],
    )
    said = content_of(program) | {"summary": mark(body, "revision")}
    revising.save(program=program, content=said, by=SYSTEM, at=now)
    yield Canary(body.code, mark(body, "revision"))
    asked = call_items.fresh() | {"round_name": mark(body, "round")}
    save_part(program=program, part=PartKind.CALL, key=key, content=asked, by=SYSTEM, at=now)
    yield Canary(body.code, mark(body, "round"))
    receive(program=program, part="summary", proposed=mark(body, "correction"), at=now)
    yield Canary(body.code, mark(body, "correction"))
    address = f"{mark(body, 'alert')}@reader.example"
    subscribe(address=address, criteria=Criteria(), query="", frequency="daily", at=now)
    yield Canary(NOBODY, mark(body, "alert"), [("alerts:page", {"token": "unknown"})])
    keys = {"slug": f"rule-{body.code}", "program": program, "name": mark(body, "rule")}
    keys["inputs"] = [{"name": "cost", "label": mark(body, "rule"), "kind": "integer", "unit": "円"}]
    cost, zero = {"op": "input", "name": "cost"}, {"op": "const", "value": 0}
    amount = {"op": "round_down", "of": cost, "unit": 1, "label": "端数処理"}
    versions = [{"first_year": None, "last_year": None, "tree": amount, "alternatives": []}]
    conditions = [{"text": mark(body, "rule"), "tree": {"op": "at_least", "of": [cost, zero]}}]
    whole = (
        FundingRule(**keys, formula=mark(body, "rule"), reading="explicit", versions=versions),
        EligibilityRule(**keys, text=mark(body, "rule"), conditions=conditions),
    )
    for rule in whole:
        rule.full_clean()
        rule.save()
    kinds = ("funding", "eligibility")
    yield Canary(
        body.code,
        mark(body, "rule"),
        [
            (f"api-{kind}-rule-{what}", {"id": keys["slug"]})
            for kind in kinds
            for what in ("detail", "evaluate")
        ],
    )
    call = Call.objects.create(
        program=program, fiscal_year=2027, round_name=mark(body, "call"), opens_at=now,
        closes_at=now + timedelta(days=30), applicants="区市町村",
    )  # fmt: skip
    yield Canary(
        body.code,
        call.round_name,
        [("calls:detail", {"public_id": call.public_id}), ("api-call-detail", {"id": call.public_id})],
    )
    project = AdoptedProject.objects.create(
        slug=f"coming-{body.code}", program=program, title=mark(body, "project"), adopted_fiscal_year=2026,
        lead=body, announced_at=now + timedelta(days=30),
    )  # fmt: skip
    yield Canary(
        body.code,
        project.title,
        [("projects:detail", {"slug": project.slug}), ("api-project-detail", {"slug": project.slug})],
    )


@plants("indicators")
def indicators(body: Organization) -> Iterator[Canary]:
    """A plan in draft with a sheet and an indicator."""
    slug = f"plan-{body.code}"
    plan = Plan.objects.create(
        slug=slug, organization=body, title=mark(body, "plan"), goal=mark(body, "goal")
    )
    direction = Direction.objects.create(plan=plan, number=1, label="Ⅰ", title=mark(body, "direction"))
    policy = Policy.objects.create(direction=direction, number=1, title="方針")
    measure = Measure.objects.create(
        plan=plan, policy=policy, number="1", printed_number="01", position=1, title=mark(body, "measure"),
        outlook="continue", lead_department="企画政策課",
    )  # fmt: skip
    SheetYear.objects.create(measure=measure, fiscal_year=2026, content_summary=mark(body, "sheet"))
    Indicator.objects.create(
        plan=plan, direction=direction, slug="kpi-1", number=1, name=mark(body, "indicator"), unit="件",
        baseline_text="10", baseline_value=Decimal(10), baseline_start=2025, baseline_end=2025,
        target_kind="threshold", target_operator=">=", target_value=Decimal(20), target_start=2034, target_end=2034,
    )  # fmt: skip
    whole, sheet, kpi = {"slug": slug}, {"slug": slug, "number": "1"}, {"slug": slug, "indicator": "kpi-1"}
    files = [
        ("open-data-file", {"name": f"{name}.json"})
        for name in ("plans", "measures", "indicators", "observations")
    ]
    pages = [
        (f"plans:{page}", whole)
        for page in ("detail", "workbook", "import", "import-budget", "matrix", "revisions")
    ]
    pages += [("plans:paper", {**whole, "kind": kind}) for kind in ("pdf", "docx")]
    yield Canary(body.code, plan.title, [*pages, ("api-plan", whole), *files])
    for text in (plan.goal, direction.title):
        yield Canary(body.code, text)
    yield Canary(
        body.code, measure.title, [("plans:measure", sheet), ("api-measure", {"plan": slug, "number": "1"})]
    )
    yield Canary(body.code, mark(body, "sheet"))
    rounds = (
        canaries_rounds.plant(body, plan, measure) if body.kind == "municipality" else ()
    )  # towns hold them
    for text, addresses in rounds:
        yield Canary(body.code, text, addresses)
    yield Canary(
        body.code,
        mark(body, "indicator"),
        [
            ("plans:indicator", kpi),
            ("api-indicator", {"plan": slug, "slug": "kpi-1"}),
            ("plans:scale", whole),
            ("plans:activities", sheet),
            *(("plans:indicator-act", {**kpi, "name": name}) for name in ("observe", "correct", "x")),
        ],
    )


@plants("grants")
def grants(body: Organization) -> Iterator[Canary]:
    """A draft of a municipality, which Tokyo does not see either; Tokyo's deliberation, which no town sees."""
    if body.kind == OrganizationKind.METROPOLITAN:
        yield from _deliberation(body)
    if not body.is_municipality:
        return
    call = Call.objects.filter(publication="published").first() or _open_call()
    drafter = make.person(
        f"{mark(body, 'drafter')}@people.example", "editor", make.department(body), name=mark(body, "drafter")
    )
    by = make.actor(drafter)
    case = drafting.start(call=call, by=by)[0]
    for question in ("title", "purpose"):
        drafting.save_answer(application_id=case.pk, question=question, value=mark(body, question), by=by)
    chamber = membership.invite(
        application_id=case.pk, name=mark(body, "chamber"), actor_kind="chamber",
        email=f"{mark(body, 'contact')}@chamber.example", by=by,
    )  # fmt: skip
    paper = documents.attach_document(
        application_id=case.pk, file=grant_cases.upload(f"{mark(body, 'file')}.pdf", grant_cases.pdf(mark(body, "bytes"))),
        requirement="plan_sheet", by=by,
    )  # fmt: skip
    whole: dict[str, Any] = {"public_id": case.public_id}
    lead = case.members.get(role="lead")
    pages = (
        "detail", "history", "plan", "form", "indicators", "members", "partners", "shares", "offline", "workbook", "budget", "lines", "documents", "precheck", "consent", "certify", "check", "submit", "reports",
    )  # fmt: skip
    yield Canary(
        body.code,
        mark(body, "title"),
        [
            *((f"applications:{page}", whole) for page in pages),
            *(("applications:act", {**whole, "name": name}) for name in ("discard", "withdraw", "x")),
            ("applications:report", {**whole, "fiscal_year": case.fiscal_year}),
            ("applications:section", {**whole, "code": "plan"}),
            ("applications:part", {**whole, "code": "part", "member": lead.public_id}),
            ("applications:remove_member", {**whole, "member": chamber.public_id}),
            ("applications:renew_invitation", {**whole, "member": chamber.public_id}),
            ("applications:budget_member", {**whole, "member": lead.public_id}),
            ("applications:budget_paste", {**whole, "member": lead.public_id}),
            ("applications:backing", {**whole, "member": lead.public_id}),
            ("applications:letter", {**whole, "member": chamber.public_id}),
            *(
                ("applications:paper", {**whole, "kind": kind, "form": form})
                for kind, form in (("decision", "docx"), ("finance", "xlsx"))
            ),
            ("applications:download", {**whole, "document": paper.public_id}),
            ("applications:remove_document", {**whole, "document": paper.public_id}),
            *review_pages(case.public_id, paper.public_id, 0),
            *api_addresses(case.public_id, lead.public_id, paper.public_id),
            *((f"receipts:{page}", {"number": "unknown"}) for page in ("receipt", "pdf")),
            ("invitations:open", {"token": "unknown"}),
        ],
    )
    for what in ("purpose", "chamber", "file", "bytes", "drafter"):
        yield Canary(body.code, mark(body, what))
    text, more = canaries_routing.plant(body, case.pk, by, mark(body, "routing"))
    yield Canary(body.code, text, more)
    text, more = canaries_routing.plant_question(body, by, mark(body, "question"))
    yield Canary(body.code, text, more)
    yield from canaries_supports.help_of(body, by)


def _deliberation(body: Organization) -> Iterator[Canary]:
    """A case of the first town that waits for a decision: its members see the case, never the points and the draft."""
    world = grant_cases.world()
    Program.objects.filter(pk=world.call.program_id).update(department="")  # the walkers sit elsewhere
    case = grant_cases.under_review(world)
    seat = case.assignments.get(reviewer=world.users["reviewer"])
    with clock.at(grant_cases.AFTER_CLOSING):
        review.score(
            application_id=case.pk, by=world["reviewer"], points=dict.fromkeys(world.template.weights(), 4),
            comment=mark(body, "points"),
        )  # fmt: skip
        decision.recommend(
            application_id=case.pk,
            by=world["officer"],
            outcome="adopt",
            reason=mark(body, "reason"),
            amount=10_000_000,
        )
    with clock.at(grant_cases.AFTER_CLOSING):
        opinions.add_note(application_id=case.pk, by=world["officer"], text=mark(body, "note"))
        asked = opinions.ask_opinion(
            application_id=case.pk, by=world["officer"], question=mark(body, "opinion"), sections=["plan"],
            department=make.department(body, "照会先の部署"), due_at=clock.now() + timedelta(days=7),
        )  # fmt: skip
    town: list[Address] = [
        (f"applications:{page}", {"public_id": case.public_id}) for page in ("detail", "history", "documents")
    ]
    paper = case.documents.filter(purpose="attachment").latest("pk")
    pages = review_pages(case.public_id, paper.public_id, seat.pk)
    pages += api_addresses(case.public_id, grant_cases.lead_of(case).public_id, paper.public_id)
    pages += call_pages(case.call.public_id)
    opinion = {"public_id": case.public_id, "opinion": asked.public_id}
    pages += [("review:opinion", {"opinion": asked.public_id}), ("review:opinion_proxy", opinion)]
    pages += [("review:opinion_act", {**opinion, "name": name}) for name in ("remind", "withdraw", "x")]
    yield Canary(body.code, mark(body, "reason"), [*pages, *town])
    for what in ("note", "opinion", "points"):
        yield Canary(body.code, mark(body, what))
    yield canaries_calls.earlier_closing(body, case.call, world["officer"])


def _open_call() -> Call:
    program = catalogue.published(slug="canary-grant", title="連携活動促進支援事業")
    form = read_json(grant_cases.FORM) | {"program": program.slug}
    load_form(form)
    return catalogue.call_open(program)


def public_addresses(bodies: list[Organization]) -> list[Address]:
    """Addresses of bodies themselves, which everybody may read."""
    return [
        address
        for body in bodies
        for address in (("municipality", {"code": body.code}), ("api-organization", {"code": body.code}))
    ]
