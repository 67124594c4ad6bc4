"""The receipt as a tagged PDF: what was received, exactly, for those who see the case."""

import hashlib
from io import BytesIO

from django.test import Client
from pypdf import PdfReader

from core import clock
from grants.letters import render_receipt
from grants.models import Snapshot
from tests.factories import grants as cases
from tests.factories.grants import World
from tests.security.world import Walker

NAMES = [
    "計画.pdf", "ملف الخطة.pdf", "か\u3099き\u3099く\u3099.xlsx", "髙﨑\U00020bb7野家\U000e0100の見積.pdf",
    "長" * 81 + ".pdf", "📎資料.png", "a" * 251 + ".pdf",
]  # fmt: skip
"""Right to left, combining, 外字 and variants, 247 bytes of kanji, a pictograph, 255 bytes of Latin."""


def sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def words(pdf: bytes) -> str:
    return "".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages)


def test_the_paper_of_a_submission(world: World) -> None:
    application = cases.submitted(world)
    snapshot = application.snapshots.get()
    address = f"/receipts/{snapshot.receipt_number}/receipt.pdf"

    def visit(name: str) -> Client:
        user = world.users[name]
        actor = world[name]
        return Walker("", actor.organization_code, user, department=actor.department_id).client()

    for name in ("lead_editor", "partner_approver", "officer"):
        found = visit(name).get(address)
        assert found.status_code == 200 and found["Content-Type"] == "application/pdf", name
    for name in ("stranger_editor", "other_bureau"):
        assert visit(name).get(address).status_code == 404, name
    assert Client().get(address).status_code == 302
    said = words(found.content)
    assert snapshot.receipt_number in said and snapshot.sha256 in said
    for file in snapshot.files:
        assert file["name"] in said and file["sha256"] in said and f"{file['size']:,}" in said
    page = Client().get(f"/receipts/{snapshot.receipt_number}/").content.decode()
    assert all(file["sha256"] in page for file in snapshot.files)

    odd = Snapshot(
        application=application, receipt_number="X-1", kind="submit", taken_at=clock.now(), sha256=sha("all"),
        content={"title": "題"}, requested_amount=1, requested_total=1,
        files=[{"name": name, "size": 1234, "sha256": sha(name)} for name in NAMES],
    )  # fmt: skip
    made = render_receipt(odd, at=clock.now())
    root = PdfReader(BytesIO(made)).trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"] and root["/Lang"] == "ja-JP" and "/StructTreeRoot" in root
    said = words(made)
    for name in NAMES:
        assert sha(name) in said, name
    assert "髙﨑\U00020bb7野家" in said and sha("all") in said
