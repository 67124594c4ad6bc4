"""Files people attach: what they are is decided by their bytes, never by name or declared type.

Accepted: PDF, Word/Excel/PowerPoint (OOXML without macros), PNG, JPEG, CSV and plain text. Everything
else is answered with what to do instead, in Japanese. Nothing here unpacks a document for use; parsers run
after this guard and, for workbooks, in a process of their own.
"""

import hashlib
import re
import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from enum import Enum
from pathlib import PurePosixPath
from typing import IO, Any, Final, Protocol, cast

from core.exceptions import Fault
from core.image_bounds import JPEG_SIGNATURE, PNG_SIGNATURE, BadImage, inspect_jpeg, inspect_png
from core.zip_guard import UnsafeArchive, inspect_office_document, open_archive

DEFAULT_MAX_BYTES: Final = 20 * 1024 * 1024
MAX_NAME_BYTES: Final = 255
"""In UTF-8: the longest name the file systems of servers and desks keep whole."""
_CHUNK: Final = 64 * 1024
_HEAD: Final = 4096


class Attachment(Protocol):
    """What is needed of a file: Django's File and UploadedFile, or an open binary file with a name."""

    name: Any

    def read(self, size: int = -1, /) -> bytes: ...
    def seek(self, offset: int, whence: int = 0, /) -> int: ...


class FileKind(Enum):
    """The kinds accepted: extensions (first one is given to new files), media type, Japanese name."""

    PDF = ("pdf",), "application/pdf", "PDF"
    DOCX = ("docx",), "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "Word文書"
    XLSX = ("xlsx",), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "Excelブック"
    PPTX = (
        ("pptx",),
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        "PowerPointファイル",
    )
    PNG = ("png",), "image/png", "PNG画像"
    JPEG = ("jpg", "jpeg"), "image/jpeg", "JPEG画像"
    CSV = ("csv",), "text/csv", "CSV"
    TEXT = ("txt", "tsv"), "text/plain", "テキスト"

    def __init__(self, extensions: tuple[str, ...], media_type: str, label: str) -> None:
        self.extensions = extensions
        self.media_type = media_type
        self.label = label


ALL_KINDS: Final = frozenset(FileKind)


@dataclass(frozen=True)
class FileVerdict:
    """What a file is and whether it may be kept. True in a condition exactly when it may.

    `name` is safe to store and to offer for download; `size` in bytes; `sha256` in hex over all bytes;
    `kind` None when unknown; `faults` empty when the file may be kept.
    """

    name: str
    size: int
    sha256: str
    kind: FileKind | None
    faults: tuple[Fault, ...] = field(default=())

    def __bool__(self) -> bool:
        return not self.faults


# --- What to do instead, by extension and by first bytes --------------------------------------------------

_AS_PDF: Final = "PDFに変換してから添付してください。"
_BY_EXTENSION: Final = {
    "xdw": (
        "DocuWorks文書は受け付けられません。",
        "DocuWorksで開き、PDFとして書き出すか、印刷先にPDFを選んで" + _AS_PDF,
    ),
    "xbd": (
        "DocuWorksバインダーは受け付けられません。",
        "DocuWorksで開き、文書ごとにPDFとして書き出してから添付してください。",
    ),
    "jtd": (
        "一太郎文書は受け付けられません。",
        "一太郎で開き、PDFで保存するか、Word形式（.docx）で保存してください。",
    ),
    "jtt": (
        "一太郎のテンプレートは受け付けられません。",
        "一太郎で開き、PDFで保存するか、Word形式（.docx）で保存してください。",
    ),
    "doc": (
        "古い形式のWord文書（.doc）は受け付けられません。",
        "Wordで開き、.docx かPDFで保存してください。",
    ),
    "xls": (
        "古い形式のExcelブック（.xls）は受け付けられません。",
        "Excelで開き、.xlsx かPDFで保存してください。",
    ),
    "ppt": (
        "古い形式のPowerPoint（.ppt）は受け付けられません。",
        "PowerPointで開き、.pptx かPDFで保存してください。",
    ),
    "docm": ("マクロ付きのWord文書は受け付けられません。", "マクロなしの .docx で保存し直してください。"),
    "xlsm": ("マクロ付きのExcelブックは受け付けられません。", "マクロなしの .xlsx で保存し直してください。"),
    "xlsb": (
        "バイナリ形式のExcelブックは受け付けられません。",
        "Excelで開き、.xlsx で保存し直してください。",
    ),
    "pptm": ("マクロ付きのPowerPointは受け付けられません。", "マクロなしの .pptx で保存し直してください。"),
    "odt": ("ODF形式は受け付けられません。", ".docx かPDFで保存し直してください。"),
    "ods": ("ODF形式は受け付けられません。", ".xlsx かPDFで保存し直してください。"),
    "heic": ("HEIC画像は受け付けられません。", "JPEGに変換してから添付してください。"),
    "tif": ("TIFF画像は受け付けられません。", "PNGかJPEG、またはPDFに変換してください。"),
    "tiff": ("TIFF画像は受け付けられません。", "PNGかJPEG、またはPDFに変換してください。"),
    "gif": ("GIF画像は受け付けられません。", "PNGに変換してから添付してください。"),
    "bmp": ("BMP画像は受け付けられません。", "PNGに変換してから添付してください。"),
    "svg": ("SVG画像は受け付けられません。", "PNGに変換してから添付してください。"),
    "html": ("HTMLファイルは受け付けられません。", "ブラウザの印刷で" + _AS_PDF),
    "htm": ("HTMLファイルは受け付けられません。", "ブラウザの印刷で" + _AS_PDF),
    "xml": ("XMLファイルは受け付けられません。", _AS_PDF),
    **dict.fromkeys(
        ("zip", "lzh", "7z", "rar", "gz", "tgz"),
        ("圧縮ファイルは受け付けられません。", "展開して、中のファイルを一つずつ添付してください。"),
    ),
}
_ACCEPTED: Final = "PDF、Word、Excel、PowerPoint、PNG、JPEG、CSV、テキストのいずれかにしてください。"
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MARKUP: Final = re.compile(
    r"\s*(?:<!--.*?-->\s*)*<(?:!doctype|\?xml|html|svg|script|head|body|iframe)\b", re.IGNORECASE | re.DOTALL
)
_OFFICE_PARTS: Final = {
    "word/document.xml": FileKind.DOCX,
    "xl/workbook.xml": FileKind.XLSX,
    "ppt/presentation.xml": FileKind.PPTX,
}


# --- Looking --------------------------------------------------------------------------------------------


def sniff(file: Attachment) -> FileKind | None:
    """The kind of a file by its bytes; None if it is none of the accepted kinds.

    Text is told apart as CSV or plain by its name, since bytes cannot tell. Leaves the file rewound.
    """
    file.seek(0)
    head = file.read(_HEAD)
    file.seek(0)
    if head.startswith(b"%PDF-"):
        return FileKind.PDF
    if head.startswith(PNG_SIGNATURE):
        return FileKind.PNG
    if head.startswith(JPEG_SIGNATURE):
        return FileKind.JPEG
    if head.startswith(b"PK\x03\x04"):
        return _office_kind(file)
    extension = _extension(str(file.name or ""))
    if extension in {*FileKind.CSV.extensions, *FileKind.TEXT.extensions} and not text_fault(file):
        return FileKind.CSV if extension in FileKind.CSV.extensions else FileKind.TEXT
    return None


def check_upload(
    file: Attachment, *, max_bytes: int = DEFAULT_MAX_BYTES, kinds: Collection[FileKind] = ALL_KINDS
) -> FileVerdict:
    """Everything wrong with an attached file, or that it may be kept. Reads at most `max_bytes` + 1 bytes.

    Never raises for bad content. Leaves the file rewound.
    """
    name = safe_name(str(file.name or ""))
    digest, size = _measure(file, max_bytes)
    if size == 0:
        return FileVerdict(
            name, 0, digest, None, (_fault("ファイルが空です。", "中身のあるファイルを選び直してください。"),)
        )
    if size > max_bytes:
        limit = f"{max_bytes // 1024 // 1024}MB" if max_bytes >= 1024 * 1024 else f"{max_bytes:,}バイト"
        cure = "画像を縮小するか、文書を分けて添付してください。"
        return FileVerdict(name, size, "", None, (_fault(f"ファイルが大きすぎます（上限{limit}）。", cure),))
    kind = sniff(file)
    fault = _kind_fault(file, name, kind, kinds) or (_content_fault(file, kind) if kind else None)
    file.seek(0)
    return FileVerdict(name, size, digest, kind, (fault,) if fault else ())


def sha256_of(file: Attachment) -> str:
    """SHA-256 (hex) over all bytes, read in chunks. Leaves the file rewound."""
    digest = hashlib.sha256()
    for chunk in _chunks(file):
        digest.update(chunk)
    file.seek(0)
    return digest.hexdigest()


def safe_name(name: str) -> str:
    """A file name safe to store, show and offer: no folders, controls or direction marks, 255 bytes.

    The extension is kept; what remains of an empty name is 「無題」.
    """
    last = PurePosixPath(unicodedata.normalize("NFC", name).replace("\\", "/")).name
    visible = "".join(c for c in last if unicodedata.category(c) not in {"Cc", "Cf", "Cs", "Zl", "Zp"})
    cleaned = re.sub(r'[<>:"|?*]', "_", visible).strip(" .")
    stem, dot, extension = cleaned.rpartition(".")
    if not dot or len(extension) > 10:  # noqa: PLR2004 - longer is part of the name, not an extension
        return _first_bytes(cleaned, MAX_NAME_BYTES) or "無題"
    room = MAX_NAME_BYTES - len(extension.encode()) - 1
    return f"{_first_bytes(stem, room) or '無題'}.{extension}"


def _first_bytes(text: str, most: int) -> str:
    """As many whole characters as fit, none of them parted from the marks that combine with it."""
    kept = text.encode()[:most].decode("utf-8", "ignore")
    if len(kept) < len(text) and unicodedata.category(text[len(kept)]).startswith("M"):
        while kept and unicodedata.category(kept[-1]).startswith("M"):
            kept = kept[:-1]
        kept = kept[:-1]
    return kept.rstrip(" .")


def text_fault(file: Attachment) -> str:
    """Why a file is not acceptable text (Japanese), or "". UTF-8 (BOM allowed) or Shift_JIS (CP932)."""
    content = b"".join(_chunks(file))
    file.seek(0)
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "文字コードがUTF-16です。UTF-8かShift_JIS（CSV）で保存し直してください。"
    text = decode_text(content)
    if text is None:
        return "文字コードを判別できません。UTF-8かShift_JISで保存し直してください。"
    if any(unicodedata.category(char) == "Cc" and char not in "\t\r\n\f" for char in text):
        return "文字ではないデータが含まれています。CSVかテキストとして保存し直してください。"
    if _MARKUP.match(text):
        return "中身がHTML・XMLです。CSVかテキスト、またはPDFにしてください。"
    return ""


def decode_text(content: bytes) -> str | None:
    """The text of a CSV or plain file: UTF-8 with or without BOM, else CP932; None if neither."""
    for encoding in ("utf-8-sig", "cp932"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


# --- Judging --------------------------------------------------------------------------------------------


def _kind_fault(
    file: Attachment, name: str, kind: FileKind | None, kinds: Collection[FileKind]
) -> Fault | None:
    extension = _extension(name)
    if extension in _BY_EXTENSION:
        return _fault(*_BY_EXTENSION[extension])
    if kind is None:
        return _unknown_fault(file, extension)
    if kind not in kinds:
        wanted = "、".join(sorted(wanted.label for wanted in kinds))
        return _fault(f"ここでは{kind.label}は受け付けられません。", f"{wanted}のいずれかにしてください。")
    if extension not in kind.extensions:
        shown = f".{extension}" if extension else "なし"
        cure = f"正しい拡張子（.{kind.extensions[0]}）のファイルを元のソフトで保存し直してください。"
        return _fault(f"拡張子（{shown}）と中身（{kind.label}）が合いません。", cure)
    return None


def _unknown_fault(file: Attachment, extension: str) -> Fault:
    file.seek(0)
    head = file.read(len(_OLE))
    if head == _OLE and extension in {"docx", "xlsx", "pptx"}:
        return _fault(
            "パスワードで保護されているか、古い形式です。", "保護を解除し、元のソフトで保存し直してください。"
        )
    if extension in {*FileKind.CSV.extensions, *FileKind.TEXT.extensions}:
        return _fault(text_fault(file))
    if extension in {"docx", "xlsx", "pptx"} and head.startswith(b"PK"):
        return _package_fault(file)
    if any(extension in kind.extensions for kind in FileKind):
        return _fault(
            f"中身が .{extension} ではないか、壊れています。",
            "元のソフトで開けることを確かめて、保存し直してください。",
        )
    return _fault("この種類のファイルは受け付けられません。", _ACCEPTED)


def _package_fault(file: Attachment) -> Fault:
    try:
        open_archive(_stream(file)).close()
    except UnsafeArchive as error:
        return _fault(str(error))
    return _fault(
        "文書が壊れているか、中身が違います。", "元のソフトで開けることを確かめて、保存し直してください。"
    )


def _content_fault(file: Attachment, kind: FileKind) -> Fault | None:
    stream = _stream(file)
    try:
        match kind:
            case FileKind.PNG:
                inspect_png(stream)
            case FileKind.JPEG:
                inspect_jpeg(stream)
            case FileKind.DOCX | FileKind.XLSX | FileKind.PPTX:
                inspect_office_document(stream)
            case FileKind.PDF:
                return _pdf_fault(file)
            case _:
                return None
    except (UnsafeArchive, BadImage) as error:
        return _fault(str(error))
    return None


def _pdf_fault(file: Attachment) -> Fault | None:
    size = file.seek(0, 2)
    file.seek(max(0, size - 2048))
    if b"%%EOF" not in file.read():
        return _fault(
            "PDFが壊れているか、途中で切れています。", "PDFを開けることを確かめて、もう一度添付してください。"
        )
    return None


def _office_kind(file: Attachment) -> FileKind | None:
    """By the main part's name in the directory; the guard itself runs in check_upload."""
    try:
        with open_archive(_stream(file)) as package:
            names = set(package.namelist())
    except UnsafeArchive:
        return None
    finally:
        file.seek(0)
    if "[Content_Types].xml" not in names:
        return None
    return next((kind for part, kind in _OFFICE_PARTS.items() if part in names), None)


def _stream(file: Attachment) -> IO[bytes]:
    """The binary file inside Django's wrapper, or the file itself."""
    return cast("IO[bytes]", getattr(file, "file", file))


def _measure(file: Attachment, max_bytes: int) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    for chunk in _chunks(file):
        digest.update(chunk)
        size += len(chunk)
        if size > max_bytes:
            break
    file.seek(0)
    return digest.hexdigest(), size


def _chunks(file: Attachment) -> Iterator[bytes]:
    file.seek(0)
    while chunk := file.read(_CHUNK):
        yield chunk


def _extension(name: str) -> str:
    narrow = unicodedata.normalize("NFKC", name)
    return narrow.rpartition(".")[2].strip().lower() if "." in narrow else ""


def _fault(message: str, cure: str = "") -> Fault:
    return Fault("file", message, cure)
