"""People. A person owns nothing; departments own the work."""

from collections.abc import Iterator
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils.crypto import salted_hmac

from core.events import new_salt


class UserManager(BaseUserManager["User"]):
    """Creates people by work e-mail address, folded to lower case."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Create a person; without a password they cannot sign in by one."""
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        """Addresses are compared without regard to letter case."""
        return self.get(email__iexact=username)


class User(AbstractBaseUser):
    """利用者. Signs in by e-mail with a second factor; what they may do comes from memberships."""

    email = models.EmailField("業務メールアドレス", unique=True)
    name = models.CharField("氏名", max_length=60)
    kana = models.CharField("読み", max_length=60, blank=True)
    is_active = models.BooleanField("有効", default=True)
    joined_at = models.DateTimeField("登録日時", null=True, blank=True)
    is_fictional = models.BooleanField("架空の人物", default=False)
    salt = models.CharField("照合用の乱数", max_length=32, default=new_salt, editable=False)
    session_version = models.PositiveIntegerField("サインインの版", default=1, editable=False)

    objects: ClassVar[UserManager] = UserManager()
    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        ordering = ["kana", "name", "pk"]
        verbose_name = verbose_name_plural = "利用者"
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="user_email_folded",
                violation_error_message="このアドレスは登録済みです。",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_session_auth_hash(self) -> str:
        """What a session is bound to: password and `session_version`; raising either ends all sessions."""
        return self._session_hash(None)

    def get_session_auth_fallback_hash(self) -> Iterator[str]:
        """The same under the keys that SECRET_KEY replaced."""
        for secret in settings.SECRET_KEY_FALLBACKS:
            yield self._session_hash(secret)

    def _session_hash(self, secret: str | bytes | None) -> str:
        value = f"{self.password}|{self.session_version}"
        return salted_hmac("accounts.user.session", value, secret=secret, algorithm="sha256").hexdigest()
