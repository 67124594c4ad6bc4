"""Cases of the demo's people for the screens: made by the actions, once, and found again afterwards."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path

from django.conf import settings

from accounts.models import Organization, User
from core import clock
from grants.actions import announcing, decision, documents, drafting, review, submission
from grants.actions.loading import load_reference
from grants.actions.membership import invite
from grants.models import Application, FormTemplate, Member
from programs.models import Call
from tests.factories import accounts as people
from tests.factories import grants as pieces
from tests.factories.grant_forms import revise

HIGASHIKURUME, KIYOSE, KODAIRA = "132225", "132217", "132110"
_TOWN = {HIGASHIKURUME: "higashikurume", KIYOSE: "kiyose", KODAIRA: "kodaira"}
TOKEN = "token-of-the-screens"


def world_of(lead: str, partner: str) -> pieces.World:
    """The demo's people in the parts of a case."""
    load_reference(Path(settings.FIXTURES_DIR) / "reference")
    call = Call.objects.filter(program__slug="diverse-partners-grant").latest("closes_at")
    mails = {
        "lead_editor": f"editor@{_TOWN[lead]}.example",
        "lead_approver": f"approver@{_TOWN[lead]}.example",
        "partner_approver": f"approver@{_TOWN[partner]}.example",
        "officer": "officer@tokyo.example",
        "decider": "decider@tokyo.example",
        "reviewer": "reviewer1@tokyo.example",
    }
    users = {name: user for name, mail in mails.items() if (user := User.objects.filter(email=mail).first())}
    bodies = [Organization.objects.get(code=code) for code in (lead, partner)]
    template = FormTemplate.objects.filter(program=call.program).latest("version")
    actors = {name: people.actor(user) for name, user in users.items()}
    return pieces.World(call, template, bodies[0], bodies[1], bodies[1], users, actors)


def _own(world: pieces.World) -> Application:
    """The live case of the lead, started where there is none."""
    return pieces.start(world)


def bare() -> str:
    """A draft nobody has filled (小平市): its address."""
    return f"/applications/{_own(world_of(KODAIRA, KIYOSE)).public_id}/"


def filled() -> str:
    """A draft that waits for consents (東久留米市 with 清瀬市): its address."""
    world = world_of(HIGASHIKURUME, KIYOSE)
    application = _own(world)
    if not application.members.partners().present().exists():
        pieces.fill(world, application)
    return f"/applications/{application.public_id}/"


def lined() -> str:
    """A draft for the program with several lines (小平市): the page where they are chosen."""
    world = world_of(KODAIRA, KIYOSE)
    call = Call.objects.filter(program__slug="iju-teiju-shichoson-shien").latest("closes_at")
    case = drafting.start(call=call, by=world["lead_editor"])[0]
    return f"/applications/{case.public_id}/lines/"


def with_paper() -> str:
    """That draft with at least one file attached: its address."""
    address = filled()
    case = Application.objects.get(public_id=address.split("/")[2])
    if not case.documents.filter(removed_at=None).exists():
        by = world_of(HIGASHIKURUME, KIYOSE)["lead_editor"]
        documents.attach_document(
            application_id=case.pk, file=pieces.upload(), requirement="plan_sheet", by=by
        )
    return address


@contextmanager
def form_revised() -> Iterator[None]:
    """A newer version of the form is out, and is taken back afterwards; the draft began before it."""
    filled()
    world = world_of(HIGASHIKURUME, KIYOSE)
    template = revise(world.template)
    try:
        yield
    finally:
        template.questions.all().delete()
        template.delete()


def member(role: str) -> str:
    """The id of a member of the filled draft; "bare" is the lead of the one nobody has filled."""
    if role == "bare":
        return pieces.lead_of(Application.objects.get(public_id=bare().split("/")[2])).public_id
    case = Application.objects.get(public_id=filled().split("/")[2])
    return case.members.present().get(role=role).public_id


def _submitted() -> tuple[pieces.World, Application]:
    world = world_of(KIYOSE, HIGASHIKURUME)
    application = _own(world)
    if application.submitted_at is None:
        pieces.fill(world, application)
        pieces.precheck(world, application)
        pieces.agree(world, application)
        pieces.certify(world, application)
        submission.submit(
            application_id=application.pk, by=world["lead_editor"], idempotency_key="key-of-the-screens"
        )
    return world, Application.objects.with_parts().get(pk=application.pk)


def submitted() -> str:
    """A case with a receipt (清瀬市 with 東久留米市): its address."""
    return f"/applications/{_submitted()[1].public_id}/"


def receipt() -> str:
    """The address of its receipt."""
    return f"/receipts/{_submitted()[1].receipt_number}/"


def announced() -> str:
    """That case adopted and announced."""
    world, application = _submitted()
    if application.announced_at is None:
        call, pk = application.call, application.pk
        with clock.at(call.closes_at + timedelta(hours=1)):
            review.start_review(application_id=pk, by=world["officer"])
            review.assign_reviewers(
                application_id=pk, by=world["officer"], reviewers=[world.users["reviewer"]]
            )
            decision.recommend(
                application_id=pk,
                by=world["officer"],
                outcome="adopt",
                reason="評価が高いため",
                amount=10_000_000,
            )
            decision.adopt(
                application_id=pk, by=world["decider"], decided_on=clock.today(), document_number="8総行振第55号",
                effective_on=date(2027, 4, 1),
            )  # fmt: skip
        with clock.at((call.announce_at or call.closes_at) + timedelta(hours=1)):
            announcing.announce(application_id=pk, by=world["officer"])
    return f"/applications/{application.public_id}/"


def mailed() -> str:
    """The link that the chamber of the filled draft, which has no account, got by mail."""
    case = Application.objects.get(public_id=filled().split("/")[2])
    digest = sha256(f"{TOKEN}-by-mail".encode()).hexdigest()
    case.members.filter(organization=None).update(invitation_digest=digest, invitation_used_at=None)
    return f"/invitations/{TOKEN}-by-mail/"


def unopened() -> str:
    """The filled draft, while the chamber's invitation waits to be opened."""
    mailed()
    return filled()


def invitation() -> str:
    """A link for 小平市's people into the filled draft."""
    case = Application.objects.get(public_id=filled().split("/")[2])
    body = Organization.objects.get(code=KODAIRA)
    found = case.members.filter(organization=body).first()
    if found is None:
        found = invite(
            application_id=case.pk, organization=body, by=world_of(HIGASHIKURUME, KIYOSE)["lead_editor"]
        )
    Member.objects.filter(pk=found.pk).update(
        invitation_digest=sha256(TOKEN.encode()).hexdigest(), invitation_used_at=None
    )
    return f"/invitations/{TOKEN}/"
