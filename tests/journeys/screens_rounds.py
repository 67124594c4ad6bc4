"""Screens of rounds: the coordinator's board, a section's sheets, one sheet in its states, and every act."""

from collections.abc import Callable

from indicators.models import Meeting, Opinion, ProgressRound
from tests.indicators import sheet_texts
from tests.journeys.visiting import Screen, Step

COORDINATOR, HEAD = "coordinator@tama.example", "head@tama.example"
SECTION, YOUTH, NEIGHBOUR = "section1@tama.example", "section3@tama.example", "editor@kodaira.example"


def _at(page: str = "") -> Callable[[], str]:
    """The address of a page of the demo's round."""
    return lambda: f"/rounds/{ProgressRound.objects.get(kind='start').pk}/{page}"


def _opinion() -> str:
    """Where a new opinion of the demo's meeting is recorded."""
    page = _at(f"meetings/{Meeting.objects.get().pk}/")
    return page()


def _answer() -> str:
    """Where its unanswered opinion is answered."""
    page = _at(f"opinions/{Opinion.objects.get(answer='').pk}/")
    return page()


ROUNDS = [
    Screen("rounds:list", "of a coordinator", "/rounds/", "照会を準備する", COORDINATOR),
    Screen("rounds:list", "of a section", "/rounds/", "期首照会", SECTION),
    Screen("rounds:list", "empty", "/rounds/", "照会はまだありません", NEIGHBOUR),
    Screen("rounds:new", "empty", "/rounds/new/tama-sangyo-shinko/", "準備しただけでは", COORDINATOR),
    Screen(
        "rounds:new", "errors", "/rounds/new/tama-sangyo-shinko/", "日時を読み取れません", COORDINATOR,
        (Step({"due_at": "師走"}, "準備する"),), status=422,
    ),
    Screen("rounds:detail", "board", _at(), "個票（38枚）", COORDINATOR),
    Screen("rounds:detail", "narrowed", _at("?state=confirmed"), "／全38枚", COORDINATOR),
    Screen("rounds:detail", "nothing fits", _at("?state=x"), "合う個票はありません", COORDINATOR),
    Screen("rounds:detail", "of a section", _at(), "書いた欄", YOUTH),
    Screen("rounds:detail", "of strangers", _at(), "ページが見つかりません", NEIGHBOUR, status=404),
    Screen("rounds:upload", "empty", _at("upload/"), "取り込みの決まり", SECTION),
    Screen(
        "rounds:upload", "unreadable", _at("upload/"), "1枚も見つかりません", COORDINATOR,
        (Step({"text": "議事録"}, "違いを見る"),), status=422,
    ),
    Screen(
        "rounds:upload", "difference", _at("upload/"), "取り込む前の違い", COORDINATOR,
        (Step({"text": sheet_texts.whole()}, "違いを見る"),),
    ),
    Screen("rounds:upload", "of strangers", _at("upload/"), "ページが見つかりません", NEIGHBOUR, status=404),
    Screen("rounds:step", "extend", _at("steps/extend/"), "新しい期限", COORDINATOR),
    Screen("rounds:step", "not yet", _at("steps/deliberate/"), "いまはできません", COORDINATOR),
    Screen("rounds:sheet", "not begun", _at("sheets/7/"), "途中で保存する", SECTION),
    Screen("rounds:sheet", "typing", _at("sheets/10/"), "承認を依頼する", SECTION),
    Screen("rounds:sheet", "returned", _at("sheets/3/"), "差戻しの理由", SECTION),
    Screen("rounds:sheet", "to approve", _at("sheets/8/"), "承認して提出する", HEAD),
    Screen("rounds:sheet", "edited", _at("sheets/9/"), "手直しを認める", HEAD),
    Screen("rounds:sheet", "by proxy", _at("sheets/24/"), "代理の記入", COORDINATOR),
    Screen("rounds:sheet", "not ours", _at("sheets/13/"), "いまの状態の理由", COORDINATOR),
    Screen("rounds:sheet", "printed elsewhere", _at("sheets/32/"), "再掲", COORDINATOR),
    Screen(
        "rounds:sheet", "missing", _at("sheets/7/"), "事業内容が空です", SECTION,
        (Step(button="保存して、課長に承認を依頼する"),), status=422,
    ),
    Screen("rounds:edit", "of a submitted sheet", _at("sheets/1/edit/"), "課に知らせる", COORDINATOR),
    Screen("rounds:meetings", "full", _at("meetings/"), "回答がまだです", COORDINATOR),
    Screen("rounds:meetings", "of a section", _at("meetings/"), "課別ヒアリング", SECTION),
    Screen(
        "rounds:meetings", "errors", _at("meetings/"), "会議名", COORDINATOR,
        (Step({"held_on": "いつか"}, "記録する"),), status=422,
    ),
    Screen("rounds:opinion", "empty", _opinion, "計画の全体", COORDINATOR),
    Screen(
        "rounds:answer", "not answered", _answer,
        "意見に回答する", COORDINATOR,
    ),
    Screen("plans:opinions", "empty", "/plans/tama-sangyo-shinko/opinions/", "まだありません"),
    Screen("rounds:history", "of a sheet", _at("sheets/9/history/"), "事務局の手直し", SECTION),
    Screen("rounds:act", "return", _at("sheets/1/acts/return_cells/"), "直す期限", COORDINATOR),
    Screen(
        "rounds:act", "return of nothing", _at("sheets/1/acts/return_cells/"), "差し戻す欄がありません", COORDINATOR,
        (Step({"due_at": "2027/3/1"}, "欄ごとに差し戻す"),), status=422,
    ),
    Screen("rounds:act", "reassign", _at("sheets/13/acts/reassign/"), "担当課", COORDINATOR),
    Screen("rounds:act", "hand over", _at("sheets/7/acts/hand_over/"), "引き継ぐ人", SECTION),
    Screen("rounds:act", "not now", _at("sheets/7/acts/approve/"), "いまはできません", HEAD),
]  # fmt: skip
