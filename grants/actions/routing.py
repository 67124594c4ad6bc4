"""庁内照会: a town's liaison unit sends parts of the case to other units, they answer, it compiles.

Nothing here touches the case itself, and nothing of it is told to other bodies.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.actions.notice import Audience, notify
from accounts.enums import Role
from accounts.models import Department, User
from accounts.queries import colleagues_of
from core import clock
from core.actor import Actor
from core.exceptions import DomainError, Fault, Refused
from core.wareki import long_date
from grants.actions import locking, transition
from grants.actions.changes import member_in, person
from grants.actions.texts import text_faults
from grants.models import Distribution, Member, Routing
from grants.permissions import judge_distribution
from grants.queries.routing import Part, outer_due, part_label, parts_of, units_to_ask

_FILLERS = (Role.EDITOR, Role.APPROVER)


@transaction.atomic
def distribute(
    *,
    application_id: int,
    member_id: int,
    parts: Collection[str],
    department: Department,
    due_at: datetime,
    by: Actor,
    message: str = "",
    hides_others: bool | None = None,
    at: datetime | None = None,
) -> list[Routing]:
    """Send parts (their keys, see grants.queries.routing.parts_of) to one unit of the town.

    `hides_others` changes what units see besides their own part (None: as it is). Raises Refused for whoever does not
    distribute, UnknownTransition or DomainError where nothing can be changed now, DomainError naming the field: parts
    unknown or with a unit already, a unit of another body or ended, a date gone by or after Tokyo's.
    """
    instant = at or clock.now()
    transition.require_person(by)
    application = locking.application(application_id)
    member = member_in(application, member_id)
    member.application = application
    transition.insist(judge_distribution(by, member, instant))
    wanted = [part for part in parts_of(member) if part.key in parts]
    if faults := [
        *_part_faults(member, wanted, parts), *_unit_faults(member, department, instant),
        *_due_faults(member, due_at, instant), *_text_faults("message", message),
    ]:  # fmt: skip
        raise DomainError(*faults)
    plan = _plan(member, by, instant, hides_others)
    sent = [
        transition.send_out(
            plan, section=part.section, item=part.item, department=department, due_at=due_at, message=message, by=by,
            at=instant,
        )
        for part in wanted
    ]  # fmt: skip
    _tell_unit(sent, "庁内照会が届きました", instant)
    return sent


def _plan(member: Member, by: Actor, at: datetime, hides_others: bool | None) -> Distribution:
    if by.department_id is None:
        raise Refused("配属のある利用者だけが照会できます。")
    plan, made = Distribution.objects.get_or_create(
        member=member,
        defaults={
            "department_id": by.department_id,
            "hides_others": bool(hides_others),
            "begun_at": at,
            "begun_by_id": person(by),
        },
    )
    if not made and hides_others is not None and plan.hides_others != hides_others:
        plan.hides_others = hides_others
        plan.save(update_fields=["hides_others"])
    plan.member = member
    return plan


def _part_faults(member: Member, wanted: list[Part], asked: Collection[str]) -> list[Fault]:
    if not wanted or len(wanted) != len(set(asked)):
        return [Fault("parts", "照会する部分がえらばれていません。", "1つ以上えらんでください。")]
    live = Routing.objects.live().filter(distribution__member=member).select_related("department")
    cure = "重なる照会をとりまとめ済にするか取りやめてから、えらんでください。"
    taken = [
        Fault("parts", f"「{part.label}」は{row.department.name}に照会しています。", cure)
        for part in wanted
        for row in live
        if part.section == row.section and (part.item == row.item or not (part.item and row.item))
    ]
    whole = {part.section for part in wanted if not part.item}
    doubled = [
        Fault(
            "parts", f"「{part.label}」は全体の照会に含まれます。", "全体か一部のどちらかをえらんでください。"
        )
        for part in wanted
        if part.item and part.section in whole
    ]
    return taken + doubled


def _unit_faults(member: Member, department: Department, at: datetime) -> list[Fault]:
    if department.pk in {unit.pk for unit in units_to_ask(member, clock.today(at))}:
        return []
    return [Fault("department", "この部署には照会できません。", "いまある自団体の部署をえらんでください。")]


def _due_faults(member: Member, due_at: datetime, at: datetime) -> list[Fault]:
    outer = outer_due(member.application)
    if due_at <= at:
        return [
            Fault("due_at", "庁内の期限が過ぎた日時になっています。", "これからの日時を入力してください。")
        ]
    if due_at > outer:
        limit = f"{long_date(clock.today(outer))}{clock.local(outer):%H:%M}"
        return [
            Fault("due_at", f"庁内の期限が都の期限（{limit}）より後です。", "それ以前の日時にしてください。")
        ]
    return []


def _text_faults(field: str, text: str, *, needed: bool = False) -> list[Fault]:
    if needed and not text.strip():
        return [Fault(field, "理由が空です。", "入力してください。")]
    return text_faults(field, text)


# --- The unit that was asked ------------------------------------------------------------------------------------


@transaction.atomic
def answer(
    *, routing_id: int, by: Actor, comment: str = "", expected_version: int | None = None, at: datetime | None = None
) -> Routing:  # fmt: skip
    """The part is filled: it goes back to the liaison unit. Raises as transition.begin_routing."""
    return _back(
        routing_id, "answer", "庁内照会に回答がありました", comment, by, at, expected_version, needed=False
    )


@transaction.atomic
def disclaim(
    *, routing_id: int, by: Actor, reason: str, expected_version: int | None = None, at: datetime | None = None
) -> Routing:  # fmt: skip
    """The part is not this unit's: back to the liaison unit with the reason. Raises as answer."""
    return _back(routing_id, "disclaim", "庁内照会が担当外として戻りました", reason, by, at, expected_version)


def _back(  # noqa: PLR0917 - the parts of one answer
    routing_id: int,
    action: str,
    title: str,
    text: str,
    by: Actor,
    at: datetime | None,
    version: int | None,
    *,
    needed: bool = True,
) -> Routing:
    routing = _act(routing_id, action, by, at, version, reason=text, needed=needed)
    _tell_liaison(routing, title, at or clock.now())
    return routing


@transaction.atomic
def hand_over(
    *, routing_id: int, to: User, by: Actor, expected_version: int | None = None, at: datetime | None = None
) -> Routing:  # fmt: skip
    """Name who in the unit sees to the part. Raises as answer, DomainError for somebody of another unit."""
    instant = at or clock.now()
    if to.pk not in {user.pk for user in [*colleagues_of(by, clock.today(instant))]} | {by.user_id}:
        raise DomainError(Fault("to", "この人は同じ部署にいません。", "同じ部署の人をえらんでください。"))
    routing = _act(routing_id, "hand_over", by, at, expected_version, columns={"assignee": to})
    notify(
        kind="grants.routing", key=f"{_key(routing)}:to", audience=Audience.of_users(to.pk),
        title="庁内照会の担当になりました", lines=_lines(routing), path=_path(routing), due_at=routing.due_at,
        at=instant,
    )  # fmt: skip
    return routing


# --- The liaison unit -------------------------------------------------------------------------------------------


@transaction.atomic
def send_back(
    *, routing_id: int, reason: str, due_at: datetime, by: Actor, expected_version: int | None = None,
    at: datetime | None = None,
) -> Routing:  # fmt: skip
    """An answer goes back to the unit with a comment and a new date. Raises as answer."""
    instant = at or clock.now()
    return _again(
        routing_id,
        "send_back",
        "庁内照会の回答が差し戻されました",
        reason,
        {"due_at": due_at},
        by,
        instant,
        expected_version,
    )


@transaction.atomic
def reroute(
    *, routing_id: int, department: Department, due_at: datetime, by: Actor, message: str = "",
    expected_version: int | None = None, at: datetime | None = None,
) -> Routing:  # fmt: skip
    """Ask another unit instead; what was typed stays. Raises as answer."""
    columns = {"department": department, "due_at": due_at, "assignee": None, "message": message}
    return _again(
        routing_id,
        "reroute",
        "庁内照会が届きました",
        message,
        columns,
        by,
        at or clock.now(),
        expected_version,
        needed=False,
    )


@transaction.atomic
def move_due(
    *, routing_id: int, due_at: datetime, by: Actor, expected_version: int | None = None, at: datetime | None = None
) -> Routing:  # fmt: skip
    """Another date of the town's own. Raises as answer."""
    return _again(
        routing_id,
        "move_due",
        "庁内照会の期限が変わりました",
        "",
        {"due_at": due_at},
        by,
        at or clock.now(),
        expected_version,
        needed=False,
    )


def _again(  # noqa: PLR0917 - the parts of one request
    routing_id: int,
    action: str,
    title: str,
    text: str,
    columns: dict[str, Any],
    by: Actor,
    at: datetime,
    version: int | None,
    *,
    needed: bool = True,
) -> Routing:
    routing = transition.begin_routing(routing_id, action, by=by, at=at, expected_version=version)
    member = routing.distribution.member
    faults = [
        *_due_faults(member, columns["due_at"], at),
        *_text_faults("reason" if needed else "message", text, needed=needed),
    ]
    if "department" in columns:
        faults += _unit_faults(member, columns["department"], at)
    if faults:
        raise DomainError(*faults)
    transition.finish_routing(routing, action, by=by, at=at, reason=text, columns=columns)
    _tell_unit([routing], title, at)
    return routing


@transaction.atomic
def take_over(
    *, routing_id: int, reason: str, by: Actor, expected_version: int | None = None, at: datetime | None = None
) -> Routing:  # fmt: skip
    """The liaison unit fills the part itself from now on; each change is kept as one by proxy. Raises as answer."""
    routing = _act(routing_id, "take_over", by, at, expected_version, reason=reason, needed=True)
    _tell_unit([routing], "取りまとめの部署が庁内照会を引き取りました", at or clock.now())
    return routing


@transaction.atomic
def compile_(
    *, routing_id: int, by: Actor, expected_version: int | None = None, at: datetime | None = None
) -> Routing:  # fmt: skip
    """The part is in order. Raises as answer."""
    return _act(routing_id, "compile", by, at, expected_version)


@transaction.atomic
def recall(
    *, routing_id: int, by: Actor, reason: str = "", expected_version: int | None = None, at: datetime | None = None
) -> Routing:  # fmt: skip
    """Nobody has to fill the part any more; what was typed stays. Raises as answer."""
    routing = _act(routing_id, "recall", by, at, expected_version, reason=reason)
    _tell_unit([routing], "庁内照会が取りやめになりました", at or clock.now())
    return routing


def _act(
    routing_id: int,
    action: str,
    by: Actor,
    at: datetime | None,
    version: int | None,
    *,
    reason: str = "",
    needed: bool = False,
    columns: dict[str, Any] | None = None,
) -> Routing:
    instant = at or clock.now()
    routing = transition.begin_routing(routing_id, action, by=by, at=instant, expected_version=version)
    if faults := _text_faults("reason", reason, needed=needed):
        raise DomainError(*faults)
    transition.finish_routing(routing, action, by=by, at=instant, reason=reason, columns=columns)
    return routing


# --- Notices ------------------------------------------------------------------------------------------------------


def _tell_unit(sent: list[Routing], title: str, at: datetime) -> None:
    """One notice for all parts of one request. The mail names the call, never the case's content."""
    first = sent[0]
    notify(
        kind="grants.routing", key=f"{_key(first)}:unit", audience=Audience.of_department(first.department_id, *_FILLERS),
        title=title, lines=_lines(first), path=_path(first) if len(sent) == 1 else _board(first),
        due_at=first.due_at if first.due_at > at else None, at=at,
    )  # fmt: skip


def _tell_liaison(routing: Routing, title: str, at: datetime) -> None:
    audience = Audience.of_department(
        routing.distribution.department_id, Role.LIAISON, Role.EDITOR, Role.APPROVER
    )
    notify(
        kind="grants.routing", key=f"{_key(routing)}:liaison", audience=audience, title=title,
        lines=[*_lines(routing), f"部署：{routing.department.name}"], path=_path(routing), at=at,
    )  # fmt: skip


def _lines(routing: Routing) -> list[str]:
    """What people write to each other stands behind the link, never in a mail."""
    return [f"募集：{routing.distribution.member.application.call}", f"部分：{part_label(routing)}"]


def _key(routing: Routing) -> str:
    case = routing.distribution.member.application.public_id
    return f"grants:{case}:routing:{routing.public_id}:{routing.version}"


def _board(routing: Routing) -> str:
    return f"/applications/{routing.distribution.member.application.public_id}/routing/"


def _path(routing: Routing) -> str:
    return f"{_board(routing)}{routing.public_id}/"
