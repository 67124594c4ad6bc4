"""Letters of texts nobody foresaw: markup, controls, rare kanji, pictographs, very long and very many."""

from datetime import UTC, date, datetime
from io import BytesIO

import docx
import pytest
from pypdf import PdfReader

from accounts.models import Organization
from core.glyphs import shown
from grants.letters import Letter, Table, render_docx, render_pdf
from grants.letters.facts import Item, addressee, plain

pytestmark = pytest.mark.once("paper is drawn from what was read, whatever it was read from")

AT = datetime(2027, 2, 1, 1, 0, tzinfo=UTC)
MARKUP = '#eval("1+1") *太* $x^2$ </w:t><w:p/> &amp; <script>alert(1)</script> \\n {{ title }} = 見出し // 注'
RARE = "𠮷田町・髙島村・山﨑市・葛󠄀城"


def letter(title: str = "事業", members: int = 3, reason: str = "理由") -> Letter:
    """A letter around some texts."""
    rows = tuple((f"{title}の団体その{number}", "多様な主体") for number in range(members))
    return Letter(
        kind="採択", mark="", number="8総行振第55号", day="令和9年2月1日", addressee="東久留米市長　様",
        sender="東京都知事", sender_unit="総務局行政部振興企画課", subject=f"{title}の決定について（通知）", opening=reason,
        items=(
            Item("事業名", (title,)),
            Item("構成団体", tables=(Table("申請の構成団体", (("団体", False), ("役割", False)), rows),)),
            Item("採択の条件", points=(reason,)),
        ),
        contact=("電話 03-0000-0000",),
    )  # fmt: skip


def squeezed(text: str) -> str:
    return "".join(text.split())


def pdf_text(made: Letter) -> str:
    reader = PdfReader(BytesIO(render_pdf(made, at=AT)))
    return squeezed("".join(page.extract_text() for page in reader.pages)).replace("\u200b", "")


def docx_text(made: Letter) -> str:
    draft = docx.Document(BytesIO(render_docx(made, at=AT)))
    cells = [cell.text for table in draft.tables for row in table.rows for cell in row.cells]
    return squeezed("".join([*(paragraph.text for paragraph in draft.paragraphs), *cells]))


@pytest.mark.parametrize("text", [MARKUP, RARE], ids=["markup", "rare kanji"])
def test_text_stays_text(text: str) -> None:
    made = letter(title=plain(text), reason=plain(text))
    assert squeezed(text) in docx_text(made)
    kanji = squeezed(text).replace("\U000e0100", "")
    assert kanji in pdf_text(made).replace("\U000e0100", "")


def test_controls_and_directions_are_left_out() -> None:
    assert (
        plain("一\x00二\x01\x1b[31m三\u202e四\u200b五\ufffe六\ud800\n七\t八　九")
        == "一二[31m三四五六 七 八 九"
    )
    made = letter(title=plain("題\x00\x0b\u202e終"))
    assert "題終" in docx_text(made) and "題終" in pdf_text(made)


def test_what_the_font_lacks_is_marked_in_the_pdf_and_kept_in_the_draft() -> None:
    made = letter(title="花火😀大会\ue000")
    assert "花火〓大会〓" in pdf_text(made) and "花火😀大会\ue000" in docx_text(made)
    assert shown({"a": ["𠮷", "葛\U000e0100", ("😀", 1, None)]}) == {
        "a": ["𠮷", "葛\U000e0100", ["〓", 1, None]]
    }


def test_many_members_and_long_words_run_over_pages() -> None:
    made = letter(title="広域" * 100, members=120, reason="長い理由です。" * 300)
    reader = PdfReader(BytesIO(render_pdf(made, at=AT)))
    assert len(reader.pages) > 4
    last = reader.pages[-1].extract_text()
    assert f"／{len(reader.pages)}" in squeezed(last)
    text = squeezed("".join(page.extract_text() for page in reader.pages))
    assert all(f"の団体その{number}" in text for number in range(120))
    heads = [page for page in reader.pages if "役割" in page.extract_text()]
    assert len(heads) > 2  # the head of the table is repeated


def test_a_word_without_a_break_stays_on_the_paper() -> None:
    reader = PdfReader(BytesIO(render_pdf(letter(title="A" * 300), at=AT)))
    lines = "\n".join(page.extract_text() for page in reader.pages).replace("\u200b", "").splitlines()
    assert sum(line.count("A") for line in lines) == 300 * 5
    assert max(line.count("A") for line in lines) < 80
    assert reader.metadata is not None and (reader.metadata.title or "").startswith("A" * 300)


def test_the_same_letter_is_the_same_file() -> None:
    assert render_pdf(letter(), at=AT) == render_pdf(letter(), at=AT)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (Organization(kind="municipality", name="東久留米市"), "東久留米市長　様"),
        (Organization(kind="municipality", name="檜原村", head_name="髙橋 𠮷彦"), "檜原村長　髙橋 𠮷彦　様"),
        (Organization(kind="partner", name="森の大学"), "森の大学　御中"),
        (
            Organization(kind="partner", name="森の大学", head_title="学長", head_name="山﨑 葉"),
            "森の大学　学長　山﨑 葉　様",
        ),
    ],
)
def test_whom_it_is_addressed_to(body: Organization, expected: str) -> None:
    assert addressee(body) == expected


def test_dates_of_making_are_those_given() -> None:
    reader = PdfReader(BytesIO(render_pdf(letter(), at=AT)))
    made = reader.metadata.creation_date if reader.metadata else None
    assert made is not None and made.date() == date(2027, 2, 1)
    assert docx.Document(BytesIO(render_docx(letter(), at=AT))).core_properties.created.date() == date(
        2027, 2, 1
    )
