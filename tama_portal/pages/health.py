"""Liveness and readiness for machines."""

import logging

from django.conf import settings
from django.core.cache import caches
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from core.access import access
from core.patient_cache import PatientRedisCache

logger = logging.getLogger(__name__)


@access(public=True)
@require_safe
@never_cache
def healthz(request: HttpRequest) -> JsonResponse:
    """The process answers."""
    return JsonResponse({"status": "ok"})


@access(public=True)
@require_safe
@never_cache
def readyz(request: HttpRequest) -> JsonResponse:
    """Database reachable and migrated, cache and broker answering; 503 names what does not."""
    parts = {"database": _database_ready(), "queue": _queue_ready()}
    ready = all(parts.values())
    body = {
        "status": "ok" if ready else "unavailable",
        **{name: "ok" if ok else "failed" for name, ok in parts.items()},
    }
    return JsonResponse(body, status=200 if ready else 503)


def _database_ready() -> bool:
    try:
        executor = MigrationExecutor(connection)
        return not executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        logger.exception("readyz: database")
        return False


def _queue_ready() -> bool:
    if not settings.REDIS_URL:
        return settings.CELERY_BROKER_URL.startswith("memory:")
    served = caches["default"]
    return isinstance(served, PatientRedisCache) and served.answers()
