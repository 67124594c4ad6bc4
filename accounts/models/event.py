"""What happened to people, posts and sign-ins: the account record and the attempt log."""

from collections.abc import Iterable

from django.db import models
from django.utils.crypto import salted_hmac

from accounts.enums import AccountAction, AttemptOutcome, Role
from accounts.models.organization import Organization
from accounts.models.user import User
from core.append_only import append_only
from core.events import HashChainedEvent, verify_chain
from core.invariants import invariant
from core.text import fold


@append_only
class AccountEvent(HashChainedEvent):
    """One chain per body ("organization:<code>") for posts and invitations, one per person ("user:<id>")
    for their own sign-in and factors. E-mail addresses appear only as salted digests in `payload`."""

    organization = models.ForeignKey(
        Organization, models.PROTECT, null=True, related_name="account_events", verbose_name="対象の団体"
    )
    subject = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="account_events", verbose_name="対象の利用者"
    )

    class Meta(HashChainedEvent.Meta):
        verbose_name = verbose_name_plural = "利用者の記録"
        indexes = [models.Index(fields=["subject", "-at"], name="account_event_subject")]

    @property
    def words(self) -> str:
        """What happened, in words."""
        return AccountAction(self.action).label

    @property
    def detail(self) -> str:
        """What it was about: department and role, or the factor."""
        payload = self.payload
        parts = [payload.get("department"), payload.get("factor"), *payload.get("factors", [])]
        parts.append(payload.get("token"))
        if payload.get("role"):
            parts.append(Role(payload["role"]).label)
        if self.action == AccountAction.ADD_DEPARTMENT:
            parts = [payload.get("name")]
        return "・".join(str(part) for part in parts if part)


@invariant("accounts.events")
def check_events() -> Iterable[str]:
    """Every chain of the account record is whole."""
    return verify_chain(AccountEvent.objects.all())


class LoginAttempt(models.Model):
    """サインインの試み. Holds no address in clear: `person` and `address` are keyed digests (hex)."""

    at = models.DateTimeField("日時")
    person = models.CharField("利用者の符号", max_length=64)
    address = models.CharField("接続元の符号", max_length=64)
    outcome = models.CharField("結果", max_length=20, choices=AttemptOutcome)

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = verbose_name_plural = "サインインの試み"
        indexes = [models.Index(fields=["person", "-at"], name="login_attempt_person")]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.get_outcome_display()}"

    @staticmethod
    def digest(value: str) -> str:
        """A keyed digest (hex) of an e-mail or network address; equal for equal addresses on this portal only."""
        return salted_hmac("accounts.login_attempt", fold(value), algorithm="sha256").hexdigest()
