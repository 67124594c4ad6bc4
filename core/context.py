"""What every page knows without asking: the site, the demo's state and clock, who acts, where one is.

Shapes: `nav` and `footer_nav` are lists of `NavItem`; `now` is an aware datetime; `actor` is never None.
A page that is not mounted in this installation is left out of the navigation instead of breaking every page.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypedDict

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from core import clock
from core.actor import ANONYMOUS, Actor

SITE_NAME: Final = "多摩・島しょ連携支援ポータル"

_MAIN_PAGES: Final = (
    ("programs:list", "支援制度をさがす"),
    ("calls:list", "募集"),
    ("projects:list", "採択事業"),
    ("plans:list", "計画と進行管理"),
)
_ABOUT_PAGES: Final = (
    ("help", "使い方"),
    ("privacy", "プライバシー"),
    ("accessibility", "アクセシビリティ"),
    ("open-data", "オープンデータ"),
    ("api-docs", "API仕様"),
)
# The words of accounts.enums.Role, which lies above this layer; a test holds the two lists together.
ROLE_WORDS: Final[dict[str, str]] = {
    "editor": "担当",
    "approver": "承認者",
    "liaison": "取りまとめ",
    "finance": "財政課",
    "officer": "都担当",
    "reviewer": "審査員",
    "external_reviewer": "外部委員",
    "decider": "決定権者（都）",
    "publisher": "制度編集者",
    "coordinator": "計画所管",
    "adviser": "技術的支援コンサルタント",
    "contractor": "受託事務局",
    "auditor": "監査",
    "administrator": "利用者管理",
}

REVIEWING_ROLES: Final = ("officer", "reviewer", "external_reviewer", "decider")
"""Roles with an entry to the review (grants.queries.reviewing lies above this layer)."""


@dataclass(frozen=True)
class NavItem:
    """A link of the frame; `current` is True on the page itself and on the pages below it."""

    label: str
    url: str
    current: bool


class SiteContext(TypedDict):
    """The variables `site` gives to every template."""

    site_name: str
    demo: bool
    demo_clock: datetime | None
    actor: Actor
    role_words: Callable[[], list[str]]
    reviews: Callable[[], bool]
    publishes: Callable[[], bool]
    supports_towns: Callable[[], bool]
    nav: list[NavItem]
    footer_nav: list[NavItem]
    now: datetime


def _links(pages: tuple[tuple[str, str], ...], path: str) -> list[NavItem]:
    items = []
    for name, label in pages:
        try:
            url = reverse(name)
        except NoReverseMatch:
            continue
        items.append(NavItem(label, url, path.startswith(url)))
    return items


def site(request: HttpRequest) -> SiteContext:
    """The context of the frame. Source: docs/architecture.md, header and footer of every page."""
    # Read only when a template asks, so that the page about a broken database needs none.
    actor: Actor = getattr(request, "actor", ANONYMOUS)
    now = clock.now()
    demo = bool(settings.DEMO)
    return {
        "site_name": SITE_NAME,
        "demo": demo,
        "demo_clock": now if demo else None,
        "actor": actor,
        "role_words": lambda: [word for role, word in ROLE_WORDS.items() if actor.has_role(role)],
        "reviews": lambda: actor.has_role(*REVIEWING_ROLES),
        "publishes": lambda: actor.has_role("publisher"),
        "supports_towns": lambda: actor.has_role("adviser", "officer"),
        "nav": _links(_MAIN_PAGES, request.path),
        "footer_nav": _links(_ABOUT_PAGES, request.path),
        "now": now,
    }
