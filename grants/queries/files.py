"""Files of a case, read again from the storage and held against what they were at arrival."""

from collections.abc import Iterable
from dataclasses import dataclass

from core.exceptions import Fault
from core.files import sha256_of, sniff
from grants.enums import DocumentState
from grants.models import Application, Document
from grants.permissions.scanning import scan_fault


@dataclass(frozen=True)
class Fingerprint:
    """A file as its bytes say now: size, hash, media type."""

    document: Document
    size: int
    sha256: str
    media_type: str

    def as_data(self) -> dict[str, str | int]:
        """For snapshots and receipts."""
        return {
            "document": self.document.public_id,
            "name": self.document.name,
            "purpose": self.document.purpose,
            "requirement": self.document.requirement,
            "size": self.size,
            "sha256": self.sha256,
            "media_type": self.media_type,
        }


def attached(application: Application) -> Iterable[Document]:
    """Every file that belongs to the case now, in order of arrival."""
    return application.documents.filter(state=DocumentState.ATTACHED).order_by("pk")


def read_again(document: Document) -> Fingerprint | Fault:
    """Read all bytes of one file; a fault names it when they are missing or not what arrived."""
    field = f"documents/{document.public_id}"
    cure = "ファイルを外し、もう一度添付してください。"
    try:
        with document.file.storage.open(document.file.name or "", "rb") as file:
            size, digest = file.size, sha256_of(file)
            file.name = document.name
            kind = sniff(file)
    except OSError:
        return Fault(field, f"添付「{document.name}」のファイルが読めません。", cure)
    if (size, digest) != (document.size, document.sha256):
        return Fault(field, f"添付「{document.name}」の中身が、受け取ったときと違います。", cure)
    if kind is None or kind.media_type != document.media_type:
        return Fault(field, f"添付「{document.name}」の種類が、中身と合いません。", cure)
    return Fingerprint(document, size, digest, kind.media_type)


def verify(application: Application) -> tuple[list[Fingerprint], list[Fault]]:
    """Every attached file byte by byte: the fingerprints, and the faults; one the scanner has not found clean is a fault."""
    results = [scan_fault(document) or read_again(document) for document in attached(application)]
    return (
        [result for result in results if isinstance(result, Fingerprint)],
        [result for result in results if isinstance(result, Fault)],
    )
