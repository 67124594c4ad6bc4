"""Names of attached files: made safe, in any script."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import files


@pytest.mark.parametrize(
    ("given_name", "safe"),
    [
        ("計画書.pdf", "計画書.pdf"),
        ("C:\\Users\\x\\計画.pdf", "計画.pdf"),
        ("../../etc/passwd", "passwd"),
        ("計画\u202efdp.exe", "計画fdp.exe"),
        ("a\r\nb\x00.pdf", "ab.pdf"),
        ('a<b>:"|?*.pdf', "a_b______.pdf"),
        ("", "無題"),
        (".pdf", "pdf"),
        ("...", "無題"),
        ("か\u3099.pdf", "が.pdf"),
        ("あ" * 200 + ".pdf", "あ" * 83 + ".pdf"),
        ("あ" * 200, "あ" * 85),
        ("a" * 251 + ".pdf", "a" * 251 + ".pdf"),
        ("a" * 252 + ".pdf", "a" * 251 + ".pdf"),
        ("ملف الخطة.pdf", "ملف الخطة.pdf"),
        ("髙﨑\U00020bb7野家\U000e0100.pdf", "髙﨑\U00020bb7野家\U000e0100.pdf"),
        ("ก" * 83 + "ก\u0e31\u0e49.pdf", "ก" * 83 + ".pdf"),
        ("\u0e31" * 200 + ".pdf", "無題.pdf"),
    ],
)
def test_names_are_made_safe(given_name: str, safe: str) -> None:
    assert files.safe_name(given_name) == safe


@given(st.text())
def test_any_name_becomes_a_plain_one(given_name: str) -> None:
    safe = files.safe_name(given_name)
    assert 0 < len(safe.encode()) <= files.MAX_NAME_BYTES
    assert not set(safe) & set('/\\<>:"|?*\r\n\x00\u202e')
    assert files.safe_name(safe) == safe
