"""Posts: who is placed where, from when to when. Every act is an event of the body's chain."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F

from accounts.enums import MembershipKind, Role
from accounts.models import AccountEvent, Department, Membership, Organization, User
from accounts.queries import administrators_after
from accounts.rules import DATED_ROLES, assignable_roles
from core import clock
from core.access import require
from core.actor import Actor
from core.events import digest_person
from core.exceptions import Conflict, DomainError, Fault


def chain_of(organization: Organization) -> str:
    """The event chain of a body's people."""
    return f"organization:{organization.code}"


@transaction.atomic
def add_department(
    *, organization: Organization, name: str, phone: str = "", mailbox: str = "", is_liaison: bool = False,
    is_fictional: bool = False, by: Actor,
) -> Department:  # fmt: skip
    """Add a unit to a body. Raises DomainError when a unit of that name exists already."""
    require(by, "accounts.manage_people", organization)
    name = " ".join(name.split())
    if Department.objects.in_force(clock.today()).filter(organization=organization, name=name).exists():
        raise DomainError(Fault("name", f"部署「{name}」は登録済みです。", "一覧から選んでください。"))
    department = Department(
        organization=organization, name=name, phone=phone, mailbox=mailbox, is_liaison=is_liaison,
        is_fictional=is_fictional, valid_from=clock.today(), display_order=organization.departments.count(),
    )  # fmt: skip
    checked(department)
    department.save()
    AccountEvent.append(
        chain_of(organization), by, "add_department", organization=organization,
        payload={"department": department.pk, "name": name, "is_liaison": is_liaison},
    )  # fmt: skip
    return department


@transaction.atomic
def add_post(
    *, person: User, department: Department, role: str, kind: str = MembershipKind.MAIN, starts_on: date,
    ends_on: date | None = None, comment: str = "", by: Actor,
) -> Membership:  # fmt: skip
    """Place a person in a department. Their other sessions end, so that nobody acts on yesterday's rights.

    Raises DomainError for a role this kind of body does not have, a missing end of a dated role, a start in
    the past without a reason, or a post that overlaps the same one.
    """
    require(by, "accounts.manage_people", department)
    _check_role(department.organization, role, ends_on)
    if starts_on < clock.today() and not comment and not by.is_system:
        raise DomainError(
            Fault("comment", "開始日が過去です。", "理由を書くか、今日以後の日にしてください。")
        )
    post = Membership(
        user=person, department=department, role=role, kind=kind, starts_on=starts_on, ends_on=ends_on
    )
    _refuse_overlap(post)
    checked(post)
    post.save()
    end_sessions(person)
    _record(post, by, "add_post", effective_on=starts_on, comment=comment)
    return post


@transaction.atomic
def end_post(*, post: Membership, ends_on: date, comment: str = "", by: Actor) -> Membership:
    """End a post: `ends_on` is its last day. What the person drafted stays with the department.

    Raises DomainError for a day before the start, a past day without a reason, or the last administrator;
    Conflict when the post has ended already.
    """
    require(by, "accounts.manage_people", post)
    Organization.objects.select_for_update().get(pk=post.department.organization_id)
    post = (
        Membership.objects.select_for_update(of=("self",))
        .select_related("department__organization")
        .get(pk=post.pk)
    )
    today = clock.today()
    if post.ends_on is not None and post.ends_on < today:
        raise Conflict("この配属は終わっています。")
    if ends_on < post.starts_on:
        raise DomainError(Fault("ends_on", "終了日が開始日より前です。", "開始日以後の日にしてください。"))
    if ends_on < today and not comment:
        raise DomainError(
            Fault("comment", "終了日が過去です。", "理由を書くか、今日以後の日にしてください。")
        )
    post.ends_on = ends_on
    post.save(update_fields=["ends_on"])
    _refuse_without_administrator(post, ends_on)
    end_sessions(post.user)
    _record(post, by, "end_post", effective_on=ends_on, comment=comment)
    return post


@transaction.atomic
def cancel_post(*, post: Membership, by: Actor) -> None:
    """Take back a post that has not started yet. Raises DomainError once it has: then it can be ended."""
    require(by, "accounts.manage_people", post)
    if post.starts_on <= clock.today():
        raise DomainError("この配属は始まっています。取消しではなく、終了日を入れてください。")
    _record(post, by, "cancel_post", effective_on=post.starts_on)
    post.delete()


def end_sessions(person: User) -> None:
    """Sign a person out everywhere: every session carries the version it was opened under."""
    User.objects.filter(pk=person.pk).update(session_version=F("session_version") + 1)
    person.refresh_from_db(fields=["session_version"])


def checked(row: Department | Membership | User) -> None:
    """Raise DomainError, field by field, for what the model itself refuses."""
    try:
        row.full_clean(exclude=["password"])
    except ValidationError as error:
        faults = [
            Fault("" if name == "__all__" else name, message)
            for name, messages in error.message_dict.items()
            for message in messages
        ]
        raise DomainError(*faults) from error


def _check_role(organization: Organization, role: str, ends_on: date | None) -> None:
    if role not in assignable_roles(organization.kind):
        raise DomainError(
            Fault(
                "role", f"{organization.name}では、この役割を割り当てられません。", "一覧から選んでください。"
            )
        )
    if Role(role) in DATED_ROLES and ends_on is None:
        raise DomainError(
            Fault(
                "ends_on",
                f"役割「{Role(role).label}」には終了日が必要です。",
                "任期の最後の日を入れてください。",
            )
        )


def _refuse_overlap(post: Membership) -> None:
    same = Membership.objects.filter(user=post.user, department=post.department, role=post.role)
    for other in same.select_for_update():
        starts_late = other.ends_on is not None and other.ends_on < post.starts_on
        ends_early = post.ends_on is not None and post.ends_on < other.starts_on
        if not (starts_late or ends_early):
            raise DomainError(
                Fault(
                    "role",
                    "同じ部署・同じ役割の配属が、この期間にすでにあります。",
                    "期間を確かめてください。",
                )
            )


def _refuse_without_administrator(post: Membership, ends_on: date) -> None:
    if post.role != Role.ADMINISTRATOR:
        return
    following = date.fromordinal(max(ends_on, clock.today()).toordinal() + 1)
    if not administrators_after(post.department.organization, following).exists():
        raise DomainError(
            "この団体の利用者管理の担当者がいなくなります。先に後任を招待し、後任がサインインしてから終えてください。"
        )


def _record(post: Membership, by: Actor, action: str, **facts: Any) -> AccountEvent:
    organization = post.department.organization
    return AccountEvent.append(
        chain_of(organization), by, action, organization=organization, subject=post.user,
        payload={
            "membership": post.pk, "department": post.department.name, "role": post.role, "kind": post.kind,
            "starts_on": post.starts_on, "ends_on": post.ends_on,
            "person": digest_person(post.user.email, post.user.salt),
        },
        **facts,
    )  # fmt: skip
