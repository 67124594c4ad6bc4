"""What is refused for what it says: budgets, consents, files, scores, amounts; with a message, and nothing lost."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.db import transaction

from accounts.models import Organization
from core import clock
from core.exceptions import Conflict, DomainError, Refused, UnknownTransition
from grants.actions import (
    announcing,
    budgeting,
    consents,
    decision,
    documents,
    drafting,
    membership,
    petitions,
    prechecks,
    returning,
    review,
    submission,
)
from grants.actions.budgeting import CostEntry, IncomeEntry
from grants.actions.errors import AnswerConflict, Incomplete, Stale
from grants.enums import ApplicationStatus, ConsentState, DocumentState
from grants.models import Answer, Application, Document, Snapshot
from grants.queries import check, consent_hash
from programs.models import AdoptedProject
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


# --- Content ------------------------------------------------------------------------------------------------


def test_an_unbalanced_budget_is_kept_and_not_submitted(world: World, draft: Application) -> None:
    member = cases.lead_of(draft)
    budgeting.save_budget(
        application_id=draft.pk, member_id=member.pk, by=world["lead_editor"],
        costs=[CostEntry("12", 2027, 15_000_000)], incomes=[IncomeEntry("member_share", 2027, 1_000_000)],
    )  # fmt: skip
    assert member.budget_lines.get().amount == 15_000_000
    cases.agree(world, draft)
    cases.certify(world, draft)
    with (
        untouched(draft),
        pytest.raises(Incomplete, match=r"東久留米市の令和9年度.*4,000,000円 足りません") as refused,
    ):
        submit(world, draft)
    assert f"budget/{member.public_id}/2027" in {fault.field for fault in refused.value.faults}


def test_an_edit_ends_the_consents_and_the_certificate_it_touches(world: World, draft: Application) -> None:
    partner, chamber = cases.partner_of(draft), cases.chamber_of(draft)
    by = world["lead_editor"]
    drafting.save_answer(
        application_id=draft.pk, question="activities", value="週末の市", member_id=partner.pk, by=by
    )
    assert partner.consents.filter(state=ConsentState.GIVEN).count() == 0
    assert chamber.consents.filter(state=ConsentState.GIVEN).count() == 1, "its own part did not change"
    faults = {fault.field: str(fault) for fault in check(draft)}
    assert set(faults) == {f"consents/{partner.public_id}", "certification"}
    assert "内容の変更により失効" in faults[f"consents/{partner.public_id}"]
    with untouched(draft), pytest.raises(Incomplete):
        submit(world, draft)
    drafting.save_answer(application_id=draft.pk, question="purpose", value="新しい目的", by=by)
    assert chamber.consents.filter(state=ConsentState.GIVEN).count() == 0, (
        "a binding section touches everybody"
    )


def test_an_edit_elsewhere_ends_the_certificate_but_no_consent(world: World, draft: Application) -> None:
    documents.attach_document(application_id=draft.pk, file=cases.upload("見積.pdf"), by=world["lead_editor"])
    assert {fault.field for fault in check(draft)} == {"certification"}


def test_the_same_text_again_changes_nothing(world: World, draft: Application) -> None:
    with untouched(draft):
        drafting.save_answer(
            application_id=draft.pk,
            question="purpose",
            value=cases.ANSWERS["purpose"],
            by=world["lead_editor"],
        )


def test_a_consent_is_to_what_the_page_showed(world: World, draft: Application) -> None:
    shown = consent_hash(draft, cases.partner_of(draft))
    drafting.save_answer(
        application_id=draft.pk, question="purpose", value="途中で変わった", by=world["lead_editor"]
    )
    with untouched(draft), pytest.raises(Stale, match="内容が変わりました"):
        consents.consent(application_id=draft.pk, by=world["partner_approver"], shown_hash=shown)


def test_the_certificate_comes_after_the_consents(world: World, draft: Application) -> None:
    membership.withdraw_consent(
        application_id=draft.pk, by=world["partner_approver"], reason="議会の前のため"
    )
    assert {fault.field.split("/")[0] for fault in check(draft)} == {"consents", "certification"}
    with untouched(draft), pytest.raises(DomainError, match="同意がそろっていません（清瀬市）"):
        cases.certify(world, draft)


def test_two_people_in_one_answer_get_both_texts(world: World, draft: Application) -> None:
    seen = Answer.objects.get(application=draft, question__code="purpose").version
    save = drafting.save_answer
    save(
        application_id=draft.pk,
        question="purpose",
        value="先",
        by=world["lead_editor"],
        expected_version=seen,
    )
    save(application_id=draft.pk, question="issue", value="別の設問", by=world["lead_colleague"])
    with untouched(draft), pytest.raises(AnswerConflict) as conflict:
        save(
            application_id=draft.pk,
            question="purpose",
            value="後",
            by=world["lead_colleague"],
            expected_version=seen,
        )
    assert conflict.value.current is not None
    assert conflict.value.current.value == "先"


def test_two_people_in_one_budget_get_a_conflict(world: World, draft: Application) -> None:
    member = cases.partner_of(draft)
    how = {"application_id": draft.pk, "member_id": member.pk, "incomes": [], "by": world["lead_editor"]}
    budgeting.save_budget(**how, costs=[CostEntry("12", 2027, 5)], expected_version=member.budget_version)
    with untouched(draft), pytest.raises(Conflict, match="先に保存しました"):
        budgeting.save_budget(**how, costs=[CostEntry("12", 2027, 6)], expected_version=member.budget_version)


@pytest.mark.parametrize(
    ("cost", "said"),
    [
        (CostEntry("99", 2027, 1), "費目がこの募集にありません"),
        (CostEntry("12", 2031, 1), "補助の期間（令和9年度から令和11年度まで）の外"),
        (CostEntry("12", 2027, -1), "0円以上の整数"),
        (CostEntry("12", 2027, 1.5), "0円以上の整数"),  # type: ignore[arg-type]
        (CostEntry("12", 2027, 1, note="\0"), "内訳に使えない文字"),
    ],
)
def test_a_bad_cell_is_named(world: World, draft: Application, cost: CostEntry, said: str) -> None:
    member = cases.lead_of(draft)
    with untouched(draft), pytest.raises(DomainError, match=said) as refused:
        budgeting.save_budget(
            application_id=draft.pk, member_id=member.pk, costs=[cost], incomes=[], by=world["lead_editor"]
        )
    assert refused.value.faults[0].field.startswith(f"budget/{member.public_id}/")


# --- Files --------------------------------------------------------------------------------------------------


def test_bytes_that_are_not_what_the_name_says_leave_nothing_behind(world: World, draft: Application) -> None:
    folder = f"grants/{draft.public_id}"
    before = default_storage.listdir(folder)
    with untouched(draft), pytest.raises(DomainError, match=r"「計画\.pdf」：中身が \.pdf ではない"):
        documents.attach_document(application_id=draft.pk, file=cases.broken_file(), by=world["lead_editor"])
    with untouched(draft), pytest.raises(DomainError, match=r"修正の対象|求められた書類にありません"):
        documents.attach_document(
            application_id=draft.pk, file=cases.upload(), requirement="x", by=world["lead_editor"]
        )
    assert default_storage.listdir(folder) == before


def test_bytes_changed_or_lost_after_arrival_stop_the_submission(world: World, draft: Application) -> None:
    document = draft.documents.get(requirement="plan_sheet")
    path = default_storage.path(document.file.name)
    kept = Path(path).read_bytes()
    for damage, said in ((kept + b" ", "受け取ったときと違います"), (None, "ファイルが読めません")):
        Path(path).unlink()
        if damage is not None:
            Path(path).write_bytes(damage)
        with untouched(draft), pytest.raises(Incomplete, match=f"計画.pdf.*{said}"):
            submit(world, draft)
    Path(path).write_bytes(kept)
    assert submit(world, draft).files[0]["sha256"] == document.sha256


def test_a_removed_file_stays_with_the_version_that_was_submitted(world: World, shown: Gallery) -> None:
    case = shown.case(S.SUBMITTED)
    document = case.documents.get(requirement="plan_sheet")
    documents.remove_document(document_id=document.pk, by=world["lead_editor"])
    assert Document.objects.get(pk=document.pk).state == DocumentState.REMOVED
    assert default_storage.exists(document.file.name)
    with pytest.raises(DomainError, match="すでに外されています"):
        documents.remove_document(document_id=document.pk, by=world["lead_editor"])
    assert {fault.field for fault in check(case)} == {"documents/plan_sheet", "certification"}


def test_what_a_crash_left_behind_is_removed_later(world: World, draft: Application) -> None:
    left = documents.keep(
        draft, cases.upload(), purpose="attachment", by=world["lead_editor"], at=clock.now()
    )
    assert documents.purge_temporary(before=clock.now()) == 0
    assert documents.purge_temporary(before=clock.now() + SECOND) == 1
    assert not default_storage.exists(left.file.name)


# --- Review and decision --------------------------------------------------------------------------------------


def test_the_amount_is_at_most_what_was_computed(world: World, shown: Gallery) -> None:
    case = shown.case(S.UNDER_REVIEW)

    def draft(amount: int | None, why: str = "") -> None:
        decision.recommend(
            application_id=case.pk,
            by=world["officer"],
            outcome="adopt",
            reason="評価",
            amount=amount,
            adjustment_reason=why,
        )

    with clock.at(cases.AFTER_CLOSING):
        for amount, said in (
            (10_000_001, "算定額 10,000,000円 を超えています"),
            (None, "補助予定額がありません"),
            (9_000_000, "予算調整の理由"),
        ):
            with untouched(case), pytest.raises(DomainError, match=said):
                draft(amount)
        draft(9_000_000, "予算の残りのため")
        with untouched(case), pytest.raises(UnknownTransition):
            draft(9_000_000, "予算の残りのため")


def test_a_body_that_leaves_stops_draft_and_decision_until_it_is_taken_out(
    world: World, shown: Gallery
) -> None:
    case = shown.case(S.DECIDING)
    membership.leave(application_id=case.pk, by=world["partner_approver"], reason="庁内の事情")
    with clock.at(cases.AFTER_CLOSING):
        with untouched(case), pytest.raises(DomainError, match="離脱の申出があります（清瀬市）"):
            decision.adopt(application_id=case.pk, by=world["decider"], **cases.PAPERS())
        decision.send_back(application_id=case.pk, by=world["decider"], reason="離脱のため")
        with untouched(case), pytest.raises(DomainError, match="離脱の申出"):
            decision.recommend(
                application_id=case.pk, by=world["officer"], outcome="reject", reason="要件を欠くため"
            )
        returning.return_(
            application_id=case.pk, by=world["officer"], sections=["plan"], reason="構成を直してください",
            due_at=clock.now() + timedelta(days=7),
        )  # fmt: skip
        membership.remove_member(
            application_id=case.pk,
            member_id=cases.partner_of(case).pk,
            by=world["lead_editor"],
            reason="離脱",
        )
        assert not case.members.filter(state="leaving").exists()


def test_a_reviewer_with_an_interest_stands_back(world: World, shown: Gallery) -> None:
    case = shown.case(S.UNDER_REVIEW)
    points = dict.fromkeys(case.template.weights(), 3)
    with untouched(case), pytest.raises(DomainError, match="利害関係がないことの申告が必要"):
        review.score(application_id=case.pk, by=world["second_reviewer"], points=points)
    review.declare_interest(
        application_id=case.pk, by=world["second_reviewer"], has_interest=True, detail="親族がいる"
    )
    with untouched(case), pytest.raises(Refused):
        review.score(application_id=case.pk, by=world["second_reviewer"], points=points)


@pytest.mark.parametrize("points", [{"breadth": 6}, {"breadth": 0}, {"breadth": True}, {}, {"nothing": 3}])
def test_points_are_one_to_five_on_every_criterion(
    world: World, shown: Gallery, points: dict[str, int]
) -> None:
    case = shown.case(S.UNDER_REVIEW)
    full = dict.fromkeys(case.template.weights(), 3) if points else {}
    with untouched(case), pytest.raises(DomainError, match=r"「広域性」の点がない|この募集にない観点"):
        review.score(application_id=case.pk, by=world["reviewer"], points=full | points)


def test_points_by_proxy_are_marked_and_for_external_members_only(world: World, shown: Gallery) -> None:
    case = shown.case(S.UNDER_REVIEW)
    points = dict.fromkeys(case.template.weights(), 5)
    by_user = {row.reviewer_id: row for row in case.assignments.all()}
    inside, outside = (by_user[world.users[name].pk] for name in ("reviewer", "external_reviewer"))
    how = {"application_id": case.pk, "by": world["officer"], "points": points}
    with untouched(case), pytest.raises(DomainError, match="外部委員の採点だけ"):
        review.proxy_score(**how, assignment_id=inside.pk)
    assert review.proxy_score(**how, assignment_id=outside.pk).by_proxy


def test_a_correction_keeps_the_earlier_decision(world: World, shown: Gallery) -> None:
    case = shown.case(S.ADOPTED)
    with clock.at(cases.AFTER_CLOSING):
        with untouched(case), pytest.raises(DomainError, match="理由が空です"):
            decision.correct(application_id=case.pk, by=world["decider"], reason=" ")
        decision.correct(application_id=case.pk, by=world["second_decider"], reason="金額の誤り")
        decision.reject(application_id=case.pk, by=world["decider"], reason="要件を欠く", **cases.PAPERS())
    kept = case.decisions.order_by("pk")
    assert [(row.outcome, row.superseded_at is None) for row in kept] == [
        ("adopted", False),
        ("rejected", True),
    ]


def test_a_decision_before_its_draft_needs_a_reason(world: World, shown: Gallery) -> None:
    case = shown.case(S.DECIDING)
    early = cases.PAPERS() | {"decided_on": clock.today() - timedelta(days=30)}
    with clock.at(cases.AFTER_CLOSING):
        with untouched(case), pytest.raises(DomainError, match="起案の前です"):
            decision.adopt(application_id=case.pk, by=world["decider"], **early)
        decision.adopt(application_id=case.pk, by=world["decider"], reason="持ち回りの決定", **early)


def test_only_one_precheck_waits_and_it_has_its_own_date(world: World, draft: Application) -> None:
    ask = prechecks.request_precheck
    with untouched(draft), pytest.raises(DomainError, match="案の事前確認の期限"):
        ask(application_id=draft.pk, by=world["lead_editor"], at=cases.PRECHECK_DUE + SECOND)
    ask(application_id=draft.pk, by=world["lead_editor"], at=cases.PRECHECK_DUE)
    with untouched(draft), pytest.raises(DomainError, match="確認中の依頼があります"):
        ask(application_id=draft.pk, by=world["lead_editor"])
    with untouched(draft), pytest.raises(DomainError, match="指摘の内容が空"):
        prechecks.answer_precheck(application_id=draft.pk, by=world["officer"], confirmed=False)


def test_a_discontinuation_before_it_was_asked_for_needs_a_reason(world: World, shown: Gallery) -> None:
    case = shown.case(S.ADOPTED)
    petitions.request_discontinuation(application_id=case.pk, by=world["lead_approver"], reason="撤退のため")
    early = {
        "application_id": case.pk,
        "by": world["decider"],
        "effective_on": clock.today() - timedelta(days=1),
    }
    with untouched(case), pytest.raises(DomainError, match="理由が空です"):
        petitions.discontinue(**early)
    assert petitions.discontinue(**early, comment="活動はその日に終えていた").status == S.DISCONTINUED


def test_a_change_of_members_is_judged_again_and_shown_to_the_public(world: World, shown: Gallery) -> None:
    case = shown.case(S.ADOPTED)
    ask, partner = petitions.request_change_members, cases.partner_of(case)
    how = {"application_id": case.pk, "by": world["lead_approver"], "reason": "離脱のため"}
    newcomer = Organization.objects.get(code="132110")
    with untouched(case), pytest.raises(DomainError, match="変更の内容がありません"):
        ask(**how)
    with transaction.atomic():
        ask(**how, removes=[partner.pk])
        with pytest.raises(DomainError, match="市町村が2つ以上必要です"):
            petitions.change_members(application_id=case.pk, by=world["decider"])
        transaction.set_rollback(True)
    announcing.announce(application_id=case.pk, by=world["officer"], at=cases.ANNOUNCES)
    ask(**how, removes=[partner.pk], adds=[newcomer])
    petitions.change_members(application_id=case.pk, by=world["decider"])
    project = AdoptedProject.objects.get(slug=f"project-{case.public_id}")
    assert list(project.partners.all()) == [newcomer]
