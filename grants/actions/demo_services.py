"""Invented cases of the calls with lines and of the services, with their visits: walked by the actions, marked 【架空】."""

from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime, time, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import transaction

from accounts.actions.addressing import pass_over
from accounts.models import Organization
from core import clock
from core.business_days import add_business_days
from core.exceptions import DomainError
from core.fiscal_year import current_fiscal_year, fiscal_year_start
from core.loading import LoadReport, read_json
from grants.actions import (
    announcing,
    budgeting,
    certification,
    decision,
    documents,
    drafting,
    letters,
    review,
    submission,
    supporting,
    visiting,
)
from grants.actions.budgeting import CostEntry, IncomeEntry
from grants.actions.demo import PAST, call_of
from grants.actions.demo_people import People
from grants.actions.demo_walk import DECIDER, OFFICER, Calendar, calendar_of
from grants.actions.lining import LineEntry, save_lines
from grants.actions.visiting import VisitPlan
from grants.enums import IncomeKind
from grants.models import Application, Member, SupportRequest
from programs.models import Call

_ADVISER = "adviser@consulting.example"


def load_demo_services(directory: Path) -> LoadReport:
    """Make the cases of `directory/services.json` that are not there yet; what exists stays as it is.

    Shape {"towns" as in cases.json, "cases": [{"call": [program, fiscal year counted from the current one, round],
    "lead", "state": draft|submitted|announced, "answers", "lines" {code: [cost, asked, outline]}, "adviser", "visits":
    [{"day": business days from today, "place", "themes", "state", …}]}]}. Refuses to run outside the demo.
    """
    if settings.PRODUCTION:
        raise RuntimeError("demo cases are for the demo and for tests")
    data = read_json(directory / "services.json")
    people = People(data["towns"])
    report = LoadReport()
    for number, item in enumerate(data["cases"]):
        report += _load(item, number, people)
    return report


@transaction.atomic
def _load(item: Mapping[str, Any], number: int, people: People) -> LoadReport:
    call = call_of(*item["call"])
    lead = Organization.objects.get(code=item["lead"])
    if Application.objects.filter(call=call, lead=lead).exists():
        return LoadReport(unchanged=1)
    walk = _Walk(item, call, calendar_of(call, number), people)
    walk.go()
    pass_over(f"grants:{walk.case.public_id}:", why=PAST)
    for support in SupportRequest.objects.filter(application=walk.case):
        pass_over(f"support:{support.public_id}:", why=PAST)
    return LoadReport(created=1)


class _Walk:
    """One case on its way."""

    def __init__(self, item: Mapping[str, Any], call: Call, calendar: Calendar, people: People) -> None:
        self.item, self.call, self.calendar, self.people = item, call, calendar, people
        self.town = people.towns[item["lead"]]
        self.editor, self.approver = people[self.town["editor"]], people[self.town["approver"]]
        self.now = clock.now()
        with clock.at(calendar.started):
            self.pk = drafting.start(call=call, by=self.editor)[0].pk

    @property
    def case(self) -> Application:
        """The row as it stands."""
        return Application.objects.with_parts().get(pk=self.pk)

    def go(self) -> None:
        """To the state the item names."""
        with clock.at(self.calendar.after_opening(2)):
            self._fill()
        if self.item["state"] == "draft":
            return
        with clock.at(self.calendar.after_opening(4)):
            self._submit()
        if self.item["state"] == "submitted":
            return
        self._decide()
        for planned in self.item["visits"]:
            self._visit(planned)

    def _fill(self) -> None:
        for question, value in self.item["answers"].items():
            drafting.save_answer(application_id=self.pk, question=question, value=value, by=self.editor)
        for paper in self.case.template.required_documents():
            text = "\n".join(self.item["answers"].values())
            file = ContentFile(f"{paper['label']}\n{text}\n".encode(), name=f"{paper['label']}.txt")
            documents.attach_document(
                application_id=self.pk, file=file, requirement=paper["code"], by=self.editor
            )
        if lines := self.item.get("lines"):
            self._choose(lines)

    def _choose(self, lines: Mapping[str, tuple[int, int, str]]) -> None:
        """The lines, and a budget that adds up."""
        year, own = self.call.fiscal_year, sum(cost - asked for cost, asked, _ in lines.values())
        entries = [LineEntry(code, asked, outline) for code, (_, asked, outline) in lines.items()]
        save_lines(application_id=self.pk, lines=entries, by=self.editor)
        budgeting.save_budget(
            application_id=self.pk, member_id=Member.objects.get(application=self.pk).pk, by=self.editor,
            costs=[CostEntry(code, year, cost) for code, (cost, _, _) in lines.items()],
            incomes=[IncomeEntry(IncomeKind.MEMBER_SHARE, year, own)],
        )  # fmt: skip

    def _submit(self) -> None:
        certification.certify(
            application_id=self.pk, document_number=f"{self.town['mark']}{100 + self.pk}号",
            decided_on=clock.today(), signer_title=self.town["signer"], by=self.approver,
        )  # fmt: skip
        key = sha256(f"demo {self.case.public_id}".encode()).hexdigest()[:32]
        submission.submit(application_id=self.pk, idempotency_key=key, by=self.editor)

    def _decide(self) -> None:
        officer, decider = self.people[OFFICER], self.people[DECIDER]
        with clock.at(self.calendar.after_closing(2)):
            review.start_review(application_id=self.pk, by=officer)
        with clock.at(self.calendar.after_closing(10)):
            decision.recommend(
                application_id=self.pk,
                outcome="adopt",
                reason="内容が具体的で、体制も整っているため",
                by=officer,
            )
        with clock.at(self.calendar.after_closing(14)):
            made = decision.adopt(
                application_id=self.pk, decided_on=clock.today(), document_number=f"総行振第{700 + self.pk}号",
                effective_on=clock.today(), by=decider,
            )  # fmt: skip
            letters.issue_letters(decision_id=made.pk, by=officer)
        with clock.at(self.calendar.after_closing(16)):
            announcing.announce(application_id=self.pk, by=officer)

    # --- Visits -------------------------------------------------------------------------------------------

    def _visit(self, planned: Mapping[str, Any]) -> None:
        """One visit to the state it is to show; what cannot have happened yet stays planned."""
        support = SupportRequest.objects.get(application=self.pk)
        officer, by = self.people[OFFICER], self.people[OFFICER]
        with clock.at(self.calendar.after_closing(20)):
            if code := self.item.get("adviser"):
                body, by = Organization.objects.get(code=code), self.people[_ADVISER]
                if support.adviser_id is None:
                    supporting.assign(support_id=support.pk, adviser=body, by=officer)
            at = self._day(planned["day"])
            plan = VisitPlan(at, planned["place"], planned["themes"])
            visit = visiting.plan_visit(support_id=support.pk, plan=plan, by=officer)
        if planned["state"] == "cancelled":
            with clock.at(min(at, self.now)):
                visiting.cancel_visit(visit_id=visit.pk, reason=planned["reason"], by=officer)
        if planned["state"] not in {"held", "recorded", "confirmed"} or at > self.now:
            return
        with clock.at(at + timedelta(hours=3)), suppress(DomainError):
            self._hold(visit.pk, planned, by)

    def _hold(self, pk: int, planned: Mapping[str, Any], by: Any) -> None:
        visiting.hold_visit(visit_id=pk, participants=planned["participants"], by=by)
        for side, speaker, words, public in planned.get("voices", []):
            visiting.add_voice(
                visit_id=pk, side=side, speaker=speaker, words=words, is_public=public,
                consented_on=clock.today() if public else None, by=by,
            )  # fmt: skip
        for kind, title, url in planned.get("links", []):
            visiting.add_link(visit_id=pk, kind=kind, title=title, url=url, by=by)
        if planned["state"] == "held":
            return
        visiting.record_visit(visit_id=pk, done=planned["done"], next_step=planned["next_step"], by=by)
        if planned["state"] == "confirmed":
            visiting.confirm_visit(visit_id=pk, by=self.editor)

    def _day(self, days: int) -> datetime:
        """So many business days from today, within the call's fiscal year."""
        at = clock.instant(add_business_days(clock.today(self.now), days), time(10, 0))
        year = self.call.fiscal_year
        if current_fiscal_year(at) < year:
            return clock.instant(fiscal_year_start(year), time(10, 0))
        if current_fiscal_year(at) > year:
            return clock.instant(fiscal_year_start(year + 1) - timedelta(days=7), time(10, 0))
        return at
