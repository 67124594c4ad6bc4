"""Screens of a town's case, from starting to the announced result."""

from collections.abc import Callable

from tests.journeys import cases
from tests.journeys.visiting import Screen, Step

EDITOR, APPROVER = "editor@higashikurume.example", "approver@higashikurume.example"
PARTNER, NEIGHBOUR = "approver@kiyose.example", "editor@kodaira.example"


def _at(base: Callable[[], str], page: str, role: str = "") -> Callable[[], str]:
    """The address of a page of a case; `{}` stands for the member in a role."""
    return lambda: base() + (page.format(cases.member(role)) if role else page)


def _start() -> str:
    return f"/applications/start/?call={cases.world_of(cases.KODAIRA, cases.KIYOSE).call.public_id}"


APPLICATIONS = [
    Screen("applications:start", "not begun", _start, "申請を始める", EDITOR),
    Screen("applications:start", "may not", _start, "市町村の担当だけ", "approver@inagi.example"),
    Screen("applications:list", "empty", "/applications/", "申請はまだありません", "officer@tokyo.example"),
    Screen("applications:detail", "bare", cases.bare, "まだ提出していません", NEIGHBOUR),
    Screen("applications:detail", "filled", cases.filled, "まだ始められない", EDITOR),
    Screen("applications:detail", "of a partner", cases.filled, "同意待ち", PARTNER),
    Screen("applications:detail", "of strangers", cases.bare, "ページが見つかりません", EDITOR, status=404),
    Screen("applications:start", "begun", _start, "作成中の申請を開く", NEIGHBOUR, prepare=cases.bare),
    Screen("applications:list", "full", "/applications/", "川と駅をつなぐ", EDITOR, prepare=cases.filled),
    Screen("applications:plan", "topics", _at(cases.filled, "plan/"), "成果と継続", EDITOR),
    Screen("applications:section", "empty", _at(cases.bare, "plan/plan/"), "事業名", NEIGHBOUR),
    Screen("applications:section", "checked", _at(cases.bare, "plan/effect/?check=1"), "が空です", NEIGHBOUR),
    Screen("applications:section", "read", _at(cases.filled, "plan/plan/"), "この部分は見るだけです", PARTNER),
    Screen("applications:form", "newest", _at(cases.filled, "form/"), "いちばん新しい版です", EDITOR),
    Screen(
        "applications:form", "changed", _at(cases.filled, "form/"), "移るとどうなるか", EDITOR, under=cases.form_revised,
    ),
    Screen(
        "applications:form", "seen by a partner", _at(cases.filled, "form/"), "いまは移れません", PARTNER,
        under=cases.form_revised,
    ),
    Screen("applications:part", "own", _at(cases.filled, "plan/part/{}/", "partner"), "担う役割", PARTNER),
    Screen("applications:members", "bare", _at(cases.bare, "members/"), "この募集の条件まで", NEIGHBOUR),
    Screen(
        "applications:members", "errors", _at(cases.bare, "members/"), "1つえらんでください", NEIGHBOUR,
        (Step(button="主体を加える"),), status=422,
    ),
    Screen("applications:members", "full", _at(cases.filled, "members/"), "東久留米市商工会", EDITOR),
    Screen("applications:remove_member", "asked", _at(cases.filled, "members/{}/remove/", "partner"), "外すとどうなるか", EDITOR),
    Screen(
        "applications:renew_invitation", "sent again", _at(cases.unopened, "members/"), "への案内を送り直しました", EDITOR,
        (Step(button="送り直す"),), acts=True,
    ),
    Screen("applications:budget", "whole", _at(cases.filled, "budget/"), "補助金の見込み", EDITOR),
    Screen("applications:budget_member", "own", _at(cases.filled, "budget/{}/", "lead"), "合っています", EDITOR),
    Screen(
        "applications:budget_member", "bad cell", _at(cases.filled, "budget/{}/", "lead"), "千円・万円は使えません",
        EDITOR, (Step({"c-7-2027": "300千円"}, "保存して計算する"),), status=422,
    ),
    Screen(
        "applications:budget_member", "asked about the unit", _at(cases.bare, "budget/{}/", "bare"),
        "千円で入力していませんか", NEIGHBOUR, (Step({"c-7-2027": "300"}, "保存して計算する"),), status=422,
    ),
    Screen("applications:budget_paste", "empty", _at(cases.filled, "budget/{}/paste/", "lead"), "使える行の名前", EDITOR),
    Screen(
        "applications:budget_paste", "unread", _at(cases.filled, "budget/{}/paste/", "lead"), "ここまで読み取れた行",
        EDITOR, (Step({"block": "7\t300000\n雑費\t9"}, "読み取る"),), status=422,
    ),
    Screen(
        "applications:budget_paste", "read", _at(cases.filled, "budget/{}/paste/", "lead"), "まだ保存していません",
        EDITOR, (Step({"block": "7\t300000\n合計\t9"}, "読み取る"),),
    ),
    Screen("applications:lines", "chosen", cases.lined, "町・村だけが対象です", NEIGHBOUR),
    Screen(
        "applications:lines", "not ticked", cases.lined, "申請するときは印を付け", NEIGHBOUR,
        (Step({"amount-2": "300"}, "保存する"),), status=422,
    ),
    Screen("applications:shares", "asked", _at(cases.filled, "shares/"), "割り方", EDITOR),
    Screen(
        "applications:shares", "computed", _at(cases.filled, "shares/"), "各団体の収支計画に反映する", EDITOR,
        (Step({"equal": "50", "population": "50", "population_on": "R8.1.1"}, "計算する"),),
    ),
    Screen(
        "applications:shares", "not hundred", _at(cases.filled, "shares/"), "割合の合計が100%になっていません", EDITOR,
        (Step({"equal": "90"}, "計算する"),), status=422,
    ),
    Screen("applications:indicators", "filled", _at(cases.filled, "indicators/"), "周遊した人の数", EDITOR),
    Screen("applications:indicators", "read", _at(cases.filled, "indicators/"), "この部分は見るだけです", PARTNER),
    Screen(
        "applications:indicators", "bad cell", _at(cases.filled, "indicators/"), "読み取れません", EDITOR,
        (Step({"1-2027": "五百ほど"}, "保存する"),), status=422,
    ),
    Screen("applications:offline", "asked", _at(cases.filled, "offline/"), "書いたブックを戻す", EDITOR),
    Screen("applications:offline", "not possible", _at(cases.filled, "offline/"), "いまは取り込めません", "liaison@higashikurume.example"),
    Screen(
        "applications:offline", "no file", _at(cases.filled, "offline/"), "書き終えたブック", EDITOR,
        (Step(button="読み取って違いを見る"),), status=422,
    ),
    Screen("applications:documents", "with files", _at(cases.filled, "documents/"), "計画.pdf", EDITOR),
    Screen("applications:documents", "none", _at(cases.bare, "documents/"), "まだありません", NEIGHBOUR),
    Screen("applications:precheck", "not asked", _at(cases.filled, "precheck/"), "まだ依頼していません", EDITOR),
    Screen("applications:precheck", "answered", _at(cases.submitted, "precheck/"), "確認済", "editor@kiyose.example"),
    Screen("applications:consent", "of the lead", _at(cases.filled, "consent/"), "同意の文書を登録する", EDITOR),
    Screen("applications:consent", "of a partner", _at(cases.filled, "consent/"), "この内容で同意", PARTNER),
    Screen("applications:partners", "who is missing", _at(cases.filled, "partners/"), "そろっていないもの", EDITOR),
    Screen("applications:partners", "of a partner", _at(cases.filled, "partners/"), "入力する", PARTNER),
    Screen("applications:backing", "own", _at(cases.filled, "partners/{}/", "partner"), "収支計画から写してあります", PARTNER),
    Screen("applications:backing", "of another", _at(cases.filled, "partners/{}/", "partner"), "この部分は見るだけです", EDITOR),
    Screen(
        "applications:backing", "bad cell", _at(cases.filled, "partners/{}/", "partner"), "千円・万円は使えません",
        PARTNER, (Step({"bonds-2027": "300千円"}, "予算措置状況を保存する"),), status=422,
    ),
    Screen("applications:letter", "empty", _at(cases.filled, "consent/{}/", "diverse_actor"), "文書を登録する", EDITOR),
    Screen("applications:certify", "waiting", _at(cases.filled, "certify/"), "同意がそろっていません", APPROVER),
    Screen("applications:certify", "recorded", _at(cases.submitted, "certify/"), "有効", PARTNER),
    Screen("applications:check", "faults", _at(cases.bare, "check/"), "直す所がなくなると進めます", NEIGHBOUR),
    Screen("applications:submit", "not yet", _at(cases.filled, "submit/"), "まだ提出できません", EDITOR),
    Screen("applications:act", "discard", _at(cases.filled, "acts/discard/"), "申請を破棄する", APPROVER),
    Screen(
        "applications:remove_document", "taken out", _at(cases.with_paper, "documents/"), "を外しました", EDITOR,
        (Step(button="外す"),), acts=True,
    ),
    Screen("invitations:open", "asked", cases.invitation, "参加の案内が届いています", NEIGHBOUR),
    Screen("invitations:open", "by mail", cases.mailed, "同意のしかた"),
    Screen("invitations:open", "gone", "/invitations/unknown/", "この案内は使えません", EDITOR, status=404),
    Screen("applications:detail", "submitted", cases.submitted, "提出しました", "editor@kiyose.example"),
    Screen("applications:history", "submitted", _at(cases.submitted, "history/"), "提出", "editor@kiyose.example"),
    Screen("receipts:receipt", "inside", cases.receipt, "申請額", "editor@kiyose.example"),
    Screen("receipts:receipt", "public", cases.receipt, "受付番号"),
    Screen("applications:detail", "announced", cases.announced, "次年度以降の補助を約束するものではありません", PARTNER),
]  # fmt: skip
