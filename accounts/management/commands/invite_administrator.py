"""The first administrator of a body: everybody else is invited from the people page."""

from smtplib import SMTPException
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.urls import reverse

from accounts.actions.invitation import invite
from accounts.actions.membership import add_department
from accounts.enums import Role
from accounts.letters import invitation_letter, post_letter
from accounts.models import Department
from accounts.queries import organization_by_code
from core import clock
from core.actor import SYSTEM
from core.exceptions import DomainError


class Command(BaseCommand):
    """`manage.py invite_administrator CODE EMAIL NAME --department NAME`."""

    help = "Invites the first administrator of a body (six-digit code or short name) and mails the link."

    def add_arguments(self, parser: CommandParser) -> None:
        """Body, person, department; the department is made when it does not exist."""
        parser.add_argument("code")
        parser.add_argument("email")
        parser.add_argument("name")
        parser.add_argument("--department", required=True)

    def handle(self, *args: Any, **options: Any) -> None:
        """Invite and mail; on a fault nothing is kept."""
        body = organization_by_code(options["code"])
        if body is None:
            raise CommandError(f"No body has the code {options['code']}. Load the reference data first.")
        today = clock.today()
        try:
            with transaction.atomic():
                named = Department.objects.in_force(today).filter(
                    organization=body, name=options["department"]
                )
                unit = named.first() or add_department(
                    organization=body, name=options["department"], by=SYSTEM
                )
                made = invite(
                    email=options["email"], name=options["name"], department=unit, role=Role.ADMINISTRATOR,
                    starts_on=today, by=SYSTEM,
                )  # fmt: skip
                self._letter(made.post, made.secret).send()
        except DomainError as error:
            raise CommandError(str(error)) from error
        except (SMTPException, OSError) as error:
            raise CommandError(
                f"The mail was not sent ({error}); nothing was kept. Check TAMA_SMTP_HOST."
            ) from error
        self.stdout.write(f"Invited {options['email']} as administrator of {body.name}.")

    @staticmethod
    def _letter(post: Any, secret: str) -> Any:
        address = settings.PORTAL_ORIGIN.rstrip("/")
        if secret:
            return invitation_letter(post, address + reverse("account:invitation", args=[secret]))
        return post_letter(post, address + reverse("account_login"))
