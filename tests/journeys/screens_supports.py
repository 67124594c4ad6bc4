"""Screens of services and technical support, for the town, the officer and the adviser."""

from collections.abc import Callable

from grants.models import Application, SupportRequest
from tests.journeys import cases
from tests.journeys.visiting import Screen, Step

OFFICER, ADVISER, TOWN = "officer@tokyo.example", "adviser@consulting.example", "editor@akishima.example"


def _support() -> SupportRequest:
    """The dispatch of the demo that has an adviser."""
    return SupportRequest.objects.get(application__lead__code="132071", origin="call")


def _at() -> str:
    return f"/supports/{_support().public_id}/"


def _visit(status: str, act: str) -> str:
    visit = _support().visits.filter(status=status).earliest("number")
    return f"{_at()}visits/{visit.public_id}/{act}/"


def _ask() -> str:
    return f"/supports/ask/{cases.filled().split('/')[2]}/"


def _wish() -> str:
    """The technical support beside the money that the adviser is at."""
    return f"/supports/{SupportRequest.objects.get(origin='wish', status='active').public_id}/"


def _reports(root: str) -> Callable[[], str]:
    """The yearly reports of the demo's case that has told its year and corrected it."""
    return lambda: f"/{root}/{Application.objects.get(year_reports__number=2).public_id}/reports/"


def _year() -> str:
    """The first year of the one that is at it."""
    case = Application.objects.get(year_reports__status="draft", call__program__slug="diverse-partners-grant")
    return f"/applications/{case.public_id}/reports/{case.fiscal_year}/"


def _lines() -> str:
    """The case of the demo with lines for 町村 only, as the officer reads it."""
    case = Application.objects.get(lead__code="133086", call__program__slug="iju-teiju-shichoson-shien")
    return f"/review/{case.public_id}/"


SUPPORTS = [
    Screen("supports:list", "of the officer", "/supports/", "募集ごとの回数", OFFICER),
    Screen("supports:list", "of the adviser", "/supports/", "昭島市", ADVISER),
    Screen("supports:list", "empty", "/supports/", "いまはありません", "editor@kodaira.example"),
    Screen("supports:detail", "of the adviser", _at, "回ごとの予定と記録", ADVISER),
    Screen("supports:detail", "of the town", _at, "表紙と目次を見直した", TOWN),
    Screen("supports:act", "plan, nothing typed", lambda: f"{_at()}plan/", "日時", ADVISER, (Step(button="予定を入れる"),), status=422),
    Screen("supports:act", "assign", lambda: f"{_at()}assign/", "この支援だけが見える", OFFICER),
    Screen(
        "supports:visit_act", "record, nothing typed", lambda: _visit("held", "record"), "行ったこと", ADVISER,
        (Step(button="記録を書く"),), status=422,
    ),
    Screen(
        "supports:visit_act", "cancel without a reason", lambda: _visit("planned", "cancel"), "理由", TOWN,
        (Step(button="中止する"),), status=422,
    ),
    Screen("supports:detail", "a wish beside the money, of the adviser", _wish, "空き店舗の持ち主", ADVISER),
    Screen("applications:reports", "taken and corrected", _reports("applications"), "訂正前：2,870人", "approver@mitaka.example"),
    Screen(
        "applications:report", "being written", _year, "9,000人", "editor@tachikawa.example",
        (Step({"1-value": "たくさん"}, "保存する"),), status=422,
    ),
    Screen("review:reports", "taken and corrected", _reports("review"), "雨の日に館内へ移した", OFFICER),
    Screen("review:detail", "with lines", _lines, "定住促進サポート（定住支援金）", OFFICER),
    Screen("supports:ask", "asked", _ask, "支援してほしいこと", "editor@higashikurume.example"),
]  # fmt: skip
