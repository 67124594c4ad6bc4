"""What people choose about their own notices: when they are told, and who stands in for them."""

from collections.abc import Mapping
from datetime import date

from django.db import transaction

from accounts.enums import NoticeMode
from accounts.models import Deputy, Membership, NoticeChoice, User
from accounts.rules import NOTICE_GROUPS
from core import clock
from core.actor import Actor
from core.exceptions import DomainError, Fault, Refused

LONGEST_ABSENCE_DAYS = 366


@transaction.atomic
def choose_notices(*, modes: Mapping[str, str], by: Actor) -> None:
    """Keep how the acting person wants each group of notices; groups that are required cannot be chosen.

    Raises Refused for nobody, DomainError for an unknown or required group and for an unknown mode.
    """
    if by.user_id is None:
        raise Refused
    free = {group.code for group in NOTICE_GROUPS if not group.is_required}
    for group, mode in modes.items():
        if group not in free or mode not in NoticeMode.values:
            raise DomainError(Fault(group, "この受け取り方は選べません。", "一覧から選び直してください。"))
    rows = [NoticeChoice(user_id=by.user_id, group=group, mode=mode) for group, mode in modes.items()]
    NoticeChoice.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["user", "group"], update_fields=["mode"]
    )


@transaction.atomic
def name_deputy(*, deputy: User, starts_on: date, ends_on: date, by: Actor) -> Deputy:
    """Let a colleague of the acting department be told too, while one is away. It gives the colleague no rights.

    Raises Refused for nobody, DomainError for somebody of another unit, oneself, or an odd period.
    """
    if by.user_id is None or by.department_id is None:
        raise Refused
    today = clock.today()
    colleague = Membership.objects.in_force(today).filter(user=deputy, department=by.department_id)
    if deputy.pk == by.user_id or not colleague.exists():
        raise DomainError(Fault("deputy", "代理は、同じ部署のほかの人です。", "一覧から選んでください。"))
    if ends_on < starts_on or ends_on < today:
        raise DomainError(
            Fault("ends_on", "最後の日が、開始日か今日より前です。", "先の日を入れてください。")
        )
    if (ends_on - starts_on).days > LONGEST_ABSENCE_DAYS:
        raise DomainError(
            Fault("ends_on", "期間が長すぎます。", "1年以内にするか、配属を変えてもらってください。")
        )
    return Deputy.objects.create(
        user_id=by.user_id,
        deputy=deputy,
        department_id=by.department_id,
        starts_on=starts_on,
        ends_on=ends_on,
    )


@transaction.atomic
def end_deputy(*, number: int, by: Actor) -> None:
    """Take back one's own deputy. Raises Refused for anybody else's."""
    if not Deputy.objects.filter(pk=number, user=by.user_id or 0).delete()[0]:
        raise Refused
