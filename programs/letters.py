"""Mails of alerts. They hold what was found, a link to the search and one to stop; no name, no address."""

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse

from accounts.actions.own_letters import Letter
from accounts.models import Notice
from core.context import SITE_NAME
from programs.models import SavedSearch


def told_letter(notice: Notice) -> Letter:
    """News of a saved search, with the headers by which mail programs offer to stop it (RFC 8058)."""
    search = _search_of(notice)
    return Letter(
        _body("told", notice, search),
        {"List-Unsubscribe": f"<{_page(search)}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"},
    )


def asked_letter(notice: Notice) -> Letter:
    """The question whether an address wants a saved search told. Ignoring it is a no."""
    return Letter(_body("asked", notice, _search_of(notice)))


def _search_of(notice: Notice) -> SavedSearch:
    """The search a notice was written for; its number stands in the notice's key."""
    return SavedSearch.objects.get(pk=int(notice.dedupe_key.split(":")[1]))


def _page(search: SavedSearch) -> str:
    return f"{_origin()}{reverse('alerts:page', args=[search.token])}"


def _origin() -> str:
    origin: str = settings.PORTAL_ORIGIN
    return origin.rstrip("/")


def _body(name: str, notice: Notice, search: SavedSearch) -> str:
    origin = _origin()
    context = {
        "lines": [f"　{origin}{line}" if line.startswith("/") else line for line in notice.lines],
        "list_url": f"{origin}{notice.path}",
        "page_url": _page(search),
        "frequency": search.get_frequency_display(),
        "code": notice.notice_code,
        "site_name": SITE_NAME,
    }
    return render_to_string(f"mail/programs/{name}.txt", context).strip() + "\n"
