"""What is refused, with a message that says what to do, and nothing lost."""

from datetime import timedelta

import pytest

from core import clock
from core.exceptions import DomainError, Refused
from grants.actions import (
    announcing,
    budgeting,
    certification,
    decision,
    documents,
    drafting,
    membership,
    returning,
    submission,
)
from grants.actions.budgeting import CostEntry
from grants.actions.errors import AlreadySubmitted, KeyReused, Stale
from grants.enums import ApplicationStatus
from grants.models import Application, ApplicationEvent, Snapshot
from tests.factories import grants as cases
from tests.factories.grants import Gallery, World
from tests.grants.staying import untouched

S = ApplicationStatus
SECOND = timedelta(seconds=1)


@pytest.fixture
def world(shown: Gallery) -> World:
    """The gallery's world."""
    return shown.world


@pytest.fixture
def draft(shown: Gallery) -> Application:
    """A draft that only waits for the click."""
    return shown.case(S.DRAFT)


def submit(world: World, application: Application, **how: object) -> Snapshot:
    """By the lead's editor, with a fresh key."""
    how = {"by": world["lead_editor"], "idempotency_key": cases.key()} | how
    return submission.submit(application_id=application.pk, **how)  # type: ignore[arg-type]


# --- Time -----------------------------------------------------------------------------------------------


def test_the_closing_instant_is_in_time_and_a_microsecond_later_is_not(
    world: World, draft: Application
) -> None:
    late = cases.CLOSES + timedelta(microseconds=1)
    with (
        untouched(draft),
        pytest.raises(DomainError, match=r"締切（.*）を過ぎた.*入力した内容は残っています"),
    ):
        submit(world, draft, at=late)
    assert submit(world, draft, at=cases.CLOSES).taken_at == cases.CLOSES


def test_nothing_is_typed_after_closing(world: World, draft: Application) -> None:
    with untouched(draft), pytest.raises(DomainError, match="締切"):
        drafting.save_answer(
            application_id=draft.pk,
            question="purpose",
            value="遅い",
            by=world["lead_editor"],
            at=cases.AFTER_CLOSING,
        )


def test_a_correction_ends_at_its_own_instant(world: World, shown: Gallery) -> None:
    case = shown.case(S.RETURNED)
    due = case.returns.get().due_at
    how = {"application_id": case.pk, "by": world["lead_editor"]}
    with untouched(case), pytest.raises(DomainError, match="修正の期限"):
        submission.resubmit(**how, idempotency_key=cases.key(), at=due + SECOND)
    with untouched(case), pytest.raises(DomainError, match="修正の期限の前"):
        returning.take_back(application_id=case.pk, by=world["officer"], at=due)
    assert submission.resubmit(**how, idempotency_key=cases.key(), at=due).branch == 1
    assert shown.case(S.RETURNED).status == S.SUBMITTED


def test_the_result_waits_for_its_instant(world: World, shown: Gallery) -> None:
    case = shown.case(S.ADOPTED)
    with untouched(case), pytest.raises(DomainError, match=r"公表は.*の予定"):
        announcing.announce(application_id=case.pk, by=world["officer"], at=cases.ANNOUNCES - SECOND)


# --- Others ---------------------------------------------------------------------------------------------


def test_another_town_finds_nothing_to_open_or_change(world: World, draft: Application) -> None:
    for name in cases.OUTSIDERS:
        by = world[name]
        with untouched(draft):
            for act in (
                lambda by=by: drafting.save_answer(
                    application_id=draft.pk, question="purpose", value="x", by=by
                ),
                lambda by=by: submit(world, draft, by=by),
                lambda by=by: membership.decline(application_id=draft.pk, by=by),
                lambda by=by: documents.attach_document(application_id=draft.pk, file=cases.upload(), by=by),
            ):
                with pytest.raises(Refused) as refused:
                    act()
                assert refused.value.reason == "", "a hidden case gives no reason"


def test_a_partner_fills_its_own_part_only(world: World, draft: Application) -> None:
    by, lead, partner = world["partner_editor"], cases.lead_of(draft), cases.partner_of(draft)
    save = drafting.save_answer
    save(application_id=draft.pk, question="role", value="清瀬の役割", member_id=partner.pk, by=by)
    with untouched(draft), pytest.raises(Refused):
        save(application_id=draft.pk, question="role", value="よその役割", member_id=lead.pk, by=by)
    with untouched(draft), pytest.raises(Refused):
        save(application_id=draft.pk, question="purpose", value="共通の目的", by=by)
    with untouched(draft), pytest.raises(Refused):
        budgeting.save_budget(application_id=draft.pk, member_id=lead.pk, costs=[], incomes=[], by=by)


def test_a_part_or_file_of_another_case_is_refused(world: World, shown: Gallery) -> None:
    draft, other = shown.case(S.DRAFT), shown.case(S.SUBMITTED)
    by, foreign = world["lead_editor"], cases.partner_of(other)
    with untouched(draft), pytest.raises(Refused):
        drafting.save_answer(application_id=draft.pk, question="role", value="x", member_id=foreign.pk, by=by)
    with untouched(draft), pytest.raises(Refused):
        membership.remove_member(application_id=draft.pk, member_id=foreign.pk, by=by)
    with pytest.raises(DomainError, match="支払先が構成する市町村にありません"):
        budgeting.save_budget(
            application_id=draft.pk, member_id=cases.lead_of(draft).pk, incomes=[], by=by,
            costs=[CostEntry("18", 2027, 1, paid_to_id=foreign.pk)],
        )  # fmt: skip


def test_the_common_part_has_no_owner_and_a_part_needs_one(world: World, draft: Application) -> None:
    with untouched(draft), pytest.raises(DomainError, match="入力する団体が違います"):
        drafting.save_answer(application_id=draft.pk, question="role", value="x", by=world["lead_editor"])
    chamber = cases.chamber_of(draft)
    with untouched(draft), pytest.raises(DomainError, match="入力する団体が違います"):
        drafting.save_answer(
            application_id=draft.pk, question="role", value="x", member_id=chamber.pk, by=world["lead_editor"]
        )


def test_only_the_named_sections_of_a_returned_case_open(world: World, shown: Gallery) -> None:
    case, by = shown.case(S.RETURNED), world["lead_editor"]
    with untouched(case), pytest.raises(DomainError, match="「成果と継続」は修正の対象ではありません"):
        drafting.save_answer(application_id=case.pk, question="target", value="別の目標", by=by)
    with untouched(case), pytest.raises(DomainError, match="「添付書類」は修正の対象ではありません"):
        documents.attach_document(application_id=case.pk, file=cases.upload(), by=by)
    with untouched(case), pytest.raises(DomainError, match="構成団体は修正の対象ではありません"):
        membership.invite(application_id=case.pk, organization=world.chamber, actor_kind="chamber", by=by)
    drafting.save_answer(application_id=case.pk, question="purpose", value="直した目的", by=by)


# --- Four eyes ------------------------------------------------------------------------------------------


def test_who_drafted_does_not_decide(world: World, shown: Gallery) -> None:
    case = shown.case(S.UNDER_REVIEW)
    with clock.at(cases.AFTER_CLOSING):
        decision.recommend(
            application_id=case.pk,
            by=world["drafting_decider"],
            outcome="adopt",
            reason="高い評価",
            amount=10_000_000,
        )
        for verb in (decision.adopt, decision.reject, decision.reserve):
            with untouched(case), pytest.raises(DomainError, match="起案した人は決定できません"):
                verb(application_id=case.pk, by=world["drafting_decider"], **cases.PAPERS())
        decision.adopt(application_id=case.pk, by=world["decider"], **cases.PAPERS())


def test_who_changed_a_binding_part_does_not_certify(world: World, draft: Application) -> None:
    approver = world["lead_approver"]
    drafting.save_answer(application_id=draft.pk, question="purpose", value="承認者が直した", by=approver)
    cases.agree(world, draft)
    with untouched(draft), pytest.raises(DomainError, match="ご自分で変更している"):
        cases.certify(world, draft)
    papers = {"document_number": "第1号", "decided_on": clock.today(), "signer_title": "村長"}
    held = certification.certify(application_id=draft.pk, by=world["lead_second_approver"], **papers)
    assert held.single_person_reason == ""


def test_a_small_village_records_why_one_person_did_both(world: World, draft: Application) -> None:
    drafting.save_answer(
        application_id=draft.pk, question="purpose", value="一人で直した", by=world["lead_approver"]
    )
    cases.agree(world, draft)
    held = certification.certify(
        application_id=draft.pk, document_number="第1号", decided_on=clock.today(), signer_title="村長",
        single_person_reason="企画の担当が一人のため", by=world["lead_approver"],
    )  # fmt: skip
    assert ApplicationEvent.objects.filter(application=draft, action="certify").last().comment == (
        held.single_person_reason
    )


# --- A second click ---------------------------------------------------------------------------------------


def test_the_same_key_gives_the_same_receipt_and_nothing_else(world: World, draft: Application) -> None:
    key = cases.key()
    first = submit(world, draft, idempotency_key=key)
    with untouched(draft):
        assert submit(world, draft, idempotency_key=key) == first
        assert submit(world, draft, idempotency_key=key, at=cases.AFTER_CLOSING) == first, (
            "a lost response, retried"
        )


def test_a_further_click_shows_the_receipt(world: World, draft: Application) -> None:
    first = submit(world, draft)
    with untouched(draft), pytest.raises(AlreadySubmitted, match="R9-1-") as done:
        submit(world, draft)
    assert done.value.snapshot == first


def test_a_key_with_other_content_is_refused(world: World, draft: Application) -> None:
    key = cases.key()
    submit(world, draft, idempotency_key=key)
    with untouched(draft), pytest.raises(KeyReused):
        submit(world, draft, idempotency_key=key, by=world["lead_colleague"])
    with untouched(draft), pytest.raises(DomainError, match="送信の鍵がありません"):
        submit(world, draft, idempotency_key="")


def test_a_second_start_opens_the_first_draft(world: World) -> None:
    call = world.call
    call.max_per_lead = 1
    call.save()
    first, created = drafting.start(call=call, by=world["stranger_editor"])
    again, created_again = drafting.start(call=call, by=world["stranger_editor"])
    assert (created, created_again, again) == (True, False, first)
    with pytest.raises(DomainError, match="1団体1件まで"):
        drafting.start_another(call=call, by=world["stranger_editor"])
    drafting.discard(application_id=first.pk, by=world["stranger_approver"])
    third, created = drafting.start(call=call, by=world["stranger_editor"])
    assert created
    with pytest.raises(DomainError, match="この募集への申請がほかにあります"):
        drafting.restore(application_id=first.pk, by=world["stranger_approver"])
    drafting.discard(application_id=third.pk, by=world["stranger_approver"])
    assert drafting.restore(application_id=first.pk, by=world["stranger_approver"]).status == S.DRAFT


def test_a_decision_from_an_old_page_is_refused(world: World, shown: Gallery) -> None:
    case = shown.case(S.DECIDING)
    opened = case.version
    with clock.at(cases.AFTER_CLOSING):
        decision.send_back(application_id=case.pk, by=world["second_decider"], reason="金額の根拠")
        decision.recommend(
            application_id=case.pk, by=world["officer"], outcome="adopt", reason="根拠を補った", amount=9_000_000,
            adjustment_reason="予算の残りのため",
        )  # fmt: skip
        with untouched(case), pytest.raises(Stale, match="画面を開いた後に変わりました"):
            decision.adopt(
                application_id=case.pk, by=world["decider"], expected_version=opened, **cases.PAPERS()
            )
