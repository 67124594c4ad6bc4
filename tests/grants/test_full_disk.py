"""The disk of the database is full when the bytes of an attachment have been written: they go again."""

import pytest
from django.core.files.storage import default_storage
from django.db import OperationalError

from grants.actions import documents
from grants.models import Document
from tests.factories import grants as cases
from tests.factories.grants import World


def test_bytes_whose_row_finds_no_room_go_again(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    application = cases.ready(world)
    folder = f"grants/{application.public_id}"
    before = default_storage.listdir(folder)

    def full(document: Document, **given: object) -> None:
        raise OperationalError("could not extend file: No space left on device")

    monkeypatch.setattr(Document, "save", full)
    with pytest.raises(OperationalError):
        documents.attach_document(application_id=application.pk, file=cases.upload(), by=world["lead_editor"])
    assert default_storage.listdir(folder) == before
