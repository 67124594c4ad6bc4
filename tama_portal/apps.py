"""The roof: pages and interfaces that look over every app."""

from django.apps import AppConfig


class TamaPortalConfig(AppConfig):
    name = "tama_portal"
    verbose_name = "ポータル"
