"""Amounts in the call's unit, the question an implausible sum raises, and blocks pasted from Excel."""

import pytest

from grants import rules
from grants.models import BudgetLine, IncomeLine
from programs.models import Call
from tests.factories import grants as cases
from tests.factories.grants import World
from tests.grants.test_pages_applicant import ClientAs, bodies_are_few, draft, fields, text

__all__ = ["bodies_are_few"]
NAMES = {
    "c-7": ["7 報償費", "7", "報償費"],
    "c-12": ["12 委託料", "12", "委託料"],
    "i-fees": ["参加費・チケット収入"],
}
YEARS = [2027, 2028, 2029]


def read(block: str, *, thousand: bool = False) -> rules.Reading:
    return rules.read_block(block, NAMES, YEARS, lambda cell: rules.read_amount(cell, thousand=thousand))


@pytest.mark.parametrize(
    ("typed", "thousand", "amount"),
    [
        ("1,234", False, 1_234),
        ("1,234", True, 1_234_000),
        ("１，２３４千円", True, 1_234_000),
        ("1,234,567円", True, 1_234_567),
        ("0", True, 0),
    ],
)
def test_amounts_in_the_calls_unit(typed: str, thousand: bool, amount: int) -> None:
    assert rules.read_amount(typed, thousand=thousand) == amount
    assert rules.read_amount(rules.show_amount(amount, thousand=thousand), thousand=thousand) == amount


@pytest.mark.parametrize(
    ("total", "thousand", "asked"),
    [
        (0, False, ""),
        (99_999, False, "千円で入力していませんか"),
        (100_000, False, ""),
        (15_000_000, False, ""),
        (1_000_000_000, True, ""),
        (15_000_000_000, True, "円で入力していませんか"),
    ],
)
def test_an_implausible_sum_is_asked_about(total: int, thousand: bool, asked: str) -> None:
    question = rules.unit_doubt(total, cap=10_000_000, thousand=thousand)
    assert asked in question
    assert bool(question) is bool(asked)


def test_a_block_is_read_by_names_and_years() -> None:
    """With a heading in any order, with quotes and full width; without one by place; totals are left out."""
    headed = read(
        '費目\t令和10年度\tＲ９\t計\t内訳\r\n12　委託料\t500\t"1,000"\t1,500\t"案内板\n2基"\r\n報償費\t－\t３００\t\t\r\n合計\t500\t1300\r\n'
    )
    assert headed.faults == []
    assert headed.amounts == {("c-12", 2028): 500, ("c-12", 2027): 1000, ("c-7", 2028): 0, ("c-7", 2027): 300}
    assert headed.notes == {"c-12": "案内板\n2基"}
    assert headed.skipped == ["4行目「合計」"]
    plain = read("7\t2027\t\t3\t講師\n参加費・チケット収入\t10", thousand=True)
    assert plain.faults == []
    assert plain.amounts == {("c-7", 2027): 2_027_000, ("c-7", 2029): 3_000, ("i-fees", 2027): 10_000}
    assert plain.notes == {"c-7": "講師"}


@pytest.mark.parametrize(
    ("block", "says"),
    [
        ("", "読み取れる行がありません"),
        ("雑費\t100", "1行目「雑費」は、費目にも財源にもありません"),
        ("7\t100\n7\t200", "2行目「7」の令和9年度：同じ費目が二つあります"),
        ("7\t\t1.5", "1行目「7」の令和10年度：「1.5」に小数は使えません"),
        ("12\t12千円", "千円・万円は使えません"),
        ("7\t△5", "マイナスの金額は使えません"),
        ("費目\t令和8年度\n7\t5", "1行目の2列：令和8年度は補助の期間の外です"),
        ("7\t1\n" * 201, "行が多すぎます"),
        ("あ" * 20_001, "長すぎます"),
    ],
)
def test_what_cannot_be_read_names_line_and_column(block: str, says: str) -> None:
    assert any(says in str(fault) for fault in read(block).faults)


def test_pasting_shows_before_it_saves(world: World, client_as: ClientAs) -> None:
    """A bad block stays in its box; a good one stands in the grid beside what is saved, and only the button saves."""
    application = draft(world)
    member = cases.partner_of(application)
    grid = f"/applications/{application.public_id}/budget/{member.public_id}/"
    client = client_as(world.users["partner_editor"])
    bad = text(client, f"{grid}paste/", 422, block="7\t300,000\n雑費\t<b>9</b>")
    assert "雑費" in bad
    assert "&lt;b&gt;9&lt;/b&gt;" in bad
    assert "ここまで読み取れた行" in bad
    shown = text(client, f"{grid}paste/", block="7\t300,000\t\t\t講師3人\n構成市町村負担金\t1,800,000")
    assert "まだ保存していません" in shown
    assert not BudgetLine.objects.filter(member=member, item="7").exists()
    data = fields(shown)
    data.pop("block", None)
    assert (data["c-7-2027"], data["c-12-2027"], data["c-7-note"]) == ("300,000", "1,500,000", "講師3人")
    assert client.post(grid, data).status_code == 302
    assert BudgetLine.objects.get(member=member, item="7").amount == 300_000
    assert IncomeLine.objects.get(member=member, kind="member_share", fiscal_year=2027).amount == 1_800_000
    text(client, f"{grid.replace(member.public_id, cases.lead_of(application).public_id)}paste/", 404)
    for name in ("stranger_editor", "lead_finance", "officer"):
        text(client_as(world.users[name]), f"{grid}paste/", 404, block="7\t1")
    with cases.clock.at(cases.AFTER_CLOSING):
        text(client_as(world.users["partner_editor"]), f"{grid}paste/", 404, block="7\t1")


def test_the_grid_asks_about_the_unit(world: World, client_as: ClientAs) -> None:
    """Thousands typed as yen: asked, kept as typed, saved once confirmed; in a call of 千円 the cells are thousands."""
    application = cases.start(world)
    member = cases.lead_of(application)
    url = f"/applications/{application.public_id}/budget/{member.public_id}/"
    client = client_as(world.users["lead_editor"])
    asked = text(client, url, 422, **(fields(text(client, url)) | {"c-12-2027": "15,000"}))
    assert "支出の計が 15,000円 です。千円で入力していませんか" in asked
    assert not BudgetLine.objects.exists()
    data = fields(asked)
    assert data["c-12-2027"] == "15,000"
    assert client.post(url, data | {"unit_confirmed": "on"}).status_code == 302
    assert BudgetLine.objects.get().amount == 15_000
    Call.objects.filter(pk=world.call.pk).update(input_unit="thousand_yen")
    page = text(client, url)
    assert "単位：千円" in page or "千円" in page
    assert fields(page)["c-12-2027"] == "15"
    assert client.post(url, fields(page) | {"c-12-2027": "1,234,567円", "c-7-2027": "300"}).status_code == 302
    assert sorted(BudgetLine.objects.values_list("amount", flat=True)) == [300_000, 1_234_567]
    assert fields(text(client, url))["c-12-2027"] == "1,234,567円"
