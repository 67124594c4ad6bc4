"""People. A person owns nothing; departments own the work."""

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower


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

    objects: ClassVar[UserManager] = UserManager()
    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        ordering = ["kana", "name", "pk"]
        verbose_name = verbose_name_plural = "利用者"
        constraints = [
            models.UniqueConstraint(
                Lower("email"), name="user_email_folded", violation_error_message="このアドレスは登録済みです。"
            ),
        ]

    def __str__(self) -> str:
        return self.name
