"""Every address by which somebody could ask for what a body is writing about a program."""

from tests.security.case_addresses import Address


def publishing_pages(slug: str, key: str) -> list[Address]:
    """Pages of a program's publishers; `key` is that of a call that is on its way."""
    whole = {"slug": slug}
    part = whole | {"part": "call", "key": key}
    return [
        *((f"publishing:{page}", whole) for page in ("detail", "edit", "preview")),
        ("publishing:act", whole | {"name": "discard"}),
        ("publishing:revision", whole | {"number": 1}),
        ("publishing:part-new", whole | {"part": "call"}),
        *((f"publishing:{page}", part) for page in ("part", "part-edit", "part-preview")),
        ("publishing:part-act", part | {"name": "discard"}),
        ("publishing:part-revision", part | {"number": 1}),
        ("publishing:pair", {"first": slug, "second": "unknown"}),
        *(("publishing:together", {"state": state}) for state in ("draft", "in_review")),
    ]
