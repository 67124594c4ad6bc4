"""Towns for the closing hour: each with five editors, a draft to write in, and a case that only waits for the click."""

import secrets
from dataclasses import dataclass
from datetime import timedelta

from accounts.models import Organization
from accounts.queries import municipalities
from core import clock
from grants.actions import documents, drafting
from grants.models import Application, FormTemplate
from programs.models import Call, Program
from tests.factories import accounts as people
from tests.factories import grants as cases
from tests.factories import programs as catalogue

FILES, FILE_BYTES = 5, 200_000


@dataclass
class Town:
    """A town with its world of actors and its cases."""

    world: cases.World
    draft: Application
    ready: Application
    spare: Application | None = None


def opened() -> tuple[cases.World, Call]:
    """The first subsidy's form, open to every town for six hours more, and an officer."""
    program, now = Program.objects.get(slug="diverse-partners-grant"), clock.now()
    template = FormTemplate.objects.filter(program=program).latest("version")
    template.eligibility = {**template.eligibility, "areas": []}
    template.save()
    call = catalogue.call_open(
        program, opens_at=now - timedelta(days=1), precheck_due_at=now + timedelta(hours=5),
        closes_at=now + timedelta(hours=6), announce_at=now + timedelta(days=60), fiscal_year=2027,
        round_name="締切の1時間", rounding_unit=1000, max_per_lead=3,
    )  # fmt: skip
    unit = people.department(people.metropolis(), program.department or cases.DEPARTMENT)
    officer = people.person("officer@bench.example", "officer", unit)
    bodies = [Organization.objects.get(code=code) for code in ("132225", "132217")]
    world = cases.World(
        call, template, *bodies, bodies[1], {"officer": officer}, {"officer": people.actor(officer)}
    )
    return world, call


def prepare(count: int, spare: int) -> list[Town]:
    """Towns with a draft to write in and one that only waits for the click (`spare` of them: another for the idle run)."""
    first, call = opened()
    towns = []
    for number, body in enumerate(municipalities().supported()[:count]):
        world = _town(first, body, number)
        towns.append(Town(world, drafting.start_another(call=call, by=world["lead_editor"]), _ready(world)))
        if number < spare:
            towns[-1].spare = _ready(world)
    return towns


def _town(first: cases.World, body: Organization, number: int) -> cases.World:
    """The same call with this body as lead and another as partner."""
    partner = first.partner if body != first.partner else first.lead
    users = {
        f"editor{n}": people.person(f"e{number}-{n}@bench.example", "editor", people.department(body))
        for n in range(FILES)
    }
    users["lead_editor"] = users["editor0"]
    users["lead_approver"] = people.person(f"a{number}@bench.example", "approver", people.department(body))
    users["partner_approver"] = people.person(
        f"p{number}@bench.example", "approver", people.department(partner)
    )
    users["officer"] = first.users["officer"]
    actors = {name: people.actor(user) for name, user in users.items()}
    return cases.World(first.call, first.template, body, partner, first.chamber, users, actors)


def _ready(world: cases.World) -> Application:
    """A draft that only waits for the click, with five files."""
    application = drafting.start_another(call=world.call, by=world["lead_editor"])
    cases.fill(world, application)
    for number in range(FILES - 1):
        content = cases.pdf(secrets.token_hex(FILE_BYTES // 2))
        file = cases.upload(f"資料{number}.pdf", content)
        documents.attach_document(application_id=application.pk, file=file, by=world["lead_editor"])
    cases.precheck(world, application)
    cases.agree(world, application)
    cases.certify(world, application)
    return Application.objects.get(pk=application.pk)
