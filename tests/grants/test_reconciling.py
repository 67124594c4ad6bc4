"""Every hour the files are read again: what broke is told once, what was left behind goes, the rest is left alone."""

from datetime import timedelta
from typing import Any

from accounts.models import Notice, NoticeAudience
from core import clock
from grants.actions import documents
from grants.actions.reconciling import KEPT, reconcile
from grants.enums import DocumentPurpose
from grants.models import Document
from tama_portal.celery import app
from tests.factories import grants as cases
from tests.factories.grants import World


def test_a_broken_file_is_told_once(world: World) -> None:
    application = cases.ready(world)
    now = clock.now()
    whole = reconcile(at=now)
    assert (whole.purged, whole.read, whole.broken) == (0, 2, 0)
    paper = application.documents.get(requirement="plan_sheet")
    paper.file.storage.delete(paper.file.name)
    letter = application.documents.get(purpose=DocumentPurpose.CONSENT)
    with letter.file.storage.open(letter.file.name, "r+b") as file:
        file.write(b"%PDF-1.4")
    assert reconcile(at=now).broken == 2
    assert reconcile(at=now + timedelta(hours=1)).broken == 2
    told = Notice.objects.filter(kind="grants.file_broken")
    assert {notice.path for notice in told} == {f"/applications/{application.public_id}/documents/"}
    assert told.count() == 2
    assert paper.name not in "".join("".join([n.title, *n.lines]) for n in told)
    rows = NoticeAudience.objects.filter(addressees__notices__in=told)
    assert {row.department_id for row in rows} == {application.lead_department_id}


def test_what_was_left_behind_goes(world: World) -> None:
    """A file that never became part of the case, once nobody can be waiting for it any more."""
    application = cases.start(world)
    left = documents.keep(
        application,
        cases.upload(),
        purpose=DocumentPurpose.ATTACHMENT,
        by=world["lead_editor"],
        at=clock.now(),
    )
    storage, name = left.file.storage, str(left.file.name)
    assert reconcile(at=clock.now() + KEPT).purged == 0
    assert storage.exists(name)
    assert reconcile(at=clock.now() + KEPT + timedelta(seconds=1)).purged == 1
    assert not storage.exists(name)
    assert not Document.objects.exists()


def test_it_runs_every_hour() -> None:
    entries: list[Any] = [
        row for row in app.conf.beat_schedule.values() if row["task"].endswith("reconcile_files")
    ]
    assert [entry["schedule"] for entry in entries] == [3600.0]
    app.loader.import_default_modules()
    assert "grants.tasks.reconcile_files" in app.tasks
