"""The walk of one invented case: from the start to the state it is to show, every step by its action."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import cached_property
from hashlib import sha256
from typing import Any

from django.core.files.base import ContentFile

from accounts.models import Department, Organization, User
from core import clock
from core.business_days import add_business_days
from core.wareki import wareki
from grants import rules
from grants.actions import (
    announcing,
    budgeting,
    certification,
    closing,
    consents,
    decision,
    documents,
    drafting,
    letters,
    membership,
    opinions,
    petitions,
    prechecks,
    returning,
    review,
    submission,
)
from grants.actions.budgeting import CostEntry, IncomeEntry
from grants.actions.demo_filling import form_of, look_at, measure
from grants.actions.demo_people import People
from grants.enums import IncomeKind
from grants.models import Application, Member
from grants.queries import consent_hash
from programs.models import Call

OFFICER, DECIDER = "officer@tokyo.example", "decider@tokyo.example"
REVIEWERS = ("reviewer1@tokyo.example", "reviewer2@tokyo.example")
_SPACING = timedelta(minutes=17)
_METROPOLIS = "130001"
_BARE, _BARE_ANSWERS = frozenset({"discarded", "expired"}), 3


@dataclass(frozen=True)
class Calendar:
    """When the steps of a case happen: business days after its call's own instants; `shift` keeps cases apart."""

    opens: datetime
    closes: datetime
    announces: datetime
    shift: timedelta

    def after_opening(self, days: int) -> datetime:
        """That business day, in the morning."""
        return self._day(self.opens, days)

    def after_closing(self, days: int) -> datetime:
        """As after_opening, counted from the closing."""
        return self._day(self.closes, days)

    def after_announcement(self, days: int) -> datetime:
        """As after_opening, counted from the announcement; 0 is a little after its instant."""
        return self._day(self.announces, days) if days else self.announces + self.shift

    @property
    def started(self) -> datetime:
        """When the case is started: what it is known by."""
        return self.after_opening(1)

    def _day(self, origin: datetime, days: int) -> datetime:
        return clock.instant(add_business_days(clock.today(origin), days), time(9, 20)) + self.shift


def calendar_of(call: Call, number: int) -> Calendar:
    """The calendar of the case with that number in the file."""
    return Calendar(call.opens_at, call.closes_at, call.announce_at or call.closes_at, number * _SPACING)


class Walk:
    """One case of cases.json on its way; `case` is its row."""

    def __init__(self, item: Mapping[str, Any], call: Call, calendar: Calendar, people: People) -> None:
        self.item, self.call, self.calendar, self.people = item, call, calendar, people
        self.town = people.towns[item["lead"]]
        self.editor, self.approver = people[self.town["editor"]], people[self.town["approver"]]
        self.officer, self.decider = people[OFFICER], people[DECIDER]
        self.pk = 0

    def go(self) -> None:
        """Walk to the state the item names."""
        with clock.at(self.calendar.started):
            self.pk = drafting.start(call=self.call, by=self.editor, form=form_of(self.item, self.call))[0].pk
        with clock.at(self.calendar.after_opening(2)):
            self._fill()
        _ENDS[self.item["state"]](self)

    @property
    def case(self) -> Application:
        """The row as it stands."""
        return Application.objects.with_parts().get(pk=self.pk)

    @cached_property
    def members(self) -> dict[str, Member]:
        """The municipalities that are in, by code; the lead first."""
        found = (
            self.case.members.present().municipalities().order_by("position").select_related("organization")
        )
        return {member.organization.code: member for member in found if member.organization is not None}

    # --- Filling --------------------------------------------------------------------------------------

    def _fill(self) -> None:
        bodies = {body.code: body for body in Organization.objects.filter(code__in=self.item["partners"])}
        for code in self.item["partners"]:
            membership.invite(application_id=self.pk, organization=bodies[code], by=self.editor)
        for actor in self.item["actors"]:
            membership.invite(
                application_id=self.pk, name=actor["name"], actor_kind=actor["kind"], email=actor["email"],
                by=self.editor,
            )  # fmt: skip
        self._write()
        if self.item["state"] not in _BARE:
            measure(self.case, self.item, by=self.editor)
            self._plan()
            documents.attach_document(
                application_id=self.pk, file=self._paper("事業計画の説明資料", self.item["answers"]["outline"]),
                requirement="plan_sheet", by=self.editor,
            )  # fmt: skip

    def _write(self) -> None:
        """All answers; of a draft that came to nothing only the first few."""
        starts_on = wareki(clock.today(self.calendar.after_announcement(30)))
        answers = list((self.item["answers"] | {"starts_on": starts_on}).items())
        bare = self.item["state"] in _BARE
        for question, value in answers[:_BARE_ANSWERS] if bare else answers:
            drafting.save_answer(application_id=self.pk, question=question, value=value, by=self.editor)
        look_at(self.case, None, by=self.editor)
        for code, role in ({} if bare else self.item["roles"]).items():
            drafting.save_answer(
                application_id=self.pk,
                question="role",
                value=role,
                member_id=self.members[code].pk,
                by=self.editor,
            )
            look_at(self.case, self.members[code], by=self.editor)

    def _plan(self) -> None:
        """Balanced budgets: partners pay their own, the lead what subsidy and fees leave."""
        year, terms = self.call.fiscal_year, self.case.template.terms(self.call)
        costs = {
            code: [
                CostEntry(item, year + at, amount)
                for item, amounts in items.items()
                for at, amount in enumerate(amounts)
                if amount
            ]
            for code, items in self.item["costs"].items()
        }
        fees = {year + at: amount for at, amount in enumerate(self.item.get("fees", []))}
        lead = self.item["lead"]
        budget = rules.Budget(
            members={code: member.name for code, member in self.members.items()},
            costs=tuple(
                rules.Cost(code, entry.item, entry.fiscal_year, entry.amount, None)
                for code, entries in costs.items()
                for entry in entries
            ),
            incomes=tuple(rules.Income(lead, IncomeKind.FEES, at, amount) for at, amount in fees.items()),
        )
        subsidy = rules.subsidy(budget, terms)
        for code, entries in costs.items():
            own = {
                at: sum(e.amount for e in entries if e.fiscal_year == at)
                for at in {e.fiscal_year for e in entries}
            }
            if code == lead:
                own = {at: paid - subsidy.amount(at) - fees.get(at, 0) for at, paid in own.items()}
            incomes = [IncomeEntry(IncomeKind.MEMBER_SHARE, at, paid) for at, paid in sorted(own.items())]
            incomes += [IncomeEntry(IncomeKind.FEES, at, paid) for at, paid in fees.items() if code == lead]
            budgeting.save_budget(
                application_id=self.pk,
                member_id=self.members[code].pk,
                costs=entries,
                incomes=incomes,
                by=self.editor,
            )

    def _paper(self, name: str, text: str) -> "ContentFile[bytes]":
        title = self.item["answers"]["title"]
        return ContentFile(f"{name}\n{title}\n\n{text}\n".encode(), name=f"{name}.txt")

    # --- Up to the submission -------------------------------------------------------------------------

    def ask(self) -> None:
        """Ask the officer to look at the draft."""
        with clock.at(self.calendar.after_opening(4)):
            prechecks.request_precheck(
                application_id=self.pk, message=self.item.get("message", ""), by=self.editor
            )

    def answer(self) -> None:
        """Ask, and have it confirmed."""
        self.ask()
        with clock.at(self.calendar.after_opening(5)):
            prechecks.answer_precheck(application_id=self.pk, confirmed=True, by=self.officer)

    def consent(self, *, by_portal: bool = True) -> None:
        """Bodies with people here consent in the portal (if they are to), all others by letter."""
        with clock.at(self.calendar.after_opening(6)):
            for member in self.case.members.present().partners().select_related("organization"):
                code = member.organization.code if member.organization else ""
                approver = self.people.of(code, "approver")
                if approver is None:
                    self._file_letter(member)
                elif by_portal:
                    shown = consent_hash(self.case, member)
                    consents.consent(application_id=self.pk, shown_hash=shown, by=approver)

    def _file_letter(self, member: Member) -> None:
        evidence = "reply_letter" if member.is_municipality else "consent_letter"
        consents.record_consent(
            application_id=self.pk, member_id=member.pk, evidence=evidence, document_number=f"連携第{self.pk}号",
            document_date=clock.today(), file=self._paper("同意書", f"{member.name}は、この計画に同意します。"),
            by=self.editor,
        )  # fmt: skip

    def submit(self) -> None:
        """Everything up to the receipt."""
        self.answer()
        self.consent()
        with clock.at(self.calendar.after_opening(8)):
            certification.certify(
                application_id=self.pk, document_number=f"{self.town['mark']}{100 + self.pk}号",
                decided_on=clock.today(), signer_title=self.town["signer"], by=self.approver,
            )  # fmt: skip
        with clock.at(self.calendar.after_opening(9)):
            key = sha256(f"demo {self.case.public_id}".encode()).hexdigest()[:32]
            submission.submit(application_id=self.pk, idempotency_key=key, by=self.editor)

    def discard(self) -> None:
        """Thrown away as a draft."""
        with clock.at(self.calendar.after_opening(3)):
            drafting.discard(application_id=self.pk, by=self.approver)

    def expire(self) -> None:
        """Never submitted."""
        with clock.at(self.calendar.after_closing(1)):
            closing.expire(application_id=self.pk)

    def withdraw(self) -> None:
        """Taken back after the submission."""
        self.submit()
        with clock.at(self.calendar.after_closing(4)):
            submission.withdraw(application_id=self.pk, reason=self.item["stop"], by=self.approver)

    # --- Review and decision --------------------------------------------------------------------------

    def review(self) -> None:
        """Begun and given to two reviewers; those named have scored."""
        self.submit()
        with clock.at(self.calendar.after_closing(2)):
            review.start_review(application_id=self.pk, by=self.officer)
            reviewers = list(User.objects.filter(email__in=REVIEWERS).order_by("pk"))
            review.assign_reviewers(application_id=self.pk, reviewers=reviewers, by=self.officer)
            self._consult()
        with clock.at(self.calendar.after_closing(6)):
            for email in self.item.get("scored", REVIEWERS):
                review.declare_interest(application_id=self.pk, has_interest=False, by=self.people[email])
                self._score(email)

    def _consult(self) -> None:
        """A note for the bureau; where the item says so, another bureau's opinion, answered or still waited for."""
        opinions.add_note(
            application_id=self.pk,
            by=self.officer,
            text="様式の記載と添付を確かめた。電話での聞き取りは不要と判断。",
        )
        asked = self.item.get("opinion")
        if not asked:
            return
        found = opinions.ask_opinion(
            application_id=self.pk, by=self.officer, question=asked["question"], sections=["plan"],
            department=Department.objects.get(organization__code=_METROPOLIS, name=asked["department"]),
            due_at=self.calendar.after_closing(9),
        )  # fmt: skip
        if "answer" in asked:
            opinions.answer_opinion(
                opinion_id=found.pk, by=self.people["industry@tokyo.example"], answer=asked["answer"]
            )

    def _score(self, email: str) -> None:
        """3 to 5 points a criterion, differing by person, always the same for a case."""
        codes, seed = (
            self.case.template.weights(),
            sha256(f"{email}{self.item['answers']['title']}".encode()).digest(),
        )
        points = {code: 3 + seed[at] % 3 for at, code in enumerate(codes)}
        review.score(
            application_id=self.pk, points=points, comment="計画は具体的で、質問への回答も明確でした。",
            by=self.people[email],
        )  # fmt: skip

    def return_(self) -> None:
        """Sent back for corrections that are not due yet."""
        self.review()
        with clock.at(self.calendar.after_closing(14)):
            returning.return_(
                application_id=self.pk, sections=self.item["sections"], reason=self.item["request"],
                due_at=self.calendar.after_closing(36), by=self.officer,
            )  # fmt: skip

    def recommend(self) -> None:
        """Drafted, after the meeting."""
        self.review()
        case, rejects = self.case, self.item["state"] == "rejected"
        with clock.at(self.calendar.after_closing(10)):
            review.record_meeting(
                call=self.call, applications=[case], held_on=clock.today(), quorum=2,
                attendees=[self.people[email].name for email in REVIEWERS], summary="採点の結果をもとに意見を交わした。",
                by=self.officer,
            )  # fmt: skip
        with clock.at(self.calendar.after_closing(14)):
            cut = self.item.get("amount_cut", 0)
            decision.recommend(
                application_id=self.pk, outcome="reject" if rejects else "adopt", reason=self.item["reason"],
                amount=None if rejects else (case.requested_amount or 0) - cut,
                adjustment_reason=self.item.get("cut_reason", ""), by=self.officer,
            )  # fmt: skip

    def decide(self, verb: Callable[..., Any]) -> None:
        """Decided by the other person, with its letters."""
        self.recommend()
        with clock.at(self.calendar.after_closing(18)):
            made = verb(
                application_id=self.pk, decided_on=clock.today(), document_number=f"総行振第{500 + self.pk}号",
                effective_on=clock.today(self.calendar.announces), by=self.decider,
            )  # fmt: skip
            letters.issue_letters(decision_id=made.pk, by=self.officer)

    def announce(self, verb: Callable[..., Any]) -> None:
        """Decided, and made known."""
        self.decide(verb)
        with clock.at(self.calendar.after_announcement(0)):
            announcing.announce(application_id=self.pk, by=self.officer)

    def discontinue(self) -> None:
        """Adopted, and stopped on the town's wish."""
        self.announce(decision.adopt)
        with clock.at(self.calendar.after_announcement(60)):
            petitions.request_discontinuation(
                application_id=self.pk, reason=self.item["stop"], by=self.approver
            )
        with clock.at(self.calendar.after_announcement(70)):
            petitions.discontinue(application_id=self.pk, effective_on=clock.today(), by=self.decider)

    def complete(self) -> None:
        """Adopted, carried out and closed."""
        self.announce(decision.adopt)
        with clock.at(self.calendar.after_announcement(260)):
            closing.complete(application_id=self.pk)


def _consenting(walk: Walk) -> None:
    walk.answer()
    walk.consent(by_portal=False)


_ENDS: dict[str, Callable[[Walk], None]] = {
    "precheck": Walk.ask,
    "consenting": _consenting,
    "discarded": Walk.discard,
    "expired": Walk.expire,
    "submitted": Walk.submit,
    "withdrawn": Walk.withdraw,
    "under_review": Walk.review,
    "returned": Walk.return_,
    "deciding": Walk.recommend,
    "reserve": lambda walk: walk.decide(decision.reserve),
    "adopted": lambda walk: walk.decide(decision.adopt),
    "announced": lambda walk: walk.announce(decision.adopt),
    "rejected": lambda walk: walk.announce(decision.reject),
    "discontinued": Walk.discontinue,
    "completed": Walk.complete,
}
"""How a case comes to the state it is named for; "precheck" and "consenting" are drafts."""


def states() -> Iterable[str]:
    """The words cases.json may use."""
    return _ENDS.keys()
