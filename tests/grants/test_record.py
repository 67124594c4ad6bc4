"""What the database itself refuses, what tampering leaves behind, and who is told."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, models, transaction

from accounts.models import Notice, NoticeAudience, Organization
from core import clock
from core.append_only import suspended, triggers_present
from core.exceptions import AppendOnlyError, Conflict, DomainError
from core.invariants import run_all
from core.loading import read_json
from grants.actions import announcing, closing, drafting, membership, review, submission
from grants.actions.loading import load_form, load_reference
from grants.enums import ApplicationStatus
from grants.models import (
    Application,
    ApplicationEvent,
    Consent,
    Decision,
    FormTemplate,
    Member,
    Recommendation,
    ReturnRequest,
    Snapshot,
)
from grants.queries import invitation
from programs.models import Call
from tests.factories import grants as cases
from tests.factories import programs as catalogue
from tests.factories.grants import Gallery

S = ApplicationStatus


def row(shown: Gallery, model: type[models.Model], status: str) -> models.QuerySet[Any]:
    """Rows of a model that belong to the case in a state."""
    path = "member__application" if model is Consent else "application"
    return model._default_manager.filter(**{path: shown.cases[status]})


def case(shown: Gallery, status: str) -> models.QuerySet[Application]:
    return Application.objects.filter(pk=shown.cases[status])


IMPOSSIBLE: dict[str, Any] = {
    "a submitted case without its receipt": lambda g: case(g, S.SUBMITTED).update(receipt_number=None),
    "a submission without an instant": lambda g: case(g, S.SUBMITTED).update(submitted_at=None),
    "a submission without a person": lambda g: case(g, S.UNDER_REVIEW).update(submitted_by=None),
    "a submission without an amount": lambda g: case(g, S.UNDER_REVIEW).update(requested_amount=None),
    "a draft with a receipt": lambda g: case(g, S.DRAFT).update(receipt_number="R9-9-0001-0"),
    "an adoption without an amount": lambda g: case(g, S.ADOPTED).update(decided_amount=None),
    "an adoption above what was asked": lambda g: case(g, S.ADOPTED).update(decided_amount=10_000_001),
    "a decision without its person": lambda g: case(g, S.REJECTED).update(decided_by=None),
    "a state nobody knows": lambda g: case(g, S.DRAFT).update(status="lost"),
    "two live cases in one place": lambda g: case(g, S.SUBMITTED).update(ordinal=g.case(S.DRAFT).ordinal),
    "two leads": lambda g: row(g, Member, S.DRAFT).update(role="lead"),
    "a lead that left": lambda g: row(g, Member, S.DRAFT).filter(role="lead").update(state="removed"),
    "an end without an instant": lambda g: row(g, Member, S.DRAFT).filter(role="partner").update(state="declined"),
    "a partner that is no body here": lambda g: row(g, Member, S.DRAFT).filter(role="partner").update(organization=None),
    "a letter without its number": lambda g: row(g, Consent, S.DRAFT).exclude(document_number="").update(document_number=""),
    "a consent that ended without a word when": lambda g: row(g, Consent, S.DRAFT).update(state="withdrawn"),
    "a draft above the computed amount": lambda g: row(g, Recommendation, S.DECIDING).update(amount=10_000_001),
    "a lower amount without a reason": lambda g: row(g, Recommendation, S.DECIDING).update(amount=1),
    "a decision by its own drafter": lambda g: row(g, Decision, S.ADOPTED).update(drafted_by=models.F("decided_by")),
    "an adoption whose decision has no amount": lambda g: row(g, Decision, S.ADOPTED).update(amount=None),
    "a rejection with an amount": lambda g: row(g, Decision, S.REJECTED).update(amount=1),
    "a correction due before it was asked": lambda g: row(g, ReturnRequest, S.RETURNED).update(due_at=cases.NOW),
}  # fmt: skip


@pytest.mark.parametrize("what", IMPOSSIBLE)
def test_the_database_refuses(shown: Gallery, what: str) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        assert IMPOSSIBLE[what](shown), "the row to spoil is missing"


@pytest.mark.parametrize("model", [ApplicationEvent, Snapshot])
def test_the_record_is_only_added_to(shown: Gallery, model: Any) -> None:
    assert triggers_present(model)
    first = model.objects.first()
    with pytest.raises(IntegrityError), transaction.atomic():
        models.QuerySet(model).filter(pk=first.pk).update(application=shown.cases[S.DRAFT])
    with pytest.raises(IntegrityError), transaction.atomic():
        models.QuerySet(model).filter(pk=first.pk)._raw_delete("default")
    if model is ApplicationEvent:
        with pytest.raises(AppendOnlyError):
            first.save()


def broken(name: str) -> list[str]:
    """The faults of one invariant."""
    return run_all()[f"grants.{name}"]


TAMPERED: dict[str, tuple[str, type[models.Model], dict[str, Any]]] = {
    "an event's words": ("chains", ApplicationEvent, {"comment": "書き換え"}),
    "a snapshot's content": ("snapshots", Snapshot, {"content": {"title": "別の事業"}}),
    "a snapshot's files": ("snapshots", Snapshot, {"files": []}),
    "a receipt number": ("receipts", Snapshot, {"receipt_number": "R9-1-9999-0"}),
}


@pytest.mark.parametrize("what", TAMPERED)
def test_tampering_is_found(shown: Gallery, what: str) -> None:
    name, model, change = TAMPERED[what]
    assert broken(name) == []
    with suspended(ApplicationEvent, Snapshot):
        spoilt = model._default_manager.filter(application=shown.cases[S.SUBMITTED]).order_by("-pk").first()
        models.QuerySet(model).filter(pk=spoilt.pk).update(**change)
    assert broken(name) != []


def test_a_state_written_past_the_record_is_found(shown: Gallery) -> None:
    case(shown, S.DRAFT).update(status=S.DISCARDED.value)
    assert any("最後の記録" in line for line in broken("chains"))


def test_bytes_changed_on_the_disk_are_found(shown: Gallery) -> None:
    document = shown.case(S.SUBMITTED).documents.first()
    path = Path(document.file.path)
    kept = path.read_bytes()
    try:
        path.write_bytes(kept + b"x")
        assert any(document.name in line for line in broken("files"))
    finally:
        path.write_bytes(kept)
    assert broken("files") == []


# --- Who is told -------------------------------------------------------------------------------------------


def told(shown: Gallery, status: str, action: str) -> set[tuple[str, str]]:
    """(kind of audience, role or name) of the notices of an action on the case in a state."""
    notices = Notice.objects.filter(
        kind=f"grants.{action}", dedupe_key__contains=shown.case(status).public_id
    )
    return {
        (str(a.department or a.organization or a.user or a.mailbox), code)
        for a in NoticeAudience.objects.filter(addressees__notices__in=notices)
        for code in a.role_codes or [""]
    }


LEAD = ("東久留米市 企画政策課", "editor")
PARTNER = ("清瀬市", "approver")
OFFICER = (f"東京都 {cases.DEPARTMENT}", "officer")


def test_each_step_tells_those_it_concerns(shown: Gallery) -> None:
    assert {PARTNER, ("info@chamber.example", "")} <= told(shown, S.DRAFT, "invite")
    assert OFFICER in told(shown, S.DRAFT, "request_precheck")
    assert LEAD in told(shown, S.DRAFT, "answer_precheck")
    assert {LEAD, PARTNER, OFFICER} <= told(shown, S.SUBMITTED, "submit")
    assert ("試験 reviewer", "") in told(shown, S.UNDER_REVIEW, "assign")
    assert told(shown, S.DECIDING, "recommend") == {(f"東京都 {cases.DEPARTMENT}", "decider")}
    assert {LEAD, PARTNER} <= told(shown, S.RETURNED, "return")


def test_no_town_is_told_a_decision_before_the_announcement(shown: Gallery) -> None:
    for status, action in ((S.ADOPTED, "adopt"), (S.REJECTED, "reject"), (S.RESERVE, "reserve")):
        assert {name for name, _ in told(shown, status, action)} == {f"東京都 {cases.DEPARTMENT}"}
    assert told(shown, S.ADOPTED, "announce") == set()
    assert {LEAD, PARTNER} <= told(shown, S.COMPLETED, "announce")


def test_another_bureau_is_told_nothing(shown: Gallery) -> None:
    audiences = NoticeAudience.objects.filter(addressees__notices__kind__startswith="grants.")
    assert not audiences.filter(department__name__startswith="産業労働局").exists()
    assert not audiences.filter(organization=shown.world.call.program.owner).exists()


def test_a_refused_act_tells_nobody(shown: Gallery) -> None:
    before = Notice.objects.count()
    with pytest.raises(DomainError):
        submission.submit(
            application_id=shown.cases[S.RETURNED], by=shown.world["lead_editor"], idempotency_key=cases.key()
        )
    assert Notice.objects.count() == before


def test_an_ended_consent_tells_its_body(shown: Gallery) -> None:
    drafting.save_answer(
        application_id=shown.cases[S.DRAFT],
        question="purpose",
        value="別の目的",
        by=shown.world["lead_editor"],
    )
    assert {PARTNER, ("info@chamber.example", "")} <= told(shown, S.DRAFT, "void_consents")


def test_the_link_of_an_invitation_opens_once_for_its_body_alone(shown: Gallery) -> None:
    world, draft = shown.world, shown.case(S.DRAFT)
    member = membership.invite(
        application_id=draft.pk, organization=Organization.objects.get(code="132110"), by=world["lead_editor"]
    )
    path = Notice.objects.filter(kind="grants.invite").order_by("-pk").first().path
    token = path.removeprefix("/invitations/").rstrip("/")
    own = world["stranger_approver"]
    assert invitation(own, token, clock.now()) == member
    for stranger in ("partner_approver", "lead_editor", "anonymous"):
        with pytest.raises(membership.Refused):
            invitation(world[stranger], token, clock.now())
    with pytest.raises(membership.Refused):
        invitation(own, token, cases.CLOSES + timedelta(seconds=1))
    membership.use_invitation(token=token, by=own)
    with pytest.raises(membership.Refused):
        membership.use_invitation(token=token, by=own)


# --- The schedule and the form ------------------------------------------------------------------------------


def test_the_schedule_expires_reopens_and_announces_once(shown: Gallery) -> None:
    late = cases.CLOSES + timedelta(seconds=1)
    assert closing.expire_due(at=cases.CLOSES) == 0
    assert closing.expire_due(at=late) == 1
    assert closing.expire_due(at=late) == 0
    assert shown.case(S.DRAFT).status == S.EXPIRED
    assert closing.reopen_due(at=late) == 0
    Call.objects.filter(pk=shown.world.call.pk).update(closes_at=late + timedelta(days=1))
    assert closing.reopen_due(at=late) == 2
    assert announcing.announce_due(at=cases.ANNOUNCES - timedelta(seconds=1)) == 0
    assert announcing.announce_due(at=cases.ANNOUNCES) == 2
    assert announcing.announce_due(at=cases.ANNOUNCES) == 0


def test_a_form_loads_twice_without_a_change_and_not_over_a_case(shown: Gallery, tmp_path: Path) -> None:
    (tmp_path / "forms").mkdir()
    for file in cases.FORM.parent.glob("diverse-partners*.json"):
        (tmp_path / "forms" / file.name).write_bytes(file.read_bytes())
    load_reference(tmp_path)
    again = load_reference(tmp_path)
    assert (again.created, again.updated) == (0, 0)
    assert FormTemplate.objects.get(version=1).questions.count() == len(cases.ANSWERS) + 3
    changed = read_json(cases.FORM) | {"title": "別の様式"}
    with pytest.raises(Conflict, match="新しい版"), transaction.atomic():
        load_form(changed)
    assert load_form(changed | {"version": 3}).created == 14
    assert shown.case(S.DRAFT).template.version == 1, "a draft stays on the version it began with"


def test_a_meeting_has_its_quorum_and_stands_in_every_case(shown: Gallery) -> None:
    world, one = shown.world, shown.case(S.UNDER_REVIEW)
    facts = {
        "call": world.call, "by": world["officer"], "applications": [one], "held_on": clock.today(),
        "attendees": ["委員一", "委員二"], "summary": "評価した。",
    }  # fmt: skip
    with pytest.raises(Conflict, match="定足数（3人）に足りません"):
        review.record_meeting(**facts, quorum=3)
    review.record_meeting(**facts, quorum=2)
    assert ApplicationEvent.objects.filter(application=one, action="record_meeting").count() == 1
    with pytest.raises(membership.Refused):
        review.record_meeting(**(facts | {"by": world["other_bureau"]}), quorum=1)


def test_an_expired_draft_is_copied_into_the_next_call(shown: Gallery) -> None:
    world = shown.world
    following = catalogue.call_open(
        world.call.program,
        opens_at=cases.NOW - timedelta(days=1),
        closes_at=cases.CLOSES,
        round_name="第2次募集",
    )
    copied, created = drafting.start(
        call=following, by=world["lead_colleague"], copy_from=shown.case(S.DRAFT)
    )
    assert created
    assert copied.title == cases.ANSWERS["title"]
    assert copied.answers.count() == len(cases.ANSWERS) + 1, "the common part and the lead's own"
    assert copied.members.count() == 1
    assert copied.copied_from == shown.case(S.DRAFT)
