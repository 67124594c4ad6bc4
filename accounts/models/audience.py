"""For whom notices are: departments and bodies by role, people, mailboxes. See accounts.models.notice."""

from collections.abc import Iterable
from typing import Final

from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce

from accounts.models.organization import Department, Organization
from accounts.models.user import User
from core.actor import Actor

_TARGETS: Final = ("department", "organization", "user")


def joined(roles: Iterable[str]) -> str:
    """Roles as a row keeps them, ",approver,editor,", so that one of them is found as ",editor,"; "" for everybody."""
    codes = sorted(set(roles))
    return f",{','.join(codes)}," if codes and "" not in codes else ""


class NoticeAudienceQuerySet(models.QuerySet["NoticeAudience"]):
    """Chainable reads of audiences."""

    def reaching(self, actor: Actor) -> "NoticeAudienceQuerySet":
        """Those that mean this person, or the acting department or body in a role held there."""
        reached = Q(user=actor.user_id)
        if actor.department_id is not None:
            units = Q(department__in=with_predecessors(actor.department_id))
            body = Q(organization=actor.organization_id)
            held = Q(roles="")
            for role in sorted(actor.roles):
                held |= Q(roles__contains=joined([role]))
            reached |= (units | body) & held
        return self.filter(reached)


class Addressees(models.Model):
    """宛先: an audience as a whole. A notice has its own; reminders of one department share one, found by `key`.

    Deleting it deletes its notices.
    """

    key = models.CharField("共用の鍵", max_length=64, null=True, blank=True, unique=True)

    class Meta:
        ordering = ["pk"]
        verbose_name = verbose_name_plural = "通知の宛先のまとまり"

    def __str__(self) -> str:
        return str(self.pk)


class NoticeAudience(models.Model):
    """For whom a notice is: a department or a body (those in one of the roles; none is everybody), a person, a mailbox.

    Many reminders go to the same two or three roles, so roles stand together in one row (`joined`).
    """

    addressees = models.ForeignKey(
        Addressees, models.CASCADE, related_name="audiences", verbose_name="まとまり", db_index=False
    )
    department = models.ForeignKey(
        Department,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="部署",
        db_index=False,
    )
    organization = models.ForeignKey(
        Organization,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="団体",
        db_index=False,
    )
    roles = models.CharField("役割", max_length=200, blank=True)
    user = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="利用者", db_index=False
    )
    mailbox = models.EmailField("外部の宛先", blank=True)

    objects = NoticeAudienceQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = verbose_name_plural = "通知の宛先"
        indexes = [  # of one target in four, so a row stands in one of them; by addressees, the constraint's serves
            models.Index(
                fields=[target], name=f"notice_audience_{target}", condition=Q(**{f"{target}__isnull": False})
            )
            for target in _TARGETS
        ]
        constraints = [
            models.CheckConstraint(
                condition=(
                    Q(department__isnull=False, organization__isnull=True, user__isnull=True, mailbox="")
                    | Q(department__isnull=True, organization__isnull=False, user__isnull=True, mailbox="")
                    | Q(
                        department__isnull=True,
                        organization__isnull=True,
                        user__isnull=False,
                        mailbox="",
                        roles="",
                    )
                    | (
                        Q(department__isnull=True, organization__isnull=True, user__isnull=True, roles="")
                        & ~Q(mailbox="")
                    )
                ),
                name="notice_audience_is_one_thing",
                violation_error_message="宛先は、部署・団体・利用者・メールアドレスのどれか1つにしてください。",
            ),
            models.UniqueConstraint(
                F("addressees"),
                *(Coalesce(F(target), Value(0)) for target in _TARGETS),
                F("mailbox"),
                name="notice_audience_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.department or self.organization or self.user or 'メールアドレス'}"

    @property
    def role_codes(self) -> list[str]:
        """The roles (accounts.enums.Role) in their order; none is everybody."""
        return [code for code in self.roles.split(",") if code]


def with_predecessors(department_id: int) -> set[int]:
    """A unit and all units whose work it took over."""
    known: set[int] = set()
    wave = {department_id}
    while wave:
        known |= wave
        wave = set(Department.objects.filter(succeeded_by__in=wave).values_list("pk", flat=True)) - known
    return known
