"""Screens of the handover between fiscal years, and of how the portal runs."""

from collections.abc import Callable

from accounts.models import Department
from tests.journeys import circumstances as made
from tests.journeys.visiting import Screen, Step

ADMIN, METROPOLIS = made.ADMINISTRATOR, "admin@tokyo.example"


def of_unit(code: str, name: str) -> Callable[[], str]:
    """The transfer of a unit of the demo."""
    return lambda: f"/transfer/{Department.objects.get(organization__code=code, name=name).pk}/"


UNIT = of_unit("132225", "企画政策課")
RENAMED = {"change": "rename", "names": "政策連携課", "on": "令和9年4月1日"}
RESCUE = "/transfer/towns/132055/"

TRANSFER = [
    Screen("transfer:units", "administrator", "/transfer/", "部署の人事異動", ADMIN),
    Screen("transfer:units", "editor", "/transfer/", "引継書（PDF）", made.EDITOR),
    Screen("transfer:units", "metropolis", "/transfer/", "担当者のいない団体を見る", METROPOLIS),
    Screen("transfer:unit", "empty", UNIT, "内容を確かめる", ADMIN),
    Screen("transfer:unit", "preview", UNIT, "まだ登録していません", ADMIN, (Step(RENAMED, "内容を確かめる"),)),
    Screen(
        "transfer:unit", "nothing changes", UNIT, "変わることがありません", ADMIN, (Step({}, "内容を確かめる"),), 422
    ),
    Screen(
        "transfer:unit", "bad input", UNIT, "エラー：", ADMIN,
        (Step({"on": "あした", "new_0_name": "新任"}, "内容を確かめる"),), 422,
    ),
    Screen("operations", "silent", "/operations/", "確かめてください", METROPOLIS),
    Screen("operations", "not for towns", "/operations/", "ページが見つかりません", ADMIN, status=404),
    Screen(
        "send_again", "again", "/operations/", "もう一度送ります", METROPOLIS, (Step(button="もう一度送る"),),
        prepare=made.parked_mail, acts=True,
    ),
    Screen("transfer:towns", "full", "/transfer/towns/", "青梅市", METROPOLIS),
    Screen("transfer:town", "empty", RESCUE, "招待を送る", METROPOLIS),
    Screen(
        "transfer:town", "no reason", RESCUE, "エラー：", METROPOLIS,
        (Step({"email": "new@ome.example", "name": "新任", "comment": ""}),), 422,
    ),
]  # fmt: skip
