"""Tables of transitions: what they allow, refuse and print."""

from dataclasses import replace

import pytest
from django.db.models import TextChoices
from hypothesis import given
from hypothesis import strategies as st

from core import lifecycle
from core.exceptions import UnknownState, UnknownTransition
from core.lifecycle import Lifecycle, Transition


class State(TextChoices):
    DRAFT = "draft", "作成中"
    SUBMITTED = "submitted", "受付済"
    REVIEW = "under_review", "審査中"
    RETURNED = "returned", "修正依頼"
    WITHDRAWN = "withdrawn", "取下げ"


def row(
    action: str, label: str, source: set[str], target: str | None, *roles: str, **more: str
) -> Transition:
    return Transition(action, label, frozenset(source), target, frozenset(roles or {"editor"}), **more)


ROWS = (
    row("start", "始める", set(), "draft"),
    row("certify", "決裁を記録", {"draft", "returned"}, None, "approver", guard="内容を変えた人は不可"),
    row(
        "submit",
        "提出",
        {"draft"},
        "submitted",
        "editor",
        "approver",
        guard="期限まで",
        effect="受付番号|写し",
    ),
    row("start_review", "審査開始", {"submitted"}, "under_review", "officer"),
    row("return", "修正依頼", {"submitted", "under_review"}, "returned", "officer"),
    row("resubmit", "再提出", {"returned"}, "submitted"),
    row("resubmit", "再提出", {"returned"}, "under_review"),
    row("withdraw", "取下げ", {"submitted", "returned"}, "withdrawn", "approver"),
)


@pytest.fixture
def table() -> Lifecycle:
    return Lifecycle("申請", State, ROWS)


def test_following_a_case(table: Lifecycle) -> None:
    assert table.after(None, "start") == "draft"
    assert table.after("draft", "certify") == "draft"
    assert table.after("draft", "submit") == "submitted"
    assert table.after("returned", "resubmit", "under_review") == "under_review"
    with pytest.raises(ValueError, match="several rows"):
        table.after("returned", "resubmit")
    assert [r.action for r in table.leaving("draft")] == ["certify", "submit"]
    assert table.find("start").creates
    assert not table.find("certify").moves


@pytest.mark.parametrize(
    ("state", "action", "words"),
    [("submitted", "submit", "いまの状態（受付済）では「提出」"), ("draft", "fly", "「fly」という操作はありません"),
     (None, "submit", "ここでは行えません"), ("draft", "start", "いまの状態（作成中）では「始める」")],
)  # fmt: skip
def test_refused_in_japanese(table: Lifecycle, state: str | None, action: str, words: str) -> None:
    with pytest.raises(UnknownTransition, match=words):
        table.after(state, action)


@given(st.text().filter(lambda s: s not in State.values))
def test_unknown_states_are_rejected_everywhere(state: str) -> None:
    table = Lifecycle("申請", State, ROWS)
    for ask in (table.leaving, table.reachable, lambda s: table.find("submit", s), lambda s: table.after(s, "submit"),
                lambda s: table.find("submit", "draft", s)):  # fmt: skip
        with pytest.raises(UnknownState):
            ask(state)


@given(
    st.sampled_from(State.values),
    st.sampled_from([r.action for r in ROWS]),
    st.sampled_from([None, *State.values]),
)
def test_the_full_grid_moves_only_along_rows(state: str, action: str, target: str | None) -> None:
    table = Lifecycle("申請", State, ROWS)
    fitting = [
        r for r in ROWS if r.action == action and state in r.source and target in {None, r.target or state}
    ]
    if len(fitting) == 1:
        assert table.after(state, action, target) == (fitting[0].target or state)
    else:
        with pytest.raises((UnknownTransition, ValueError)):
            table.after(state, action, target)


def test_reachability(table: Lifecycle) -> None:
    assert table.reachable("draft") == set(State.values)
    assert table.reachable("withdrawn") == {"withdrawn"}
    assert table.reachable("submitted") == set(State.values) - {"draft"}
    assert table.initial_states == {"draft"}
    assert table.final_states == {"withdrawn"}
    assert table.actions == ("start", "certify", "submit", "start_review", "return", "resubmit", "withdraw")


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        (replace(ROWS[2], target="sent"), "unknown states"),
        (replace(ROWS[2], source=frozenset({"*"})), "unknown states"),
        (replace(ROWS[2], roles=frozenset()), "roles"),
        (replace(ROWS[2], label=""), "label"),
        (replace(ROWS[2], action="sub mit"), "needs a name"),
        (replace(ROWS[0], target=None), "creates nothing"),
        (ROWS[1], "written twice"),
        (replace(ROWS[3], target="submitted"), None),
    ],
)
def test_a_table_that_contradicts_itself_is_not_built(changed: Transition, fault: str | None) -> None:
    rows = (*ROWS[:2], changed, *ROWS[3:])
    if fault is None:
        with pytest.raises(ValueError, match="no row leads to"):
            Lifecycle("申請", State, tuple(r for r in rows if r.target != "withdrawn"))
        return
    with pytest.raises(ValueError, match=fault):
        Lifecycle("申請", State, rows)


def test_the_table_in_markdown(table: Lifecycle) -> None:
    lines = table.markdown_table({"editor": "担当", "approver": "承認者"}).splitlines()
    assert len(lines) == 2 + len(ROWS)
    assert {len(line.replace("\\|", "").split("|")) for line in lines} == {9}
    assert lines[2] == "| 始める | `start` | （なし） | 作成中 `draft` | 担当 | – | – |"
    assert (
        lines[3]
        == "| 決裁を記録 | `certify` | 作成中 `draft`・修正依頼 `returned` | （同じ） | 承認者 | 内容を変えた人は不可 | – |"
    )
    assert "受付番号\\|写し" in lines[4]
    assert "| officer |" in lines[5]


def test_the_diagram(table: Lifecycle) -> None:
    drawn = table.mermaid().splitlines()
    assert drawn[0] == "stateDiagram-v2"
    assert '    state "審査中" as under_review' in drawn
    assert "    [*] --> draft: 始める" in drawn
    assert "    draft --> draft: 決裁を記録" in drawn
    assert "    submitted --> returned: 修正依頼" in drawn
    assert "    withdrawn --> [*]" in drawn
    assert len(drawn) == len(set(drawn))


def test_tables_are_declared_once(table: Lifecycle, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lifecycle, "_tables", {})
    assert lifecycle.declare(table) is table
    assert lifecycle.declared() == {"申請": table}
    with pytest.raises(ValueError, match="already"):
        lifecycle.declare(table)
