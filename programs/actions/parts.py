"""Calls and rules on their way: drafted, checked by a second person, published; sent back, discarded, restored.

The one writer of the state of a `PartRevision` (lifecycle 募集と規則の改訂版). What each kind of part must say and what
publishing it does stand in `call_parts` and `rule_parts`; everything else is the same for all of them.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final, Protocol

from django.db import transaction
from django.db.models import Max

from accounts.actions.notice import Audience, notify
from core import clock
from core.access import require
from core.actor import Actor
from core.exceptions import Conflict, DomainError, Fault
from programs.actions import call_parts, figure_parts, rule_parts, second_person
from programs.actions.revising import curator_id
from programs.enums import PartKind, RevisionState
from programs.lifecycle import PART_REVISION
from programs.models import PartRevision, Program, ProgramEvent
from programs.parts.spec import Content, changed, missing, unstorables
from programs.queries.parts import ITEMS, content_on_view, name_of


class Kind(Protocol):
    """What is particular to one kind of part."""

    def draft_faults(self, program: Program, key: str, content: Content) -> list[Fault]:
        """What keeps a content from being saved."""

    def publishing_faults(self, program: Program, key: str, content: Content, at: datetime) -> list[Fault]:
        """What else keeps it from the public."""

    def put_on_view(self, program: Program, key: str, content: Content, at: datetime) -> dict[str, Any]:
        """Write it where the public reads; gives facts for the record."""

    def fixed(self, program: Program, key: str) -> Content:
        """What may no longer change, with its value on view."""


_KINDS: Final[Mapping[PartKind, Kind]] = {
    PartKind.CALL: call_parts,
    PartKind.FUNDING: rule_parts.FUNDING,
    PartKind.ELIGIBILITY: rule_parts.ELIGIBILITY,
    PartKind.FIGURES: figure_parts,
}


@transaction.atomic
def save_part(
    *, program: Program, part: PartKind, key: str, content: Content, by: Actor, edits: int | None = None,
    at: datetime | None = None, why: str = "",
) -> PartRevision:  # fmt: skip
    """Keep a content as the draft of a part; begins a revision where none is on its way.

    `edits` is the count of saves the content was made from (0: no draft then); None does not ask. The same content
    again changes nothing. Raises Refused, Conflict when somebody else was faster or it is being checked, DomainError.
    """
    instant = at or clock.now()
    locked = _locked(program)
    require(by, "programs.edit", locked, instant)
    rows = PartRevision.objects.filter(program=locked, part=part, key=key)
    open_ = rows.unfinished().first()
    if edits is not None and edits != (open_.edits if open_ else 0):
        raise Conflict(second_person.STALE)
    if open_ is not None and open_.state != RevisionState.DRAFT:
        raise Conflict("確認中です。差し戻すか公開してから、直してください。")
    if faults := [*unstorables(ITEMS[part], content), *_KINDS[part].draft_faults(locked, key, content)]:
        raise DomainError(*faults)
    if open_ is None:
        return _begin(PartRevision(program=locked, part=part, key=key, content=content), by, instant, why)
    names = changed(ITEMS[part], open_.content, content)
    if names:
        open_.program, open_.content, open_.edits = locked, content, open_.edits + 1
        second_person.sign(open_, by, instant)
        open_.save()
        _record(open_, by, "save_draft", instant, comment=why, payload={"items": names})
    return open_


@transaction.atomic
def request_part_check(*, revision: PartRevision, by: Actor, at: datetime | None = None) -> PartRevision:
    """Ask a colleague to check and publish it; the publishers of the body are told.

    Raises Refused, Conflict when it is no draft any more, DomainError naming everything that is not right yet.
    """
    instant = at or clock.now()
    row = _open(revision, "request_check")
    require(by, "programs.edit", row.program, instant)
    if faults := _unfit(row, instant):
        raise DomainError(*faults)
    row.note = ""
    _move(row, "request_check", by, instant)
    notify(
        kind="programs.check", key=f"programs.part_check:{row.pk}:{row.edits}:{instant.timestamp():.0f}",
        audience=Audience.of_organization(curator_id(row.program), "publisher"),
        title=f"{row.get_part_display()}の内容の確認が依頼されました",
        lines=[f"制度：{row.program.title}", f"{row.get_part_display()}：{name_of(PartKind(row.part), row.content)}"],
        path=_path(row), at=instant,
    )  # fmt: skip
    return row


@transaction.atomic
def send_part_back(
    *, revision: PartRevision, by: Actor, reason: str, at: datetime | None = None
) -> PartRevision:
    """Give it back for correction, with a reason; who drafted it last may take it back without one.

    Raises Refused, Conflict when it is not being checked, DomainError without a reason.
    """
    instant = at or clock.now()
    row = _open(revision, "send_back")
    require(by, "programs.edit", row.program, instant)
    row.note = second_person.reason_back(row, by, reason)
    _move(row, "send_back", by, instant, comment=row.note)
    second_person.tell_drafter(
        row, by, instant, key="programs.part_sent_back", title=f"{row.get_part_display()}の下書きが差し戻されました",
        lines=[f"制度：{row.program.title}"], path=_path(row),
    )  # fmt: skip
    return row


@transaction.atomic
def publish_part(
    *,
    revision: PartRevision,
    by: Actor,
    single_person_reason: str = "",
    seen: str = "",
    at: datetime | None = None,
) -> PartRevision:
    """Put the checked revision on view. Whoever drafted it last needs a reason to do so alone (少人数特例).

    `seen` is the mark of what the actor read; "" does not ask. Raises Refused, Conflict when nothing is being checked
    or it is no longer what was read, DomainError naming everything that is not right.
    """
    instant = at or clock.now()
    row = _open(revision, "publish")
    require(by, "programs.publish_revision", row.program, instant)
    second_person.require_seen(row, seen)
    reason = second_person.reason_alone(row, by, single_person_reason)
    if faults := _unfit(row, instant):
        raise DomainError(*faults)
    facts = _KINDS[PartKind(row.part)].put_on_view(row.program, row.key, row.content, instant)
    second_person.sign_published(row, by, instant)
    _move(row, "publish", by, instant, comment=reason, payload={**facts, "single_person": bool(reason)})
    return row


@transaction.atomic
def discard_part(*, revision: PartRevision, by: Actor, at: datetime | None = None) -> PartRevision:
    """Drop what is on its way; it stays in the record. Raises Refused, Conflict when there is nothing."""
    row = _open(revision, "discard")
    instant = at or clock.now()
    require(by, "programs.edit", row.program, instant)
    _move(row, "discard", by, instant)
    return row


@transaction.atomic
def restore_part(*, revision: PartRevision, by: Actor, at: datetime | None = None) -> PartRevision:
    """Begin a draft from an earlier published revision; what may no longer change stays as it is on view.

    Raises Refused, Conflict when another is on its way, DomainError for one that never was on view.
    """
    instant = at or clock.now()
    locked = _locked(revision.program)
    part = PartKind(revision.part)
    require(by, "programs.edit", locked, instant)
    if revision.state != RevisionState.PUBLISHED:
        raise second_person.never_on_view(revision.number)
    rows = PartRevision.objects.filter(program=locked, part=part, key=revision.key)
    if rows.unfinished().exists():
        raise second_person.still_open()
    content = revision.content | _KINDS[part].fixed(locked, revision.key)
    draft = PartRevision(program=locked, part=part, key=revision.key, content=content)
    return _begin(draft, by, instant, f"第{revision.number}版から")


def fixed_items(program: Program, part: PartKind, key: str) -> Content:
    """What may no longer change of a part, with its value on view."""
    return _KINDS[part].fixed(program, key)


# --- Parts ------------------------------------------------------------------------------------------------


def _locked(program: Program) -> Program:
    return Program.objects.select_for_update(of=("self",)).select_related("owner").get(pk=program.pk)


def _open(revision: PartRevision, action: str) -> PartRevision:
    """The revision as it is now, its program locked. Raises Conflict when its state does not let the action."""
    program = _locked(revision.program)
    row = PartRevision.objects.get(pk=revision.pk)
    row.program = program
    if row.state not in PART_REVISION.find(action).source:
        label = PART_REVISION.find(action).label
        raise Conflict(
            f"「{label}」はいまできません（いまは{row.get_state_display()}）。ページを読み込み直してください。"
        )
    return row


def _unfit(row: PartRevision, at: datetime) -> list[Fault]:
    part = PartKind(row.part)
    kind = _KINDS[part]
    return [
        *missing(ITEMS[part], row.content),
        *kind.draft_faults(row.program, row.key, row.content),
        *kind.publishing_faults(row.program, row.key, row.content, at),
    ]


def _begin(revision: PartRevision, by: Actor, at: datetime, why: str) -> PartRevision:
    """Save the next revision as a draft. What a part said that came with the portal is kept as its first."""
    program, part, key = revision.program, PartKind(revision.part), revision.key
    rows = PartRevision.objects.filter(part=part, key=key)
    last = rows.aggregate(last=Max("number"))["last"] or 0
    shown = content_on_view(program, part, key) if not last else None
    if shown is not None:
        last = 1
        PartRevision.objects.create(
            program=program, part=part, key=key, number=1, content=shown, state=RevisionState.PUBLISHED,
            **second_person.first_signs(at),
        )  # fmt: skip
    revision.number = last + 1
    second_person.sign(revision, by, at)
    revision.save()
    _record(revision, by, "begin_draft", at, comment=why)
    return revision


def _move(
    revision: PartRevision, action: str, by: Actor, at: datetime, *, comment: str = "",
    payload: Mapping[str, Any] | None = None,
) -> None:  # fmt: skip
    source = revision.state
    revision.state = PART_REVISION.after(source, action)
    revision.save()
    _record(revision, by, action, at, comment=comment, source=source, payload=payload)


def _record(
    revision: PartRevision, by: Actor, action: str, at: datetime, *, comment: str = "", source: str = "",
    payload: Mapping[str, Any] | None = None,
) -> None:  # fmt: skip
    told = {"part": revision.part, "key": revision.key, "revision": revision.number}
    ProgramEvent.append(
        f"program:{revision.program.slug}", by, f"{action}_part", from_state=source, to_state=revision.state,
        comment=comment, payload={**told, **(payload or {})}, at=at, program=revision.program,
    )  # fmt: skip


def _path(revision: PartRevision) -> str:
    return f"/publishing/programs/{revision.program.slug}/parts/{revision.part}/{revision.key}/"
