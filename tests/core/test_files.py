"""Attached files: what they are, and what may not come in. Every file here is made on the spot."""

import hashlib
import io
import struct
import tracemalloc
import zipfile
import zlib
from collections.abc import Callable

import openpyxl
import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile, TemporaryUploadedFile
from hypothesis import given
from hypothesis import strategies as st

from core import files, zip_guard
from core.files import FileKind, check_upload

CONTENT_TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument'
    '.wordprocessingml.document.main+xml"/></Types>'
)
RELS = '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{}</Relationships>'
TYPES = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


# --- Files made here --------------------------------------------------------------------------------------


def png(width: int = 4, height: int = 4, trailing: bytes = b"") -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0" * 20))
        + chunk(b"IEND", b"")
        + trailing
    )


def jpeg(width: int = 4, height: int = 4, end: bytes = b"\xff\xd9") -> bytes:
    app0 = b"\xff\xe0" + struct.pack(">H", 16) + b"JFIF\0" + b"\0" * 9
    frame = b"\xff\xc0" + struct.pack(">HBHHB", 11, 8, height, width, 1) + b"\x01\x11\x00"
    scan = b"\xff\xda" + struct.pack(">H", 8) + b"\x01\x01\x00\x00\x3f\x00" + b"\x12\x34"
    return b"\xff\xd8" + app0 + frame + scan + end


def pdf(body: bytes = b"") -> bytes:
    return b"%PDF-1.7\n" + body + b"\nstartxref\n0\n%%EOF\n"


def package(parts: dict[str, str | bytes] | None = None, *, main: str = "word/document.xml") -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in {"[Content_Types].xml": CONTENT_TYPES, main: "<w/>", **(parts or {})}.items():
            archive.writestr(name, content)
    return stream.getvalue()


def workbook() -> bytes:
    book, stream = openpyxl.Workbook(), io.BytesIO()
    sheet = book.active
    assert sheet is not None
    for row in range(3000):
        sheet.append([f"経費{row % 7}", row * 1000, None, "檜原村"])
    sheet["F1"].hyperlink = "https://www.example.jp/"
    book.save(stream)
    return stream.getvalue()


def verdict(name: str, content: bytes, **options: object) -> files.FileVerdict:
    return check_upload(SimpleUploadedFile(name, content), **options)  # type: ignore[arg-type]


def message(name: str, content: bytes, **options: object) -> str:
    faults = verdict(name, content, **options).faults
    assert len(faults) <= 1
    return str(faults[0]) if faults else ""


# --- What is accepted -------------------------------------------------------------------------------------

GOOD: list[tuple[str, bytes, FileKind]] = [
    ("計画書.pdf", pdf(), FileKind.PDF),
    ("要綱.docx", package(), FileKind.DOCX),
    ("予算.xlsx", workbook(), FileKind.XLSX),
    ("説明.pptx", package(main="ppt/presentation.xml"), FileKind.PPTX),
    ("位置図.PNG", png(), FileKind.PNG),
    ("写真.jpg", jpeg(), FileKind.JPEG),
    ("写真.jpeg", jpeg(), FileKind.JPEG),
    ("一覧.csv", "団体,金額\n檜原村,1000\n".encode(), FileKind.CSV),
    ("一覧.csv", "\ufeff団体,金額\r\n".encode(), FileKind.CSV),
    ("一覧.csv", "髙﨑,①㈱\r\n".encode("cp932"), FileKind.CSV),
    ("覚書.txt", "覚書".encode("cp932"), FileKind.TEXT),
    ("表.tsv", b"a\tb\n", FileKind.TEXT),
]


@pytest.mark.parametrize(("name", "content", "kind"), GOOD)
def test_the_kinds_of_office_work_are_accepted(name: str, content: bytes, kind: FileKind) -> None:
    file = SimpleUploadedFile(name, content)
    found = check_upload(file)
    assert found.faults == ()
    assert found
    assert (found.kind, found.size, found.sha256) == (kind, len(content), hashlib.sha256(content).hexdigest())
    assert file.read() == content, "the file must be left rewound"
    assert files.sniff(file) is kind
    assert files.sha256_of(file) == found.sha256
    assert file.read() == content


def test_other_kinds_of_file_object_work_too() -> None:
    assert check_upload(ContentFile(workbook(), name="a.xlsx")).kind is FileKind.XLSX
    large = TemporaryUploadedFile("a.xlsx", "text/html", 0, None)
    large.write(workbook())
    assert check_upload(large).kind is FileKind.XLSX
    plain = io.BytesIO(pdf())
    plain.name = "a.pdf"  # type: ignore[attr-defined]
    assert check_upload(plain).kind is FileKind.PDF  # type: ignore[arg-type]


def test_media_types_come_from_the_bytes_not_from_the_sender() -> None:
    file = SimpleUploadedFile("a.pdf", pdf(), content_type="text/html")
    found = check_upload(file)
    assert found.kind is not None
    assert found.kind.media_type == "application/pdf"


# --- What is refused, and what to do instead ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "content", "cure"),
    [
        ("計画.xdw", b"\x60\x0e\x82\x93", "DocuWorksで開き、PDF"),
        ("束.xbd", b"\x60\x0e\x82\x93", "文書ごとにPDF"),
        ("計画.jtd", files._OLE + b"\0" * 100, "一太郎で開き、PDF"),
        ("計画.JTD", files._OLE, "一太郎で開き"),
        ("計画．ｊｔｄ", files._OLE, "一太郎で開き"),
        ("古い.doc", files._OLE, ".docx かPDF"),
        ("古い.xls", files._OLE, ".xlsx かPDF"),
        ("鍵付き.xlsx", files._OLE + b"\0" * 100, "保護を解除"),
        ("まとめ.zip", package(), "展開して、中のファイルを一つずつ"),
        ("まとめ.lzh", b"..-lh5-", "展開して"),
        ("図.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "PNGに変換"),
        ("頁.html", b"<!doctype html><script>alert(1)</script>", "PDFに変換"),
        ("写真.heic", b"\0\0\0\x18ftypheic", "JPEGに変換"),
        ("表.xlsm", workbook(), "マクロなしの .xlsx"),
        ("なに", b"\x01\x02\x03", "のいずれかにしてください"),
        ("実行.exe", b"MZ\x90\0", "のいずれかにしてください"),
        ("空.pdf", b"", "中身のあるファイル"),
        ("偽.pdf", b"<html></html>", "中身が .pdf ではない"),
        ("偽.pdf", workbook(), "拡張子（.pdf）と中身（Excelブック）"),
        ("偽.png", jpeg(), "正しい拡張子（.jpg）"),
        ("拡張子なし", pdf(), "正しい拡張子（.pdf）"),
        ("切れた.pdf", pdf()[:-8], "途中で切れて"),
        ("壊れた.docx", package()[:200], "もう一度添付して"),
        ("別物.docx", b"PK\x03\x04" + b"\0" * 50, "もう一度添付して"),
        ("ただのzip.xlsx", package(main="hello.txt"), "保存し直して"),
        ("HTML.csv", b"\n <!-- x --> <HTML><body>", "中身がHTML"),
        ("HTML.txt", b"<script>alert(1)</script>", "中身がHTML"),
        ("十六.csv", "あ,い".encode("utf-16"), "UTF-16"),
        ("二進.csv", b"a,b\x00c", "文字ではない"),
        ("文字.txt", b"\x81\xff\xfe\xfd", "文字コードを判別できません"),
    ],
)
def test_everything_else_is_answered_with_a_cure(name: str, content: bytes, cure: str) -> None:
    found = verdict(name, content)
    assert not found
    assert len(found.faults) == 1
    assert found.faults[0].field == "file"
    assert cure in str(found.faults[0])


def test_size_is_bounded_and_reading_stops_there() -> None:
    assert "上限1MB" in message("a.pdf", pdf(b"x" * 1024 * 1024), max_bytes=1024 * 1024)
    assert message("a.pdf", pdf(), max_bytes=len(pdf())) == ""
    assert "上限" in message("a.pdf", pdf(), max_bytes=len(pdf()) - 1)

    class Endless(io.RawIOBase):
        name = "a.pdf"
        given = 0

        def read(self, size: int = -1, /) -> bytes:
            self.given += size
            return b"%PDF-" + b"0" * (size - 5)

        def seek(self, offset: int, whence: int = 0, /) -> int:
            return 0

    endless = Endless()
    assert not check_upload(endless, max_bytes=10 * 1024 * 1024)  # type: ignore[arg-type]
    assert endless.given <= 10 * 1024 * 1024 + 128 * 1024


def test_a_form_can_ask_for_fewer_kinds() -> None:
    only = {FileKind.XLSX, FileKind.CSV}
    assert message("a.xlsx", workbook(), kinds=only) == ""
    assert "CSV、Excelブックのいずれか" in message("a.pdf", pdf(), kinds=only)


# --- Archives ---------------------------------------------------------------------------------------------


def relationship(kind: str, target: str, mode: str = "External") -> str:
    return RELS.format(f'<Relationship Id="r1" Type="{TYPES}/{kind}" Target="{target}" TargetMode="{mode}"/>')


def two_entries_of_one_name() -> bytes:
    """Two parsers could each read another one of two parts called word/document.xml."""
    return package({"word/document.xmx": "<w2/>"}).replace(b"word/document.xmx", b"word/document.xml")


def lying_size(claimed: int) -> bytes:
    """A document whose directory says that 8 MB of zeros are only `claimed` bytes."""
    content = package({"word/big.bin": b"\0" * 8 * 1024 * 1024})
    real = struct.pack("<I", 8 * 1024 * 1024)
    return content.replace(real, struct.pack("<I", claimed))


def locked(content: bytes) -> bytes:
    """The same archive with the "encrypted" flag on its first entry."""
    place = content.index(b"PK\x01\x02") + 8
    return content[:place] + b"\x01" + content[place + 1 :]


@pytest.mark.parametrize(
    ("content", "cure"),
    [
        (lambda: package({f"word/media/{n}.txt": "x" for n in range(499)}), "500個を超える"),
        (lambda: package({"word/zeros.bin": b"\0" * 40 * 1024 * 1024}), "圧縮率"),
        (lambda: package({f"word/{n}.bin": b"\0" * 50 * 1024 * 1024 for n in range(3)}), "100MBを超える"),
        (lambda: lying_size(1000), "大きさの記録が合いません"),
        (lambda: lying_size(0), "大きさの記録が合いません"),
        (lambda: package({"word/vbaProject.bin": b"x"}), "マクロ"),
        (lambda: package({"word/activeX/activeX1.xml": "<x/>"}), "マクロ"),
        (
            lambda: package(
                {"[Content_Types].xml": CONTENT_TYPES.replace("document.main", "document.macroEnabled.main")}
            ),
            "マクロ有効",
        ),
        (
            lambda: package({"xl/externalLinks/externalLink1.xml": "<x/>"}, main="xl/workbook.xml"),
            "ほかのファイルへのリンク",
        ),
        (
            lambda: package(
                {"word/_rels/settings.xml.rels": relationship("attachedTemplate", "http://10.0.0.1/t.dotm")}
            ),
            "ほかのファイルへのリンク",
        ),
        (
            lambda: package({"word/_rels/document.xml.rels": relationship("image", "file:///etc/passwd")}),
            "ほかのファイルへのリンク",
        ),
        (lambda: package({"word/a.xml": '<!DOCTYPE x [<!ENTITY a "b">]><x/>'}), "DTD"),
        (
            lambda: package({"word/a.xml": '<!DOCTYPE x SYSTEM "file:///etc/passwd"><x/>'.encode("utf-16")}),
            "DTD",
        ),
        (lambda: package({"word/_rels/x.rels": "<broken"}), "壊れている"),
        (lambda: package({"../../evil.xml": "<x/>"}), "許されない場所"),
        (lambda: package({"/etc/evil.xml": "<x/>"}), "許されない場所"),
        (lambda: package({"C:\\evil.xml": "<x/>"}), "許されない場所"),
        (two_entries_of_one_name, "重複"),
        (lambda: locked(package()), "保護を解除"),
    ],
)
def test_dangerous_documents_are_refused_with_a_cure(content: Callable[[], bytes], cure: str) -> None:
    made = content()
    name = "a.xlsx" if b"xl/workbook.xml" in made else "a.docx"
    assert cure in message(name, made)


@pytest.mark.parametrize(
    "rels",
    [relationship("hyperlink", "https://www.example.jp/"), relationship("image", "media/a.png", "Internal")],
)
def test_ordinary_relationships_are_fine(rels: str) -> None:
    assert message("a.docx", package({"word/_rels/document.xml.rels": rels})) == ""


def test_a_bomb_costs_little_memory_and_a_huge_directory_none() -> None:
    bomb = package({"word/zeros.bin": b"\0" * 90 * 1024 * 1024})
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for number in range(60_000):
            archive.writestr(str(number), b"")
    crowd = stream.getvalue()
    lying_count = crowd[:-22] + crowd[-22:-14] + b"\x01\x00\x01\x00" + crowd[-10:]
    tracemalloc.start()
    try:
        assert "圧縮率" in message("a.docx", bomb)
        for content in (crowd, lying_count):
            with pytest.raises(zip_guard.UnsafeArchive, match="500個"):
                zip_guard.inspect_archive(io.BytesIO(content))
            assert files.sniff(SimpleUploadedFile("a.docx", content)) is None
        assert tracemalloc.get_traced_memory()[1] < 24 * 1024 * 1024
    finally:
        tracemalloc.stop()


def test_entries_that_share_their_bytes_are_counted_each() -> None:
    """Overlapping entries: the directory points ninety times at one compressed run of a megabyte of zeros."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/00.bin", b"\0" * 1_000_000)
    single = stream.getvalue()
    zip_guard.inspect_archive(io.BytesIO(single))  # the control: one such entry is harmless
    start, end = single.index(b"PK\x01\x02"), single.index(b"PK\x05\x06")
    directory = b"".join(single[start:end].replace(b"00.bin", b"%02d.bin" % number) for number in range(90))
    record = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 90, 90, len(directory), start, 0)
    with pytest.raises(zip_guard.UnsafeArchive, match="圧縮率"):
        zip_guard.inspect_archive(io.BytesIO(single[:start] + directory + record))


def test_bytes_hidden_behind_the_stream_are_found() -> None:
    inflater = zlib.compressobj(wbits=-15)
    real = inflater.compress(b"<w/>") + inflater.flush()
    with_tail = real + b"HIDDEN"
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("word/document.xml", with_tail)
    content = bytearray(stream.getvalue())
    for signature, offset in ((b"PK\x03\x04", 8), (b"PK\x01\x02", 10)):
        content[content.index(signature) + offset] = zipfile.ZIP_DEFLATED
    sized = bytes(content).replace(
        struct.pack("<II", len(with_tail), len(with_tail)), struct.pack("<II", len(with_tail), 4)
    )
    with pytest.raises(zip_guard.UnsafeArchive, match="壊れている"):
        zip_guard.inspect_archive(io.BytesIO(sized))


def test_a_directory_said_to_lie_further_back_is_refused() -> None:
    """Then every entry begins before the file does."""
    content = bytearray(package({}))
    place = content.rindex(b"PK\x05\x06") + 16
    content[place : place + 4] = struct.pack("<I", struct.unpack_from("<I", content, place)[0] + 65536)
    with pytest.raises(zip_guard.UnsafeArchive, match="壊れている"):
        zip_guard.inspect_archive(io.BytesIO(bytes(content)))


@given(st.data())
def test_a_damaged_document_never_raises(data: st.DataObject) -> None:
    content = bytearray(
        package({"word/_rels/document.xml.rels": relationship("hyperlink", "https://www.example.jp/")})
    )
    for _ in range(data.draw(st.integers(1, 6))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(content)))
    for made in (bytes(content), bytes(content[:cut])):
        found = verdict("a.docx", made)
        assert isinstance(found.faults, tuple)


@given(st.sampled_from(["a.pdf", "a.png", "a.jpg", "a.docx", "a.xlsx", "a.csv", "a.txt", "a"]), st.binary(max_size=300),
       st.sampled_from([b"", b"%PDF-", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"PK\x03\x04", b"PK\x05\x06"]))  # fmt: skip
def test_no_bytes_make_the_guard_raise(name: str, content: bytes, magic: bytes) -> None:
    found = verdict(name, magic + content)
    assert bool(found) == (not found.faults)


# --- Pictures -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "content", "cure"),
    [
        ("a.png", png(30_000, 30_000), "30,000×30,000画素"),
        ("a.png", png(10_000, 6_000), "5,000万画素以下"),
        ("a.png", png(20_001, 1), "縮小"),
        ("a.png", png(0, 5), "壊れている"),
        ("a.png", png()[:-6], "途中で切れて"),
        ("a.png", png(trailing=b"PK\x03\x04<script>"), "後ろに別のデータ"),
        ("a.png", png()[:8] + png()[33:], "壊れている"),
        ("a.jpg", jpeg(65_000, 65_000), "65,000×65,000画素"),
        ("a.jpg", jpeg(end=b""), "途中で切れて"),
        ("a.jpg", b"\xff\xd8\xff\xda\x00\x08" + b"\0" * 20 + b"\xff\xd9", "壊れている"),
    ],
)
def test_pictures_are_bounded_by_their_headers(name: str, content: bytes, cure: str) -> None:
    assert cure in message(name, content)


def test_the_largest_allowed_picture() -> None:
    assert message("a.png", png(10_000, 5_000)) == ""
    assert message("a.jpg", jpeg(5_000, 10_000)) == ""
