"""The record of publication acts, one hash chain per program."""

from django.db import models

from core.append_only import append_only
from core.events import HashChainedEvent
from programs.models.call import Call
from programs.models.program import Program


@append_only
class ProgramEvent(HashChainedEvent):
    """What was done to a program or one of its calls. `chain_key` is "program:<slug>"."""

    program = models.ForeignKey(Program, models.PROTECT, related_name="events", null=True)
    call = models.ForeignKey(Call, models.PROTECT, related_name="events", null=True)

    class Meta(HashChainedEvent.Meta):
        verbose_name = verbose_name_plural = "制度の記録"
