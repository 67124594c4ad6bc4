"""Screens of the roof: home, municipalities, standing pages, errors."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

from core import clock
from tests.journeys.circumstances import EDITOR
from tests.journeys.screens_catalogue import years_later
from tests.journeys.visiting import Screen, Step


@contextmanager
def movable() -> Iterator[None]:
    """While the portal is one that manage.py demo started."""
    with TemporaryDirectory() as folder, patch.object(clock, "_followed", [Path(folder) / "clock"]):
        yield


PAGES = [
    Screen("home", "visitor", "/", "ひとつの窓口でさがす"),
    Screen("home", "signed in", "/", "産業振興課", EDITOR),
    Screen("home", "nothing open", "/", "受付中の募集はありません", under=years_later),
    Screen("municipalities", "all", "/municipalities/", "青ヶ島村"),
    Screen(
        "municipality",
        "city with plan and projects",
        "/municipalities/132241/",
        "多摩市産業振興マスタープラン",
    ),
    Screen("municipality", "village", "/municipalities/133078/", "檜原村"),
    Screen("municipality", "island", "/municipalities/134023/", "青ヶ島村"),
    Screen("municipality", "ward", "/municipalities/131016/", "千代田区"),
    Screen("municipality", "second page", "/municipalities/132241/?page=2", "多摩市"),
    Screen("municipality", "unknown code", "/municipalities/132240/", "ページが見つかりません", status=404),
    Screen("demo_clock", "not movable here", "/demo-clock/", "この環境では、時刻を進められません"),
    Screen("demo_clock", "next stops", "/demo-clock/", "結果の公表のあと", under=movable),
    Screen("help", "full", "/help/", "使い方"),
    Screen("privacy", "full", "/privacy/", "個人情報"),
    Screen("accessibility", "full", "/accessibility/", "JIS X 8341-3:2016"),
    Screen("kit", "full", "/kit/", "部品"),
    Screen("fault", "not understood", "/fault/400/", "<h1>", status=400),
    Screen("fault", "refused", "/fault/403/", "<h1>", status=403),
    Screen("fault", "not found", "/no-such-page/", "ページが見つかりません", status=404),
    Screen("fault", "too many", "/fault/429/", "しばらく待ってから", status=429),
    Screen("fault", "broken", "/fault/500/", "<h1>", status=500),
    Screen("fault", "database away", "/fault/503/", "<h1>", status=503),
    Screen(
        "fault",
        "form without its cookie",
        "/account/login/",
        "送信を確かめられませんでした",
        steps=(Step({"login": "a@b.example", "password": "x"}, without_cookies=True),),
        status=403,
    ),
]
