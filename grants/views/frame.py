"""What every page of a town's case shares: the case as this actor may see it, where it stands, what can be done."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from core import clock
from core.access import Decision, access, actor_of, allowed, arrival_of
from core.actor import Actor
from core.exceptions import Conflict, DomainError, Refused, UnknownTransition
from grants import queries
from grants.enums import ApplicationStatus, Party
from grants.models import Application, FormTemplate, Member
from grants.permissions import EditTarget, member_of, parties
from grants.permissions.conditions import open_return
from grants.queries import forms

form_page = require_http_methods(["GET", "HEAD", "POST"])
sees = access(action="grants.view")
S = ApplicationStatus
HEADINGS: Final[dict[str, str]] = {
    "detail": "", "history": "これまでの動き", "plan": "事業の計画", "members": "構成団体", "partners": "構成団体の準備状況", "shares": "負担割合",
    "offline": "Excelで書く",
    "budget": "収支計画", "indicators": "成果指標", "lines": "申請する取組",
    "documents": "添付書類", "precheck": "案の事前確認", "consents": "構成団体の同意", "consent": "この内容への同意",
    "certify": "庁内決裁の記録", "reports": "年次報告", "form": "様式の版", "check": "提出前の点検", "submit": "提出",
}  # fmt: skip
"""The heading of each page that has always the same one; the others bring theirs."""


@dataclass(frozen=True)
class Standing:
    """The box on top of every page: has it been submitted, and by when must what be done?"""

    tone: str
    title: str
    kind: str
    until: datetime | None = None
    days: int = 0


@dataclass(frozen=True)
class CasePage:
    """One case, asked for by one person of a member at one instant."""

    application: Application
    actor: Actor
    at: datetime
    member: Member

    @property
    def is_lead(self) -> bool:
        """Whether the person acts for the lead."""
        return self.member.is_lead

    @property
    def parties(self) -> frozenset[Party]:
        """What the person is to the case."""
        return parties(self.actor, self.application)

    def can(self, action: str) -> Decision:
        """Whether the person may do a lifecycle action now, with the reason why not."""
        return allowed(self.actor, f"grants.{action}", self.application, self.at)

    def edits(self, section: str, member: Member | None = None) -> Decision:
        """Whether the person may change a part now."""
        return allowed(self.actor, "grants.edit", EditTarget(self.application, section, member), self.at)

    def url(self, name: str, *args: str) -> str:
        """The address of another page of the case."""
        return reverse(f"applications:{name}", args=[self.application.public_id, *args])

    def standing(self) -> Standing:
        """Where the case stands, in the words of the box on top."""
        case, call = self.application, self.application.call
        if case.state is S.DRAFT:
            if case.is_late(self.at):
                return Standing("bad", "締切を過ぎました。提出されていません", "late", call.closes_at)
            return self._until("warn", "まだ提出していません", "draft", call.closes_at)
        if case.state is S.RETURNED:
            request = open_return(case)
            due = request.due_at if request else None
            return self._until("warn", "修正を求められています。まだ再提出していません", "returned", due)
        if case.state in {S.DISCARDED, S.EXPIRED}:
            return Standing("neutral", f"提出していません（{case.town_label()}）", "ended")
        if case.state is S.SUBMITTED and case.is_replacing:
            return self._until("warn", "直した内容は、まだ提出していません", "replacing", call.closes_at)
        return Standing("good", f"提出しました　受付番号 {case.receipt_number}", "received")

    def newer_form(self) -> FormTemplate | None:
        """The version of the form to tell of on every page, while the case could go over to it."""
        if self.application.state not in {S.DRAFT, S.SUBMITTED} or self.application.is_late(self.at):
            return None
        return forms.newer_form(self.application)

    def _until(self, tone: str, title: str, kind: str, until: datetime | None) -> Standing:
        days = (clock.today(until) - clock.today(self.at)).days if until else 0
        return Standing(tone, title, kind, until, days)

    def render(
        self, request: HttpRequest, template: str, *, status: int = 200, heading: str = "", **context: Any
    ) -> HttpResponse:
        """The page with what every page of a case names."""
        shared = {
            "heading": heading or HEADINGS[template] or str(self.application),
            "page": self,
            "application": self.application,
            "call": self.application.call,
            "standing": self.standing(),
            "newer_form": self.newer_form(),
        }
        return render(request, f"grants/applications/{template}.html", shared | context, status=status)


def case_page(request: HttpRequest, public_id: str) -> CasePage:
    """The case for people of its members; raises Refused (404) for everybody else, unknown ids alike."""
    actor, at = actor_of(request), arrival_of(request)
    application = queries.case(actor, public_id, at)
    member = member_of(actor, application)
    if member is None:
        raise Refused
    return CasePage(application, actor, at, member)


def member_of_case(page: CasePage, public_id: str) -> Member:
    """A present member by its id; a partner finds only itself. Raises Refused."""
    found = (
        page.application.members.present().select_related("organization").filter(public_id=public_id).first()
    )
    if found is None or not (page.is_lead or found.pk == page.member.pk):
        raise Refused
    return found


def status_of(error: DomainError) -> int:
    """409 where somebody or something was faster, else 422."""
    return 409 if isinstance(error, Conflict | UnknownTransition) else 422
