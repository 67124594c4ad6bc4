"""A town whose last administrator is gone or out of reach: 都 lets a new one in, on record, and the town's mailboxes are told."""

from django.db import transaction

from accounts.actions.invitation import Invited, invite
from accounts.actions.membership import chain_of
from accounts.actions.notice import Audience, notify
from accounts.enums import Role
from accounts.models import AccountEvent, Department, Organization
from accounts.rules import ABSENT_DAYS
from core import clock
from core.access import allowed, require
from core.actor import Actor
from core.exceptions import Conflict, DomainError, Fault


@transaction.atomic
def help_town(
    *, town: Organization, email: str, name: str, department: Department | None, comment: str, by: Actor
) -> Invited:
    """Invite an administrator for the town, from today on; how it was confirmed is the `comment`.

    `department` None makes a unit 利用者管理 where the town has none yet. Raises Refused for anybody but 都's
    administrator, Conflict when the town has an administrator within reach (again), DomainError without a comment.
    """
    require(by, "accounts.help_towns")
    town = Organization.objects.select_for_update().get(pk=town.pk)
    if not allowed(by, "accounts.help_towns", town):
        raise Conflict("この団体には、利用者管理の担当者がいます。その担当者が招待できます。")
    if not comment.strip():
        raise DomainError(Fault("comment", "理由がありません。", "だれに、どう確かめたかを書いてください。"))
    today = clock.today()
    place = department or Department.objects.create(
        organization=town, name="利用者管理", valid_from=today, display_order=town.departments.count()
    )
    invited = invite(
        email=email, name=name, department=place, role=Role.ADMINISTRATOR, starts_on=today, comment=comment,
        by=by,
    )  # fmt: skip
    event = AccountEvent.append(
        chain_of(town), by, "help_town", organization=town, comment=comment,
        payload={"department": place.name, "role": Role.ADMINISTRATOR.value},
    )  # fmt: skip
    notify(
        kind="accounts.helped", key=f"accounts:helped:{event.pk}", path="/account/",
        audience=Audience.of_organization(town.pk),
        title="都が、利用者管理の担当者を招待しました",
        lines=[
            f"利用者管理の担当者がいないか、{ABSENT_DAYS}日以上サインインしていないため、都の利用者管理が招待しました。",
            "心当たりがないときは、都へご連絡ください。",
        ],
    )  # fmt: skip
    return invited
