"""Screens of 庁内照会 inside 小平市."""

from collections.abc import Callable

from accounts.models import Organization
from grants.actions import routing
from grants.models import Application, Routing
from grants.queries.routing import proposed_due
from tests.factories import accounts as people
from tests.factories import grants as pieces
from tests.journeys import cases
from tests.journeys.visiting import Screen, Step

NEIGHBOUR, STRANGER = "editor@kodaira.example", "editor@kiyose.example"
_PARTS = ("part", "budget/incomes", "documents/other")


def _board() -> str:
    """The bare draft of 小平市 with three parts at another unit: the address of its board."""
    address = cases.bare()
    lead = pieces.lead_of(Application.objects.with_parts().get(public_id=address.split("/")[2]))
    if not Routing.objects.filter(distribution__member=lead).exists():
        world = cases.world_of(cases.KODAIRA, cases.KIYOSE)
        unit = people.department(Organization.objects.get(code=cases.KODAIRA), "環境政策課")
        routing.distribute(
            application_id=lead.application_id, member_id=lead.pk, parts=_PARTS, department=unit,
            due_at=proposed_due(lead, world.call.opens_at), message="川沿いの見回りの分担を書いてください。", by=world["lead_editor"],
        )  # fmt: skip
    return f"{address}routing/"


def _part(section: str, page: str = "") -> Callable[[], str]:
    def address() -> str:
        board = _board()
        case = board.split("/")[2]
        found = Routing.objects.get(distribution__member__application__public_id=case, section=section)
        return f"{board}{found.public_id}/{page}"

    return address


ROUTING = [
    Screen("applications:routing", "board", _board, "3件が照会中", NEIGHBOUR),
    Screen("applications:routing", "of strangers", _board, "ページが見つかりません", STRANGER, status=404),
    Screen(
        "applications:routing", "nothing chosen", _board, "1つえらんでください", NEIGHBOUR,
        (Step(button="照会する"),), status=422,
    ),
    Screen("applications:routing_part", "answers", _part("part"), "川沿いの見回り", NEIGHBOUR),
    Screen("applications:routing_part", "money", _part("budget"), "入力されている金額", NEIGHBOUR),
    Screen("applications:routing_part", "files", _part("documents"), "まだありません", NEIGHBOUR),
    Screen("applications:routing_act", "take over", _part("part", "take_over/"), "代理の記録が残ります", NEIGHBOUR),
    Screen(
        "applications:routing_act", "no reason", _part("part", "take_over/"), "入力してください", NEIGHBOUR,
        (Step(button="引き取る"),), status=422,
    ),
]  # fmt: skip
