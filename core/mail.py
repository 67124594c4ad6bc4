"""A mail as every part of the portal sends it."""

from email.header import Header
from typing import Any

from django.core.mail import EmailMessage


class Mail(EmailMessage):
    """A plain mail whose Japanese subject starts on the header's first line; some gateways drop one that does not."""

    def message(self, **options: Any) -> Any:
        """The mail as sent; the parent has refused line breaks in the subject by then."""
        made = super().message(**options)
        made.replace_header("Subject", Header(str(self.subject), "utf-8", header_name="Subject"))
        return made
