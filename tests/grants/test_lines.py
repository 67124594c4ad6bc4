"""移住・定住: several lines in one application, two for 町村 only, no rate and no cap, one envelope for all."""

from fractions import Fraction
from typing import Any

import pytest

from core import clock
from core.exceptions import Conflict, DomainError, Refused
from grants import rules
from grants.actions import certification, decision, membership, submission
from grants.actions.errors import Incomplete
from grants.actions.lining import LineEntry, lines_mark, save_lines
from grants.enums import IncomeKind
from grants.models import Application, Decision
from grants.queries import subsidy_of
from grants.queries.checks import check
from grants.queries.envelope import envelope_of
from grants.rules.lines import Line
from tests.factories import grants as cases
from tests.factories import other_calls
from tests.factories.grants import World
from tests.grants.test_pages_applicant import ClientAs

TWO = {"1": (3_000_000, 2_000_000), "3": (1_500_500, 1_000_500)}


def _terms(*lines: Line) -> rules.FundingTerms:
    return rules.FundingTerms(
        rate=None, first_fiscal_year=2027, max_years=1, first_year_cap=None, later_year_cap=None, project_cap=None,
        eligible_items=frozenset(line.code for line in lines), rounding_unit=1, lines=lines,
    )  # fmt: skip


def _line(code: str, rate: str | None = None, cap: int | None = None) -> Line:
    return Line(code, f"取組{code}", "", frozenset(), Fraction(rate) if rate else None, cap, "")


@pytest.mark.parametrize(
    ("line", "cost", "asked", "expected"),
    [
        (_line("1"), 1_000_001, 1_000_001, 1_000_001),
        (_line("1"), 1_000_000, 400_000, 400_000),
        (_line("1", "2/3"), 1_000_000, 1_000_000, 666_666),
        (_line("1", "1/2", 300_000), 1_000_000, 900_000, 300_000),
        (_line("1", None, 300_000), 1_000_000, 900_000, 300_000),
    ],
)
def test_a_line_pays_what_is_asked_within_its_own_terms(
    line: Line, cost: int, asked: int, expected: int
) -> None:
    budget = rules.Budget({"a": "甲町"}, (rules.Cost("a", "1", 2027, cost),), requests={"1": asked})
    result = rules.subsidy(budget, _terms(line))
    assert result.total == expected
    assert [step.amount for step in result.trail if step.label == "取組1"] == [expected]
    said = "".join(step.expression for step in result.trail)
    assert ("資料に記載なし" in said) == (line.rate is None or line.cap is None)


def test_fees_lower_the_sum_of_the_lines() -> None:
    budget = rules.Budget(
        {"a": "甲町"},
        (rules.Cost("a", "1", 2027, 1_000_000), rules.Cost("a", "2", 2027, 500_000)),
        (rules.Income("a", IncomeKind.FEES, 2027, 700_000),),
        {"1": 1_000_000, "2": 100_000},
    )
    assert rules.subsidy(budget, _terms(_line("1"), _line("2"))).total == 800_000


def test_a_town_chooses_lines_and_is_paid_by_line(world: World) -> None:
    call = other_calls.call_of(world, other_calls.LINES)
    case = other_calls.submitted(world, call, TWO)
    assert case.requested_amount == 3_000_000  # 3,000,500円, below 1,000円 cut
    frozen = case.snapshots.get().content
    assert [(line["label"], line["amount"]) for line in frozen["lines"]] == [
        ("移住・定住協力者等発信", 2_000_000),
        ("移住体験", 1_000_500),
    ]
    labels = [step["label"] for step in frozen["subsidy"]["trail"]]
    assert labels.index("移住・定住協力者等発信") < labels.index("移住体験") < labels.index("取組の計")
    assert case.template.rate is None
    assert "補助率" not in labels


@pytest.mark.parametrize(("kind", "taken"), [("shi", False), ("machi", True), ("mura", True)])
def test_two_lines_are_for_towns_and_villages_only(world: World, kind: str, taken: bool) -> None:
    other_calls.be(world, kind, "islands")
    case = other_calls.start(world, other_calls.call_of(world, other_calls.LINES))
    refused = 0
    for code in ("6", "7"):
        try:
            save_lines(application_id=case.pk, lines=[LineEntry(code, 100, "内容")], by=world["lead_editor"])
        except DomainError as error:
            refused += f"町・村だけが対象です。{world.lead}は選べません。" in str(error)
    assert refused == (0 if taken else 2)
    assert case.line_requests.exists() == taken


def test_a_city_does_not_start_in_the_wards_and_nobody_joins(world: World) -> None:
    call = other_calls.call_of(world, other_calls.LINES)
    other_calls.be(world, "shi", "wards")
    with pytest.raises(DomainError, match="多摩・島しょ"):
        other_calls.start(world, call)
    other_calls.be(world, "mura", "islands")
    case = other_calls.start(world, call)
    with pytest.raises(DomainError, match="一つの市町村だけ"):
        membership.invite(application_id=case.pk, organization=world.partner, by=world["lead_editor"])


def test_what_is_wrong_with_the_choice_is_named(world: World) -> None:
    case = other_calls.start(world, other_calls.call_of(world, other_calls.LINES))
    other_calls.answer(world, case)
    assert any(fault.field == "lines" for fault in check(case))
    other_calls.choose(world, case, {"1": (500_000, 500_001)})
    said = {fault.field: str(fault) for fault in check(Application.objects.get(pk=case.pk))}
    assert "申請額 500,001円 が、対象経費 500,000円 を超えています" in said["lines/1"]
    save_lines(application_id=case.pk, lines=[LineEntry("2", 0)], by=world["lead_editor"])
    said = {fault.field: str(fault) for fault in check(Application.objects.get(pk=case.pk))}
    assert "選ばれていませんが、収支計画に 500,000円" in said["lines/1"]
    assert "申請額がありません" in said["lines/2"]
    cases.certify(world, case)
    with pytest.raises(Incomplete):
        submission.submit(application_id=case.pk, by=world["lead_editor"], idempotency_key=cases.key())


def test_a_change_of_lines_voids_the_certificate_and_the_slower_is_told(world: World) -> None:
    case = other_calls.start(world, other_calls.call_of(world, other_calls.LINES))
    other_calls.choose(world, case, TWO)
    certification.certify(
        application_id=case.pk, document_number="1号", decided_on=clock.today(), signer_title="市長",
        by=world["lead_approver"],
    )  # fmt: skip
    shown = lines_mark(case)
    save_lines(application_id=case.pk, lines=[LineEntry("2", 5, "x")], by=world["lead_editor"], shown=shown)
    assert not case.certifications.filter(voided_at__isnull=True).exists()
    with pytest.raises(Conflict):
        save_lines(application_id=case.pk, lines=[], by=world["lead_colleague"], shown=shown)
    for name in ("stranger_editor", "officer", "decider", "partner_editor"):
        with pytest.raises(Refused):
            save_lines(application_id=case.pk, lines=[], by=world[name])
    assert [row.line for row in case.line_requests.all()] == ["2"]


def test_the_forms_without_lines_are_as_before(world: World) -> None:
    case = cases.start(world)
    assert "lines" not in case.template.section_codes()
    assert case.template.section_codes()[-3:] == ("budget", "documents", "members")
    with pytest.raises(DomainError, match="この募集にない取組"):
        save_lines(application_id=case.pk, lines=[LineEntry("1", 5)], by=world["lead_editor"])


# --- The envelope -----------------------------------------------------------------------------------------


def test_nothing_is_decided_beyond_the_envelope(world: World) -> None:
    call = other_calls.call_of(world, other_calls.LINES, budget=5_000_000, max_per_lead=3)
    first, second = (other_calls.deciding(world, call, TWO) for _ in range(2))
    other_calls.adopt(world, first)
    held = envelope_of(call)
    assert (held.requested, held.decided, held.left) == (6_000_000, 3_000_000, 2_000_000)
    with pytest.raises(DomainError, match=r"予算 5,000,000円 を超えます.*残り 2,000,000円"):
        other_calls.adopt(world, second)
    with clock.at(cases.AFTER_CLOSING):
        decision.send_back(application_id=second.pk, by=world["decider"], reason="予算の残りに合わせて")
        decision.recommend(
            application_id=second.pk, by=world["officer"], outcome="adopt", reason="残りの範囲で", amount=2_000_000,
            adjustment_reason="予算の残りの範囲とするため",
        )  # fmt: skip
    other_calls.adopt(world, second)
    assert envelope_of(call).left == 0
    assert Decision.objects.count() == 2


# --- Pages ------------------------------------------------------------------------------------------------


def test_the_page_keeps_what_was_typed_and_says_why_a_line_is_closed(
    world: World, client_as: ClientAs
) -> None:
    case = other_calls.start(world, other_calls.call_of(world, other_calls.LINES))
    address, client = f"/applications/{case.public_id}/lines/", client_as(world.users["lead_editor"])
    page = client.get(address).content.decode()
    assert page.count("資料に記載なし") == 14
    assert page.count("町・村だけが対象です。東久留米市は選べません。") == 2
    typed: dict[str, Any] = {"shown": lines_mark(case), "outline-2": "全国の催しに出ます", "amount-2": "1,2x"}
    answer = client.post(address, typed)
    assert answer.status_code == 422
    assert "全国の催しに出ます" in answer.content.decode()
    assert "1,2x" in answer.content.decode()
    typed |= {"take-2": "on", "amount-2": "1,200", "take-6": "on", "amount-6": "5"}
    assert client.post(address, typed).status_code == 302
    assert [(row.line, row.amount) for row in case.line_requests.all()] == [("2", 1_200_000)]
    assert client.post(address, typed | {"amount-2": "900"}).status_code == 409
    budget = client.get(f"/applications/{case.public_id}/budget/{cases.lead_of(case).public_id}/")
    assert "2 移住イベント出展" in budget.content.decode()
    assert "3 移住体験" not in budget.content.decode()
    assert client_as(world.users["stranger_editor"]).get(address).status_code == 404
    assert client_as(world.users["officer"]).get(address).status_code == 404
    other = cases.start(world)
    assert client.get(f"/applications/{other.public_id}/lines/").status_code == 404


def test_officers_see_the_lines_and_the_envelope(world: World, client_as: ClientAs) -> None:
    call = other_calls.call_of(world, other_calls.LINES)
    case = other_calls.deciding(world, call, TWO)
    with clock.at(cases.AFTER_CLOSING):
        page = client_as(world.users["officer"]).get(f"/review/{case.public_id}/").content.decode()
        assert "計算し直した額" in page and "申請の額と同じです" in page
        assert "申請する取組" in page
        assert "取組3の内容" in page
        decide = (
            client_as(world.users["decider"]).get(f"/review/{case.public_id}/decide/adopt/").content.decode()
        )
    assert "100,000,000円" in decide
    assert "3,000,000円" in decide
    assert subsidy_of(case).total == 3_000_000
