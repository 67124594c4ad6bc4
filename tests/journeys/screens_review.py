"""Screens of the metropolitan side: the list, a case in its states, every act of the review."""

from grants.models import Application
from tests.journeys import cases_review as made
from tests.journeys.visiting import Screen, Step

OFFICER, DECIDER = "officer@tokyo.example", "decider@tokyo.example"
REVIEWER, SECOND = "reviewer1@tokyo.example", "reviewer2@tokyo.example"


def _late(route: str, state: str, name: str, page: str, shows: str, person: str = OFFICER) -> Screen:  # noqa: PLR0917 - a row reads by place
    """A screen of a case on the day after closing."""
    return Screen(f"review:{route}", state, made.at(name, page), shows, person, under=made.late)


def extension() -> str:
    """The extension of the call the demo's cases were made for."""
    return f"/review/calls/{Application.objects.filter(status='draft').latest('pk').call.public_id}/extend/"


REVIEW = [
    Screen("review:list", "full", "/review/", "あなたの番", OFFICER, prepare=made.everything, under=made.late),
    Screen("review:list", "one state", "/review/?state=deciding", "決定待ち", DECIDER, prepare=made.everything, under=made.late),
    Screen("review:list", "nothing fits", "/review/?q=ない", "合う申請はありません", OFFICER, prepare=made.everything, under=made.late),
    Screen("review:list", "of a reviewer", "/review/", "あなたに割り当てられた申請です", REVIEWER, prepare=made.everything, under=made.late),
    Screen("review:list", "of a town", "/review/", "ページが見つかりません", "editor@kiyose.example", status=404),
    Screen("review:detail", "precheck", made.at("asked"), "案の事前確認に回答してください", OFFICER),
    Screen("review:detail", "submitted", made.at("submitted"), "受付期間中です", OFFICER),
    Screen("review:detail", "replaced", made.at("replaced"), "前の版から変更", OFFICER),
    Screen("review:detail", "earlier version", made.at("replaced", "?version=0"), "前の版を見ています", OFFICER),
    Screen("review:detail", "returned", made.at("returned"), "再提出を待っています", OFFICER),
    _late("detail", "under review", "under_review", "", "採点を待っています"),
    _late("detail", "of a reviewer", "under_review", "", "利害関係を申告してください", SECOND),
    _late("detail", "scored", "scored", "", "話し合う"),
    _late("detail", "deciding", "deciding", "", "決定してください", DECIDER),
    _late("detail", "reserve", "reserve", "", "補欠として待っています"),
    _late("detail", "adopted", "adopted", "", "通知文を作る"),
    _late("detail", "with letters", "lettered", "", ".docx"),
    _late("detail", "petitioned", "petitioned", "", "申出に答えてください", DECIDER),
    _late("history", "whole", "deciding", "history/", "起案"),
    Screen("review:precheck", "asked", made.at("asked", "precheck/"), "経費の見方を教えてください", OFFICER),
    Screen(
        "review:precheck", "without words", made.at("asked", "precheck/"), "指摘の内容が空です", OFFICER,
        (Step({"verdict": "issues"}, "回答する"),), status=422,
    ),
    _late("act", "start", "submitted", "acts/start_review/", "審査を始める"),
    Screen("review:act", "too early", made.at("submitted", "acts/start_review/"), "いまはできません", OFFICER),
    _late("act", "send back", "deciding", "acts/send_back/", "起案を差し戻す", DECIDER),
    _late("return", "empty", "submitted", "return/", "直してもらう部分"),
    Screen(
        "review:return", "errors", made.at("submitted", "return/"), "1つ以上えらんでください", OFFICER,
        (Step(button="修正を依頼する"),), status=422, under=made.late,
    ),
    _late("notes", "written", "scored", "notes/", "これまでのメモ（1件）"),
    Screen("review:notes", "errors", made.at("scored", "notes/"), "入力してください", OFFICER, (Step(button="メモを残す"),), status=422, under=made.late),
    _late("opinions", "asked", "scored", "opinions/", "回答待ち"),
    Screen("review:opinions", "errors", made.at("scored", "opinions/"), "1つ以上えらんでください", OFFICER, (Step(button="照会する"),), status=422, under=made.late),
    Screen("review:opinion_act", "reminded", made.at("scored", "opinions/"), "催促", OFFICER, (Step(button="催促する"),), under=made.late, acts=True),
    Screen("review:opinion_proxy", "empty", made.opinion("proxy/"), "届いた意見", OFFICER, under=made.late),
    Screen("review:opinion", "asked", made.opinion(), "意見を求めています", made.OTHER_BUREAU, under=made.late),
    Screen("review:opinion", "errors", made.opinion(), "入力してください", made.OTHER_BUREAU, (Step(button="回答する"),), status=422, under=made.late),
    _late("waivers", "held", "scored", "waivers/", "これまでの免除（1件）"),
    Screen("review:waivers", "errors", made.at("under_review", "waivers/"), "入力してください", OFFICER, (Step(button="点検を免除する"),), status=422, under=made.late),
    Screen("review:waiver_revoke", "asked", made.waiver, "もう一度、提出の条件になります", OFFICER, under=made.late),
    _late("archive", "empty", "scored", "archive/", "不開示とする部分をえらぶ"),
    Screen("review:archive", "errors", made.at("scored", "archive/"), "1つ以上えらんでください", OFFICER, (Step(button="不開示とする"),), status=422, under=made.late),
    _late("issued", "empty", "adopted", "letters/issued/", "決定の記録"),
    Screen("review:many", "decide", lambda: extension().replace("extend/", "together/adopt/"), "行えるかを確かめる", DECIDER, prepare=made.everything, under=made.late),
    Screen(
        "review:many", "draft errors", lambda: extension().replace("extend/", "together/recommend_adopt/"), "申請が選ばれていません", OFFICER,
        (Step({"reason": "評価が高いため"}, "行えるかを確かめる"),), prepare=made.everything, under=made.late, status=422,
    ),
    Screen("review:meetings", "empty", lambda: extension().replace("extend/", "meetings/"), "審査会を記録する", OFFICER, prepare=made.everything, under=made.late),
    Screen(
        "review:meetings", "errors", lambda: extension().replace("extend/", "meetings/"), "1つ以上えらんでください", OFFICER,
        (Step({"quorum": "2"}, "記録する"),), prepare=made.everything, under=made.late, status=422,
    ),
    Screen("review:seats", "empty", "/review/seats/", "登録した兼職", OFFICER),
    Screen("review:seats", "errors", "/review/seats/", "入力してください", OFFICER, (Step(button="登録する"),), status=422),
    Screen(
        "review:panel", "kept", lambda: extension().replace("extend/", "panel/?budget=20000000"), "試算を保存しました", OFFICER,
        (Step({"name": "予算が2千万円の場合"}, "いまの試算を保存する"),), prepare=made.everything, under=made.late,
    ),
    Screen("review:external", "full", made.sheets(), "渡す・読み取る", OFFICER, prepare=made.everything, under=made.late),
    Screen("review:external_scores", "empty", made.sheets("external@tokyo.example"), "建制順に並べ", OFFICER, prepare=made.everything, under=made.late),
    Screen(
        "review:external_scores", "errors", made.sheets("external@tokyo.example"), "えらんでください", OFFICER,
        (Step(button="読み取って違いを見る"),), prepare=made.everything, under=made.late, status=422,
    ),
    _late("reviewers", "assigned", "under_review", "reviewers/", "採点を代理入力"),
    _late("interest", "asked", "under_review", "interest/", "この申請との利害関係", SECOND),
    _late("score", "empty", "under_review", "score/", "採点票", REVIEWER),
    Screen(
        "review:score", "errors", made.at("under_review", "score/"), "の点をえらんでください", REVIEWER,
        (Step(button="採点を記録する"),), status=422, under=made.late,
    ),
    Screen("review:proxy_score", "empty", made.proxy_seat, "採点票のとおりに入力します", OFFICER, under=made.late),
    _late("recommend", "empty", "scored", "recommend/", "起案の内容"),
    Screen(
        "review:recommend", "too much", made.at("scored", "recommend/"), "を超えています", OFFICER,
        (Step({"outcome": "adopt", "amount": "10,000,001", "reason": "評価が高いため"}, "起案する"),), status=422, under=made.late,
    ),
    _late("promote", "empty", "reserve", "promote/", "繰上げの起案"),
    _late("decide", "adopt", "deciding", "decide/adopt/", "決定の記録", DECIDER),
    Screen(
        "review:decide", "errors", made.at("deciding", "decide/adopt/"), "入力してください", DECIDER,
        (Step(button="採択を決定する"),), status=422, under=made.late,
    ),
    _late("petition", "asked", "petitioned", "petitions/change_members/", "東久留米市商工会", DECIDER),
    Screen("review:call", "full", lambda: extension().replace("extend/", ""), "評価の順", OFFICER, prepare=made.everything, under=made.late),
    Screen("review:call", "of a service", made.service_call, "申込みの回数", OFFICER),
    Screen("review:table", "full", lambda: extension().replace("extend/", "table/"), "表に出す列", OFFICER, prepare=made.everything, under=made.late),
    Screen("review:table", "nothing fits", lambda: extension().replace("extend/", "table/?q=ない"), "合う申請はありません", OFFICER, prepare=made.everything, under=made.late),
    Screen(
        "review:table", "saved", lambda: extension().replace("extend/", "table/?states=deciding"), "として保存しました", OFFICER,
        (Step({"name": "決定待ちだけ"}, "保存する"),), prepare=made.everything, under=made.late,
    ),
    Screen("review:panel", "full", lambda: extension().replace("extend/", "panel/"), "順位の確かさ", OFFICER, prepare=made.everything, under=made.late),
    Screen("review:panel", "errors", lambda: extension().replace("extend/", "panel/?budget=x"), "金額として読み取れません", OFFICER, prepare=made.everything, under=made.late, status=422),
    Screen("review:extend", "empty", extension, "いまの締切", OFFICER),
    Screen(
        "review:extend", "errors", extension, "早めるときは、「締切を早める」で提案します", OFFICER,
        (Step({"closes_at": "2026/4/1", "reason": "試験"}, "締切を延ばす"),), status=422,
    ),
    Screen("review:shorten", "empty", made.proposal(), "一人では行えません", OFFICER),
    Screen(
        "review:shorten", "errors", made.proposal(), "現在といまの締切の間にしてください", OFFICER,
        (Step({"closes_at": "2026/4/1", "reason": "試験"}, "案を出す"),), status=422,
    ),
    Screen("review:shorten", "waiting", made.proposal("officer"), "別の担当の確認を待っています", OFFICER, acts=True),
    Screen("review:shorten", "to confirm", made.proposal("second_officer"), "確認して締切を早める", OFFICER, acts=True),
    Screen("review:shorten_answer", "refuse", made.proposal("second_officer", "refuse"), "記録に残ります", OFFICER, acts=True),
    Screen(
        "review:letters", "made", made.at("adopted"), "通知文を用意しました", OFFICER,
        (Step(button="通知文を作る"),), prepare=made.without_letters, under=made.late, acts=True,
    ),
]  # fmt: skip
