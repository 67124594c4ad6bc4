"""What every Word file (docx) the portal makes has in common: A4, Japanese, the fonts every office has, marks of rows.

Built on python-docx's own template, whose headings are blue and Latin.
"""

from collections.abc import Mapping
from datetime import datetime
from io import BytesIO
from typing import Any, Final, NamedTuple

from docx.document import Document as Draft
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from core import clock

_FONT, _FONT_EAST_ASIAN = "Century", "ＭＳ 明朝"
_LONGEST: Final = 255
_RED: Final = RGBColor(0x9B, 0x1C, 0x1C)


class Margins(NamedTuple):
    """Of a page, in millimetres."""

    top: int
    bottom: int
    left: int
    right: int


def prepare(
    draft: Draft,
    *,
    title: str,
    author: str,
    at: datetime,
    margins: Margins,
    sizes: Mapping[str, Any],
    mark: str = "",
) -> None:
    """A4 with its facts; `sizes` names the styles and their sizes, `mark` stands small and red above every page."""
    page = draft.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.top_margin, page.bottom_margin = Mm(margins.top), Mm(margins.bottom)
    page.left_margin, page.right_margin = Mm(margins.left), Mm(margins.right)
    facts = draft.core_properties
    facts.title, facts.author, facts.language = title[:_LONGEST], author[:_LONGEST], "ja-JP"
    facts.comments = ""
    facts.created = facts.modified = clock.local(at).replace(tzinfo=None)
    for name, size in sizes.items():
        _japanese(draft.styles[name], size)
    if mark:
        head = page.header.paragraphs[0]
        head.alignment = ALIGN.CENTER
        run = head.add_run(mark)
        run.font.size, run.font.color.rgb = Pt(8), _RED


def number_pages(draft: Draft) -> None:
    """The page's number small below every page, counted by the word processor."""
    foot = draft.sections[0].footer.paragraphs[0]
    foot.alignment = ALIGN.CENTER
    run = foot.add_run()
    run.font.size = Pt(9)
    for kind, text in (("begin", ""), ("", " PAGE "), ("separate", ""), ("text", "1"), ("end", "")):
        name = {"": "w:instrText", "text": "w:t"}.get(kind, "w:fldChar")
        element = OxmlElement(name)
        if name == "w:fldChar":
            element.set(qn("w:fldCharType"), kind)
        else:
            element.set(qn("xml:space"), "preserve")
            element.text = text
        run._r.append(element)  # noqa: SLF001 - python-docx has no fields


def _japanese(style: Any, size: Any) -> None:
    """Fonts, language and spacing of a style."""
    style.font.name, style.font.size = _FONT, size
    style.font.color.rgb = RGBColor(0, 0, 0)
    style.paragraph_format.space_after = Pt(3)
    marks = style.element.get_or_add_rPr()
    fonts = marks.get_or_add_rFonts()
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    fonts.set(qn("w:eastAsia"), _FONT_EAST_ASIAN)
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "ja-JP")
    language.set(qn("w:eastAsia"), "ja-JP")
    marks.append(language)


def repeat_on_each_page(row: Any) -> None:
    """A table's row is its header, printed again on every page."""
    _mark_row(row, "w:tblHeader")


def keep_on_one_page(row: Any) -> None:
    """A table's row is never cut by the end of a page."""
    _mark_row(row, "w:cantSplit")


def _mark_row(row: Any, name: str) -> None:
    element = OxmlElement(name)
    element.set(qn("w:val"), "true")
    row._tr.get_or_add_trPr().append(element)  # noqa: SLF001 - python-docx has no such setting


def word_bytes(draft: Draft) -> bytes:
    """The bytes of the file."""
    out = BytesIO()
    draft.save(out)
    return out.getvalue()
