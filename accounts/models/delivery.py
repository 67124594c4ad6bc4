"""Deliveries: the second half of the outbox, one row for each mail of each notice.

A `Delivery` (to whom) is made when the worker addresses a notice, from the posts in force at that moment.
States are written by accounts.actions.delivery alone.
"""

from datetime import datetime

from django.db import models
from django.db.models import F, Q

from accounts.models.notice import Notice, Recipient
from accounts.models.organization import Department
from accounts.models.user import User


class DeliveryState(models.TextChoices):
    """pending → claimed → sending → sent, or skipped (nobody to tell any more), or failed (parked)."""

    PENDING = "pending", "送信待ち"
    CLAIMED = "claimed", "送信の順番待ち"
    SENDING = "sending", "送信中"
    SENT = "sent", "送信済"
    SKIPPED = "skipped", "送信不要"
    FAILED = "failed", "送信できません"


HELD_STATES = (DeliveryState.CLAIMED, DeliveryState.SENDING)
OPEN_STATES = (DeliveryState.PENDING, *HELD_STATES)
UNSENT_STATES = (DeliveryState.SKIPPED, DeliveryState.FAILED)


class Channel(models.TextChoices):
    """How a delivery travels. The inbox needs none: it reads the notices themselves."""

    MAIL = "mail", "電子メール"


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    """Chainable reads of deliveries."""

    def due(self, at: datetime) -> "DeliveryQuerySet":
        """To be tried now: waiting ones whose time has come, and held ones whose lease ran out (a worker died)."""
        waiting = Q(state=DeliveryState.PENDING, next_try_at__lte=at)
        abandoned = Q(state__in=HELD_STATES, leased_until__lt=at)
        return self.filter(waiting | abandoned).order_by("next_try_at", "pk")

    def delayed(self, since: datetime) -> "DeliveryQuerySet":
        """Still open although the notice is older than `since`: what the pages call 遅れています."""
        return self.filter(state__in=OPEN_STATES, notice__at__lt=since)

    def parked(self) -> "DeliveryQuerySet":
        """Given up after repeated refusals; a person has to look."""
        return self.filter(state=DeliveryState.FAILED)


class Delivery(models.Model):
    """One mail of one notice. Tried until it is sent, needless or parked; every try has the same Message-ID.

    `attempts` counts tries begun, `deferrals` those that ended because the mail server was away (they never
    park a delivery), `maybe_twice` says that a try ended without an answer, so that the mail may have gone twice.
    """

    notice = models.ForeignKey(Notice, models.CASCADE, related_name="deliveries", verbose_name="通知")
    channel = models.CharField("方法", max_length=10, choices=Channel, default=Channel.MAIL)
    user = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="利用者"
    )
    department = models.ForeignKey(
        Department, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="部署"
    )
    mailbox = models.EmailField("外部の宛先", blank=True)
    message_id = models.CharField("Message-ID", max_length=200, unique=True)
    state = models.CharField("状態", max_length=10, choices=DeliveryState, default=DeliveryState.PENDING)
    next_try_at = models.DateTimeField("次に送る日時")
    claim = models.CharField("受け持ちの印", max_length=32, blank=True)
    leased_until = models.DateTimeField("受け持ちの期限", null=True, blank=True)
    attempts = models.PositiveIntegerField("送信を始めた回数", default=0)
    deferrals = models.PositiveIntegerField("メールサーバーの都合で延ばした回数", default=0)
    maybe_twice = models.BooleanField("二度届いたかもしれない", default=False)
    sent_at = models.DateTimeField("送信日時", null=True, blank=True)
    last_error = models.CharField("届いていない理由", max_length=200, blank=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = verbose_name_plural = "通知の送信"
        indexes = [
            models.Index(
                fields=["next_try_at", "id"], name="delivery_open", condition=Q(state__in=OPEN_STATES)
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["notice", "user"], condition=Q(user__isnull=False), name="delivery_once_per_person"
            ),
            models.UniqueConstraint(
                fields=["notice", "department"],
                condition=Q(user__isnull=True),
                name="delivery_once_per_shared_mailbox",
            ),
            models.UniqueConstraint(
                fields=["notice", "mailbox"],
                condition=~Q(mailbox=""),
                name="delivery_once_per_outside_mailbox",
            ),
            models.CheckConstraint(
                condition=(Q(Q(user__isnull=False) | Q(department__isnull=False), mailbox=""))
                | (Q(user__isnull=True, department__isnull=True) & ~Q(mailbox="")),
                name="delivery_has_one_target",
                violation_error_message="送り先は、利用者・部署・メールアドレスのどれか1つにしてください。",
            ),
            models.CheckConstraint(
                condition=Q(state=DeliveryState.SENT, sent_at__isnull=False)
                | (~Q(state=DeliveryState.SENT) & Q(sent_at__isnull=True)),
                name="delivery_sent_has_instant",
                violation_error_message="送信日時は、送信済のときにだけ記録してください。",
            ),
            models.CheckConstraint(
                condition=(Q(state__in=HELD_STATES, leased_until__isnull=False) & ~Q(claim=""))
                | (~Q(state__in=HELD_STATES) & Q(leased_until__isnull=True, claim="")),
                name="delivery_held_has_lease",
                violation_error_message="受け持ちの印と期限は、送信の順番待ちと送信中にだけ付けてください。",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=UNSENT_STATES) | ~Q(last_error=""),
                name="delivery_unsent_has_reason",
                violation_error_message="送らないことにした送信には理由が必要です。",
            ),
            models.CheckConstraint(
                condition=Q(deferrals__lte=F("attempts")),
                name="delivery_deferrals_are_attempts",
                violation_error_message="延ばした回数は、送信を始めた回数を超えません。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.message_id}：{self.get_state_display()}"

    def matches(self, recipient: Recipient) -> bool:
        """Whether this delivery tells that recipient."""
        if self.user_id is not None or recipient.user_id is not None:
            return self.user_id == recipient.user_id
        if self.department_id is not None or recipient.department_id is not None:
            return self.department_id == recipient.department_id
        return self.mailbox.casefold() == recipient.key
