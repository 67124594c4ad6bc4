"""Two publishers at once: one publishes or saves, the other is told. Each race has its control without the lock."""

import pytest

from core.exceptions import Conflict
from programs.actions import contents, revising
from programs.enums import Level
from programs.models import Program, ProgramEvent, ProgramRevision
from programs.queries.revisions import content_of
from tests.factories import programs as make
from tests.grants.test_races import pausing_after, together
from tests.programs.colleagues import acting

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.postgresql_only("an in-memory SQLite database has a single connection: nothing can race"),
]


@pytest.fixture
def program() -> Program:
    """One on view."""
    town = make.municipality("132241", "多摩市")
    return make.published(slug="one", title="店の支援", owner=town, level=Level.MUNICIPAL)


@pytest.fixture
def unlocked(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: the program is read, and not locked."""
    monkeypatch.setattr(
        revising, "_locked", lambda row: Program.objects.select_related("owner", "parent").get(pk=row.pk)
    )


def published_by_one(program: Program) -> None:
    drafted = content_of(program) | {"summary": "新しい概要"}
    revising.save(program=program, content=drafted, by=acting(program.owner))
    revising.request_check(program=program, by=acting(program.owner))
    people = [acting(program.owner, name) for name in ("second", "third")]
    with pausing_after(contents, "missing"):
        found = together(
            *(lambda by=by: revising.publish_revision(program=program, by=by) for by in people)  # type: ignore[misc]
        )
    assert sum(isinstance(result, ProgramRevision) for result in found) == 1, found
    assert sum(isinstance(result, Conflict) for result in found) == 1, found
    assert ProgramEvent.objects.filter(action="revise").count() == 1


def saved_by_one(program: Program) -> None:
    """Two save at once from the same draft: the second is told, and overwrites nothing."""
    first = acting(program.owner)
    revising.save(program=program, content=content_of(program) | {"summary": "下書き"}, by=first)
    jobs = [
        lambda text=text: revising.save(  # type: ignore[misc]
            program=program, content=content_of(program) | {"summary": text}, by=first, edits=1
        )
        for text in ("一方", "他方")
    ]
    with pausing_after(contents, "faults_of"):
        found = together(*jobs)
    assert sum(isinstance(result, Conflict) for result in found) == 1, found
    assert ProgramRevision.objects.unfinished().get().edits == 2


def test_one_of_two_publishes(program: Program) -> None:
    published_by_one(program)


def test_control_both_publish_without_the_lock(program: Program, unlocked: None) -> None:
    with pytest.raises(AssertionError):
        published_by_one(program)


def test_one_of_two_saves(program: Program) -> None:
    saved_by_one(program)


def test_control_one_save_is_lost_without_the_lock(program: Program, unlocked: None) -> None:
    with pytest.raises(AssertionError):
        saved_by_one(program)
