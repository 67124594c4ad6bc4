"""What the schedule did last, task by task: how one sees that beat and worker are alive."""

from django.db import models


class ScheduleRun(models.Model):
    """One task of the only schedule (tama_portal/celery.py). `published_at` is beat's, the rest the worker's.

    `last_error` holds the kind of an exception, never its words: they may hold names or addresses.
    """

    task = models.CharField("処理", max_length=100, unique=True)
    published_at = models.DateTimeField("予定から出した日時", null=True, blank=True)
    started_at = models.DateTimeField("始めた日時", null=True, blank=True)
    finished_at = models.DateTimeField("終えた日時", null=True, blank=True)
    failed_at = models.DateTimeField("失敗した日時", null=True, blank=True)
    last_error = models.CharField("失敗の種類", max_length=100, blank=True)

    class Meta:
        ordering = ["task"]
        verbose_name = verbose_name_plural = "定期処理"

    def __str__(self) -> str:
        return self.task
