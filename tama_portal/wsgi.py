"""WSGI entry point."""

import os

from django.core.wsgi import get_wsgi_application

from core.database import limit_waits
from tama_portal.collector import spare_collector

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tama_portal.settings")
application = get_wsgi_application()
limit_waits()
spare_collector()
