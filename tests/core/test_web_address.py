"""Which addresses everybody is shown."""

import pytest

from core.web_address import unfit


@pytest.mark.parametrize(
    "url",
    [
        "https://www.soumu.metro.tokyo.lg.jp/05gyousei/", "http://example.jp:8080/a?b=c#d", "https://市.jp/空き家",
        "https://203.0.114.5/", "https://[2606:4700::1111]/", "HTTPS://EXAMPLE.JP", "https://example.jp/@town",
    ],
)  # fmt: skip
def test_pages_of_the_open_web_can_be_shown(url: str) -> None:
    assert unfit(url) == ""


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("https://town:secret@example.jp/", "パスワード"), ("https://town@example.jp/", "パスワード"),
        ("https://example.jp@10.0.0.1/", "パスワード"),
        ("http://localhost/", "庁内"), ("http://192.168.0.1/x", "庁内"), ("http://[::1]/", "庁内"), ("http://2130706433/", "庁内"),
        ("http://127.1/", "庁内"), ("http://[::ffff:10.0.0.1]/", "庁内"), ("http://169.254.169.254/latest", "庁内"),
        ("http://bunsho-sv/x", "庁内"), ("https://x.asp.lgwan.jp/", "庁内"), ("http://printer.local./", "庁内"),
        ("https://[", "読めません"), ("https://example.jp:x/", "読めません"), ("https://", "読めません"),
        ("javascript:alert(1)", "読めません"), ("ftp://example.jp/", "読めません"), ("//example.jp/", "読めません"),
        ("https://example.jp/a b", "読めません"), ('https://example.jp/"', "読めません"), ("https:\\\\example.jp", "読めません"),
        ("", "読めません"),
    ],
)  # fmt: skip
def test_others_are_refused_in_words(url: str, says: str) -> None:
    assert says in unfit(url)
