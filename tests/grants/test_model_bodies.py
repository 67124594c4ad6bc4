"""Several bodies and one application: a model of who may do what and which consents hold, walked beside the portal.

Three towns and a chamber of commerce. The model is written by hand: it says which act succeeds, whose consent an edit
ends, and when the case may be submitted. After each step the amounts add up, what was submitted is as it was, and nobody
sees another's part.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import seed as seeded
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from accounts.models import Organization
from core import clock
from core.events import verify_chain
from core.exceptions import DomainError, Refused
from grants import queries
from grants.actions import budgeting, consents, drafting, membership, returning, submission
from grants.actions.budgeting import CostEntry, IncomeEntry
from grants.models import Application, ApplicationEvent, Member
from grants.queries.invariants import receipts, snapshots
from grants.rules import fingerprint
from tests.factories import grants as cases
from tests.factories.grants import PARTNER_COST, Gallery

OPEN_IN_RETURN = {"plan", "budget"}
TOWN_OF = {"partner": "partner", "third": "stranger"}
"""Bodies of the model and the names of their people in the world."""
BODIES = st.sampled_from([*TOWN_OF])
PARTS = st.sampled_from(["plan", "part/partner", "part/third", "budget/partner"])
EDITORS = st.sampled_from(["lead", "lead", "partner", "third"])


class Walk(RuleBasedStateMachine):
    """One case; what `begin` sets is the model's own."""

    shown: Gallery

    @initialize(state=st.sampled_from(["draft", "draft", "submitted", "returned"]))
    def begin(self, state: str) -> None:
        self.opened = transaction.atomic()
        self.opened.__enter__()
        self.world, case = self.shown.world, self.shown.case(state)
        self.pk, self.state = case.pk, state
        self.third = Organization.objects.get(pk=self.world["stranger_editor"].organization_id)
        self.present = {"partner", "chamber"}
        self.leaving: set[str] = set()
        self.held = {"partner", "chamber"}
        self.certified, self.third_filled, self.spoiled = True, False, False
        self.changed = state == "draft"
        self.frozen = {one.pk: one.sha256 for one in case.snapshots.all()}
        self.count = 0

    def teardown(self) -> None:
        assert [*receipts(), *snapshots()] == []
        assert verify_chain(ApplicationEvent.objects.filter(application=self.pk)) == []
        transaction.set_rollback(True)
        self.opened.__exit__(None, None, None)

    @property
    def case(self) -> Application:
        return Application.objects.with_parts().get(pk=self.pk)

    def member(self, body: str) -> Member:
        """The newest member of a body, also one that is out; of a body that never was in, the lead stands in."""
        rows = Member.objects.filter(application=self.pk).order_by("-pk")
        organization = {"partner": self.world.partner, "third": self.third}.get(body)
        found = rows.filter(organization=organization) if organization else rows.filter(role="diverse_actor")
        return found.first() or cases.lead_of(self.case)

    def actor(self, body: str, role: str) -> Any:
        return self.world[f"{TOWN_OF.get(body, body)}_{role}"]

    def act(self, expected: bool, job: Callable[..., Any], **how: Any) -> bool:
        """Do it; it must succeed exactly when the model says so."""
        try:
            with transaction.atomic(), clock.at(cases.NOW):
                job(application_id=self.pk, at=cases.NOW, **how)
        except (DomainError, Refused) as refused:
            said: Exception | None = refused
        else:
            said = None
        assert (said is None) == expected, f"{job.__name__} in {self.state} {how}: {said!r}"
        return expected

    # --- The copy -----------------------------------------------------------------------------------------

    @rule(who=EDITORS, part=PARTS)
    def edit(self, who: str, part: str) -> None:
        section, _, owner = part.partition("/")
        if (
            owner == "third"
            and not Member.objects.filter(application=self.pk, organization=self.third).exists()
        ):
            return  # never invited: there is no part to write into
        self.count += 1
        mine = who == "lead" or (who == owner and who in self.present)
        there = not owner or owner in self.present
        possible = mine and there and (self.state != "returned" or section in OPEN_IN_RETURN)
        how: dict[str, Any] = {"by": self.actor(who, "editor")}
        if section == "budget":
            amount = PARTNER_COST - self.count * 1000
            lines = {
                "costs": [CostEntry("12", 2027, amount)],
                "incomes": [IncomeEntry("member_share", 2027, amount)],
            }
            later = [CostEntry("12", year, PARTNER_COST) for year in (2028, 2029)]
            paid = [IncomeEntry("member_share", year, PARTNER_COST) for year in (2028, 2029)]
            how |= {"costs": lines["costs"] + later, "incomes": lines["incomes"] + paid}
            done = self.act(possible, budgeting.save_budget, member_id=self.member(owner).pk, **how)
        else:
            how |= {"question": "role" if owner else "purpose", "value": f"文章{self.count}"}
            done = self.act(
                possible, drafting.save_answer, member_id=self.member(owner).pk if owner else None, **how
            )
        if done:
            self.held -= {owner} if owner else set(self.held)
            self.certified, self.changed = False, True
            self.third_filled |= owner == "third"

    # --- The circle ---------------------------------------------------------------------------------------

    @rule()
    def invite_third(self) -> None:
        possible = self.state == "draft" and "third" not in self.present
        if self.act(possible, membership.invite, organization=self.third, by=self.world["lead_editor"]):
            self.present.add("third")
            self.third_filled, self.certified = False, False

    @rule(body=BODIES)
    def take_out(self, body: str) -> None:
        if body == "partner" and body not in self.leaving:
            return  # the project would stand alone: not what this model is about
        possible = body in self.present and (
            self.state == "draft" or (self.state == "returned" and body in self.leaving)
        )
        how = {"member_id": self.member(body).pk, "by": self.world["lead_editor"], "reason": "事情"}
        if self.act(possible, membership.remove_member, **how):
            self._gone(body)

    @rule()
    def third_declines(self) -> None:
        possible = "third" in self.present and self.state in {"draft", "returned"}
        if self.act(possible, membership.decline, by=self.actor("third", "approver")):
            self._gone("third")

    @rule(body=BODIES)
    def ask_to_leave(self, body: str) -> None:
        possible = body in self.present - self.leaving and self.state in {"submitted", "returned"}
        if self.act(possible, membership.leave, by=self.actor(body, "approver"), reason="事情"):
            self.leaving.add(body)
            self.held.discard(body)

    def _gone(self, body: str) -> None:
        for names in (self.present, self.leaving, self.held):
            names.discard(body)
        self.certified, self.changed = False, True
        self.spoiled |= body == "partner"

    # --- Consents and certificate -------------------------------------------------------------------------

    @property
    def preparing(self) -> bool:
        return self.state != "submitted" or self.changed

    @rule(body=BODIES)
    def agree(self, body: str) -> None:
        possible = body in self.present - self.leaving - self.held and self.preparing
        shown = queries.consent_hash(self.case, self.member(body))
        if self.act(possible, consents.consent, by=self.actor(body, "approver"), shown_hash=shown):
            self.held.add(body)

    @rule()
    def all_agree_and_it_is_certified(self) -> None:
        """What a walk rarely reaches by chance: everything that is missing, in order."""
        for body in sorted(self.present - self.held - {"chamber"}):
            self.agree(body)
        if "chamber" not in self.held:
            self.file_a_letter()
        self.certify()

    @rule()
    def file_a_letter(self) -> None:
        """The chamber has no account: the lead files its letter, also anew."""
        how: dict[str, Any] = {
            "member_id": self.member("chamber").pk, "evidence": "consent_letter", "document_number": "商発第12号",
            "document_date": clock.today(cases.NOW), "file": cases.upload("同意書.pdf", cases.pdf("同意")),
            "by": self.world["lead_editor"],
        }  # fmt: skip
        if self.act(self.preparing, consents.record_consent, **how):
            self.held.add("chamber")

    @rule(body=BODIES)
    def take_consent_back(self, body: str) -> None:
        possible = body in self.present & self.held and self.state in {"draft", "returned"}
        if self.act(possible, membership.withdraw_consent, by=self.actor(body, "approver")):
            self.held.discard(body)
            self.certified = False

    @rule()
    def certify(self) -> None:
        case = self.case

        def record(application_id: int, at: Any) -> None:
            cases.certify(self.world, case)

        if self.act(self.preparing and not self.certified and self.present <= self.held, record):
            self.certified = True

    # --- Submission ---------------------------------------------------------------------------------------

    @rule(
        verb=st.sampled_from(["submit", "replace", "resubmit"]),
        who=st.sampled_from(["lead_editor", "lead_approver", "partner_approver"]),
    )
    def hand_in(self, verb: str, who: str) -> None:
        source = {"submit": "draft", "replace": "submitted", "resubmit": "returned"}[verb]
        whole = self.certified and self.present <= self.held and not self.leaving and not self.spoiled
        whole = whole and ("third" not in self.present or self.third_filled)
        possible = (
            self.state == source and whole and who.startswith("lead") and (verb != "replace" or self.changed)
        )
        if self.act(possible, getattr(submission, verb), by=self.world[who], idempotency_key=cases.key()):
            self.state, self.changed = "submitted", False
            newest = self.case.snapshots.order_by("-branch")[0]
            self.frozen[newest.pk] = newest.sha256

    @rule()
    def send_back(self) -> None:
        how = {"sections": sorted(OPEN_IN_RETURN), "reason": "根拠", "due_at": cases.NOW + timedelta(days=20)}
        if self.act(self.state == "submitted", returning.return_, by=self.world["officer"], **how):
            self.state = "returned"

    # --- What must stand after each step ------------------------------------------------------------------

    @invariant()
    def the_portal_agrees(self) -> None:
        if not hasattr(self, "pk"):
            return
        case = self.case
        assert case.status == self.state
        given = {m.pk for m in case.members.filter(consents__state="given")}
        assert given == {self.member(body).pk for body in self.held}
        assert case.certifications.filter(voided_at__isnull=True).exists() == self.certified
        assert case.members.present().partners().count() == len(self.present)

    @invariant()
    def what_was_submitted_stays_and_adds_up(self) -> None:
        if not hasattr(self, "pk"):
            return
        for one in self.case.snapshots.all():
            assert (
                one.sha256 == self.frozen[one.pk] == fingerprint({"content": one.content, "files": one.files})
            )
            subsidy = one.content["subsidy"]
            assert subsidy["total"] == one.requested_total == sum(year["amount"] for year in subsidy["years"])
            for year in subsidy["years"]:
                assert sum(year["payees"].values()) == year["amount"]
                costs, money = self._sides(one.content["budget"], year["fiscal_year"])
                assert costs == money + year["amount"]

    def _sides(self, budget: dict[str, Any], fiscal_year: int) -> tuple[int, int]:
        """What all members spend and what they bring in, without the subsidy."""
        sums = []
        for kind in ("costs", "incomes"):
            lines = [line for share in budget.values() for line in share[kind]]
            sums.append(sum(line["amount"] for line in lines if line["fiscal_year"] == fiscal_year))
        return sums[0], sums[1]

    @invariant()
    def nobody_sees_anothers_part(self) -> None:
        if not hasattr(self, "pk"):
            return
        case = self.case
        for body in TOWN_OF:
            reader = self.actor(body, "editor")
            sees = queries.applications(reader, cases.NOW).filter(pk=self.pk).exists()
            assert sees == (body in self.present)
            if not sees:
                continue
            own = self.member(body).pk
            assert set(queries.answers_for(reader, case).values_list("member", flat=True)) <= {None, own}
            for rows in queries.shares_for(reader, case):
                assert set(rows.values_list("member", flat=True)) <= {own}
            assert set(queries.documents_for(reader, case).values_list("member", flat=True)) <= {None, own}
            tasks = queries.task_list(reader, case, cases.NOW)
            assert {task.member.pk for task in tasks if task.member} <= {own}


def test_no_walk_of_several_bodies_leads_where_the_model_does_not(shown: Gallery) -> None:
    """Each walk in a transaction of its own that is rolled back."""
    machine = type("Walk", (Walk,), {"shown": shown})
    run_state_machine_as_test(
        seeded(20_261_122)(machine),
        settings=settings(
            max_examples=10, stateful_step_count=14, database=None,
            suppress_health_check=list(HealthCheck), phases=[Phase.generate, Phase.shrink],
        ),
    )  # fmt: skip
