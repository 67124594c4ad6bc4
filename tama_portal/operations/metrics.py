"""The standing as numbers for a monitoring system: Prometheus text exposition format 0.0.4."""

from collections.abc import Iterable
from typing import Final

from tama_portal.operations.standing import Standing

CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"


def exposition(found: Standing) -> str:
    """One gauge a line with its help; instants as seconds before now, nothing of anybody's work."""
    outbox = found.outbox
    oldest = (found.at - outbox.oldest_at).total_seconds() if outbox.oldest_at else 0.0
    lines = [
        *_gauge("tama_outbox_waiting", "Mails waiting to be sent.", [("", outbox.waiting)]),
        *_gauge("tama_outbox_oldest_seconds", "Age of the oldest waiting mail.", [("", oldest)]),
        *_gauge("tama_outbox_late", "Mails waiting longer than a quarter of an hour.", [("", outbox.late)]),
        *_gauge("tama_outbox_parked", "Mails given up; a person has to look.", [("", outbox.parked)]),
        *_gauge("tama_notices_unaddressed", "Notices without deliveries yet.", [("", found.notices_waiting)]),
        *_gauge("tama_digest_entries_waiting", "Notices waiting for a digest.", [("", found.digests_waiting)]),
        *_gauge("tama_scanner_up", "1 when files need no scanner, or it answers.", [("", int(not found.scanner.fault))]),
        *_gauge("tama_files_to_scan", "Files waiting for the scanner.", [("", found.scanner.waiting)]),
        *_gauge("tama_beat_up", "1 when the schedule publishes tasks.", [("", int(found.beat_alive))]),
        *_gauge("tama_worker_up", "1 when tasks are done.", [("", int(found.worker_alive))]),
        *_gauge(
            "tama_task_finished_seconds", "Seconds since a task of the schedule was done.",
            [
                (f'{{task="{task.name}"}}', (found.at - task.finished_at).total_seconds())
                for task in found.tasks
                if task.finished_at is not None
            ],
        ),
        *_gauge(
            "tama_task_failing", "1 when the newest run of a task failed.",
            [(f'{{task="{task.name}"}}', int(task.failing)) for task in found.tasks],
        ),
    ]  # fmt: skip
    return "\n".join(lines) + "\n"


def _gauge(name: str, about: str, values: Iterable[tuple[str, float]]) -> list[str]:
    return [
        f"# HELP {name} {about}",
        f"# TYPE {name} gauge",
        *(f"{name}{labels} {value:g}" for labels, value in values),
    ]
