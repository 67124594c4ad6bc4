"""What a 引継書 says, as tables of plain text, gathered from every app as the acting person may know it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from accounts.models import Department, Membership, Organization
from core import clock, deadlines
from core.actor import Actor
from core.context import SITE_NAME
from core.money import format_yen
from core.wareki import wareki
from grants.models import Member
from grants.queries.cases import applications
from grants.queries.handover import case_handover

Cell = str | int | None


@dataclass(frozen=True)
class Table:
    """`columns` [(head, share of the width)]; an int in a row is an amount in yen; `empty` says why there is none."""

    heading: str
    columns: tuple[tuple[str, int], ...]
    rows: list[tuple[Cell, ...]]
    empty: str


@dataclass(frozen=True)
class Handover:
    """The whole document in reading order."""

    title: str
    lines: list[str]
    tables: list[Table]


def gather(actor: Actor, at: datetime) -> Handover:
    """The 引継書 of the acting department at an instant. Raises Department.DoesNotExist without one."""
    unit = Department.objects.select_related("organization").get(pk=actor.department_id or 0)
    found = case_handover(actor, at)
    day = wareki(clock.today(at))
    return Handover(
        title=f"引継書　{unit.organization.name} {unit.name}",
        lines=[
            f"{day}{clock.local(at):%H:%M}時点の、{SITE_NAME}の内容です。作成：{actor.name}",
            "申請・期限・通知は部署に残っています。この書面は、それを読むための手引きです。",
        ],
        tables=[
            _tasks(actor, at),
            Table(
                "進行中の申請", (("受付番号", 3), ("事業名", 6), ("募集", 5), ("状態", 2), ("構成団体", 6),
                           ("申請額（円）", 3), ("決定額（円）", 3), ("担当", 4)),
                [(case.number, case.title, case.call, case.status, case.bodies, case.requested, case.decided,
                  case.unit) for case in found.cases],
                "進行中の申請と、2年以内に結果が出た申請はありません。",
            ),
            Table(
                "約束したこと・頼まれていること", (("申請", 6), ("いつ", 3), ("だれから", 3), ("内容", 9), ("期限", 4)),
                [(row.case, _moment(row.at), row.by, row.what, _moment(row.due_at)) for row in found.promises],
                "終わっていない依頼・申出はありません。",
            ),
            Table(
                "決まったことと、その理由", (("申請", 6), ("いつ", 3), ("決めたところ", 5), ("決まったこと", 4), ("理由", 9)),
                [(row.case, _moment(row.at), row.by, row.what, row.why) for row in found.reasons],
                "この2年に、理由を残した決定はありません。",
            ),
            _people(unit, at),
            _contacts(actor, unit, at),
        ],
    )  # fmt: skip


def _moment(at: datetime | None) -> str:
    return f"{wareki(clock.today(at))} {clock.local(at):%H:%M}" if at else "期限の定めなし"


def _tasks(actor: Actor, at: datetime) -> Table:
    rows: list[tuple[Cell, ...]] = [
        (_moment(task.at), "過ぎています" if not task.is_open(at) else "", task.title, task.about, task.url)
        for task in deadlines.collect(actor, at)
    ]
    columns = (("期限", 4), ("状況", 2), ("すること", 9), ("対象", 6), ("開くページ", 4))
    return Table("期限のある仕事", columns, rows, "期限のある仕事はありません。")


def _people(unit: Department, at: datetime) -> Table:
    posts = Membership.objects.in_force(clock.today(at)).filter(department=unit).select_related("user")
    later = Membership.objects.filter(department=unit, starts_on__gt=clock.today(at)).select_related("user")
    rows: list[tuple[Cell, ...]] = [
        (post.user.name, post.get_role_display(), post.get_kind_display(), wareki(post.starts_on),
         wareki(post.ends_on) if post.ends_on else "")
        for post in [*posts, *later]
    ]  # fmt: skip
    columns = (("氏名", 4), ("役割", 4), ("配属", 3), ("から", 4), ("まで", 4))
    return Table("この部署の人", columns, rows, "この部署に配属はありません。")


def _contacts(actor: Actor, unit: Department, at: datetime) -> Table:
    """Own unit, the offices of the programs applied for, and the liaison units of the bodies of running cases."""
    rows: list[tuple[Cell, ...]] = [(unit.organization.name, unit.name, unit.phone, unit.mailbox)]
    cases = applications(actor, at)
    programs = {row.call.program.pk: row.call.program for row in cases}
    rows += [
        (program.owner.name, f"{program.department}（{program.title}）", program.phone, "")
        for program in programs.values()
    ]
    bodies = Member.objects.present().filter(application__in=cases.order_by()).values("organization")
    rows += _liaisons(Organization.objects.filter(pk__in=bodies).exclude(pk=unit.organization_id), at)
    columns = (("団体", 4), ("部署", 8), ("電話", 4), ("メール", 5))
    return Table("連絡先", columns, list(dict.fromkeys(rows)), "")


def _liaisons(bodies: Iterable[Organization], at: datetime) -> list[tuple[Cell, ...]]:
    units = Department.objects.in_force(clock.today(at)).filter(organization__in=bodies, is_liaison=True)
    return [
        (unit.organization.name, unit.name, unit.phone, unit.mailbox)
        for unit in units.select_related("organization")
    ]


def in_words(cell: Cell) -> str:
    """A cell as printed."""
    if cell is None:
        return "–"
    return format_yen(cell) if isinstance(cell, int) else cell
