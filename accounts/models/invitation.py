"""Invitations: the one way into the portal, from an administrator to a work address."""

from datetime import datetime

from django.db import models
from django.db.models import Q

from accounts.models.organization import Organization
from accounts.models.user import User


class InvitationQuerySet(models.QuerySet["Invitation"]):
    """Chainable reads of invitations."""

    def open(self, at: datetime) -> "InvitationQuerySet":
        """Those whose link still works: neither used, withdrawn nor expired."""
        return self.filter(used_at__isnull=True, withdrawn_at__isnull=True, expires_at__gte=at)


class Invitation(models.Model):
    """招待. The link's secret is in the mail only; here is its SHA-256. One use, one address, one week."""

    user = models.ForeignKey(User, models.PROTECT, related_name="invitations", verbose_name="招待された人")
    organization = models.ForeignKey(
        Organization, models.PROTECT, related_name="invitations", verbose_name="団体"
    )
    email = models.EmailField("送り先")
    token_digest = models.CharField("鍵の照合値", max_length=64, unique=True)
    invited_at = models.DateTimeField("招待した日時")
    invited_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="invitations_sent", verbose_name="招待した人"
    )
    expires_at = models.DateTimeField("期限")
    used_at = models.DateTimeField("使われた日時", null=True, blank=True)
    withdrawn_at = models.DateTimeField("取り消した日時", null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ["-invited_at", "-pk"]
        verbose_name = verbose_name_plural = "招待"
        constraints = [
            models.UniqueConstraint(
                fields=["user"],
                condition=Q(used_at__isnull=True, withdrawn_at__isnull=True),
                name="invitation_one_open",
                violation_error_message="この人への招待がすでにあります。",
            ),
            models.CheckConstraint(
                condition=Q(used_at__isnull=True) | Q(withdrawn_at__isnull=True),
                name="invitation_one_end",
                violation_error_message="使われた招待は取り消せません。",
            ),
            models.CheckConstraint(
                condition=Q(expires_at__gt=models.F("invited_at")),
                name="invitation_period",
                violation_error_message="期限は招待の後にしてください。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organization}：{self.user}"
