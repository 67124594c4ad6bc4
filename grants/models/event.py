"""The record of a case: one hash chain per application."""

from django.db import models

from core.append_only import append_only
from core.events import HashChainedEvent
from grants.models.application import Application


@append_only
class ApplicationEvent(HashChainedEvent):
    """What happened to an application. `chain_key` is "application:<public id>"; `role` the Party acted as."""

    application = models.ForeignKey(Application, models.PROTECT, related_name="events", null=True)

    class Meta(HashChainedEvent.Meta):
        verbose_name = verbose_name_plural = "申請の記録"
