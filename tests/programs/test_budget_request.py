"""予算要求シート: sums that add up, both readings, a workbook without formulas, and only for towns."""

import io
import re
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from programs.funding.budget import BudgetLine, Column, budget_total, column_of
from tests.journeys import circumstances as made

SHEET = "/budget-request/"
TYPED = {
    "pick": ["diverse-partners-grant", "tabunka-nihongo", "rmo-keiei"],
    "diverse-partners-grant-total": "40,000,000",
    "diverse-partners-grant-eligible_cost": "33000000",
    "diverse-partners-grant-support_year": "2",
    "diverse-partners-grant-tama_municipalities": "2",
    "diverse-partners-grant-diverse_actors": "1",
    "tabunka-nihongo-total": "1200000",
    "tabunka-nihongo-cost": "1200000",
    "rmo-keiei-total": "1000000",
    "rmo-keiei-cost": "1000000",
    "rmo-keiei-k": "4/5",
}


@pytest.fixture
def town(client_as: Any, demo: None) -> Client:
    """An editor of a municipality of Tama."""
    found: Client = client_as(made.EDITOR)
    return found


def page(client: Client, query: Any, status: int = 200) -> str:
    answer = client.get(f"{SHEET}?{urlencode(query, doseq=True)}")
    assert answer.status_code == status
    return answer.content.decode()


def test_it_offers_what_the_town_can_use(town: Client) -> None:
    text = page(town, {})
    assert 'value="diverse-partners-grant"' in text
    assert 'value="kaso-sai"' not in text  # not a depopulated area
    assert 'value="l10k-public-cap"' not in text  # only a cap
    assert 'value="jet-private"' not in text  # for prefectures
    assert 'value="tama-biz-space"' not in text  # a city's own program
    assert "予定する経費" in page(town, {"pick": "tabunka-nihongo"})


def test_one_sheet_with_shares_readings_and_sources(town: Client) -> None:
    text = page(town, TYPED)
    for words in ("財源の見込み", "20,000,000", "600,000", "400,000", "42,200,000", "21,600,000"):
        assert words in text, words
    assert "別の読み方では 10,000,000円" in text
    assert "東京都からの連絡事項" in text
    assert "令和9年度" in text


def test_the_workbook_says_the_same(town: Client) -> None:
    answer = town.get(f"{SHEET}?{urlencode({**TYPED, 'format': 'xlsx'}, doseq=True)}")
    assert answer.status_code == 200
    assert "attachment" in answer["Content-Disposition"]
    rows = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    assert [str(cell) for cell in rows[2][2:8]] == [
        "事業費（円）", "国費（円）", "都費（円）", "地方債（円）", "一般財源（円）", "うち交付税措置の見込み（円）",
    ]  # fmt: skip
    assert rows[-1][:8] == ["合計", "", 42_200_000, 600_000, 20_000_000, 0, 21_600_000, 400_000]
    assert any("10,000,000円" in str(row[8]) for row in rows)
    assert sum(bool(re.fullmatch(r"受付中 R\d+\.\d+\.\d+まで", str(row[9]))) for row in rows) == 1


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"diverse-partners-grant-total": "1"}, "少なくなっています"),
        ({"diverse-partners-grant-total": ""}, "入力してください"),
        ({"tabunka-nihongo-cost": "120万円"}, "単位は円にしてください"),
        ({"rmo-keiei-k": "1/0"}, "0で割っています"),
    ],
)
def test_faults_keep_what_was_typed(town: Client, change: dict[str, str], words: str) -> None:
    text = page(town, TYPED | change, 422)
    assert words in text
    assert 'value="33000000"' in text
    assert "財源の見込みの表" not in text


def test_an_amount_that_is_no_source_is_refused(town: Client) -> None:
    query = {
        "pick": "kotekisai",
        "kotekisai-total": "200",
        "kotekisai-cost": "200",
        "kotekisai-land_value": "0",
    }
    assert "財源の見込みの表" in page(town, query | {"kotekisai-what": "bond"})
    query = {"pick": "toshi-kozo", "toshi-kozo-total": "200", "toshi-kozo-cost": "200", "toshi-kozo-n": "2"}
    assert "財源の欄に入りません" in page(town, query | {"toshi-kozo-what": "total"}, 422)


def test_it_is_for_towns(client: Client, client_as: Any, demo: None) -> None:
    assert client.get(SHEET).status_code == 302
    assert client_as("officer@tokyo.example").get(SHEET).status_code == 404


def test_the_desk_leads_there_where_it_opens(town: Client, client_as: Any, demo: None) -> None:
    assert f'href="{SHEET}"' in town.get("/desk/").content.decode()
    assert f'href="{SHEET}"' not in client_as("officer@tokyo.example").get("/desk/").content.decode()


@given(
    st.lists(
        st.builds(
            lambda total, share, column: BudgetLine(total, column, total * share // 100),
            st.integers(0, 10**12),
            st.integers(0, 100),
            st.sampled_from(Column),
        ),
        max_size=12,
    )
)
@settings(max_examples=200)
def test_the_sources_sum_to_the_cost(lines: list[BudgetLine]) -> None:
    found = budget_total(lines)
    paid = sum(found.columns[column] for column in Column if column is not Column.TAX)
    assert found.total == paid + found.general
    assert 0 <= found.columns[Column.TAX] <= found.general


def test_columns() -> None:
    assert column_of("国庫補助（法務省）", "national") is Column.NATIONAL
    assert column_of("特別交付税", "national") is Column.TAX
    assert column_of("補助金", "metropolitan") is Column.METROPOLITAN
    assert column_of("補助金", "municipal") is None
    assert column_of("派遣", "national") is None
