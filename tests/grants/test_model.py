"""A model of the lifecycle, written down a second time by hand, walked at random beside the portal.

The model knows nothing of the code: it says which act succeeds and what stands afterwards. Hypothesis looks for
a walk on which the portal thinks otherwise. After each step the record must be whole.
"""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import seed as seeded
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from core import clock
from core.events import verify_chain
from core.exceptions import DomainError, Refused
from grants.actions import (
    announcing,
    closing,
    decision,
    drafting,
    membership,
    returning,
    review,
    submission,
)
from grants.enums import ConsentState
from grants.models import Application, ApplicationEvent
from grants.queries.invariants import receipts, snapshots
from programs.models import AdoptedProject
from tests.factories import grants as cases
from tests.factories.grants import Gallery

PAPERS = {"document_number": "8総行振第1号", "effective_on": date(2027, 4, 1), "reason": "日付の理由"}


STAGES = {
    "draft": "", "submitted": "", "returned": "", "under_review": "", "deciding": "adopt", "reserve": "adopt",
    "adopted": "adopt", "rejected": "reject",
}  # fmt: skip
"""Where walks begin, and what was drafted by then."""
DRAFTERS = st.sampled_from(["officer", "drafting_decider", "decider"])
DECIDERS = st.sampled_from(["decider", "drafting_decider", "officer"])
VERBS = st.sampled_from(["adopt", "reject", "reserve", "release"])
REVIEWED = {"under_review", "deciding", "reserve", "adopted", "rejected"}


class Walk(RuleBasedStateMachine):
    """One case; what `begin` sets is the model's own."""

    shown: Gallery

    @initialize(state=st.sampled_from([*STAGES]), announced=st.booleans())
    def begin(self, state: str, announced: bool) -> None:
        """The gallery's case in a state: consented and certified as it was submitted, if it was."""
        self.opened = transaction.atomic()
        self.opened.__enter__()
        self.world = self.shown.world
        self.now = cases.AFTER_CLOSING if state in REVIEWED else cases.NOW
        case = self.shown.case(state)
        self.pk, self.public_id = case.pk, case.public_id
        self.state, self.origin = state, "submitted"
        self.due: datetime | None = cases.NOW + timedelta(days=20) if state == "returned" else None
        self.consented, self.certified = True, True
        self.changed = state == "draft"  # against what was submitted last
        self.branches = 0 if state == "draft" else 1
        self.drafted, self.drafted_by = STAGES[state], "officer"
        self.leaving, self.announced = False, False
        self.texts = 0
        if announced and state in {"adopted", "rejected"}:
            self.now = cases.ANNOUNCES
            self.the_clock_sweeps()

    def teardown(self) -> None:
        """What was submitted, received and frozen is the same; nothing stays."""
        assert [*receipts(), *snapshots()] == []
        transaction.set_rollback(True)
        self.opened.__exit__(None, None, None)

    def act(self, expected: bool, job: Callable[..., Any], **how: Any) -> bool:
        """Do it; it must succeed exactly when the model says so."""
        try:
            with transaction.atomic(), clock.at(self.now):
                job(application_id=self.pk, at=self.now, **how)
        except (DomainError, Refused) as refused:
            said: Exception | None = refused
        else:
            said = None
        assert (said is None) == expected, f"{job.__name__} in {self.state}: {said!r}"
        return expected

    @property
    def late(self) -> bool:
        return self.now > cases.CLOSES

    @property
    def editable(self) -> bool:
        if self.state == "returned":
            return self.due is not None and self.now <= self.due
        return self.state in {"draft", "submitted"} and not self.late

    # --- Time and text ----------------------------------------------------------------------------------

    @rule(days=st.sampled_from([1, 6, 12, 30]))
    def time_passes(self, days: int) -> None:
        self.now += timedelta(days=days)

    @rule()
    def edit_binding(self) -> None:
        self.texts += 1
        how = {"question": "purpose", "value": f"目的{self.texts}", "by": self.world["lead_editor"]}
        if self.act(self.editable, drafting.save_answer, **how):
            self.consented = self.certified = False
            self.changed = True

    # --- Consents and certificate -------------------------------------------------------------------------

    @rule()
    def agree(self) -> None:
        """Both bodies at once; the model allows it where something is missing and can be given."""
        if self.consented or self.leaving:
            return
        possible = self.editable and (self.state != "submitted" or self.changed)
        case = Application.objects.get(pk=self.pk)

        def both(application_id: int, at: datetime) -> None:
            cases.agree(self.world, case)

        if self.act(possible, both):
            self.consented = True

    @rule()
    def take_consent_back(self) -> None:
        held = Application.objects.get(pk=self.pk).members.filter(
            role="partner", consents__state=ConsentState.GIVEN
        )
        expected = self.state in {"draft", "returned"} and self.editable and held.exists()
        if self.act(expected, membership.withdraw_consent, by=self.world["partner_approver"]):
            self.consented = self.certified = False

    @rule()
    def certify(self) -> None:
        case = Application.objects.get(pk=self.pk)
        possible = (
            self.editable
            and self.consented
            and not self.certified
            and (self.state != "submitted" or self.changed)
        )

        def record(application_id: int, at: datetime) -> None:
            cases.certify(self.world, case)

        if self.act(possible, record):
            self.certified = True

    # --- Submission ---------------------------------------------------------------------------------------

    @property
    def complete(self) -> bool:
        return self.consented and self.certified and not self.leaving

    def _submitted(self, target: str) -> None:
        self.state, self.changed = target, False
        self.branches += 1

    @rule(who=st.sampled_from(["lead_editor", "lead_approver", "partner_approver", "officer"]))
    def submit(self, who: str) -> None:
        allowed = who.startswith("lead") and self.state == "draft" and not self.late and self.complete
        if self.act(allowed, submission.submit, by=self.world[who], idempotency_key=cases.key()):
            self._submitted("submitted")

    @rule()
    def replace(self) -> None:
        allowed = self.state == "submitted" and self.changed and not self.late and self.complete
        if self.act(allowed, submission.replace, by=self.world["lead_editor"], idempotency_key=cases.key()):
            self._submitted("submitted")

    @rule()
    def resubmit(self) -> None:
        allowed = self.state == "returned" and self.editable and self.complete
        if self.act(allowed, submission.resubmit, by=self.world["lead_editor"], idempotency_key=cases.key()):
            self._submitted(self.origin)
            self.due = None

    @rule(days=st.sampled_from([2, 9]))
    def send_for_correction(self, days: int) -> None:
        due = self.now + timedelta(days=days)
        allowed = self.state in {"submitted", "under_review"}
        how = {"by": self.world["officer"], "sections": ["plan"], "reason": "根拠", "due_at": due}
        if self.act(allowed, returning.return_, **how):
            self.state, self.origin, self.due = "returned", self.state, due

    @rule()
    def take_back(self) -> None:
        allowed = self.state == "returned" and self.due is not None and self.now > self.due
        if self.act(allowed, returning.take_back, by=self.world["officer"]):
            self.state, self.due = self.origin, None

    @rule()
    def withdraw(self) -> None:
        allowed = self.state in {"submitted", "returned", "under_review", "deciding", "reserve"}
        if self.act(allowed, submission.withdraw, by=self.world["lead_approver"], reason="見直し"):
            self.state = "withdrawn"

    @rule()
    def partner_asks_to_leave(self) -> None:
        allowed = not self.leaving and self.state in {
            "submitted",
            "returned",
            "under_review",
            "deciding",
            "reserve",
        }
        if self.act(allowed, membership.leave, by=self.world["partner_approver"], reason="事情"):
            self.leaving, self.consented = True, False

    @rule()
    def the_clock_sweeps(self) -> None:
        """The schedule's own work."""
        with clock.at(self.now):
            closing.expire_due(at=self.now)
            announcing.announce_due(at=self.now)
        if self.state == "draft" and self.late:
            self.state = "expired"
        if self.state in {"adopted", "rejected"} and self.now >= cases.ANNOUNCES:
            self.announced = True

    # --- Review and decision ------------------------------------------------------------------------------

    @rule()
    def start_review(self) -> None:
        allowed = self.state == "submitted" and self.late
        if self.act(allowed, review.start_review, by=self.world["officer"]):
            self.state = "under_review"

    @rule(who=DRAFTERS, outcome=st.sampled_from(["adopt", "reject"]))
    def recommend(self, who: str, outcome: str) -> None:
        allowed = self.state == "under_review" and not self.leaving and who != "decider"
        amount = 10_000_000 if outcome == "adopt" else None
        how = {"by": self.world[who], "outcome": outcome, "reason": "評価", "amount": amount}
        if self.act(allowed, decision.recommend, **how):
            self.state, self.drafted, self.drafted_by = "deciding", outcome, who

    @rule(drafter=DRAFTERS, who=DECIDERS, verb=VERBS, outcome=st.sampled_from(["adopt", "reject"]))
    def recommend_and_decide(self, drafter: str, who: str, verb: str, outcome: str) -> None:
        """The two acts of two people in a row, tried more often than chance would."""
        self.recommend(drafter, outcome)
        self.decide(verb, who)

    @rule()
    def send_back(self) -> None:
        if self.act(self.state == "deciding", decision.send_back, by=self.world["decider"], reason="再考"):
            self.state, self.drafted = "under_review", ""

    @rule(verb=VERBS, who=DECIDERS)
    def decide(self, verb: str, who: str) -> None:
        source = "reserve" if verb == "release" else "deciding"
        allowed = self.state == source and who not in {"officer", self.drafted_by}
        if verb in {"adopt", "reserve"}:
            allowed = allowed and self.drafted == "adopt" and not self.leaving
        job = getattr(decision, verb)
        if self.act(allowed, job, by=self.world[who], decided_on=clock.today(self.now), **PAPERS):
            self.state = {"adopt": "adopted", "reserve": "reserve"}.get(verb, "rejected")
            self.announced = False

    @rule()
    def promote(self) -> None:
        how = {"by": self.world["officer"], "reason": "財源が戻った", "amount": 10_000_000}
        if self.act(self.state == "reserve" and not self.leaving, decision.promote, **how):
            self.state, self.drafted, self.drafted_by = "deciding", "adopt", "officer"

    @rule()
    def correct(self) -> None:
        allowed = self.state in {"adopted", "rejected"}
        if self.act(allowed, decision.correct, by=self.world["second_decider"], reason="誤り"):
            self.state, self.announced = "deciding", False

    @rule(who=DECIDERS, verb=VERBS)
    def correct_and_decide(self, who: str, verb: str) -> None:
        """A result opened again and decided anew, tried more often than chance would."""
        self.correct()
        self.decide(verb, who)

    @rule(who=DECIDERS, verb=VERBS)
    def leave_and_decide(self, who: str, verb: str) -> None:
        """A partner asks to leave just before the decision."""
        self.partner_asks_to_leave()
        self.decide(verb, who)

    # --- What must stand after each step --------------------------------------------------------------------

    @invariant()
    def the_portal_agrees(self) -> None:
        if not hasattr(self, "pk"):
            return
        case = Application.objects.get(pk=self.pk)
        assert case.status == self.state
        assert case.snapshots.count() == self.branches
        assert (case.decided_amount is not None) == (self.state == "adopted")
        assert (case.announced_at is not None) == self.announced
        assert case.returns.filter(closed_at__isnull=True).exists() == (self.state == "returned")
        assert case.certifications.filter(voided_at__isnull=True).exists() == self.certified

    @invariant()
    def the_record_is_whole(self) -> None:
        if not hasattr(self, "pk"):
            return
        assert verify_chain(ApplicationEvent.objects.filter(application=self.pk)) == []
        public = AdoptedProject.objects.filter(
            slug=f"project-{self.public_id}", announced_at__lte=self.now
        ).exists()
        assert public or not (self.state == "adopted" and self.announced)
        assert not (public and self.state in {"draft", "submitted", "withdrawn", "reserve"})
        assert not (public and self.state == "rejected" and self.announced)


@pytest.mark.parametrize("seed", [20_261_121, 7])
def test_no_walk_leads_where_the_model_does_not(shown: Gallery, seed: int) -> None:
    """Each walk in a transaction of its own that is rolled back."""
    machine = type("Walk", (Walk,), {"shown": shown})
    run_state_machine_as_test(
        seeded(seed)(machine),
        settings=settings(
            max_examples=30, stateful_step_count=20, database=None,
            suppress_health_check=list(HealthCheck), phases=[Phase.generate, Phase.shrink],
        ),
    )  # fmt: skip
