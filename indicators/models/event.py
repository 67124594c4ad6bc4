"""The record of what was done to a plan: one hash chain per plan."""

from django.db import models

from core.append_only import append_only
from core.events import HashChainedEvent
from indicators.models.plan import Plan


@append_only
class PlanEvent(HashChainedEvent):
    """What was done to a plan, its sheets and indicators. `chain_key` is "plan:<slug>"."""

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="events", null=True)

    class Meta(HashChainedEvent.Meta):
        verbose_name = verbose_name_plural = "計画の記録"
