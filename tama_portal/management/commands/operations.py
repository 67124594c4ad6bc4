"""How outbox and schedule stand, for a shell or a watchdog: exit status 1 when somebody has to look."""

import json
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.core.serializers.json import DjangoJSONEncoder

from core import clock
from core.wareki import wareki
from tama_portal.operations.standing import Standing, standing


def _moment(at: datetime | None) -> str:
    return f"{wareki(clock.today(at))} {clock.local(at):%H:%M:%S}" if at else "まだ"


class Command(BaseCommand):
    """`manage.py operations [--json]`."""

    help = "Prints how outbox, beat and worker stand. Exit status 1 when something needs a person."

    def add_arguments(self, parser: CommandParser) -> None:
        """Form."""
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print and judge."""
        found = standing(clock.now())
        faults = list(found.faults())
        if options["json"]:
            body = asdict(found) | {"faults": faults}
            self.stdout.write(json.dumps(body, cls=DjangoJSONEncoder, ensure_ascii=False, indent=1))
        else:
            self._write(found, faults)
        if faults:
            raise SystemExit(1)

    def _write(self, found: Standing, faults: list[str]) -> None:
        outbox = found.outbox
        oldest = f"（いちばん古いもの {_moment(outbox.oldest_at)}）" if outbox.oldest_at else ""
        alive = {True: "動いています", False: "止まっています"}
        self.stdout.write(f"予定（beat）{alive[found.beat_alive]}　処理（worker）{alive[found.worker_alive]}")
        self.stdout.write(
            f"送信待ち {outbox.waiting:,}件{oldest}　遅れ {outbox.late:,}件　停止 {outbox.parked:,}件　まとめ待ち {found.digests_waiting:,}件"
        )
        for task in found.tasks:
            self.stdout.write(
                f"{task.label}（{task.name}）　最後に終えた：{_moment(task.finished_at)}　次：{_moment(task.next_at)}"
            )
        self.stdout.write("\n".join(faults) or "異常はありません。")
