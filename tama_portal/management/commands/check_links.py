"""`manage.py check_links`: ask every address the catalogue names once, and list those that do not answer.

An operator runs it by hand where the network lets them out, with TAMA_OUTBOUND=1. Nothing is changed: a publisher
reads the list and decides. Inner addresses are never asked (core/outbound.py).
"""

import json
import time
from argparse import ArgumentParser
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any, Final
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from core import clock
from core.actor import ANONYMOUS
from core.outbound import Network, Outcome, ask
from programs.models import ExternalSystem, Program

_PAUSE: Final = 1.0
"""Seconds between two requests to one host: a check is no load test."""


def addresses() -> dict[str, list[str]]:
    """Every address that public records name, with the records that name it, in their order."""
    found: dict[str, list[str]] = {}
    for url, record in _named():
        found.setdefault(url, []).append(record)
    return found


def _named() -> Iterator[tuple[str, str]]:
    for program in (
        Program.objects.visible_to(ANONYMOUS, clock.now()).order_by("slug").only("slug", "url", "urls")
    ):
        for each in (program.url, *program.urls):
            url = each.get("url", "") if isinstance(each, dict) else str(each)
            if url:
                yield url, f"program:{program.slug}"
    for system in ExternalSystem.objects.exclude(url="").order_by("slug"):
        yield system.url, f"system:{system.slug}"


class Command(BaseCommand):
    """See the module."""

    help = "掲載しているアドレスが開けるかを1回ずつ確かめ、開けないものを一覧にする（TAMA_OUTBOUND=1 のときだけ）。"
    network: Network | None = None
    pause: float = _PAUSE

    def add_arguments(self, parser: ArgumentParser) -> None:
        """--json and --limit."""
        parser.add_argument("--json", action="store_true", help="1行に1つのJSONで出す")
        parser.add_argument("--limit", type=int, default=0, help="確かめる数の上限（0はすべて）")

    def handle(self, *args: Any, **options: Any) -> None:
        """Ask, list, and end with status 1 when something does not open. Raises CommandError."""
        if not settings.OUTBOUND_ALLOWED or settings.LOOPBACK_ONLY:
            raise CommandError(
                "外への接続は許されていません。外へ出られる所で TAMA_OUTBOUND=1 を付けて動かしてください。"
            )
        named = addresses()
        chosen = list(named)[: options["limit"] or None]
        asked_at: dict[str, float] = {}
        broken = 0
        for url in chosen:
            self._wait(urlsplit(url).netloc, asked_at)
            outcome = ask(url, self.network)
            broken += not outcome.is_well
            if options["json"]:
                self.stdout.write(json.dumps({**asdict(outcome), "records": named[url]}, ensure_ascii=False))
            elif not outcome.is_well or outcome.moved:
                self.stdout.write(f"{_words(outcome)}\t{url}\t{'、'.join(named[url])}")
        self.stderr.write(f"{len(chosen)}件を確かめました。開けないもの {broken}件。")
        if broken:
            raise CommandError("開けないアドレスがあります。", returncode=1)

    def _wait(self, host: str, asked_at: dict[str, float]) -> None:
        left = asked_at.get(host, 0.0) + self.pause - time.monotonic()
        if host in asked_at and left > 0:
            time.sleep(left)
        asked_at[host] = time.monotonic()


def _words(outcome: Outcome) -> str:
    if outcome.fault:
        return outcome.fault
    return f"移転しました → {outcome.final_url}" if outcome.is_well else f"開けません（{outcome.status}）"
