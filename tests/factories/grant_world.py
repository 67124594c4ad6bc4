"""The world of a case: bodies, people of every role and one open call; and the cases of a gallery, looked up."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

from django.contrib.auth.hashers import make_password
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import Department, Membership, Organization, User
from accounts.queries import actor_for
from core import clock
from core.actor import ANONYMOUS, SYSTEM, Actor
from core.loading import read_json
from grants.actions.loading import load_form
from grants.models import Application, FormTemplate
from programs.models import Call
from tests.factories import accounts as people
from tests.factories import programs as catalogue
from tests.factories.grant_forms import FORM

NOW = datetime(2026, 11, 21, 1, 0, tzinfo=UTC)
CLOSES = NOW + timedelta(days=10)
PRECHECK_DUE = NOW + timedelta(days=5)
AFTER_CLOSING = CLOSES + timedelta(days=1)
ANNOUNCES = NOW + timedelta(days=60)
CHAMBER = "test-chamber"
DEPARTMENT = "総務局 行政部 振興企画課"


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
