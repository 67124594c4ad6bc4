"""What every page of a case shares on the metropolitan side: the case, what the person is to it, how an act is run."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse

from accounts.enums import Role
from core.access import Decision, access, actor_of, arrival_of
from core.actor import Actor
from core.exceptions import Conflict, DomainError, Refused, UnknownTransition
from grants import queries
from grants.enums import ApplicationStatus, Party
from grants.forms import DomainForm
from grants.lifecycle import APPLICATION
from grants.models import Application, Snapshot
from grants.permissions import Ground, declared, judge, member_of, oversees, parties
from grants.views.frame import form_page, status_of

sees = access(action="grants.view")
METROPOLITAN: Final = frozenset({Party.OFFICER, Party.REVIEWER, Party.DECIDER})
TONES: Final[dict[str, tuple[str, str]]] = {
    ApplicationStatus.DRAFT: ("info", "half"),
    ApplicationStatus.SUBMITTED: ("info", "up"),
    ApplicationStatus.UNDER_REVIEW: ("info", "half"),
    ApplicationStatus.RETURNED: ("warn", "exclamation"),
    ApplicationStatus.DECIDING: ("warn", "clock"),
    ApplicationStatus.ADOPTED: ("good", "check"),
    ApplicationStatus.REJECTED: ("neutral", "cross"),
    ApplicationStatus.RESERVE: ("neutral", "equal"),
    ApplicationStatus.COMPLETED: ("good", "check"),
}
"""Tone and shape of a status' badge; the others are plain."""
__all__ = ["ReviewPage", "form_page", "posted", "review_page", "sees", "undeclared"]


@dataclass(frozen=True)
class ReviewPage:
    """One case, asked for by one person of the metropolitan side at one instant.

    `versions` are the submitted versions the person may read, newest first (reviewers: the newest alone).
    """

    application: Application
    actor: Actor
    at: datetime
    parties: frozenset[Party]
    audits: bool
    versions: list[Snapshot] = field(default_factory=list)

    @property
    def is_insider(self) -> bool:
        """Whether the person follows the deliberation (officers, deciders, the bureau's audit), not a reviewer alone."""
        return self.audits or bool(self.parties & {Party.OFFICER, Party.DECIDER})

    @property
    def title(self) -> str:
        """The title of the version submitted last; a copy that is being changed shows nothing of itself."""
        title = self.versions[0].content.get("title") if self.versions else ""
        return str(title) if title else str(self.application)

    @property
    def state(self) -> str:
        """The state in words: Tokyo's own for insiders, the towns' for reviewers (no result before its day)."""
        application = self.application
        return str(application.state.label) if self.is_insider else application.town_label()

    @property
    def badge(self) -> tuple[str, str, str]:
        """Word, tone and shape of the state."""
        tone = (
            TONES.get(self.application.status, ("neutral", "ring")) if self.is_insider else ("info", "half")
        )
        return (self.state, *tone)

    @property
    def must_declare(self) -> bool:
        """Whether nothing of the case is shown yet: a reviewer alone who has not said whether there is an interest."""
        return (
            self.parties == {Party.REVIEWER}
            and not self.audits
            and not declared(self.actor, self.application)
        )

    def duty(self, action: str) -> Decision:
        """Whether the person may do an act now, with the reason why not; Refused when it is nothing of theirs."""
        roles = {role for row in APPLICATION.transitions if row.action == action for role in row.roles}
        if not roles & {party.value for party in self.parties}:
            raise Refused
        judgement = judge(self.actor, action, self.application, self.at)
        if judgement.ground is Ground.HIDDEN:
            raise Refused
        return judgement.decision()

    def url(self, name: str, *args: str | int) -> str:
        """The address of another page of the case."""
        return reverse(f"review:{name}", args=[self.application.public_id, *args])

    def done_by_me(self, action: str, version: int) -> bool:
        """Whether it was this person who did an act last, and left the case at this version: the first of two clicks."""
        newest = self.application.events.filter(action=action).order_by("-sequence").first()
        return (
            newest is not None
            and newest.actor_user_id == self.actor.user_id
            and newest.payload.get("version") == version
        )

    def render(
        self, request: HttpRequest, template: str, *, heading: str = "", status: int = 200, **context: Any
    ) -> HttpResponse:
        """The page with what every page of a case names."""
        shared = {
            "page": self,
            "application": self.application,
            "call": self.application.call,
            "heading": heading or self.title,
            "case_url": self.url("detail"),
        }
        return render(request, f"grants/review/{template}.html", shared | context, status=status)


def review_page(request: HttpRequest, public_id: str) -> ReviewPage:
    """The case for the bureau's people and its reviewers; raises Refused (404) for everybody else, unknown ids alike."""
    actor, at = actor_of(request), arrival_of(request)
    application = queries.case(actor, public_id, at)
    if member_of(actor, application) is not None:
        raise Refused
    held = parties(actor, application) & METROPOLITAN
    audits = actor.has_role(Role.AUDITOR) and oversees(actor, application.call.program)
    if not held and not audits:
        raise Refused
    versions = list(application.snapshots.select_related("taken_by").order_by("-branch"))
    only_reviews = held == {Party.REVIEWER} and not audits
    return ReviewPage(application, actor, at, held, audits, versions[:1] if only_reviews else versions)


def undeclared(request: HttpRequest, page: ReviewPage) -> HttpResponse:
    """What a reviewer sees before declaring: the bodies of the case, nothing of its content."""
    members = page.application.members.present().order_by("position")
    return page.render(request, "undeclared", heading="利害関係の申告の前です", members=members)


def posted(
    request: HttpRequest,
    page: ReviewPage,
    form: DomainForm,
    *,
    action: str,
    run: Callable[[Mapping[str, Any]], object],
    done: str,
    again: Callable[[Mapping[str, Any]], bool] | None = None,
) -> tuple[HttpResponse | None, int]:
    """Run an act from its form: (redirect, 302) when it is done, (None, status) with the faults in the form when not.

    A further click after one's own success is led to the case: `again` says whether it is one, by default where the
    person's own act has moved the case on from the version of the page. After a refusal because the case had moved, the
    form carries the new version: the page shows the case as it is now, and the person may decide anew.
    """
    if request.method != "POST":
        return None, 200
    target = page.url("detail")
    if not form.is_valid():
        return None, 422
    try:
        run(form.cleaned_data)
    except DomainError as error:
        moved = isinstance(error, Conflict | UnknownTransition)
        typed = form.cleaned_data
        if again(typed) if again else moved and page.done_by_me(action, typed.get("version", 0) + 1):
            messages.info(request, "この操作はすでに記録されています。")
            return redirect(target), 302
        form.refuse(error)
        _renew(page, form)
        return None, status_of(error)
    messages.success(request, done)
    return redirect(target), 302


def _renew(page: ReviewPage, form: DomainForm) -> None:
    """Let the form carry the version the page now shows."""
    if "version" in form.fields and isinstance(form.data, QueryDict):
        page.application.refresh_from_db(fields=["version", "status"])
        form.data = form.data.copy()
        form.data[form.add_prefix("version")] = str(page.application.version)
