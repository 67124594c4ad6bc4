"""How outbox and schedule stand at an instant, and what is wrong with them in one sentence each."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from accounts.actions.delivery import OutboxHealth, health
from accounts.models import DigestEntry, Notice, ScheduleRun
from grants.queries.scanning import ScannerStanding, scanner_standing
from tama_portal.celery import app

GRACE: Final = timedelta(minutes=2)
"""How long after a missed run somebody is to look: a restart takes less."""
LABELS: Final = {
    "accounts.deliver_due": "通知メールの送信",
    "grants.tasks.sweep": "締切・再開・公表の処理",
    "grants.tasks.reconcile_files": "添付ファイルの読み直し",
    "grants.tasks.scan_files": "添付ファイルの安全の検査",
    "accounts.plan_reminders": "催促の計画",
    "accounts.compose_digests": "まとめの作成",
    "accounts.keep_calendars": "カレンダーの更新",
    "accounts.carry_tokens": "APIのトークンの引き継ぎ",
    "programs.tell_alerts": "制度の新着の知らせ",
    "tama_portal.dump_open_data": "オープンデータの書き出し",
}


@dataclass(frozen=True)
class Task:
    """One task of the schedule, which has its turn at least once in `period`.

    `published` and `done` say whether beat and a worker had it within its period and GRACE. One that was never
    seen is not overdue: after a start the slow ones have not had their turn yet.
    """

    name: str
    label: str
    published_at: datetime | None
    finished_at: datetime | None
    failed_at: datetime | None
    last_error: str
    period: timedelta
    published: bool
    done: bool

    @property
    def next_at(self) -> datetime | None:
        """When it is due next; None before its first turn."""
        return self.published_at + self.period if self.published_at else None

    @property
    def overdue(self) -> bool:
        """Whether it ran before and has not for too long."""
        seen = self.published_at or self.finished_at or self.failed_at
        return seen is not None and not (self.published and self.done)

    @property
    def failing(self) -> bool:
        """Whether its newest run failed."""
        return self.failed_at is not None and (self.finished_at is None or self.failed_at > self.finished_at)


@dataclass(frozen=True)
class Standing:
    """Everything: the page shows it, the command prints it, machines read it as numbers."""

    at: datetime
    outbox: OutboxHealth
    notices_waiting: int
    digests_waiting: int
    scanner: ScannerStanding
    tasks: list[Task]

    @property
    def beat_alive(self) -> bool:
        """Whether the schedule puts tasks into the queue: it is one process, so the most frequent task shows it."""
        return self._lives([task.published_at for task in self.tasks])

    @property
    def worker_alive(self) -> bool:
        """Whether tasks are done."""
        return self._lives(
            [task.finished_at for task in self.tasks] + [task.failed_at for task in self.tasks]
        )

    def _lives(self, marks: list[datetime | None]) -> bool:
        return _recent(
            max(filter(None, marks), default=None), min(task.period for task in self.tasks), self.at
        )

    def faults(self) -> Iterator[str]:
        """What somebody has to look at, in sentences."""
        if not self.beat_alive:
            yield "予定（beat）が動いていません。通知・催促・締切の処理が始まりません。"
        if not self.worker_alive:
            yield "処理（worker）が動いていません。処理は届いても行われません。"
        for task in self.tasks:
            if task.overdue and self.beat_alive and self.worker_alive:
                yield f"「{task.label}」が予定どおりに行われていません。"
            if task.failing:
                yield f"「{task.label}」が失敗しています（{task.last_error}）。"
        if self.scanner.fault:
            yield f"{self.scanner.fault}検査を待つファイルは、ほかの人が開けず、申請も提出できません。"
        if self.scanner.failed:
            yield f"安全の検査ができなかったファイルが{self.scanner.failed:,}件あります。自動でやり直しています。"
        if self.outbox.late:
            yield f"送信の遅れているメールが{self.outbox.late:,}件あります。"
        if self.outbox.parked:
            yield f"送れずに止まっているメールが{self.outbox.parked:,}件あります。"


def standing(at: datetime) -> Standing:
    """As it is in the database at an instant. A fixed number of queries."""
    runs = {row.task: row for row in ScheduleRun.objects.all()}
    return Standing(
        at=at,
        outbox=health(at),
        notices_waiting=Notice.objects.unaddressed(at).count(),
        scanner=scanner_standing(),
        digests_waiting=DigestEntry.objects.filter(settled_at__isnull=True).count(),
        tasks=list(_tasks(runs, at)),
    )


def _tasks(runs: dict[str, ScheduleRun], at: datetime) -> Iterable[Task]:
    for entry in app.conf.beat_schedule.values():
        name, period = entry["task"], _period(entry["schedule"])
        run = runs.get(name) or ScheduleRun(task=name)
        yield Task(
            name=name,
            label=LABELS.get(name, name),
            published_at=run.published_at,
            finished_at=run.finished_at,
            failed_at=run.failed_at,
            last_error=run.last_error,
            period=period,
            published=_recent(run.published_at, period, at),
            done=_recent(run.finished_at, period, at) or _recent(run.failed_at, period, at),
        )


def _period(when: object) -> timedelta:
    """How often at least: intervals as they are, times of day once a day."""
    return timedelta(seconds=when) if isinstance(when, int | float) else timedelta(days=1)


def _recent(last: datetime | None, period: timedelta, at: datetime) -> bool:
    return last is not None and at - last <= period + GRACE
