"""The calculator: works without JavaScript, keeps what was typed, and its address says everything."""

import pytest
from django.test import Client

from programs.forms.rules import RuleForm
from programs.models import FundingRule

GRANT = "/programs/diverse-partners-grant/calculate/"
TYPED = "rule=diverse-partners-grant&support_year=2&tama_municipalities=2&diverse_actors=1"


def page(client: Client, address: str, status: int = 200, **headers: str) -> str:
    answer = client.get(address, headers=headers)
    assert answer.status_code == status
    return answer.content.decode()


def test_empty_it_asks(client: Client, reference: None) -> None:
    text = page(client, GRANT)
    for words in ("補助対象経費", "補助年度", "多様な主体の数", "計算する", "資料の計算例を入れる"):
        assert words in text
    assert "計算の道すじ" not in text


def test_result_with_steps_both_readings_and_its_link(client: Client, reference: None) -> None:
    text = page(client, f"{GRANT}?{TYPED}&eligible_cost=33,000,000円")
    for words in ("20,000,000円", "= 22,000,000円", "この試算の読み方", "10,000,000円", "端数処理"):
        assert words in text
    assert 'value="33,000,000円"' in text
    assert f"http://testserver{GRANT}?rule=diverse-partners-grant&amp;" in text


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("eligible_cost=3300万円", "単位は円にしてください"), ("eligible_cost=abc", "金額として読み取れません"),
        ("eligible_cost=-5", "小さすぎます"), ("eligible_cost=1.5", "小数は使えません"), ("eligible_cost=", "入力してください"),
        ("eligible_cost=99999999999999999999", "大きすぎます"),
    ],
)  # fmt: skip
def test_faults_stand_beside_the_field_and_nothing_is_lost(
    client: Client, reference: None, typed: str, words: str
) -> None:
    text = page(client, f"{GRANT}?{TYPED}&{typed}", 422)
    assert words in text
    assert f'value="{typed.split("=")[1]}"' in text or typed.endswith("=")
    assert 'aria-invalid="true"' in text
    assert "エラー：" in text
    assert "計算の道すじ" not in text


def test_lists_full_width_and_fractions(client: Client, reference: None) -> None:
    text = page(
        client,
        "/programs/nichiiki-kyoju/calculate/?rule=nichiiki-coordinator-full&costs=６,０００,０００%0A4000000",
    )
    assert "4,500,000円" in text
    assert "1人目：" in text
    text = page(client, "/programs/rmo/calculate/?rule=rmo-keiei&cost=1000&k=4/5")
    assert "400円" in text
    text = page(
        client,
        "/programs/shuraku-shienin/calculate/?cost=6000000&full_time=false&weekly_hours=15.5&did=false",
    )
    assert "5,000,000円" in text


def test_htmx_gets_the_result_alone(client: Client, reference: None) -> None:
    text = page(client, f"{GRANT}?{TYPED}&eligible_cost=300", **{"hx-request": "true"})
    assert "200円" in text
    assert "<html" not in text
    assert "入力してください" in page(client, f"{GRANT}?{TYPED}&eligible_cost=", **{"hx-request": "true"})


def test_only_programs_with_rules_have_one(client: Client, reference: None) -> None:
    page(client, "/programs/machizukuri-concierge/calculate/", 404)
    page(client, "/programs/nothing/calculate/", 404)
    page(client, f"{GRANT}?rule=rmo-keiei", 404)
    assert f'href="{GRANT}"' in page(client, "/programs/diverse-partners-grant/")
    assert "試算する" not in page(client, "/programs/machizukuri-concierge/")
    assert "うちの自治体で使えるか" in page(client, "/programs/machizukuri-concierge/")


def test_what_is_not_known_is_left_open(client: Client, reference: None) -> None:
    asked = "/programs/kigyojin/eligibility/?rule=e-kigyojin-term"
    assert "確認が必要です" in page(client, f"{asked}&months=")
    assert "要件を満たしません" in page(client, f"{asked}&months=40")
    assert "数ではありません" in page(client, f"{asked}&months=abc", 422)
    assert "という団体コードはありません" in page(
        client, "/programs/kigyojin/eligibility/?municipality=1", 422
    )


def test_forms_of_all_rules_take_what_the_api_takes(reference: None) -> None:
    from programs.forms.rules import query_of

    for rule in FundingRule.objects.all():
        formula = rule.parsed()
        for example in rule.examples:
            form = RuleForm(query_of(rule.slug, example["inputs"]), formula.inputs)
            assert form.is_valid(), (rule.slug, form.errors)
            assert formula.calculate(form.given()).amount == example["expected"]


@pytest.mark.parametrize(
    ("address", "most"), [(GRANT, 4), ("/programs/kigyojin/eligibility/?municipality=132241", 10)]
)
def test_few_queries(
    client: Client, reference: None, django_assert_max_num_queries: object, address: str, most: int
) -> None:
    with django_assert_max_num_queries(most):  # type: ignore[operator]
        page(client, address)
