"""Who sees which case, which part and which file; what is not one's own looks like what does not exist."""

import pytest

from core import clock
from core.access import allowed
from core.exceptions import Refused
from grants.actions import documents, drafting, membership, review
from grants.enums import NEVER_SUBMITTED_STATES, ApplicationStatus, DocumentPurpose
from grants.models import Document
from grants.permissions import in_charge, of_bureau
from grants.queries import (
    answers_for,
    applications,
    calls_overview,
    case,
    documents_for,
    draft_count,
    own_application,
    scores_for,
    shares_for,
    snapshot_by_receipt,
    task_list,
)
from grants.queries.content import content
from tests.factories import grants as cases
from tests.factories.grants import Gallery

S = ApplicationStatus
TOWNS = {
    "lead_editor", "lead_colleague", "lead_approver", "lead_second_approver", "lead_finance", "partner_editor",
    "partner_approver",
}  # fmt: skip
BUREAU = {"officer", "second_officer", "decider", "second_decider", "drafting_decider"}
OFFICERS = {"officer", "second_officer", "drafting_decider"}
ASSIGNED = {"reviewer", "second_reviewer", "external_reviewer"}
NO_REVIEW_YET = NEVER_SUBMITTED_STATES | {S.SUBMITTED, S.RETURNED, S.WITHDRAWN}
NOT_INVITED = {S.DISCARDED, S.EXPIRED}
"""These cases of the gallery were given up before anybody was invited or asked."""


def seen_by(status: str) -> set[str]:
    """Who sees the case in a state, written down by hand."""
    if status in NOT_INVITED:
        return {name for name in TOWNS if name.startswith("lead")} | {"system"}
    everybody = TOWNS | {"system"}
    if status == S.DRAFT:
        return everybody | OFFICERS  # its precheck was asked for
    return everybody | BUREAU | (set() if status in NO_REVIEW_YET else ASSIGNED)


def test_a_unit_and_its_parts_are_told_and_its_bureau_may_know() -> None:
    units = [(1, "総務局 行政部 振興企画課"), (2, "総務局 行政部 振興企画課 多摩振興担当"), (3, "総務局 総務部 企画計理課"),
             (4, "産業労働局 商工部 調整課"), (5, "総務局 行政部 振興企画課分室")]  # fmt: skip
    assert in_charge(units, "総務局 行政部 振興企画課") == {1, 2}
    assert of_bureau(units, "総務局 行政部 振興企画課") == {1, 2, 3, 5}
    assert in_charge(units, "総務局 行政部 区政課") == {1, 2, 3, 5}, (
        "no such unit any more: the bureau is told"
    )
    assert in_charge(units, "") == of_bureau(units, "") == {1, 2, 3, 4, 5}


@pytest.mark.parametrize("status", list(S))
def test_a_case_is_seen_by_exactly_these(shown: Gallery, status: str) -> None:
    one, world = shown.case(status), shown.world
    found = {
        name for name, actor in world.actors.items() if applications(actor, clock.now()).filter(pk=one.pk)
    }
    assert found == seen_by(status)
    for name, actor in world.actors.items():
        assert bool(allowed(actor, "grants.view", one)) == (name in found)
        if name in found:
            assert case(actor, one.public_id, clock.now()) == one
        else:
            for public_id in (one.public_id, "unknown"):
                with pytest.raises(Refused) as refused:
                    case(actor, public_id, clock.now())
                assert (refused.value.args, refused.value.reason) == ((), "")


def test_before_the_precheck_tokyo_knows_only_the_number(shown: Gallery) -> None:
    world = shown.world
    before = draft_count(world["officer"], world.call)
    fresh = cases.start(world)
    assert draft_count(world["officer"], world.call) == before + 1
    assert (
        draft_count(world["other_bureau"], world.call) == draft_count(world["lead_editor"], world.call) == 0
    )
    assert not applications(world["officer"], clock.now()).filter(pk=fresh.pk).exists()
    assert own_application(world["lead_colleague"], world.call) is not None
    assert own_application(world["stranger_editor"], world.call) is None


def test_a_partner_reads_the_common_part_and_its_own(shown: Gallery) -> None:
    one, world = shown.case(S.DRAFT), shown.world
    lead, partner = cases.lead_of(one), cases.partner_of(one)
    documents.attach_document(
        application_id=one.pk, file=cases.upload("代表の見積.pdf"), member_id=lead.pk, by=world["lead_editor"]
    )
    read = {answer.member_id for answer in answers_for(world["partner_editor"], one)}
    assert read == {None, partner.pk}
    costs, incomes = shares_for(world["partner_approver"], one)
    assert {line.member_id for line in (*costs, *incomes)} == {partner.pk}
    assert "代表の見積.pdf" not in {file.name for file in documents_for(world["partner_editor"], one)}
    assert "代表の見積.pdf" in {file.name for file in documents_for(world["lead_finance"], one)}
    hidden = Document.objects.get(name="代表の見積.pdf")
    assert not allowed(world["partner_editor"], "grants.view_documents", hidden)
    assert not allowed(world["stranger_editor"], "grants.view_documents", hidden)
    assert {task.member for task in task_list(world["partner_editor"], one, clock.now())} == {None, partner}


def test_tokyo_reads_what_was_submitted_and_never_what_is_being_changed(shown: Gallery) -> None:
    one, world = shown.case(S.RETURNED), shown.world
    drafting.save_answer(application_id=one.pk, question="purpose", value="直しかけ", by=world["lead_editor"])
    for name in ("officer", "decider"):
        assert not answers_for(world[name], one).exists()
        assert not shares_for(world[name], one)[0].exists()
    assert one.snapshots.get().content["answers"]["plan"]["purpose"] == cases.ANSWERS["purpose"]
    assert answers_for(world["officer"], shown.case(S.DRAFT)).exists(), "the draft it was asked to look at"
    late = shown.case(S.SUBMITTED)
    documents.attach_document(application_id=late.pk, file=cases.upload("追加.pdf"), by=world["lead_editor"])
    assert {file.name for file in documents_for(world["officer"], late)} == {"計画.pdf", "同意書.pdf"}


def test_letters_reach_towns_with_the_announcement_and_minutes_never(shown: Gallery) -> None:
    one, world = shown.case(S.ADOPTED), shown.world
    for purpose in (DocumentPurpose.LETTER, DocumentPurpose.MINUTES):
        paper = documents.keep(
            one, cases.upload(f"{purpose}.pdf"), purpose=purpose, by=world["officer"], at=clock.now()
        )
        documents.adopt_file(paper)

    def papers(name: str) -> set[str]:
        return {file.name for file in documents_for(world[name], one)} & {"letter.pdf", "minutes.pdf"}

    assert papers("officer") == papers("decider") == {"letter.pdf", "minutes.pdf"}
    assert papers("lead_editor") == papers("partner_editor") == papers("reviewer") == set()
    one.announced_at = cases.ANNOUNCES
    assert papers("lead_editor") == {"letter.pdf"}


def test_scores_of_others_show_after_ones_own(shown: Gallery) -> None:
    one, world = shown.case(S.UNDER_REVIEW), shown.world
    points = dict.fromkeys(one.template.weights(), 4)
    review.score(application_id=one.pk, by=world["reviewer"], points=points)
    assert scores_for(world["second_reviewer"], one).count() == 0
    assert scores_for(world["lead_editor"], one).count() == 0
    review.declare_interest(application_id=one.pk, by=world["second_reviewer"], has_interest=False)
    review.score(application_id=one.pk, by=world["second_reviewer"], points=points)
    assert (
        scores_for(world["second_reviewer"], one).count() == scores_for(world["decider"], one).count() == 16
    )
    assert scores_for(world["reviewer"], one).first().weighted == 8


def test_an_interest_closes_the_case_to_the_reviewer(shown: Gallery) -> None:
    one, world = shown.case(S.UNDER_REVIEW), shown.world
    review.declare_interest(
        application_id=one.pk, by=world["second_reviewer"], has_interest=True, detail="親族がいる"
    )
    with pytest.raises(Refused):
        case(world["second_reviewer"], one.public_id, clock.now())


def test_the_public_finds_a_receipt_by_its_number_alone(shown: Gallery) -> None:
    one = shown.case(S.SUBMITTED)
    assert one.receipt_number is not None
    assert snapshot_by_receipt(one.receipt_number) == one.snapshots.get()
    assert snapshot_by_receipt("R9-1-9999-0") is None


def test_the_number_of_queries_of_a_list_does_not_grow(
    shown: Gallery, django_assert_num_queries: object
) -> None:
    actor = shown.world["lead_editor"]
    with django_assert_num_queries(1):  # type: ignore[operator]
        for one in applications(actor, clock.now()):
            assert str(one.call)
            assert one.lead.name
            assert one.town_label()


def test_the_whole_picture_of_a_call_is_for_its_bureau(shown: Gallery) -> None:
    world = shown.world
    (overview,) = calls_overview(world["officer"], clock.now())
    assert (overview.call, set(overview.counts.values())) == (world.call, {1})
    assert set(overview.counts) == {status.value for status in S}
    for name in ("other_bureau", "lead_editor", "reviewer", "anonymous"):
        assert calls_overview(world[name], clock.now()) == []


def test_what_a_removed_body_filled_in_stays_and_is_not_submitted(shown: Gallery) -> None:
    one, world = shown.case(S.DRAFT), shown.world
    partner = cases.partner_of(one)
    membership.remove_member(
        application_id=one.pk, member_id=partner.pk, by=world["lead_editor"], reason="辞退"
    )
    whole = content(one)
    for part in ("parts", "budget"):
        assert set(whole[part]) & {partner.public_id} == set()
    assert partner.budget_lines.count() == 3
    assert partner.answers.exists()
    assert not applications(world["partner_editor"], clock.now()).filter(pk=one.pk).exists()
