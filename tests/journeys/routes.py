"""The routes of the portal and the templates in the repository: what the screens are held against."""

from collections.abc import Iterator
from pathlib import Path

from django.urls import URLPattern, URLResolver, get_resolver

ROOT = Path(__file__).resolve().parent.parent.parent

# Routes that show no page of their own, each with the reason. A prefix ends with "*".
NO_PAGE = {
    "healthz": "answers machines in JSON",
    "readyz": "answers machines in JSON",
    "metrics": "numbers for monitoring systems; tests/pages",
    "favicon": "redirects to the picture",
    "robots": "plain text for crawlers",
    "deadlines_feed": "a calendar file; tests/pages",
    "calendar_feed": "a calendar file; tests/pages",
    "schema": "the OpenAPI document",
    "api-docs": "the API viewer is a tool of a library; its own page loads no host but ours (test_closed_network)",
    "handover": "sends a file; tests/accounts",
    "mfa_download_recovery_codes": "a text file; tests/accounts",
    "applications:download": "sends a file; tests/grants",
    "applications:routing_file": "sends a file; tests/grants",
    "applications:workbook": "sends a file; tests/grants",
    "applications:paper": "sends a file; tests/grants",
    "receipts:pdf": "sends a file; tests/grants",
    "review:call_file": "sends a file; tests/grants",
    "review:external_book": "sends a file; tests/grants",
    "review:download": "sends a file; tests/grants",
    "review:archive_file": "sends a file; tests/grants",
    "review:unmark": "shows a part again and goes back to its page; tests/grants",
    "review:accounting": "sends a file; tests/grants",
    "review:package": "sends a file; tests/grants",
    "review:letter_preview": "sends a file; tests/grants",
    "review:forget_scenario": "forgets a what-if and goes back to the panel; tests/grants",
    "review:table_file": "sends a file; tests/grants",
    "review:forget_view": "forgets a saved view and goes back to its table; tests/grants",
    "supports:log": "sends a file; tests/grants",
    "plans:workbook": "sends a file; tests/indicators",
    "plans:paper": "sends a file; tests/indicators",
    "rounds:autosave": "answers the script of the sheet in JSON; tests/indicators",
    "rounds:paper": "sends a file; tests/indicators",
    "rounds:workbook": "sends a file; tests/indicators",
    "api-*": "the API answers in JSON; tests/api",
    "exp-*": "the national contract answers in JSON; tests/api/test_exp.py",
    "common-grants-*": "answers machines in JSON; tests/api/test_common_grants.py",
    "open-data-*": "sends files; tests/api/test_open_data.py",
    "program-jsonld": "linked data; tests/api/test_open_data.py",
    "sitemap": "XML for crawlers; tests/api/test_open_data.py",
}

# Templates that no screen can show, each with the reason.
NOT_RENDERED = {
    "mail/": "text of mails; tests/accounts reads them",
    "api/docs.html": "frames the API viewer of a library; test_closed_network opens it",
}


def routes(
    patterns: list[URLPattern | URLResolver] | None = None, space: str = "", path: str = ""
) -> Iterator[tuple[str, str]]:
    """(name with its namespaces, pattern) of every route."""
    for pattern in get_resolver("tama_portal.urls").url_patterns if patterns is None else patterns:
        here = path + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from routes(pattern.url_patterns, inner, here)
        else:
            yield f"{space}{pattern.name or here}", here


def page_routes() -> set[str]:
    """The names of all routes that show a page."""
    return {name for name, path in routes() if not path.startswith("api/") and not _listed(name)}


def _listed(name: str) -> bool:
    return any(name == known or (known.endswith("*") and name.startswith(known[:-1])) for known in NO_PAGE)


def templates() -> set[str]:
    """Every template of the repository that a screen must show, by its name below templates/."""
    folder = ROOT / "templates"
    found = {path.relative_to(folder).as_posix() for path in folder.rglob("*.html")}
    return {name for name in found if not any(name.startswith(known) for known in NOT_RENDERED)}
