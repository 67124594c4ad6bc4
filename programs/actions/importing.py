"""Taking a list of programs in as drafts. Nothing on view changes; what people wrote gives way only where accepted.

Each row is the program it was taken to before (its key), else the body's program with that slug or that name, else
a new draft. An item moves by itself only where the program still says what was taken last; everything else that
differs is a difference that a person accepts or leaves. The same list again changes nothing.
"""

import hashlib
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from django.db import transaction

from accounts.models import Organization
from core import clock
from core.access import require
from core.actor import Actor
from core.exceptions import DomainError
from core.text import fold
from programs.actions import revising
from programs.actions.contents import faults_of
from programs.actions.indexing import Groups, synonym_groups
from programs.content import ITEM, Content, blank, empty, words
from programs.enums import AudienceScope, Level, RevisionState
from programs.importing import Found, Reading, RowFault
from programs.models import Program, ProgramRevision, ProgramSource
from programs.queries.revisions import content_of

_SLUG: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,59}")
_WHY: Final = "一覧の取込み"


@dataclass(frozen=True)
class Change:
    """One item of one program: `key` names it for accepting, before and after are words for people."""

    key: str
    line: int
    program: str
    label: str
    before: str
    after: str


@dataclass
class Outcome:
    """What a list brings, or has brought: new drafts (line, title, slug, notes), items that move, items that wait for
    a person, rows that change nothing, and rows that were refused.
    """

    created: list[tuple[int, str, str, tuple[str, ...]]] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    differences: list[Change] = field(default_factory=list)
    unchanged: int = 0
    refused: list[RowFault] = field(default_factory=list)
    unused: dict[str, int] = field(default_factory=dict)


@dataclass
class _Known:
    """The programs of a body as the rows meet them."""

    owner: Organization
    by_slug: dict[str, Program]
    by_name: dict[str, list[Program]]
    by_key: dict[str, ProgramSource]
    open_: dict[int, ProgramRevision]
    groups: Groups


class _RefusedError(Exception):
    """A row cannot be taken in: fault and cure."""

    def __init__(self, fault: str, cure: str) -> None:
        super().__init__(fault)
        self.fault, self.cure = fault, cure


def rehearse(*, reading: Reading, owner: Organization, by: Actor, at: datetime | None = None) -> Outcome:
    """What taking a list in would do; nothing is written. Raises Refused for another body's programs."""
    instant = at or clock.now()
    require(by, "programs.import_programs", owner, instant)
    return _Import(reading, owner, by, instant, dry=True).run()


@transaction.atomic
def import_programs(
    *,
    reading: Reading,
    owner: Organization,
    by: Actor,
    accept: Collection[str] = (),
    source: str = "",
    at: datetime | None = None,
) -> Outcome:
    """Take a list in for a body: its good rows; `accept` are keys of differences to take over.

    Raises Refused for another body's programs, DomainError for a key that is no difference of this list.
    """  # fmt: skip
    instant = at or clock.now()
    require(by, "programs.import_programs", owner, instant)
    taking = _Import(reading, owner, by, instant, accept=frozenset(accept), source=source, dry=False)
    outcome = taking.run()
    if unknown := set(accept) - taking.accepted:
        raise DomainError(
            f"「{'、'.join(sorted(unknown)[:3])}」という違いは、この一覧にはありません。もう一度、違いを確かめてください。"
        )
    return outcome


class _Import:
    """One run over the rows of a list."""

    def __init__(
        self, reading: Reading, owner: Organization, by: Actor, at: datetime, *,
        accept: frozenset[str] = frozenset(), source: str = "", dry: bool,
    ) -> None:  # fmt: skip
        self.reading, self.by, self.at = reading, by, at
        self.accept, self.source, self.dry = accept, source, dry
        self.known = _known(owner, locked=not dry)
        self.accepted: set[str] = set()
        self.taken: set[int] = set()
        self.drafts: dict[str, Content] = {}
        self.sources: list[tuple[Found, Program, Content]] = []
        self.outcome = Outcome(refused=list(reading.faults), unused=dict(reading.unused))

    def run(self) -> Outcome:
        """Every row in the order of the list; a refused one leaves the others alone."""
        for found in self.reading.rows:
            try:
                program = _match(found, self.known)
                if program is None:
                    self._create(found)
                else:
                    self._update(found, program)
            except _RefusedError as error:
                self.outcome.refused.append(RowFault(found.line, "", error.fault, error.cure))
        if not self.dry:
            self._write()
        self.outcome.refused.sort(key=lambda fault: fault.line)
        return self.outcome

    def _write(self) -> None:
        """Save the drafts of programs there were, and what was taken from each row."""
        kept_back = revising.save_all(
            contents_by_slug=self.drafts, by=self.by, at=self.at, why=_WHY, groups=self.known.groups
        )
        for found, program, taken in self.sources:
            if program.slug in kept_back:  # a colleague was faster
                self.outcome.refused.append(
                    RowFault(found.line, "", kept_back[program.slug], "もう一度取り込んでください。")
                )
                self.outcome.changes = [row for row in self.outcome.changes if row.line != found.line]
            else:
                self._keep(found, program, taken)

    def _create(self, found: Found) -> None:
        owner = self.known.owner
        scope = AudienceScope.SINGLE.value if owner.kind == "municipality" else ""
        content = blank(audience_scope=scope) | found.guessed | found.told
        slug = _slug(found, owner.code, self.known.by_slug)
        self._judge(Program(owner=owner, slug=slug, level=Level.MUNICIPAL), content)
        if not self.dry:
            revision = revising.create(
                owner=owner, slug=slug, content=content, by=self.by, at=self.at, groups=self.known.groups
            )
            self.sources.append((found, revision.program, found.told))
        self.outcome.created.append((found.line, found.title, slug, found.notes))

    def _update(self, found: Found, program: Program) -> None:
        if program.pk in self.taken:
            raise _RefusedError("前の行と同じ制度に当たります。", "1行にまとめてください。")
        self.taken.add(program.pk)
        source, open_ = self.known.by_key.get(found.key), self.known.open_.get(program.pk)
        taken: Mapping[str, Any] = source.taken if source else {}
        now = open_.content if open_ else content_of(program)
        moving, waiting = self._compare(found, program, now, taken)
        agreed = {name: value for name, value in found.told.items() if now.get(name) == value}
        if moving and open_ is not None and open_.state == RevisionState.IN_REVIEW:
            raise _RefusedError("確認中の制度です。", "差し戻すか公開してから、もう一度取り込んでください。")
        if moving:
            self._judge(program, now | moving)
            self.drafts[program.slug] = now | moving
        self.sources.append((found, program, {**taken, **agreed, **moving}))
        for name, value in moving.items():
            self.outcome.changes.append(_change(found, program, name, now.get(name), value))
        self.outcome.differences += waiting
        self.outcome.unchanged += not moving and not waiting

    def _compare(
        self, found: Found, program: Program, now: Content, taken: Mapping[str, Any]
    ) -> tuple[Content, list[Change]]:
        """Items that move (the program says what was taken last, or a person accepts), and those that wait."""
        moving: Content = {}
        waiting: list[Change] = []
        for name, value in found.told.items():
            said, last = now.get(name), taken.get(name)
            if said == value or (name not in taken and value == empty(name)):
                continue
            change = _change(found, program, name, said, value)
            if name in taken and said == last:
                moving[name] = value
            elif change.key in self.accept:
                self.accepted.add(change.key)
                moving[name] = value
            else:
                waiting.append(change)
        return moving, waiting

    def _judge(self, program: Program, content: Content) -> None:
        if faults := faults_of(program, content):
            raise _RefusedError(faults[0].message, faults[0].cure or "一覧の値を直してください。")

    def _keep(self, found: Found, program: Program, taken: Mapping[str, Any]) -> None:
        source = self.known.by_key.get(found.key)
        if source is not None and source.taken == taken:
            return
        if source is None:
            source = ProgramSource(program=program, owner=self.known.owner, key=found.key)
        source.taken, source.file_name, source.taken_at = dict(taken), self.source[:120], self.at
        source.save()


def _known(owner: Organization, *, locked: bool) -> _Known:
    """Everything the rows are compared with, in a fixed number of queries; `locked` keeps colleagues waiting."""
    rows = (
        Program.objects.filter(owner=owner)
        .select_related("owner", "parent")
        .prefetch_related("tags", "years")
    )
    if locked:
        rows = rows.select_for_update(of=("self",)).order_by("pk")
    by_slug = {program.slug: program for program in rows}
    by_name: dict[str, list[Program]] = {}
    for program in by_slug.values():
        for name in {fold(name) for name in (program.title, *program.aliases)}:
            by_name.setdefault(name, []).append(program)
    sources = ProgramSource.objects.filter(owner=owner).select_related("program")
    revisions = ProgramRevision.objects.unfinished().filter(program__owner=owner)
    return _Known(
        owner,
        by_slug,
        by_name,
        {source.key: source for source in sources},
        {revision.program_id: revision for revision in revisions},
        synonym_groups(),
    )


def _match(found: Found, known: _Known) -> Program | None:
    """The program a row means: by its key, the slug it was published under, or its name within the body."""
    source = known.by_key.get(found.key)
    if source is not None:
        return known.by_slug[source.program.slug]
    if found.own_id in known.by_slug:
        return known.by_slug[found.own_id]
    named = known.by_name.get(fold(found.title), [])
    if len(named) > 1:
        slugs = "、".join(sorted(program.slug for program in named)[:3])
        raise _RefusedError(
            "同じ名前の制度が2つ以上あります。", f"制度番号の列に、識別名（{slugs}）を入れてください。"
        )
    return named[0] if named else None


def _slug(found: Found, code: str, taken: Mapping[str, Program]) -> str:
    """A public id that the same row gives every time: the body's code and its own number, else a digest."""
    own = found.own_id.lower().replace("_", "-")
    digest = hashlib.sha256(f"{code}\n{found.key}".encode()).hexdigest()[:10]
    slug = f"{code}-{own}" if _SLUG.fullmatch(own) else f"{code}-{digest}"
    if slug in taken or Program.objects.filter(slug=slug).exists():
        slug = f"{code}-{digest}"
    return slug


def _change(found: Found, program: Program, name: str, before: Any, after: Any) -> Change:
    return Change(
        f"{program.slug}:{name}",
        found.line,
        program.title,
        ITEM[name].label,
        words(name, before),
        words(name, after),
    )
