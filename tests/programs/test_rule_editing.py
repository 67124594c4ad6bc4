"""Rules edited as outlines: what is typed is read strictly, every fault names its line, examples decide what is published."""

from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from accounts.models import User
from core.loading import read_json
from programs.actions import parts
from programs.actions.rule_parts import checked
from programs.enums import Level, PartKind
from programs.funding.faults import RuleError
from programs.funding.inputs import input_from
from programs.funding.tree import tree_from
from programs.models import EligibilityRule, FundingRule, PartRevision, Program
from programs.parts.outline import outline_of, tree_of
from programs.parts.rule import content_of_eligibility, content_of_funding
from tests.factories import programs as make
from tests.programs.colleagues import acting, colleague

ClientAs = Callable[[User | str], Client]
INPUTS = [
    {"name": "cost", "label": "経費", "kind": "integer", "unit": "円"},
    {"name": "year", "label": "年目", "kind": "integer"},
    {"name": "kind", "label": "種類", "kind": "choice", "choices": [{"value": "A", "label": "A"}]},
]
READ = [input_from(item) for item in INPUTS]
TREE = "切り捨て 1円\n  最小\n    かける\n      入力 経費\n      数 2/3 ｜名：補助率\n    数 10000 ｜単位：円"


def sourced() -> dict[str, Any]:
    """The rules of the sources."""
    found = read_json(settings.FIXTURES_DIR / "reference" / "funding_rules.json")
    assert len(found["rules"]) == 60
    return dict(found)


def test_every_rule_of_the_sources_is_the_same_after_editing() -> None:
    data = sourced()
    for item in data["rules"]:
        found = checked(PartKind.FUNDING, content_of_funding(item))
        assert (found.faults, found.holds) == ([], True), item["id"]
        assert found.values is not None
        for before, after in zip(item["versions"], found.values["versions"], strict=True):
            inputs = [input_from(each) for each in item["inputs"]]
            assert tree_from(after["tree"], inputs) == tree_from(before["tree"], inputs), item["id"]
            assert [other["reason"] for other in after["alternatives"]] == [
                other["reason"] for other in before["alternatives"]
            ]
        assert [each["inputs"] for each in found.values["examples"]] == [
            each["inputs"] for each in item["examples"]
        ]
        assert [input_from(each) for each in found.values["inputs"]] == [
            input_from(each) for each in item["inputs"]
        ]
    for item in data["eligibility"]:
        found = checked(
            PartKind.ELIGIBILITY, content_of_eligibility({"first_year": None, "last_year": None} | item)
        )
        assert (found.faults, found.holds) == ([], True), item["id"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "式が空です"),
        ("切り上げ 1円\n  入力 経費", "1行目「切り上げ 1円」：「切り上げ」という言葉はありません"),
        (TREE.replace("経費", "費用"), "4行目「入力 費用」：式にある入力「費用」"),
        (TREE.replace("2/3", "三分の二"), "5行目"),
        (TREE.replace("2/3", "1/0"), "5行目"),
        (TREE.replace("    数 10000", "   数 10000"), "6行目"),
        (TREE.replace("かける", "かける 3"), "3行目「かける 3」：この言葉には値を書きません"),
        (TREE.replace("切り捨て 1円", "切り捨て 0.5円"), "1行目"),
        (TREE.replace("｜名：補助率", "｜色：赤"), "5行目"),
        (TREE.replace("入力 経費", "入力 種類"), "4行目「入力 種類」：「入力」の値は選択肢です。ここには数が要ります"),
        (TREE + "\n入力 経費", "7行目"),
        ("場合分け\n  場合\n    入力 経費\n  そのほか\n    数 0", "2行目「場合」：中身が1つあります"),
        ("場合分け\n  場合\n    数 1\n    数 2\n  そのほか\n    数 0", "3行目「数 1」：「数」の値は数です。ここにははい・いいえが要ります"),
        ("場合分け\n  入力 経費", "1行目「場合分け」"),
        ("どれか B\n  入力 種類", "1行目「どれか B」"),
        ("数 1\n" * 500, "式が長すぎます"),
        ("足す\n" + "".join(f"{'  ' * n}足す\n" for n in range(1, 30)), "行目"),
        ("__import__('os')", "という言葉はありません"),
    ],
)  # fmt: skip
def test_a_fault_names_its_line(text: str, said: str) -> None:
    with pytest.raises(RuleError) as caught:
        tree_of(text, READ)
    assert said in str(caught.value)


def test_typing_is_taken_with_tolerance() -> None:
    strict, _ = tree_of(TREE, READ)
    typed = (
        TREE.replace("  ", "\u3000")
        .replace("2/3", "２/３")
        .replace("10000", "１０，０００")
        .replace("｜名：", " | 名: ")
    )
    assert tree_of(typed, READ)[0] == strict
    assert tree_of(outline_of(strict, INPUTS), READ)[0] == strict


@pytest.fixture
def program(clock: Any, db: None) -> Program:
    made = make.published(slug="one", owner=make.municipality("132241", "多摩市"), level=Level.MUNICIPAL)
    versions = [
        {"first_year": None, "last_year": None, "tree": tree_of(TREE, READ[:1])[0], "alternatives": []}
    ]
    FundingRule.objects.create(
        slug="rule", program=made, name="補助の額", formula="経費の2/3、上限1万円", reading="explicit", inputs=INPUTS[:1],
        versions=versions, examples=[{"inputs": {"cost": 9000}, "expected": 6000}],
        citations=[{"source": "x", "lines": [1], "note": ""}],
    )  # fmt: skip
    return made


def sent_by(page: Any) -> dict[str, Any]:
    return {
        box.html_name: box.value() for box in page.context["form"] if box.value() not in (None, False, [])
    }


def test_a_rule_goes_to_the_public_only_with_its_examples(client_as: ClientAs, program: Program) -> None:
    own, other = client_as(colleague(program.owner)), client_as(colleague(program.owner, "second"))
    base = "/publishing/programs/one/parts/funding/rule/"
    sent = sent_by(own.get(f"{base}edit/"))
    assert "入力 経費" in sent["versions_0_tree"]
    raised = sent | {"versions_0_tree": sent["versions_0_tree"].replace("10000", "5000")}
    tried = own.post(f"{base}edit/", raised | {"try": "1"})
    assert tried.status_code == 200
    assert "合わない例があります" in tried.content.decode()
    (trial,) = tried.context["checked"].trials
    assert (trial.expected, trial.got, trial.on_view, trial.moves) == ("6,000円", "5,000円", "6,000円", True)
    assert not PartRevision.objects.exists(), "trying keeps nothing"
    broken = own.post(f"{base}edit/", raised | {"try": "1", "versions_0_tree": "たす\n  入力 経費"})
    assert broken.status_code == 422
    assert "1行目「たす」" in str(broken.context["form"].errors["versions_0_tree"])
    assert own.post(f"{base}edit/", raised).status_code == 302
    refused = own.post(f"{base}acts/request_check/")
    assert refused.status_code == 422
    assert (
        "計算例の1行目が合いません。正しい答えは6,000円、この式の答えは5,000円です。"
        in refused.content.decode()
    )
    again = sent_by(own.get(f"{base}edit/")) | {"examples_0_expected": "5,000円"}
    assert own.post(f"{base}edit/", again).status_code == 302
    assert own.post(f"{base}acts/request_check/").status_code == 302
    for page in (own.get(f"{base}preview/"), own.get(base)):
        assert [(each.got, each.on_view) for each in page.context["checked"].trials] == [
            ("5,000円", "6,000円")
        ]
        assert "公開すると変わる" in page.content.decode()
        assert ("公開すると答えが変わる入力" in page.content.decode()) is bool(
            page.context["checked"].probe.changed
        )
        assert "経費＝10,000円" in page.content.decode()
    assert FundingRule.objects.get().examples[0]["expected"] == 6000
    assert other.post(f"{base}acts/publish/").status_code == 302
    rule = FundingRule.objects.get()
    assert rule.parsed().calculate({"cost": 9000}).amount == 5000
    assert rule.citations, "what the editor does not know stays"
    shown = Client().get("/programs/one/calculate/?rule=rule&cost=9000").content.decode()
    assert "5,000円" in shown
    first = PartRevision.objects.get(number=1)
    assert "10000" in first.content["versions"][0]["tree"]
    assert other.post(f"{base}revisions/1/").status_code == 302


def test_a_difference_marks_the_lines_that_differ(client_as: ClientAs, program: Program) -> None:
    """A cap within thirty lines of a formula is found by eye; a single line needs no mark."""
    own = client_as(colleague(program.owner))
    base = "/publishing/programs/one/parts/funding/rule/"
    sent = sent_by(own.get(f"{base}edit/"))
    changed = sent["versions_0_tree"].replace("10000", "12000")
    assert own.post(f"{base}edit/", sent | {"versions_0_tree": changed, "note": "直した"}).status_code == 302
    page = own.get(base)
    whole, note = sorted(page.context["changes"], key=lambda each: each.name, reverse=True)
    assert [line for line, differs in whole.before_lines if differs] == ["　　数 10000 ｜単位：円"]
    assert [line for line, differs in whole.after_lines if differs] == ["　　数 12000 ｜単位：円"]
    assert "<mark>　　数 12000 ｜単位：円</mark>" in page.content.decode()
    assert (note.after, note.after_lines) == ("直した", [("直した", False)])


def test_a_new_requirement_is_written_checked_and_published(program: Program) -> None:
    content = content_of_eligibility(
        {"name": "年数", "text": "3年まで", "first_year": None, "last_year": None, "inputs": INPUTS[1:2], "examples": [],
         "conditions": []}
    ) | {
        "conditions": [{"text": "3年目まで", "tree": "以下\n  入力 年目\n  数 3"}],
        "examples": [
            {"inputs": ["年目＝3"], "expected": "はい"}, {"inputs": ["年目=4"], "expected": "いいえ"},
            {"inputs": ["年目＝分からない"], "expected": "分からない"},
        ],
    }  # fmt: skip
    found = checked(PartKind.ELIGIBILITY, content)
    assert [trial.got for trial in found.trials] == ["はい", "いいえ", "分からない"]
    assert {(trial.on_view, trial.moves) for trial in found.trials} == {("", False)}, "nothing is on view yet"
    kept = parts.save_part(
        program=program, part=PartKind.ELIGIBILITY, key="one-new", content=content, by=acting(program.owner)
    )
    assert not EligibilityRule.objects.exists()
    parts.request_part_check(revision=kept, by=acting(program.owner))
    parts.publish_part(revision=kept, by=acting(program.owner, "second"))
    rule = EligibilityRule.objects.get(slug="one-new")
    assert rule.parsed().judge({"year": 4}).eligible is False
    other = content | {"inputs": [content["inputs"][0] | {"name": "nth", "label": "回"}], "examples": [{"inputs": ["回＝1"], "expected": "はい"}],
                       "conditions": [{"text": "1回", "tree": "以下\n  入力 回\n  数 1"}]}  # fmt: skip
    (trial,) = checked(PartKind.ELIGIBILITY, other, content).trials
    assert trial.holds and trial.moves and "年目" in trial.on_view, "what is on view asks for something else"
    wrong = content | {"examples": [{"inputs": ["月＝1"], "expected": "たぶん"}]}
    told = checked(PartKind.ELIGIBILITY, wrong)
    assert [fault.field for fault in told.faults] == ["examples_0_inputs", "examples_0_expected"]
    assert not checked(PartKind.ELIGIBILITY, content | {"examples": []}).holds
