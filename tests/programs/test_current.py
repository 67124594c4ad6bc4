"""The standing of now is made from the one before, and is the one read anew, whatever was written and in whatever order."""

import random
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Event, Thread
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models import F
from django.test.utils import CaptureQueriesContext

from accounts.models import Organization
from core import clock as core_clock
from programs.enums import Facet, Kind, Offering, Theme
from programs.models import BudgetLine, Call, Program, ProgramTag, ProgramYear
from programs.models.versioning import install, noted, present
from programs.queries import current as kept
from programs.queries.standing import Standing, build
from tests.conftest import HeldClock
from tests.factories import programs as make

pytestmark = pytest.mark.django_db(transaction=True)


def told(standing: Standing) -> tuple[Any, ...]:
    """Everything a standing says, in its order."""
    held = {member: codes for member, codes in standing.held.items() if codes}
    names = list(standing.owners.items()), list(standing.usable.items())
    return standing.pks, standing.keys, standing.tags, held, names, standing.orders


@pytest.fixture
def anew(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was read in full while the test ran."""
    seen: list[str] = []

    def counted(*args: Any, **kwargs: Any) -> Standing:
        seen.append("anew")
        return build(*args, **kwargs)

    monkeypatch.setattr(kept, "build", counted)
    return seen


def catalogue(at: datetime) -> list[Organization]:
    towns = [
        make.metropolis(),
        make.municipality("132241", "多摩市"),
        make.municipality("133612", "大島町", "islands"),
    ]
    for number in range(24):
        make.published(
            slug=f"p-{number}", title_kana=f"よみ{number % 7}", owner=towns[number % 3],
            level=("metropolitan", "municipal", "municipal")[number % 3], at=at - timedelta(days=number),
        )  # fmt: skip
    Program.objects.filter(slug__in=["p-4", "p-5", "p-9"]).update(parent=Program.objects.get(slug="p-0"))
    return towns


def _any(draw: random.Random) -> Program:
    return draw.choice(list(Program.objects.order_by("pk")))


def _close(draw: random.Random) -> None:
    call = draw.choice([None, *Call.objects.order_by("pk")])
    if call:
        Call.objects.filter(pk=call.pk).update(closes_at=F("closes_at") + timedelta(hours=draw.randrange(5)))


def _open(draw: random.Random) -> None:
    opens = core_clock.now() + timedelta(hours=draw.randrange(-30, 30))
    top = Program.objects.filter(components__isnull=False).first()
    make.call_open(
        draw.choice([top or _any(draw), _any(draw)]),
        opens_at=opens,
        closes_at=opens + timedelta(hours=draw.randrange(1, 40)),
    )


def _remove(draw: random.Random) -> None:
    free = Program.objects.filter(calls=None, components=None, events=None).order_by("pk")
    if free:
        ProgramTag.objects.filter(program=free[0]).delete()
        free[0].delete()


def _undo(draw: random.Random) -> None:
    """Written, looked at, and taken back."""
    with transaction.atomic():
        Program.objects.filter(pk=_any(draw).pk).update(kind=draw.choice(Kind.values), title_kana="あ")
        kept.current(core_clock.now())
        transaction.set_rollback(True)


def _bare(draw: random.Random) -> None:
    """A program no action made, so that it may be removed again."""
    one = _any(draw)
    one.pk, one.slug = None, f"bare-{draw.randrange(10**9)}"
    one.save()


def changed(name: str, values: Callable[[random.Random], Any]) -> Callable[[random.Random], None]:
    """One column of one program."""
    return lambda draw: Program.objects.filter(pk=_any(draw).pk).update(**{name: values(draw)}) and None


WRITES: list[Callable[[random.Random], Any]] = [
    changed("kind", lambda draw: draw.choice(Kind.values)),
    changed("offering", lambda draw: draw.choice(Offering.values)),
    changed("title_kana", lambda draw: f"よみ{draw.randrange(9)}"),
    changed("largest_amount", lambda draw: draw.choice([None, 10**5, 10**8])),
    changed("publication", lambda draw: draw.choice(["published", "published", "withdrawn", "draft"])),
    changed("published_at", lambda draw: core_clock.now() + timedelta(hours=draw.randrange(-20, 20))),
    changed("owner_id", lambda draw: draw.choice(list(Organization.objects.values_list("pk", flat=True)))),
    changed("slug", lambda draw: f"moved-{draw.randrange(10**9)}"),
    lambda draw: Program.objects.exclude(pk=(top := _any(draw)).pk).filter(pk=_any(draw).pk).update(parent=top),
    lambda draw: ProgramTag.objects.get_or_create(program=_any(draw), facet=Facet.THEME, code=draw.choice(Theme.values)),
    lambda draw: ProgramTag.objects.filter(program=_any(draw)).delete(),
    lambda draw: ProgramYear.objects.get_or_create(program=_any(draw), fiscal_year=draw.randrange(2020, 2030)),
    lambda draw: BudgetLine.objects.get_or_create(program=_any(draw), fiscal_year=2024, label="予算", amount=1),
    lambda draw: ProgramYear.objects.filter(fiscal_year=draw.randrange(2020, 2030)).update(program=_any(draw)),
    lambda draw: make.published(themes=[draw.choice(Theme.values)]),
    _open, _open, _close, _bare, _remove, _undo,
]  # fmt: skip


def test_after_any_writes_and_moments_it_is_the_one_read_anew(clock: HeldClock, anew: list[str]) -> None:
    start = clock.jst(2026, 11, 21, 10)
    towns = catalogue(start)
    kept.current(start)
    anew.clear()
    draw = random.Random(7)
    for step in range(70):
        for _ in range(draw.randrange(3)):
            draw.choice(WRITES)(draw)
        if draw.random() < 0.5:
            clock.advance(timedelta(hours=draw.randrange(-3, 9)))
        now = core_clock.now()
        named = kept.moment(now)
        assert told(kept.current(now, named=named)) == told(build(now, token=named[0])), step
        listed = kept._changes_of(named[0], "default").listed
        assert listed == sorted(kept._read(kept.Q(), kept.Q(), "default")), step
    assert not anew
    Organization.objects.filter(pk=towns[1].pk).update(name="多摩市（改）", area="islands")
    now = core_clock.now()
    assert told(kept.current(now)) == told(build(now))
    assert anew, "a body's facts stand on all its programs"


def test_a_publisher_sees_drafts_from_the_publics_and_many_writes_are_read_at_once(
    clock: HeldClock, anew: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    towns = catalogue(clock.jst(2026, 11, 21, 10))
    make.draft(slug="mine", owner=towns[1], level="municipal", themes=["tourism"])
    make.draft(slug="others", owner=towns[2], level="municipal")
    now, publisher = core_clock.now(), make.publisher(towns[1])
    kept.current(now)
    anew.clear()
    assert told(kept.current(now, publisher)) == told(build(now, publisher))
    assert len(kept.current(now, publisher).pks) == len(kept.current(now).pks) + 1
    assert not anew
    monkeypatch.setattr(kept, "MOST", 3)
    Program.objects.filter(owner=towns[1]).update(kind="loan")
    assert told(kept.current(now)) == told(build(now))
    assert anew


def test_the_log_names_every_table_a_standing_is_read_from(clock: HeldClock) -> None:
    """Else a write would change what is counted and nobody would read it again."""
    catalogue(clock.jst(2026, 11, 21, 10))
    now = core_clock.now()
    named = kept.moment(now)
    kept.current(now, named=named)
    with CaptureQueriesContext(
        connection,
    ) as seen:
        build(now, token=named[0])
    read = set(re.findall(r'(?:FROM|JOIN) "(\w+)"', " ".join(query["sql"] for query in seen)))
    assert "programs_call" in read
    assert read <= set(noted())
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE programs_cataloguechange")
    assert not present(connection)
    install()
    assert present(connection)
    Program.objects.filter(slug="p-3").update(kind="loan")
    assert told(kept.current(now)) == told(build(now))


@pytest.mark.postgresql_only("SQLite has one writer")
def test_a_writer_who_began_first_and_ends_last_is_not_overlooked(clock: HeldClock, anew: list[str]) -> None:
    now = clock.jst(2026, 11, 21, 10)
    catalogue(now)
    kept.current(now)
    anew.clear()
    written, ended = Event(), Event()

    def slowly() -> None:
        try:
            with transaction.atomic():
                Program.objects.filter(slug="p-1").update(kind="loan", title_kana="ん")
                written.set()
                ended.wait(30)
        finally:
            connection.close()

    first = Thread(target=slowly)
    first.start()
    assert written.wait(30)
    Program.objects.filter(slug="p-2").update(kind="loan")
    between = told(kept.current(now))
    ended.set()
    first.join(30)
    assert told(kept.current(now)) == told(build(now)) != between
    assert not anew
