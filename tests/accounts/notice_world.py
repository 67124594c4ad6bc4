"""Bodies, units and people for tests of notices: two towns, a post each, shared mailboxes."""

from dataclasses import dataclass
from datetime import date

from accounts.actions.notice import Audience, notify
from accounts.enums import Area, MunicipalType, OrganizationKind, Role
from accounts.models import Department, Membership, Organization, User
from accounts.queries import actor_for
from core import clock
from core.actor import Actor

LONG_AGO = date(2020, 4, 1)


def town(code: str, name: str) -> Organization:
    return Organization.objects.create(
        code=code,
        kind=OrganizationKind.MUNICIPALITY,
        name=name,
        municipal_type=MunicipalType.SHI,
        area=Area.TAMA,
    )


def unit(organization: Organization, name: str, **fields: object) -> Department:
    return Department.objects.create(organization=organization, name=name, **fields)


def person(name: str, *, joined: bool = True, active: bool = True) -> User:
    return User.objects.create_user(
        f"{name}@town.example",
        name=f"{name}さん",
        is_active=active,
        joined_at=clock.instant(LONG_AGO) if joined else None,
    )


def post(
    user: User, department: Department, role: Role, starts_on: date = LONG_AGO, **fields: object
) -> Membership:
    return Membership.objects.create(
        user=user, department=department, role=role, starts_on=starts_on, **fields
    )


def acting(user: User, membership: Membership | None = None) -> Actor:
    return actor_for(user, membership, clock.today(), second_factor=True)


@dataclass
class World:
    """東久留米市 企画調整課 with an editor and an approver, and 清瀬市 企画課 with an editor."""

    town: Organization
    planning: Department
    editor: User
    editor_post: Membership
    approver: User
    approver_post: Membership
    other_town: Organization
    other_planning: Department
    stranger: User
    stranger_post: Membership

    @property
    def editor_actor(self) -> Actor:
        return acting(self.editor, self.editor_post)

    @property
    def approver_actor(self) -> Actor:
        return acting(self.approver, self.approver_post)

    @property
    def stranger_actor(self) -> Actor:
        return acting(self.stranger, self.stranger_post)


def world() -> World:
    first, second = town("132225", "東久留米市"), town("132217", "清瀬市")
    planning = unit(first, "企画調整課", mailbox="kikaku@town.example")
    other = unit(second, "企画課", is_liaison=True, mailbox="kikaku@other.example")
    editor, approver, stranger = person("editor"), person("approver"), person("stranger")
    return World(
        first, planning, editor, post(editor, planning, Role.EDITOR), approver,
        post(approver, planning, Role.APPROVER), second, other, stranger, post(stranger, other, Role.EDITOR),
    )  # fmt: skip


def outside(count: int) -> None:
    """That many notices, each to one mailbox: box1@, box2@ …"""
    for number in range(1, count + 1):
        notify(
            kind="grants.told", key=f"out:{number}", title="お知らせ", path="/",
            audience=Audience.of_mailbox(f"box{number}@out.example"),
        )  # fmt: skip
