"""The demo's mailbox: the newest mails on a page, so that a code can be read without any mail program."""

import email
import email.policy
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from core.access import access

_SEPARATOR = b"-" * 79
_SHOWN = 20


@dataclass(frozen=True)
class Mail:
    """One mail as a person reads it."""

    to: str
    subject: str
    at: datetime | None
    body: str


@access(public=True)
@require_safe
@never_cache
def demo_mail(request: HttpRequest) -> HttpResponse:
    """The newest mails of the demo. Does not exist anywhere else."""
    if not settings.DEMO:
        raise Http404
    folder = Path(settings.EMAIL_FILE_PATH) if settings.EMAIL_FILE_PATH else None
    mails = newest_mails(folder) if folder is not None and folder.is_dir() else []
    return render(request, "account/demo_mail.html", {"mails": mails, "has_folder": folder is not None})


def newest_mails(folder: Path, limit: int = _SHOWN) -> list[Mail]:
    """The newest mails of Django's file backend, newest first; half-written files are left for the next look."""
    files = sorted(folder.glob("*.log"), key=lambda path: path.stat().st_mtime_ns, reverse=True)
    found: list[Mail] = []
    for path in files[:limit]:
        parts = [part.strip(b"\n") for part in path.read_bytes().split(_SEPARATOR) if part.strip()]
        found += [_mail(part) for part in reversed(parts)]
    return found[:limit]


def _mail(raw: bytes) -> Mail:
    message = email.message_from_bytes(raw, _class=EmailMessage, policy=email.policy.default)
    body = message.get_body(("plain",))
    return Mail(
        to=str(message.get("To", "")),
        subject=str(message.get("Subject", "")),
        at=_sent_at(message),
        body=str(body.get_content()) if body is not None else "",
    )


def _sent_at(message: EmailMessage) -> datetime | None:
    """When it was sent; a date "-0000" (zone not told) is in UTC."""
    sent: datetime | None = message["Date"].datetime if message["Date"] else None
    return sent.replace(tzinfo=UTC) if sent is not None and sent.tzinfo is None else sent
