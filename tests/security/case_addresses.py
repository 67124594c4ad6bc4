"""Every address of one case: the metropolitan side's pages, and the API's."""

from typing import Any

Address = tuple[str, dict[str, Any]]


def api_addresses(case: str, member: str, document: str) -> list[Address]:
    """The API's addresses of a case."""
    whole = {"id": case}
    return [
        *(
            (f"api-application{part}", whole)
            for part in (
                "",
                "-events",
                "-versions",
                "-answers",
                "-indicators",
                "-budget",
                "-documents",
                "-reports",
            )
        ),
        ("api-application-act", {**whole, "action": "submit"}),
        ("api-application-version", {**whole, "branch": 0}),
        ("api-application-answer", {**whole, "question": "title"}),
        ("api-application-share", {**whole, "member": member}),
        ("api-application-member-answer", {**whole, "member": member, "question": "role"}),
        ("api-application-document", {**whole, "document": document}),
        ("api-application-document-content", {**whole, "document": document}),
    ]


def review_pages(case: str, document: str, assignment: int) -> list[Address]:
    """The metropolitan side's pages of a case."""
    whole = {"public_id": case}
    pages = (
        "detail", "history", "precheck", "return", "reviewers", "interest", "score", "recommend", "promote", "letters",
        "notes", "opinions", "letter_preview", "issued",
        "archive", "unmark", "waivers", "reports",
    )  # fmt: skip
    named = {
        "act": ("start_review", "send_back", "announce", "x"),
        "decide": ("adopt", "reserve", "x"),
        "petition": ("change_members", "discontinue", "x"),
    }
    return [
        *((f"review:{page}", whole) for page in pages),
        *((f"review:{page}", {**whole, "name": name}) for page, names in named.items() for name in names),
        *(("review:archive_file", {**whole, "kind": kind}) for kind in ("full", "disclosure", "x")),
        ("review:download", {**whole, "document": document}),
        ("review:waiver_revoke", {**whole, "waiver": "unknown"}),
        ("review:proxy_score", {**whole, "assignment": assignment}),
    ]


def call_pages(call: str) -> list[Address]:
    """The metropolitan side's pages of a call."""
    whole = {"call": call}
    pages = ("call", "panel", "extend", "shorten", "external", "table", "package", "meetings")
    return [
        *((f"review:{page}", whole) for page in pages),
        *(
            (f"review:{page}_file", {**whole, "form": form})
            for page in ("call", "table")
            for form in ("csv", "xlsx")
        ),
        *(("review:many", {**whole, "name": name}) for name in ("adopt", "recommend_adopt", "x")),
        ("review:accounting", {**whole, "layout": "decided-amounts"}),
        *((f"review:external_{page}", {**whole, "member": 1}) for page in ("book", "scores")),
        ("review:forget_scenario", {**whole, "scenario": 1}),
        ("review:forget_view", {"view": 1}),
    ]
