"""The roof of the portal; the Celery application is loaded with Django so that tasks find it."""

from tama_portal.celery import app as celery_app

__all__ = ["celery_app"]
