"""The metropolitan side's list and page of a case: who sees what, whose turn it is, and what a reader must not learn."""

import re
from html.parser import HTMLParser
from typing import Any

import pytest
from django.test import Client

from core import clock
from grants.enums import DocumentPurpose
from grants.models import Application, Document
from grants.views import review_list
from tests.factories import grants as cases
from tests.factories.grants import Gallery
from tests.grants.test_pages_applicant import ClientAs, bodies_are_few, text

__all__ = ["bodies_are_few"]
INSIDERS = ("officer", "decider")


def main(page: str) -> str:
    """What stands between the frame's header and footer, without the messages' words repeated in titles."""
    return page.split("<main", 1)[1].split("</main>", 1)[0]


class _Reader(HTMLParser):
    """Collects what the forms of a page would send back: only what is checked or typed."""

    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, str] = {}
        self.area = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an input, or that a text begins."""
        values = dict(attrs)
        name = values.get("name") or ""
        if tag == "textarea":
            self.area, self.found[name] = name, ""
        elif (
            tag == "input"
            and name
            and (values.get("type") not in {"radio", "checkbox"} or "checked" in values)
        ):
            self.found[name] = values.get("value") or ""

    def handle_data(self, data: str) -> None:
        """Add to the text."""
        if self.area:
            self.found[self.area] += data

    def handle_endtag(self, tag: str) -> None:
        """A text ends; its first line end is the markup's."""
        if tag == "textarea":
            self.found[self.area] = self.found[self.area].removeprefix("\n")
            self.area = ""


def fields(page: str) -> dict[str, str]:
    """The inputs of the page's forms as a browser would send them back."""
    reader = _Reader()
    reader.feed(main(page))
    return reader.found


def root(application: Application) -> str:
    return f"/review/{application.public_id}/"


@pytest.mark.parametrize(
    "name", ["lead_editor", "partner_approver", "stranger_editor", "other_bureau", "unassigned_reviewer"]
)
def test_a_case_is_unknown_to_everybody_else(shown: Gallery, client_as: ClientAs, name: str) -> None:
    """Also to the town's own people: theirs is /applications/."""
    client = client_as(shown.world.users[name])
    for status in ("draft", "under_review", "deciding", "adopted"):
        one = shown.case(status)
        pages = ("", "history/", "precheck/", "acts/start_review/", "return/", "reviewers/", "interest/", "score/",
                 "recommend/", "decide/adopt/", "promote/", "petitions/discontinue/")  # fmt: skip
        for page in pages:
            text(client, f"{root(one)}{page}", 404)
    page = text(client_as(shown.world.users["other_bureau"]), "/review/")
    assert "申請はまだありません" in page


def test_visitors_are_asked_to_sign_in(shown: Gallery) -> None:
    assert "/account/login/" in Client().get(root(shown.case("submitted")))["Location"]


def test_ones_own_turn_comes_first_and_filters_are_in_the_address(
    shown: Gallery, client_as: ClientAs
) -> None:
    with clock.at(cases.AFTER_CLOSING):
        officer, decider = (client_as(shown.world.users[name]) for name in INSIDERS)
        page = main(text(officer, "/review/"))
        first = page.split('class="results"')[1]
        assert first.index("審査を始める") < first.index("決定待ち")
        assert "起案する" in first
        only = main(text(officer, "/review/?state=deciding"))
        assert only.count("<h3>") == 1
        assert root(shown.case("deciding")) in only
        mine = main(text(decider, "/review/?mine=1"))
        assert mine.count("<h3>") == 1
        assert "決定する" in mine
        number = shown.case("submitted").receipt_number
        assert main(text(officer, f"/review/?q={number}")).count("<h3>") == 1
        assert "合う申請はありません" in text(officer, "/review/?q=存在しない事業")
        assert "合う申請はありません" in text(officer, "/review/?state=nonsense")
        assert main(text(officer, f"/review/?call={shown.world.call.public_id}")).count("<h3>") > 5


def test_the_calls_that_close_last_come_first_and_the_rest_by_a_link(
    shown: Gallery, client_as: ClientAs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(review_list, "NEAREST", 0)
    officer = client_as(shown.world.users["officer"])
    assert "執行管理" not in main(text(officer, "/review/"))
    assert "ほかの募集も見る（1件）" in main(text(officer, "/review/?mine=1"))
    assert "執行管理" in main(text(officer, "/review/?calls=all"))
    chosen = f'aria-current="true">{shown.world.call.program.title}'
    assert chosen in main(text(officer, f"/review/?call={shown.world.call.public_id}"))


def test_reviewers_find_what_they_are_given(shown: Gallery, client_as: ClientAs) -> None:
    """No result before its day, not even as the state of a line."""
    reviewer = client_as(shown.world.users["reviewer"])
    page = main(text(reviewer, "/review/"))
    assert "あなたに割り当てられた申請です" in page
    assert root(shown.case("under_review")) in page
    assert root(shown.case("submitted")) not in page
    for word in ("採択", "決定待ち", "補欠"):
        assert word not in re.sub(r"<form.*?</form>", "", page, flags=re.DOTALL), word


@pytest.mark.parametrize(
    ("status", "name", "words"),
    [
        ("draft", "officer", "市町村の提出を待っています"), ("submitted", "officer", "受付期間中です"),
        ("under_review", "officer", "採点を待っています"), ("under_review", "reviewer", "採点してください"),
        ("under_review", "second_reviewer", "利害関係を申告してください"), ("returned", "officer", "再提出を待っています"),
        ("deciding", "officer", "決定を待っています"), ("deciding", "decider", "決定してください"),
        ("deciding", "reviewer", "審査中です"), ("reserve", "officer", "補欠として待っています"),
        ("reserve", "reviewer", "審査中です"), ("adopted", "officer", "公表の日を待っています"),
        ("adopted", "reviewer", "審査中です"), ("rejected", "decider", "公表の日を待っています"),
        ("withdrawn", "officer", "この申請は終わりました"), ("discontinued", "officer", "この申請は終わりました"),
        ("completed", "decider", "この申請は終わりました"),
    ],
)  # fmt: skip
def test_the_next_step_is_said_in_every_state(
    shown: Gallery, client_as: ClientAs, status: str, name: str, words: str
) -> None:
    assert words in text(client_as(shown.world.users[name]), root(shown.case(status)))


def test_everything_submitted_is_on_one_page(shown: Gallery, client_as: ClientAs) -> None:
    one = shown.case("under_review")
    page = text(client_as(shown.world.users["officer"]), root(one))
    for words in (
        cases.ANSWERS["title"], cases.ANSWERS["purpose"], "東久留米市商工会", "商発第12号", "7東企第101号", "計画.pdf",
        "16,500,000円 × 2/3 = 11,000,000円", "初年度上限 10,000,000円", "12 委託料", one.receipt_number, "清瀬市の役割",
        "試験 external_reviewer",
    ):  # fmt: skip
        assert str(words) in page, words
    assert "info@chamber.example" not in page


def test_files_leave_by_the_officers_route(shown: Gallery, client_as: ClientAs) -> None:
    one = shown.case("under_review")
    paper = Document.objects.filter(application=one, purpose=DocumentPurpose.ATTACHMENT).latest("pk")
    url = f"{root(one)}documents/{paper.public_id}/"
    for name in ("officer", "decider", "reviewer"):
        answer: Any = client_as(shown.world.users[name]).get(url)
        assert b"".join(answer.streaming_content) == cases.pdf()
        assert answer["Content-Disposition"].startswith("attachment")
        assert "no-store" in answer["Cache-Control"]
    for name in ("lead_editor", "other_bureau", "unassigned_reviewer"):
        text(client_as(shown.world.users[name]), url, 404)
    other = Document.objects.filter(application=shown.case("submitted")).latest("pk")
    text(client_as(shown.world.users["officer"]), f"{root(one)}documents/{other.public_id}/", 404)


def test_the_history_is_the_deliberations_and_not_the_towns_copy(shown: Gallery, client_as: ClientAs) -> None:
    one = shown.case("adopted")
    page = main(text(client_as(shown.world.users["decider"]), f"{root(one)}history/"))
    for words in ("提出", "審査開始", "起案", "採択"):
        assert words in page
    assert "「事業の計画」を変更" not in page
    text(client_as(shown.world.users["reviewer"]), f"{root(one)}history/", 404)
