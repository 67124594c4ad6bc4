"""Screens of the catalogue: programs, calls, adopted projects."""

from contextlib import AbstractContextManager
from datetime import datetime

from django.urls import reverse

from core import clock
from programs.models import Call
from tests.journeys.screens_readers import READERS
from tests.journeys.visiting import Screen

LIST = "/programs/"


def program(slug: str) -> str:
    """The address of a program."""
    return f"{LIST}{slug}/"


def call_of(slug: str) -> str:
    """The address of the call of a program."""
    return reverse(
        "calls:detail", args=[Call.objects.filter(program__slug=slug).latest("closes_at").public_id]
    )


def years_later() -> AbstractContextManager[object]:
    """After every call of the demo has closed."""
    return clock.at(datetime(2029, 6, 1, 10, tzinfo=clock.JST))


PROGRAMS = [
    Screen("programs:list", "full", LIST, "支援制度をさがす"),
    Screen(
        "programs:list",
        "word and facets",
        f"{LIST}?search=空き家&level=metropolitan&level=municipal",
        "空き家",
    ),
    Screen("programs:list", "for a city", f"{LIST}?municipality=132241&audience=resident", "多摩市"),
    Screen("programs:list", "for a village", f"{LIST}?municipality=133078&order=deadline", "檜原村"),
    Screen(
        "programs:list",
        "nothing found",
        f"{LIST}?search=ほうれんそう工場&level=municipal",
        "ほうれんそう工場",
    ),
    Screen(
        "programs:list",
        "bad input",
        f"{LIST}?level=village&fiscal_year=昨年",
        "という値はありません",
        status=400,
    ),
    Screen("programs:list", "last page", f"{LIST}?page=99", "155"),
    Screen("programs:detail", "money and call", program("diverse-partners-grant"), "03-5388-2443"),
    Screen("programs:detail", "components and budget", program("iju-teiju-shichoson-shien"), "内訳"),
    Screen("programs:detail", "component", program("iju-teiju-line-7-teiju-shienkin"), "定住"),
    Screen("programs:detail", "years and charts", program("ajt-2-2"), "令和"),
    Screen("programs:detail", "many figures", program("kyoryokutai"), "地域おこし協力隊"),
    Screen("programs:detail", "city with sheets", program("tama-kigyo-yuchi-kasankin"), "多摩市"),
    Screen("programs:detail", "desks by area", program("machizukuri-concierge"), "電話"),
    Screen("programs:detail", "name only", program("satellite-office"), "名前だけが載っています"),
    Screen("programs:detail", "planned", program("furusato-jumin-toroku"), "検討中"),
    Screen("programs:detail", "ended", program("tama-innovation-ecosystem"), "終了"),
    Screen("programs:detail", "unknown", program("no-such-program"), "ページが見つかりません", status=404),
]

CALLS = [
    Screen("calls:list", "open coming past", "/calls/", "受付中"),
    Screen("calls:list", "all past", "/calls/", "募集", under=years_later),
    Screen("calls:detail", "open", lambda: call_of("diverse-partners-grant"), "受付中"),
    Screen("calls:detail", "in thousands", lambda: call_of("iju-teiju-shichoson-shien"), "千円"),
    Screen("calls:detail", "coming", lambda: call_of("tama-miryoku-adviser"), "受付開始"),
    Screen("calls:detail", "closed", lambda: call_of("tama-miryoku-students"), "終了"),
    Screen("calls:detail", "unknown", "/calls/zzzzzzzzzz/", "ページが見つかりません", status=404),
]

PROJECTS = [
    Screen("projects:list", "full", "/projects/", "ひきこもり・生きづらさをかかえる女性支援事業"),
    Screen("projects:detail", "under way", "/projects/r8-new-community/", "新たなコミュニティ"),
    Screen("projects:detail", "with results", "/projects/r6-common-platform/", "共通プラットフォーム"),
    Screen("projects:detail", "unknown", "/projects/none/", "ページが見つかりません", status=404),
]

CATALOGUE = [*PROGRAMS, *CALLS, *PROJECTS, *READERS]
