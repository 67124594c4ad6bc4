"""The Celery application and the only schedule of the portal."""

import gc
import os
from typing import Any, Final

from celery import Celery
from celery.schedules import crontab
from celery.signals import worker_init

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tama_portal.settings")

_YOUNG: Final = 20_000
"""New objects before the collector looks for cycles: a planned reminder is a dozen, and none is part of one."""

app = Celery("tama_portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
# A run that could not start within its own period is dropped: the next one finds the same rows in the database.
app.conf.beat_schedule = {
    "deliver notices": {"task": "accounts.deliver_due", "schedule": 10.0, "options": {"expires": 10}},
    "what falls due": {"task": "grants.tasks.sweep", "schedule": 60.0, "options": {"expires": 60}},
    "plan reminders": {"task": "accounts.plan_reminders", "schedule": 60.0, "options": {"expires": 60}},
    "compose digests": {"task": "accounts.compose_digests", "schedule": 60.0, "options": {"expires": 60}},
    "tell alerts": {"task": "programs.tell_alerts", "schedule": 300.0, "options": {"expires": 300}},
    "keep calendars": {"task": "accounts.keep_calendars", "schedule": 60.0, "options": {"expires": 60}},
    "read files again": {
        "task": "grants.tasks.reconcile_files",
        "schedule": 3600.0,
        "options": {"expires": 3600},
    },
    "scan files": {"task": "grants.tasks.scan_files", "schedule": 15.0, "options": {"expires": 15}},
    "dump open data": {
        "task": "tama_portal.dump_open_data",
        "schedule": crontab(hour=3, minute=30),  # Japanese time
        "options": {"expires": 6 * 60 * 60},
    },
}


@worker_init.connect
def spare_collector(**_given: Any) -> None:
    """Look neither at what Django loaded nor every 700 new objects: a quarter of planning reminders went there.

    In the worker before its processes are forked, so they share what was loaded (bench/reminders.py measures so).
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(_YOUNG, 20, 20)
