"""Alerts without an account: a saved search with a mail address, and what has been told of it."""

import hashlib
import secrets
from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils.crypto import salted_hmac
from django.utils.http import urlsafe_base64_encode

from programs.enums import AlertFrequency

_SALT = "programs.alert"


def random_seed() -> str:
    """128 random bits; with the portal's key they give the token."""
    return secrets.token_hex(16)


class SavedSearchQuerySet(models.QuerySet["SavedSearch"]):
    """Chainable reads of alerts; only who has the token reaches one."""

    def with_token(self, token: str) -> "SavedSearchQuerySet":
        """The alert a token belongs to."""
        return self.filter(digest=digest_of(token))

    def due(self, at: datetime) -> "SavedSearchQuerySet":
        """Confirmed alerts whose next look is due."""
        return self.filter(confirmed_at__isnull=False, next_at__lte=at).order_by("next_at", "pk")


class SavedSearch(models.Model):
    """検索条件の保存. Mails begin once the address has been confirmed; stopping deletes the row and with it the
    address.

    `criteria` holds the members of `programs.queries.search.Criteria` as plain data (`place` is the code of the
    municipality), `query` the same as the query of the list's address, for links. Of the token only the SHA-256
    (`digest`) is kept; it is made again from `seed` and the portal's key when a mail is written, so that a copy of
    the table alone opens nothing.
    """

    address = models.EmailField("メールアドレス")
    criteria = models.JSONField("条件", default=dict)
    query = models.TextField("条件のアドレス", blank=True)
    key = models.CharField("条件の照合値", max_length=64)
    frequency = models.CharField("知らせる間隔", max_length=10, choices=AlertFrequency)
    seed = models.CharField("印の元", max_length=32, default=random_seed, unique=True)
    digest = models.CharField("印の照合値", max_length=64, unique=True)
    asked_at = models.DateTimeField("申込日時")
    confirmed_at = models.DateTimeField("確認日時", null=True, blank=True)
    next_at = models.DateTimeField("次に調べる日時", null=True, blank=True)

    objects = SavedSearchQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = verbose_name_plural = "検索条件の保存"
        indexes = [
            models.Index(
                fields=["next_at", "id"], name="saved_search_due", condition=Q(confirmed_at__isnull=False)
            ),
            models.Index(fields=["address", "asked_at"], name="saved_search_by_address"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["address", "key"], name="saved_search_once"),
            models.CheckConstraint(
                condition=Q(confirmed_at__isnull=True, next_at__isnull=True)
                | Q(confirmed_at__isnull=False, next_at__isnull=False),
                name="saved_search_due_when_confirmed",
                violation_error_message="次に調べる日時は、確認の済んだものにだけ付けてください。",
            ),
            models.CheckConstraint(
                condition=Q(frequency__in=AlertFrequency.values),
                name="saved_search_known_frequency",
                violation_error_message="知らせる間隔は、毎日か毎週にしてください。",
            ),
        ]

    def __str__(self) -> str:
        return f"検索条件 {self.pk}"

    @property
    def token(self) -> str:
        """The secret of its page and of the one-click stop; 256 bits."""
        return token_of(self.seed)


class AlertItem(models.Model):
    """What an alert has told, or need not tell: one row for a version of a program (first told, told again after
    it was published anew) or for a call.

    Written in the transaction that orders the mail, so that nothing is told twice whatever stops in between.
    """

    search = models.ForeignKey(SavedSearch, models.CASCADE, related_name="items", verbose_name="検索条件")
    key = models.CharField("何の知らせか", max_length=160)
    told_at = models.DateTimeField("知らせた日時")

    class Meta:
        ordering = ["pk"]
        verbose_name = verbose_name_plural = "知らせたもの"
        constraints = [models.UniqueConstraint(fields=["search", "key"], name="alert_item_once")]

    def __str__(self) -> str:
        return f"{self.search_id}：{self.key}"


def token_of(seed: str) -> str:
    """The token made from a seed: keyed with the portal's secret key."""
    return urlsafe_base64_encode(salted_hmac(_SALT, seed, algorithm="sha256").digest())


def digest_of(token: str) -> str:
    """What is kept of a token (SHA-256, hex)."""
    return hashlib.sha256(token.encode()).hexdigest()
