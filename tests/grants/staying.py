"""Holds a case against itself: what a refused act must leave as it is."""

from collections.abc import Iterator
from contextlib import contextmanager

from grants.models import Answer, Application, ApplicationEvent, Consent, Document, Snapshot


def told(application: Application) -> tuple[object, ...]:
    """Everything a refused act must leave as it is."""
    application.refresh_from_db()
    return (
        application.status, application.version, application.content_version, application.receipt_number,
        ApplicationEvent.objects.count(), Snapshot.objects.count(), Consent.objects.filter(state="given").count(),
        Document.objects.count(), sorted(Answer.objects.values_list("question__code", "value", "version")),
    )  # fmt: skip


@contextmanager
def untouched(application: Application) -> Iterator[None]:
    """Nothing changes inside."""
    before = told(application)
    yield
    assert told(application) == before
