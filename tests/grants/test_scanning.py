"""A file waits for the scanner: nobody else opens it and nothing is submitted before it is clean."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from accounts.models import Notice, NoticeAudience
from core import clock
from core.access import allowed
from core.actor import Actor
from grants.actions import documents
from grants.actions.scanning import QUARANTINE, Scanned, scan_waiting
from grants.enums import ScanState
from grants.models import Application, ApplicationEvent, Document
from grants.queries.files import verify
from tama_portal.celery import app
from tama_portal.operations.standing import LABELS, standing
from tests.core.clamd import EICAR, Clamd, running
from tests.factories import grants as cases
from tests.factories.grants import World


@pytest.fixture
def daemon(settings: Any) -> Iterator[Clamd]:
    with running() as found:
        settings.SCANNER_ADDRESS, settings.SCANNER_SECONDS = found.address, 2.0
        yield found


def attach(world: World, application: Application, name: str, content: bytes) -> Document:
    return documents.attach_document(
        application_id=application.pk, file=cases.upload(name, content), by=world["lead_editor"]
    )


def opens(actor: Actor, document: Document) -> bool:
    return bool(allowed(actor, "grants.view_documents", Document.objects.get(pk=document.pk), clock.now()))


def test_waiting_is_not_clean_and_a_detected_file_is_kept_apart(world: World, daemon: Clamd) -> None:
    application = cases.start(world)
    good = attach(world, application, "計画.pdf", cases.pdf())
    bad = attach(world, application, "資料.txt", b"text " + EICAR)
    place, storage = str(bad.file.name), bad.file.storage
    for document in (good, bad):
        assert document.scan_state == ScanState.PENDING
        assert opens(world["lead_editor"], document)  # who brought it
        assert not opens(world["lead_colleague"], document)
        assert not opens(world["lead_approver"], document)
    assert ["検査中" in fault.message for fault in verify(application)[1]] == [True, True]
    assert scan_waiting(at=clock.now()) == Scanned(clean=1, found=1)
    assert scan_waiting(at=clock.now()) == Scanned()  # nothing twice
    assert opens(world["lead_colleague"], good)
    assert not any(opens(world[name], bad) for name in ("lead_editor", "lead_colleague"))
    bad.refresh_from_db()
    assert (bad.scan_state, bad.scan_words) == (ScanState.FOUND, "Eicar-Signature")
    assert str(bad.file.name).startswith(QUARANTINE) and storage.exists(str(bad.file.name))
    assert storage.exists(place) is False or bad.file.name != place
    event = ApplicationEvent.objects.get(application=application, action="quarantine")
    assert event.payload["document"] == bad.public_id
    told = Notice.objects.get(kind="grants.file_detected")
    assert bad.name not in f"{told.title}{told.lines}"
    users = set(NoticeAudience.objects.filter(addressees__notices=told).values_list("user_id", flat=True))
    assert world["lead_editor"].user_id in users
    (fault,) = verify(application)[1]
    assert "隔離" in fault.message and "外し" in fault.cure
    documents.remove_document(document_id=bad.pk, by=world["lead_editor"])
    assert verify(application)[1] == []


def test_a_dead_scanner_is_said_and_tried_again(world: World, daemon: Clamd) -> None:
    application = cases.start(world)
    kept = [attach(world, application, f"{n}.pdf", cases.pdf(str(n))) for n in (1, 2)]
    daemon.mode, now = "cut", clock.now()
    assert scan_waiting(at=now) == Scanned(failed=2)
    assert not opens(world["lead_colleague"], kept[0])
    assert any("できなかったファイルが2件" in fault for fault in standing(now).faults())
    daemon.mode = "hangup"
    assert any("プログラムが答えません" in fault for fault in standing(now).faults())
    daemon.mode = "honest"
    assert scan_waiting(at=now) == Scanned()  # not their turn yet
    assert scan_waiting(at=now + timedelta(minutes=1)) == Scanned(clean=2)
    assert list(Document.objects.values_list("scan_attempts", flat=True)) == [1, 1]
    assert verify(application)[1] == []


def test_nobody_there_ends_the_run_at_once(world: World, settings: Any) -> None:
    with running() as gone:
        settings.SCANNER_ADDRESS = gone.address
    application = cases.start(world)
    for n in (1, 2):
        attach(world, application, f"{n}.pdf", cases.pdf(str(n)))
    assert scan_waiting(at=clock.now()) == Scanned(failed=1)


def test_without_a_scanner_files_are_called_unexamined(world: World, settings: Any) -> None:
    application = cases.start(world)
    document = attach(world, application, "計画.pdf", cases.pdf())
    assert document.scan_state == ScanState.UNEXAMINED
    assert opens(world["lead_colleague"], document) and verify(application)[1] == []
    assert scan_waiting(at=clock.now()) == Scanned()
    with running() as daemon:  # switched on later: what was there is examined too
        settings.SCANNER_ADDRESS = daemon.address
        assert not opens(world["lead_colleague"], document)
        assert scan_waiting(at=clock.now()) == Scanned(clean=1)
        assert opens(world["lead_colleague"], document)


def test_the_schedule_examines() -> None:
    (entry,) = [row for row in app.conf.beat_schedule.values() if row["task"] == "grants.tasks.scan_files"]
    assert entry["schedule"] <= 60
    assert entry["task"] in LABELS
