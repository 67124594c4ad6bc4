"""Yearly reports: who sees which, and who may do what to one."""

from collections.abc import Callable
from datetime import datetime
from typing import Final

from django.db.models import Q

from accounts.enums import Role
from core.access import ALLOW, Decision, deny, register
from core.actor import Actor
from grants.enums import Party
from grants.enums.reports import FILLABLE_REPORTS, REPORTING_STATES
from grants.lifecycle import REPORT
from grants.models import Application, YearReport
from grants.permissions.judging import NOT_THEIRS, Ground, Judgement, not_now
from grants.permissions.parties import member_of, oversees, parties
from grants.permissions.registry import view
from grants.permissions.visibility import OVERSEERS, sees

_ROLES: Final = {
    Party.LEAD_EDITOR: Role.EDITOR, Party.LEAD_APPROVER: Role.APPROVER, Party.OFFICER: Role.OFFICER
}  # fmt: skip


def reports_on(application: Application) -> bool:
    """Whether an adopted case tells its results year by year: announced, with indicators in its form."""
    announced = application.announced_at is not None and application.state in REPORTING_STATES
    return announced and bool(application.template.indicators)


def visible_reports(actor: Actor, application: Application) -> Q:
    """The reports of a case whose figures an actor reads: members all, the bureau what is not in the town's hands.

    Reviewers and strangers none.
    """
    if actor.is_system or member_of(actor, application) is not None:
        return Q()
    if actor.has_role(*OVERSEERS) and oversees(actor, application.call.program):
        return ~Q(status__in=sorted(FILLABLE_REPORTS))
    return Q(pk__in=[])


@register("grants.view_reports", machine=True)
def view_reports(actor: Actor, application: Application | None, at: datetime) -> Decision:
    """Reading the yearly reports of a case: its members and the bureau, once it tells any."""
    seen = view(actor, application, at)
    if application is None or not seen:
        return seen
    insider = actor.has_role(*OVERSEERS) and oversees(actor, application.call.program)
    if not (insider or member_of(actor, application) is not None):
        return deny()
    return ALLOW if reports_on(application) or application.year_reports.exists() else deny()


@register("grants.open_report")
def open_report(actor: Actor, application: Application | None, at: datetime) -> Decision:
    """Beginning a report, or a correction of one that was taken: the lead's editors, of an announced adoption."""
    del at
    if application is None:
        return ALLOW if actor.has_role(Role.EDITOR) else deny()
    if not sees(actor, application) or Party.LEAD_EDITOR not in parties(actor, application):
        return deny()
    if not reports_on(application):
        return deny("年次報告は、採択が公表され、成果指標のある事業だけが行います。")
    return ALLOW


def judge_report(actor: Actor, action: str, report: YearReport) -> Judgement:
    """May this actor do this to a report? `report.application` with its parts."""
    if not sees(actor, report.application):
        return Judgement(Ground.HIDDEN)
    rows = [row for row in REPORT.transitions if row.action == action]
    acting = parties(actor, report.application) & {Party(role) for row in rows for role in row.roles}
    if not acting:
        return NOT_THEIRS
    if not any(report.status in row.source for row in rows):
        return not_now(REPORT, action, report.get_status_display())
    return Judgement(Ground.YES, acting_as=min(acting, key=list(Party).index))


def _rule_of(action: str) -> Callable[[Actor, YearReport | None, datetime], Decision]:
    parts = {role for row in REPORT.transitions if row.action == action for role in row.roles}
    roles = [role for party, role in _ROLES.items() if party in parts]

    def rule(actor: Actor, report: YearReport | None, at: datetime) -> Decision:
        del at
        if report is None:
            return ALLOW if actor.has_role(*roles) else deny()
        return judge_report(actor, action, report).decision()

    return rule


for _action in REPORT.actions:
    if _action != "open_report":
        register(f"grants.{_action}")(_rule_of(_action))
