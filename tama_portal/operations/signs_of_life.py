"""Each run of the schedule leaves a mark in the database, and its task's name and id stand in every log line."""

import logging
from typing import Any

import structlog
from celery.signals import before_task_publish, task_failure, task_postrun, task_prerun
from django.db import DatabaseError, close_old_connections, connection

from accounts.models import ScheduleRun
from core import clock

logger = logging.getLogger(__name__)


def scheduled() -> frozenset[str]:
    """The names of the tasks of the schedule."""
    from tama_portal.celery import app

    return frozenset(entry["task"] for entry in app.conf.beat_schedule.values())


def note(task: str, **fields: Any) -> None:
    """Keep a mark; a database that is away must not stop the schedule, it is seen by the marks' age."""
    if task not in scheduled():
        return
    try:
        ScheduleRun.objects.update_or_create(task=task, defaults=fields)
    except DatabaseError as error:
        logger.warning("the run of %s leaves no mark (%s)", task, type(error).__name__)


@before_task_publish.connect(weak=False)
def published(sender: str = "", **_given: Any) -> None:
    """Beat has put a task into the queue. It runs for months: a connection the database closed is let go first."""
    if sender in scheduled() and not connection.in_atomic_block:
        close_old_connections()
    note(sender, published_at=clock.now())


@task_prerun.connect(weak=False)
def started(task_id: str, task: Any, **_given: Any) -> None:
    """A worker begins."""
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(task=task.name, task_id=task_id)
    note(task.name, started_at=clock.now())


@task_postrun.connect(weak=False)
def finished(task: Any, state: str = "", **_given: Any) -> None:
    """A worker is done, well or not."""
    if state == "SUCCESS":
        note(task.name, finished_at=clock.now())
    structlog.contextvars.unbind_contextvars("task", "task_id")


@task_failure.connect(weak=False)
def failed(sender: Any, exception: BaseException, **_given: Any) -> None:
    """A task raised; only the kind of exception is kept."""
    note(sender.name, failed_at=clock.now(), last_error=type(exception).__name__[:100])
