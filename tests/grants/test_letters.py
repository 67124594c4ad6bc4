"""The letters of a decision: what they say, that they are read back whole, and who may make them."""

from datetime import date, timedelta
from hashlib import sha256
from io import BytesIO
from typing import Any

import docx
import pytest
from django.test import Client
from pypdf import PdfReader

from core import clock
from core.exceptions import DomainError, Refused
from grants import queries
from grants.actions import announcing, decision
from grants.actions.letters import issue_letters
from grants.models import Application, ApplicationEvent, Decision, Document
from tests.conftest import sign_in
from tests.factories import grants as pieces

pytestmark = pytest.mark.once("paper is drawn from what was read, whatever it was read from")

REASON = "別の計画と比べ、目標の測り方が示されていないため"


def latest(application: Application) -> Decision:
    """The decision in force."""
    return application.decisions.get(superseded_at__isnull=True)


def issue(world: pieces.World, application: Application, who: str = "officer") -> list[Document]:
    """The letters of the decision in force."""
    with clock.at(pieces.AFTER_CLOSING):
        return issue_letters(decision_id=latest(application).pk, by=world[who])


def pages(document: Document) -> PdfReader:
    """A kept PDF, read back."""
    with document.file.storage.open(document.file.name, "rb") as file:
        return PdfReader(BytesIO(file.read()))


def words(document: Document) -> str:
    """All text of a letter without white space, so that line ends make no difference."""
    if document.name.endswith(".pdf"):
        text = "".join(page.extract_text() for page in pages(document).pages)
    else:
        with document.file.storage.open(document.file.name, "rb") as file:
            draft = docx.Document(BytesIO(file.read()))
        cells = [cell.text for table in draft.tables for row in table.rows for cell in row.cells]
        header = [paragraph.text for paragraph in draft.sections[0].header.paragraphs]
        text = "".join([*header, *(paragraph.text for paragraph in draft.paragraphs), *cells])
    return "".join(text.split())


@pytest.fixture
def adopted(world: pieces.World) -> Application:
    return pieces.decided(world, decision.adopt)


@pytest.fixture
def files(world: pieces.World, adopted: Application) -> list[Document]:
    return issue(world, adopted)


def test_both_forms_say_what_was_decided(files: list[Document], adopted: Application) -> None:
    for document in files:
        text = words(document)
        for expected in (
            "8総行振第55号", "令和8年12月2日", "東久留米市長様", "東京都知事", "総務局行政部振興企画課",
            "多様な主体との連携活動促進支援事業（令和9年度第1次募集）に係る採択の決定について（通知）",
            f"受付番号{adopted.receipt_number}",
            "川と駅をつなぐ広域回遊", "令和9年4月1日", "東久留米市代表市町村", "清瀬市連携する市町村",
            "東久留米市商工会多様な主体", "次年度以降の補助を約束するものではありません", "年度ごとに交付を申請し",
            "教示", "【架空】", "別紙補助予定額の算定",
        ):  # fmt: skip
            assert expected in text, (document.name, expected, text)


def test_amounts_are_exact_and_later_years_are_no_promise(
    files: list[Document], adopted: Application
) -> None:
    content = adopted.snapshots.get().content
    later = [year for year in content["subsidy"]["years"] if year["fiscal_year"] != 2027]
    assert [year["amount"] for year in later] == [7_000_000, 3_000_000]
    for document in files:
        text = words(document)
        assert "令和9年度今回の決定10,000,000円10,000,000円" in text
        assert "令和10年度計画上の見込み（決定の対象外）7,000,000円－" in text
        assert "令和11年度計画上の見込み（決定の対象外）3,000,000円－" in text
        for step in content["subsidy"]["trail"]:
            assert "".join(step["expression"].split()) in text


def test_the_pdf_is_tagged_and_meant_to_be_kept(files: list[Document]) -> None:
    reader = pages(files[0])
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"] == True  # noqa: E712 - pypdf's own boolean
    assert root["/Lang"] == "ja-JP" or root["/Lang"] == "ja"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"] == True  # noqa: E712 - as above
    assert "採択の決定について（通知）" in (reader.metadata.title or "")
    metadata = root["/Metadata"].get_data().decode()
    assert (
        "<pdfaid:part>2</pdfaid:part>" in metadata
        and "<pdfaid:conformance>A</pdfaid:conformance>" in metadata
    )
    assert "<pdfuaid:part>1</pdfuaid:part>" in metadata
    tags = tags_below(root["/StructTreeRoot"])
    assert {"/H1", "/H2", "/Table", "/TH", "/TD", "/L"} <= tags
    assert all(
        font_is_embedded(font) for page in reader.pages for font in page["/Resources"]["/Font"].values()
    )


def tags_below(node: Any, found: set[str] | None = None) -> set[str]:
    """All structure types of a tagged PDF."""
    found = set() if found is None else found
    node = node.get_object() if hasattr(node, "get_object") else node
    if isinstance(node, list):
        for part in node:
            tags_below(part, found)
    elif isinstance(node, dict):
        if "/S" in node:
            found.add(str(node["/S"]))
        if "/K" in node:
            tags_below(node["/K"], found)
    return found


def font_is_embedded(font: Any) -> bool:
    """Whether the shapes travel with the file."""
    below = font.get_object()["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object()
    return bool({"/FontFile2", "/FontFile3"} & set(below))


def test_the_draft_has_headings_a_title_and_table_headers(files: list[Document]) -> None:
    with files[1].file.storage.open(files[1].file.name, "rb") as file:
        draft = docx.Document(BytesIO(file.read()))
    assert draft.core_properties.language == "ja-JP"
    assert "採択の決定について（通知）" in draft.core_properties.title
    styles = [paragraph.style.name for paragraph in draft.paragraphs]
    assert styles.count("Heading 1") == 2 and styles.count("Heading 2") == 7
    assert all("w:tblHeader" in table.rows[0]._tr.xml for table in draft.tables)
    assert 'w:jc w:val="right"' in draft.tables[0].rows[1].cells[3]._tc.xml


def test_a_real_clock_stands_between_two_seconds(world: pieces.World, adopted: Application) -> None:
    with clock.at(pieces.AFTER_CLOSING + timedelta(microseconds=123_456)):
        assert len(issue_letters(decision_id=latest(adopted).pk, by=world["officer"])) == 2


def test_a_second_click_returns_the_same_letters(
    world: pieces.World, adopted: Application, files: list[Document]
) -> None:
    again = issue(world, adopted, "decider")
    assert [document.pk for document in again] == [document.pk for document in files]
    assert latest(adopted).letters.count() == 2
    assert ApplicationEvent.objects.filter(action="attach_letter").count() == 2


def test_a_corrected_decision_has_its_own(
    world: pieces.World, adopted: Application, files: list[Document]
) -> None:
    first = latest(adopted)
    with clock.at(pieces.AFTER_CLOSING):
        decision.correct(application_id=adopted.pk, by=world["decider"], reason="文書番号の誤り")
        assert issue_letters(decision_id=first.pk, by=world["officer"]) == files
        papers = pieces.PAPERS() | {"document_number": "8総行振第56号"}
        decision.adopt(application_id=adopted.pk, by=world["decider"], **papers)
    renewed = issue(world, adopted)
    assert {document.pk for document in renewed}.isdisjoint({document.pk for document in files})
    assert "8総行振第56号" in words(renewed[0]) and "第55号" not in words(renewed[0])


def test_a_replaced_decision_gets_no_letter_afterwards(world: pieces.World, adopted: Application) -> None:
    first = latest(adopted)
    with clock.at(pieces.AFTER_CLOSING):
        decision.correct(application_id=adopted.pk, by=world["decider"], reason="文書番号の誤り")
        with pytest.raises(DomainError, match="置き換え"):
            issue_letters(decision_id=first.pk, by=world["officer"])
    assert not first.letters.exists()


@pytest.mark.parametrize(
    "who", ["lead_editor", "partner_approver", "reviewer", "other_bureau", "stranger_editor", "anonymous"]
)
def test_only_the_bureau_makes_letters(world: pieces.World, adopted: Application, who: str) -> None:
    with pytest.raises(Refused):
        issue(world, adopted, who)
    assert not latest(adopted).letters.exists()


def test_nothing_is_made_for_a_decision_that_is_not_there(world: pieces.World) -> None:
    with pytest.raises(Refused):
        issue_letters(decision_id=987654, by=world["officer"])


def test_a_rejection_gives_its_reason_and_no_amount(world: pieces.World) -> None:
    application = pieces.deciding(world, outcome="reject")
    with clock.at(pieces.AFTER_CLOSING):
        decision.reject(application_id=application.pk, by=world["decider"], reason=REASON, **pieces.PAPERS())
    for document in issue(world, application):
        text = words(document)
        assert REASON in text and "審査の結果について（通知）" in text and "採択しないことに決定" in text
        assert "補助予定額" not in text and "別紙" not in text


def test_a_rejection_without_words_of_its_own_gives_those_of_the_draft(world: pieces.World) -> None:
    application = pieces.decided(world, decision.reject, "reject")
    assert "評価が高いため" in words(issue(world, application)[0])  # what the factory drafted


def test_a_place_on_the_reserve_list_and_its_end(world: pieces.World) -> None:
    application = pieces.decided(world, decision.reserve)
    reserved = words(issue(world, application)[0])
    assert "補欠とすることに決定" in reserved and "採択を約束するものではありません" in reserved
    assert "評価が高いため" not in reserved and "10,000,000" not in reserved
    with clock.at(pieces.AFTER_CLOSING):
        papers = pieces.PAPERS() | {"document_number": "8総行振第90号"}
        decision.release(
            application_id=application.pk, by=world["officer"], **papers
        ) if False else decision.release(application_id=application.pk, by=world["decider"], **papers)
    released = words(issue(world, application)[0])
    assert "補欠の解除について（通知）" in released and "予算の余りが生じなかった" in released
    assert "評価が高いため" not in released


def test_a_lowered_amount_is_explained(world: pieces.World) -> None:
    application = pieces.under_review(world)
    with clock.at(pieces.AFTER_CLOSING):
        decision.recommend(
            application_id=application.pk, by=world["officer"], outcome="adopt", reason="評価が高いため",
            amount=8_765_000, adjustment_reason="予算の総額を超えたため",
        )  # fmt: skip
        decision.adopt(application_id=application.pk, by=world["decider"], **pieces.PAPERS())
    for document in issue(world, application):
        text = words(document)
        assert "令和9年度今回の決定10,000,000円8,765,000円" in text
        assert "予算の総額を超えたため" in text and "10,000,000円→8,765,000円" in text


def test_towns_find_the_letters_once_the_result_is_out(
    world: pieces.World, adopted: Application, files: list[Document]
) -> None:
    def seen(who: str) -> set[int]:
        with clock.at(pieces.ANNOUNCES):
            application = Application.objects.with_parts().get(pk=adopted.pk)
            return set(queries.documents_for(world[who], application).values_list("pk", flat=True))

    letters = {document.pk for document in files}
    with clock.at(pieces.AFTER_CLOSING):
        decision.correct(application_id=adopted.pk, by=world["decider"], reason="文書番号の誤り")
        decision.adopt(application_id=adopted.pk, by=world["decider"], **pieces.PAPERS())
    replaced, letters = letters, {document.pk for document in issue(world, adopted)}
    assert letters.isdisjoint(seen("lead_editor")) and letters <= seen("officer")
    with clock.at(pieces.ANNOUNCES):
        announcing.announce(application_id=adopted.pk, by=world["officer"])
    for town in ("lead_editor", "partner_approver"):
        assert letters <= seen(town) and replaced.isdisjoint(seen(town))
    assert letters | replaced <= seen("officer")


def test_the_case_page_hands_the_letters_out(
    world: pieces.World, adopted: Application, files: list[Document], client: Client
) -> None:
    address = f"/applications/{adopted.public_id}/"
    sign_in(client, world.users["lead_editor"])
    with clock.at(pieces.ANNOUNCES):
        assert files[0].public_id not in client.get(address).content.decode()
        announcing.announce(application_id=adopted.pk, by=world["officer"])
        page = client.get(address).content.decode()
        for document in files:
            link = f"{address}documents/{document.public_id}/"
            assert f'href="{link}"' in page
            answer = client.get(link)
            assert answer.status_code == 200
            assert sha256(b"".join(answer.streaming_content)).hexdigest() == document.sha256


def test_a_letter_is_named_by_receipt_and_day(files: list[Document], adopted: Application) -> None:
    number = adopted.snapshots.get().receipt_number
    assert [document.name for document in files] == [
        f"決定通知_{number}_{date(2026, 12, 2):%Y%m%d}_1.{kind}" for kind in ("pdf", "docx")
    ]
