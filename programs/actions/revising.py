"""A program's text on its way: drafted, checked by a second person, published; sent back, discarded, restored.

The one writer of a revision's state (lifecycle 制度の改訂版). What is on view never changes before a revision is
published; a program nobody has put on view yet follows its draft, which only its publishers see.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.db.models import Max

from accounts.actions.notice import Audience, notify
from accounts.models import Organization
from core import clock
from core.access import require
from core.actor import Actor
from core.exceptions import Conflict, DomainError
from programs.actions import contents, publication, second_person
from programs.actions.indexing import Groups
from programs.content import Content, changed
from programs.enums import UNPUBLISHED_PUBLICATIONS, Level, RevisionState
from programs.lifecycle import REVISION
from programs.models import METROPOLITAN_CODE, Program, ProgramEvent, ProgramRevision
from programs.queries.revisions import content_of

_NAMED: Final = 5
"""So many programs a notice names; the others are counted."""
_LEVELS: Final = {"ministry": Level.NATIONAL, "metropolitan": Level.METROPOLITAN}


@transaction.atomic
def create(
    *,
    owner: Organization,
    slug: str,
    content: Content,
    by: Actor,
    at: datetime | None = None,
    groups: Groups | None = None,
) -> ProgramRevision:
    """Begin a program of a body: a draft nobody but its publishers sees, and its first revision.

    Raises Refused for a body the actor does not look after, DomainError naming each faulty item.
    """  # fmt: skip
    instant = at or clock.now()
    program = Program(owner=owner, slug=slug, level=_LEVELS.get(owner.kind, Level.MUNICIPAL))
    require(by, "programs.edit", program, instant)
    _check(program, content)
    contents.write(program, content, groups)
    return _begin(program, content, by, instant)


@transaction.atomic
def save(
    *,
    program: Program,
    content: Content,
    by: Actor,
    edits: int | None = None,
    at: datetime | None = None,
    why: str = "",
    groups: Groups | None = None,
) -> ProgramRevision:
    """Keep a content as the program's draft; begins a revision where none is on its way.

    `edits` is the count of saves the content was made from (0: no draft then); None does not ask. The same content
    again changes nothing. Raises Refused, Conflict when somebody else was faster or it is being checked, DomainError.
    """  # fmt: skip
    instant = at or clock.now()
    locked = _locked(program)
    open_ = ProgramRevision.objects.unfinished().filter(program=locked).first()
    if edits is not None and edits != (open_.edits if open_ else 0):
        require(by, "programs.edit", locked, instant)
        raise Conflict(second_person.STALE)
    return _keep(locked, open_, content, by, instant, why=why)


@transaction.atomic
def save_all(
    *, contents_by_slug: Mapping[str, Content], by: Actor, at: datetime, why: str, groups: Groups
) -> dict[str, str]:
    """Keep contents as drafts of many programs; {slug: why not} for those that a colleague is checking now.

    The programs are locked in one order and read together. Raises Refused, and DomainError for a content that cannot
    stand: nothing is kept then.
    """
    rows = Program.objects.select_for_update(of=("self",)).filter(slug__in=contents_by_slug.keys())
    locked = list(
        rows.select_related("owner", "parent")
        .prefetch_related("tags", "years", "outcomes", "milestones")
        .order_by("pk")
    )
    revisions = ProgramRevision.objects.unfinished().filter(program__in=locked)
    open_ = {revision.program_id: revision for revision in revisions}
    kept_back = {}
    for program in locked:
        content = contents_by_slug[program.slug]
        try:
            _keep(program, open_.get(program.pk), content, by, at, why=why, groups=groups)
        except Conflict as error:
            kept_back[program.slug] = str(error)
    return kept_back


@transaction.atomic
def request_check(*, program: Program, by: Actor, at: datetime | None = None) -> ProgramRevision:
    """Ask a colleague to check and publish the draft; the publishers of the body are told.

    Raises Refused, Conflict when there is no draft, DomainError naming what a reader needs and it lacks.
    """
    instant = at or clock.now()
    revision = ask_for_check(_locked(program), by=by, at=instant)
    tell_checkers([revision], key=f"{revision.pk}:{revision.edits}", at=instant)
    return revision


def ask_for_check(locked: Program, *, by: Actor, at: datetime) -> ProgramRevision:
    """`request_check` for a program that is locked already; the caller tells the checkers."""
    revision = _open(locked, "request_check")
    require(by, "programs.edit", locked, at)
    if faults := contents.missing(revision.content):
        raise DomainError(*faults)
    revision.note = ""
    _move(revision, "request_check", by, at)
    return revision


def tell_checkers(asked: Sequence[ProgramRevision], *, key: str, at: datetime) -> None:
    """One notice to the publishers of the body about what waits for them; `key` tells one asking from another."""
    only = asked[0] if len(asked) == 1 else None
    titles = [str(revision.content["title"]) for revision in asked]
    notify(
        kind="programs.check",
        key=f"programs.check:{key}:{at.timestamp():.0f}",
        audience=Audience.of_organization(curator_id(asked[0].program), "publisher"),
        title="支援制度のページの確認が依頼されました" + ("" if only else f"（{len(asked)}件）"),
        lines=[f"制度：{title}" for title in titles[:_NAMED]]
        + ([f"ほか{len(asked) - _NAMED}件"] if len(asked) > _NAMED else []),
        path=f"/publishing/programs/{only.program.slug}/" if only else "/publishing/together/in_review/",
        at=at,
    )


@transaction.atomic
def send_back(*, program: Program, by: Actor, reason: str, at: datetime | None = None) -> ProgramRevision:
    """Give it back for correction, with a reason; who asked for the check may take it back without one.

    Raises Refused, Conflict when it is not being checked, DomainError without a reason.
    """
    instant = at or clock.now()
    revision = _open(_locked(program), "send_back")
    require(by, "programs.edit", revision.program, instant)
    revision.note = second_person.reason_back(revision, by, reason)
    _move(revision, "send_back", by, instant, comment=revision.note)
    second_person.tell_drafter(
        revision, by, instant, key="programs.sent_back", title="支援制度のページの下書きが差し戻されました",
        lines=[f"制度：{revision.content['title']}"], path=f"/publishing/programs/{revision.program.slug}/",
    )  # fmt: skip
    return revision


@transaction.atomic
def publish_revision(
    *, program: Program, by: Actor, single_person_reason: str = "", seen: str = "", at: datetime | None = None
) -> ProgramRevision:
    """Put the checked revision on view. Whoever drafted it last needs a reason to do so alone (少人数特例).

    `seen` is the mark of what the actor read; "" does not ask. Raises Refused, Conflict when nothing is being
    checked or it is no longer what was read, DomainError naming what it lacks.
    """
    revision = publish_checked(
        _locked(program), by=by, at=at or clock.now(), single_person_reason=single_person_reason, seen=seen
    )
    program.refresh_from_db()
    return revision


def publish_checked(
    locked: Program, *, by: Actor, at: datetime, single_person_reason: str = "", groups: Groups | None = None,
    seen: str = "",
) -> ProgramRevision:  # fmt: skip
    """`publish_revision` for a program that is locked already."""
    revision = _open(locked, "publish")
    require(by, "programs.publish_revision", locked, at)
    second_person.require_seen(revision, seen)
    reason = second_person.reason_alone(revision, by, single_person_reason)
    if faults := [*contents.faults_of(locked, revision.content), *contents.missing(revision.content)]:
        raise DomainError(*faults)
    contents.write(locked, revision.content, groups)
    second_person.sign_published(revision, by, at)
    _move(revision, "publish", by, at, comment=reason, silent=True)
    publication.put_on_view(
        locked, by=by, instant=at, comment=reason,
        payload={"revision": revision.number, "single_person": bool(reason)},
    )  # fmt: skip
    return revision


@transaction.atomic
def discard(*, program: Program, by: Actor, at: datetime | None = None) -> ProgramRevision:
    """Drop what is on its way; it stays in the record, and what is on view stays as it is.

    Raises Refused, Conflict when there is nothing, or the program itself has never been on view.
    """
    instant = at or clock.now()
    locked = _locked(program)
    revision = _open(locked, "discard")
    require(by, "programs.edit", locked, instant)
    if locked.publication in UNPUBLISHED_PUBLICATIONS:
        raise Conflict(
            "まだ公開していない制度の下書きは破棄できません。公開しないかぎり、外からは見えません。"
        )
    _move(revision, "discard", by, instant)
    return revision


@transaction.atomic
def restore(*, program: Program, number: int, by: Actor, at: datetime | None = None) -> ProgramRevision:
    """Begin a draft from an earlier published revision. Raises Refused, Conflict when another is on its way."""
    instant = at or clock.now()
    locked = _locked(program)
    require(by, "programs.edit", locked, instant)
    earlier = ProgramRevision.objects.public().filter(program=locked, number=number).first()
    if earlier is None:
        raise second_person.never_on_view(number)
    if ProgramRevision.objects.unfinished().filter(program=locked).exists():
        raise second_person.still_open()
    return _keep(locked, None, earlier.content, by, instant, why=f"第{number}版から")


# --- Parts ------------------------------------------------------------------------------------------------


def _locked(program: Program) -> Program:
    return (
        Program.objects.select_for_update(of=("self",)).select_related("owner", "parent").get(pk=program.pk)
    )


def _keep(
    locked: Program,
    open_: ProgramRevision | None,
    content: Content,
    by: Actor,
    at: datetime,
    *,
    why: str,
    groups: Groups | None = None,
) -> ProgramRevision:
    """Write a content to the open revision, or to a new one; the same content again changes nothing."""
    require(by, "programs.edit", locked, at)
    if open_ is not None and open_.state != RevisionState.DRAFT:
        raise Conflict("この制度は確認中です。差し戻すか公開してから、直してください。")
    _check(locked, content)
    if open_ is None:
        revision = _begin(locked, content, by, at, why)
    else:
        names = changed(open_.content, content)
        if not names:
            return open_
        revision = open_
        revision.program = locked
        revision.content, revision.edits = content, open_.edits + 1
        second_person.sign(revision, by, at)
        revision.save()
        _record(revision, by, "save_draft", at, comment=why, items=names)
    if locked.publication in UNPUBLISHED_PUBLICATIONS:
        contents.write(locked, content, groups)
    return revision


def _check(program: Program, content: Content) -> None:
    faults = contents.faults_of(program, content)
    if faults:
        raise DomainError(*faults)


def _open(program: Program, action: str) -> ProgramRevision:
    """The revision an action is for. Raises Conflict when there is none in a state it leaves."""
    revision = ProgramRevision.objects.unfinished().filter(program=program).first()
    if revision is None or revision.state not in REVISION.find(action).source:
        now = f"（いまは{revision.get_state_display()}）" if revision else ""
        label = REVISION.find(action).label
        raise Conflict(f"「{label}」はいまできません{now}。ページを読み込み直してください。")
    revision.program = program
    return revision


def _begin(program: Program, content: Content, by: Actor, at: datetime, why: str = "") -> ProgramRevision:
    """The next revision as a draft. What a program said that came with the portal is kept as its first."""
    last = ProgramRevision.objects.filter(program=program).aggregate(last=Max("number"))["last"] or 0
    if not last and program.publication not in UNPUBLISHED_PUBLICATIONS:
        last = 1
        shown_since = program.published_at or at
        ProgramRevision.objects.create(
            program=program, number=1, content=content_of(program), state=RevisionState.PUBLISHED,
            **second_person.first_signs(shown_since),
        )  # fmt: skip
    revision = ProgramRevision(program=program, number=last + 1, content=content, state=RevisionState.DRAFT)
    second_person.sign(revision, by, at)
    revision.save()
    _record(revision, by, "begin_draft", at, comment=why)
    return revision


def _move(
    revision: ProgramRevision,
    action: str,
    by: Actor,
    at: datetime,
    *,
    comment: str = "",
    silent: bool = False,
) -> None:
    """Write the state the table names, and the event (`silent`: the program's own event says it)."""
    source = revision.state
    revision.state = REVISION.after(source, action)
    revision.save()
    if not silent:
        publication.follow(revision.program, in_review=revision.state == RevisionState.IN_REVIEW)
        _record(revision, by, action, at, comment=comment, source=source)


def _record(
    revision: ProgramRevision, by: Actor, action: str, at: datetime, *, comment: str = "", source: str = "",
    items: list[str] | None = None,
) -> None:  # fmt: skip
    payload: dict[str, Any] = {"revision": revision.number}
    ProgramEvent.append(
        f"program:{revision.program.slug}", by, action, from_state=source, to_state=revision.state,
        comment=comment, payload=payload | ({"items": items} if items is not None else {}), at=at,
        program=revision.program,
    )  # fmt: skip


def curator_id(program: Program) -> int:
    """Whose publishers look after it: its owner's; those of 東京都 for programs of 国."""
    if program.level != Level.NATIONAL:
        return program.owner_id
    found = Organization.objects.filter(code=METROPOLITAN_CODE).values_list("pk", flat=True).first()
    return found or program.owner_id
