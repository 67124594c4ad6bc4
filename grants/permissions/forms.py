"""Who takes a draft over to a newer version of its form: the lead's people, while the content may change."""

from datetime import datetime

from core.access import Decision, register
from core.actor import Actor
from core.exceptions import Fault
from grants.enums import FORM_PART, ApplicationStatus
from grants.models import Application
from grants.permissions.judging import Ground, Judgement
from grants.permissions.registry import EditTarget, edit, judge_edit


def judge_renewal(actor: Actor, application: Application, at: datetime) -> Judgement:
    """May this actor take this case over? What was sent back is corrected on the form it was submitted with."""
    judgement = judge_edit(actor, EditTarget(application, FORM_PART), at)
    if judgement.ground is Ground.CONDITION and application.state is ApplicationStatus.RETURNED:
        fault = Fault(
            FORM_PART,
            "修正依頼に答えている間は、様式の版を変えられません。",
            "いまの様式のまま再提出してください。",
        )
        return Judgement(Ground.CONDITION, fault)
    return judgement


@register("grants.renew_form")
def renew_form(actor: Actor, application: Application | None, at: datetime) -> Decision:
    """Going over to the newest version of the form; without a case, whether there could be any."""
    return edit(actor, None, at) if application is None else judge_renewal(actor, application, at).decision()
