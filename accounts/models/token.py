"""API tokens: a machine acts for one post of one person, within scopes, until a day. And answers kept for replay."""

from datetime import date, datetime

from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from accounts.enums import Scope
from accounts.models.membership import Membership
from accounts.models.user import User
from core import clock


class ApiTokenQuerySet(models.QuerySet["ApiToken"]):
    """Chainable reads of tokens."""

    def working(self, at: datetime) -> "ApiTokenQuerySet":
        """Those that open the API at an instant: not revoked, not expired, and the post still in force (JST day)."""
        posts = Membership.objects.in_force(clock.today(at)).filter(pk=OuterRef("membership"))
        return self.filter(Exists(posts), revoked_at__isnull=True, expires_at__gt=at)

    def of_body(self, organization_id: int) -> "ApiTokenQuerySet":
        """Those that act for a body."""
        return self.filter(membership__department__organization=organization_id)


class ApiToken(models.Model):
    """APIのトークン. Bound to a post: body, department and role are the post's, and it ends with the post.

    `key` is the part of the secret that may be shown and looked for (8 signs); of the whole only the SHA-256 is kept.
    `scopes` is a list of accounts.enums.Scope.
    """

    key = models.CharField("識別記号", max_length=8, unique=True)
    digest = models.CharField("照合値", max_length=64, unique=True)
    membership = models.ForeignKey(Membership, models.PROTECT, related_name="api_tokens", verbose_name="配属")
    name = models.CharField("使い道", max_length=60)
    scopes = models.JSONField("できること", default=list)
    made_at = models.DateTimeField("作成日時")
    expires_at = models.DateTimeField("期限")
    last_used_at = models.DateTimeField("最後に使われた日時", null=True, blank=True)
    revoked_at = models.DateTimeField("取消日時", null=True, blank=True)
    revoked_by = models.ForeignKey(
        User, models.PROTECT, related_name="+", null=True, blank=True, verbose_name="取り消した人"
    )

    objects = ApiTokenQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at", "-pk"]
        verbose_name = verbose_name_plural = "APIのトークン"
        constraints = [
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("made_at")),
                name="api_token_period",
                violation_error_message="期限は作成の後にしてください。",
            ),
            models.CheckConstraint(
                condition=Q(revoked_at__isnull=True) | Q(revoked_at__gte=F("made_at")),
                name="api_token_revoked_after",
                violation_error_message="取消しは作成の後にしてください。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}（{self.key}）"

    @property
    def scope_labels(self) -> list[str]:
        """What it may do, in words."""
        return [scope.label for scope in Scope if scope.value in self.scopes]

    def state(self, at: datetime) -> str:
        """Why it works or not: "working", "revoked", "expired" or "post_ended"; needs the post at hand."""
        if self.revoked_at is not None:
            return "revoked"
        if self.expires_at <= at:
            return "expired"
        return "working" if _holds(self.membership, clock.today(at)) else "post_ended"


def _holds(post: Membership, on: date) -> bool:
    """As MembershipQuerySet.in_force, for a post with person and department at hand."""
    unit = post.department
    return (
        post.user.is_active
        and post.starts_on <= on
        and (post.ends_on is None or post.ends_on >= on)
        and unit.valid_from <= on
        and (unit.valid_to is None or unit.valid_to >= on)
    )


class KeptAnswer(models.Model):
    """The answer to a write that named an Idempotency-Key: the same request gets it again, nothing is done twice.

    `caller` is "token:<id>" or "user:<id>"; `fingerprint` the SHA-256 of method, path, condition and body.
    """

    caller = models.CharField("送り手", max_length=40)
    key = models.CharField("送信の鍵", max_length=128)
    fingerprint = models.CharField("内容のSHA-256", max_length=64)
    code = models.PositiveSmallIntegerField("HTTPステータス", default=0)
    body = models.JSONField("答え", null=True)
    headers = models.JSONField("ヘッダー", default=dict)
    kept_at = models.DateTimeField("日時")

    class Meta:
        ordering = ["-kept_at", "-pk"]
        verbose_name = verbose_name_plural = "控えた答え"
        constraints = [models.UniqueConstraint(fields=["caller", "key"], name="kept_answer_once")]
        indexes = [models.Index(fields=["kept_at"], name="kept_answer_age")]

    def __str__(self) -> str:
        return f"{self.caller} {self.key}"
