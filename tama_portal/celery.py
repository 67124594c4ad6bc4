"""The Celery application and the only schedule of the portal."""

import os
from typing import Any

from celery import Celery
from celery.schedules import crontab
from celery.signals import worker_init

from tama_portal.collector import spare_collector

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tama_portal.settings")

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
    "carry tokens": {"task": "accounts.carry_tokens", "schedule": 60.0, "options": {"expires": 60}},
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
def begin_worker(**_given: Any) -> None:
    """Before its processes are forked, so that they share what was loaded."""
    spare_collector()
