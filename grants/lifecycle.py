"""The adoption lifecycle: who may move an application from where to where. Data only.

Source: docs/lifecycle.md is printed from here. `roles` are grants.enums.Party codes: what an actor is to the
one application. The conditions named under `guard` are judged in grants/permissions and, where they need
the content, in the action of the same name.
"""

from collections.abc import Iterable

from accounts.enums import Role
from core.lifecycle import Lifecycle, Transition, declare
from grants.enums import (
    FILLING_ROUTINGS,
    PENDING_STATES,
    RESULT_STATES,
    ApplicationStatus,
    InquiryStatus,
    Party,
    RoutingStatus,
)
from grants.enums.reports import ReportStatus
from grants.enums.supports import SupportStatus, VisitStatus

S = ApplicationStatus
P = Party
_LEAD = (P.LEAD_EDITOR, P.LEAD_APPROVER)


def _row(  # noqa: PLR0917 - a row of the table reads by place
    action: str,
    label: str,
    source: Iterable[S | SupportStatus | VisitStatus | ReportStatus],
    target: S | SupportStatus | VisitStatus | ReportStatus | None,
    roles: Iterable[P],
    guard: str = "",
    effect: str = "",
) -> Transition:
    states = frozenset(state.value for state in source)
    parties = frozenset(party.value for party in roles)
    return Transition(action, label, states, target.value if target else None, parties, guard, effect)


_PREPARATION = (
    _row("start", "申請を始める", [], S.DRAFT, [P.LEAD_EDITOR],
         "受付期間中。代表1団体の申請数まで（破棄と取下げは数えない）", "すでにあればその申請を開く"),
    _row("discard", "破棄", [S.DRAFT], S.DISCARDED, [P.LEAD_APPROVER], "", "何も消さない"),
    _row("restore", "破棄の取消し", [S.DISCARDED], S.DRAFT, [P.LEAD_APPROVER], "受付期間中。申請数に空きがある"),
    _row("expire", "期限切れ", [S.DRAFT], S.EXPIRED, [P.SYSTEM], "締切を過ぎた", "閲覧だけ。次の募集に写せる"),
    _row("reopen", "期限延長による再開", [S.EXPIRED], S.DRAFT, [P.SYSTEM], "締切が延びた"),
    _row("invite", "構成団体を招く", [S.DRAFT, S.RETURNED], None, [P.LEAD_EDITOR]),
    _row("remove_member", "構成団体を外す", [S.DRAFT, S.RETURNED], None, [P.LEAD_EDITOR],
         "修正依頼中は構成団体の修正が求められているか、離脱の申出があるとき", "入力は記録に残り、提出には載らない"),
    _row("consent", "同意", [S.DRAFT, S.RETURNED, S.SUBMITTED], None, [P.PARTNER_APPROVER],
         "受付済では差替えの準備中だけ", "内容に結び付き、その内容が変わると失効する"),
    _row("record_consent", "文書による同意の登録", [S.DRAFT, S.RETURNED, S.SUBMITTED], None, [P.LEAD_EDITOR],
         "文書の番号・日付・ファイルがある。受付済では差替えの準備中だけ", "同意と同じ"),
    _row("decline", "参加の辞退", [S.DRAFT, S.RETURNED], None, [P.PARTNER_APPROVER]),
    _row("withdraw_consent", "同意の撤回", [S.DRAFT, S.RETURNED], None, [P.PARTNER_APPROVER], "同意がある"),
    _row("request_precheck", "案の事前確認を依頼", [S.DRAFT], None, [P.LEAD_EDITOR],
         "事前確認の期限まで。確認中のものがない", "都は依頼の前は件数だけを見る"),
    _row("answer_precheck", "事前確認への回答", [S.DRAFT], None, [P.OFFICER], "確認中のものがある"),
    _row("certify", "庁内決裁を記録", [S.DRAFT, S.RETURNED, S.SUBMITTED], None, [P.LEAD_APPROVER],
         "前の記録の後に同意の対象となる部分を自分で変えていない。全団体の同意がそろっている。受付済では差替えの準備中だけ",
         "後の変更で失効する"),
)  # fmt: skip

_SUBMISSION = (
    _row("submit", "提出", [S.DRAFT], S.SUBMITTED, _LEAD,
         "要件、収支の一致、添付の照合、同意と決裁がそろい、到着が締切以前", "版の固定・受付番号・記録・通知を一度に"),
    _row("replace", "差替え", [S.SUBMITTED], S.SUBMITTED, _LEAD, "提出と同じ", "新しい版がそろうまで前の版が有効"),
    _row("return", "修正依頼", [S.SUBMITTED, S.UNDER_REVIEW], S.RETURNED, [P.OFFICER],
         "直す部分・理由・新しい期限を示す", "示した部分だけ直せる"),
    _row("resubmit", "再提出", [S.RETURNED], S.SUBMITTED, _LEAD, "修正の期限まで。受付済から戻されたとき", "新しい版と枝番"),
    _row("resubmit", "再提出", [S.RETURNED], S.UNDER_REVIEW, _LEAD, "修正の期限まで。審査中から戻されたとき", "新しい版と枝番"),
    _row("take_back", "引取り", [S.RETURNED], S.SUBMITTED, [P.OFFICER], "修正の期限を過ぎた。受付済から戻されたとき",
         "最後に提出された版で続ける"),
    _row("take_back", "引取り", [S.RETURNED], S.UNDER_REVIEW, [P.OFFICER], "修正の期限を過ぎた。審査中から戻されたとき",
         "最後に提出された版で続ける"),
    _row("withdraw", "取下げ", PENDING_STATES, S.WITHDRAWN, [P.LEAD_APPROVER], "理由を示す"),
    _row("leave", "構成から離脱", PENDING_STATES, None, [P.PARTNER_APPROVER], "理由を示す",
         "解決するまで起案と決定ができない"),
)  # fmt: skip

_REVIEW = (
    _row("start_review", "審査開始", [S.SUBMITTED], S.UNDER_REVIEW, [P.OFFICER], "締切を過ぎた"),
    _row("assign", "審査員の割当て", [S.UNDER_REVIEW], None, [P.OFFICER]),
    _row("declare_interest", "利害関係の申告", [S.UNDER_REVIEW], None, [P.REVIEWER], "割り当てられている", "利害関係があれば回避"),
    _row("score", "採点", [S.UNDER_REVIEW], None, [P.REVIEWER], "割り当てられ、利害関係がないと申告した",
         "他の審査員の点は自分の採点の後に見える"),
    _row("proxy_score", "採点の代理入力", [S.UNDER_REVIEW], None, [P.OFFICER], "外部委員の採点", "代理の印が付く"),
    _row("recommend", "起案", [S.UNDER_REVIEW], S.DECIDING, [P.OFFICER],
         "理由と補助予定額（算定額以下。下げるときは予算調整の理由）。離脱の申出がない", "団体には審査中のまま見える"),
)  # fmt: skip

_DECISION = (
    _row("send_back", "起案差戻し", [S.DECIDING], S.UNDER_REVIEW, [P.DECIDER], "理由を示す"),
    _row("adopt", "採択", [S.DECIDING], S.ADOPTED, [P.DECIDER], "起案した人ではない。採択の起案がある。離脱の申出がない",
         "決定日・文書番号・施行日・補助予定額"),
    _row("reject", "不採択", [S.DECIDING], S.REJECTED, [P.DECIDER], "起案した人ではない", "決定日・文書番号・施行日"),
    _row("reserve", "補欠", [S.DECIDING], S.RESERVE, [P.DECIDER], "起案した人ではない。採択の起案がある", "決定日・文書番号・施行日"),
    _row("promote", "繰上げ", [S.RESERVE], S.DECIDING, [P.OFFICER], "補助予定額（算定額以下）", "新しい起案になる"),
    _row("release", "補欠の解除", [S.RESERVE], S.REJECTED, [P.DECIDER], "起案した人ではない", "決定日・文書番号・施行日"),
    _row("correct", "決定の訂正", [S.ADOPTED, S.REJECTED], S.DECIDING, [P.DECIDER], "理由を示す", "前の決定は記録に残る"),
    _row("announce", "結果の公表", RESULT_STATES, None, [P.OFFICER, P.SYSTEM], "公表の日時になった。まだ公表していない",
         "団体に結果を知らせ、採択事業を公開する"),
    _row("request_change_members", "構成の変更の申出", [S.ADOPTED], None, [P.LEAD_APPROVER], "理由と変更の内容"),
    _row("change_members", "構成の変更の承認", [S.ADOPTED], None, [P.DECIDER], "申出がある。変更後も要件を満たす"),
    _row("request_discontinuation", "廃止の申出", [S.ADOPTED], None, [P.LEAD_APPROVER], "理由を示す"),
    _row("discontinue", "廃止", [S.ADOPTED], S.DISCONTINUED, [P.DECIDER], "申出がある"),
    _row("complete", "完了", [S.ADOPTED], S.COMPLETED, [P.SYSTEM], "最後の交付が終わったか、支援が済んだ"),
)  # fmt: skip

APPLICATION = declare(Lifecycle("申請の採択", S, _PREPARATION + _SUBMISSION + _REVIEW + _DECISION))

R = RoutingStatus
_LIAISON = (Role.LIAISON.value,)
_SECTION = (Role.EDITOR.value, Role.APPROVER.value)
_WITH_SECTION = sorted(FILLING_ROUTINGS)


def _step(  # noqa: PLR0917 - a row of the table reads by place
    action: str,
    label: str,
    source: Iterable[str],
    target: str | None,
    roles: Iterable[str],
    guard: str = "",
    effect: str = "",
) -> Transition:
    states = frozenset(str(state) for state in source)
    return Transition(action, label, states, str(target) if target else None, frozenset(roles), guard, effect)


ROUTING = declare(
    Lifecycle(
        "庁内照会",
        R,
        (
            _step("send_out", "照会する", [], R.OUT, _LIAISON,
                  "取りまとめる部署の人。同じ部分を照会していない。庁内の期限は都の期限より前", "相手の部署に知らせる"),
            _step("fill", "記入", _WITH_SECTION, None, _SECTION, "照会を受けた部署の人（部署が変わったときは引き継いだ部署）"),
            _step("hand_over", "同僚に任せる", _WITH_SECTION, None, _SECTION, "同じ部署の人"),
            _step("answer", "回答する", _WITH_SECTION, R.ANSWERED, _SECTION, "", "取りまとめの部署に知らせる"),
            _step("disclaim", "担当ではないと答える", _WITH_SECTION, R.DISCLAIMED, _SECTION, "理由を示す",
                  "記入は残り、取りまとめの部署に戻る"),
            _step("send_back", "差し戻す", [R.ANSWERED], R.SENT_BACK, _LIAISON, "直す所と新しい期限を示す"),
            _step("reroute", "別の部署に照会する", [*_WITH_SECTION, R.DISCLAIMED], R.OUT, _LIAISON,
                  "同じ団体の部署", "記入はそのまま残る"),
            _step("move_due", "庁内の期限を変える", _WITH_SECTION, None, _LIAISON, "都の期限より前", "催促は新しい期限で行う"),
            _step("take_over", "引き取る", [*_WITH_SECTION, R.ANSWERED, R.DISCLAIMED], R.TAKEN_OVER, _LIAISON,
                  "理由を示す", "取りまとめの部署が代わりに記入し、代理の印が付く"),
            _step("compile", "とりまとめ済にする", [R.ANSWERED, R.TAKEN_OVER], R.COMPILED, _LIAISON),
            _step("recall", "照会を取りやめる", [*_WITH_SECTION, R.DISCLAIMED], R.RECALLED, _LIAISON, "", "記入は残る"),
        ),
    )
)  # fmt: skip

Q = InquiryStatus
_OFFICER = (Role.OFFICER.value,)
_ASKER = (Role.EDITOR.value, Role.APPROVER.value, Role.LIAISON.value)

INQUIRY = declare(
    Lifecycle(
        "募集への質問",
        Q,
        (
            _step("ask", "質問する", [], Q.ASKED, _ASKER, "市町村の人。質問の期限まで", "都の担当に知らせる"),
            _step("withdraw_inquiry", "質問を取り下げる", [Q.ASKED], Q.WITHDRAWN, _ASKER, "質問した団体の人"),
            _step("publish", "公開で回答する", [Q.ASKED, Q.REPLIED], Q.PUBLISHED, _OFFICER,
                  "質問は都の言葉で書き直す。質問した団体が分かる言葉がない", "申請のある全団体に同時に知らせ、募集のページに載せる"),
            _step("reply", "個別に回答する", [Q.ASKED], Q.REPLIED, _OFFICER, "一つの申請だけに関わる質問", "質問した団体だけに知らせる"),
            _step("correct_answer", "回答を訂正する", [Q.PUBLISHED], None, _OFFICER, "理由を示す",
                  "前の回答は残り、全団体に知らせ直す"),
            _step("correct_answer", "回答を訂正する", [Q.REPLIED], None, _OFFICER, "理由を示す", "質問した団体に知らせ直す"),
        ),
    )
)  # fmt: skip
U = SupportStatus
_SUPPORT = (
    _row("open", "支援を始める", [], U.ACTIVE, [P.SYSTEM], "派遣・視察の採択が公表された"),
    _row("ask", "技術的支援を申し込む", [], U.WAITING, [P.LEAD_EDITOR],
         "作成中か採択済の申請。様式に技術的支援がある。進行中の申込がない"),
    _row("assign", "アドバイザーを割り当てる", [U.WAITING, U.ACTIVE], U.ACTIVE, [P.OFFICER], "アドバイザーのいる団体",
         "割り当てられた団体だけが見られる。前の団体は見られなくなる"),
    _row("refuse", "見送る", [U.WAITING], U.DECLINED, [P.OFFICER], "理由がある"),
    _row("close", "支援を終える", [U.ACTIVE], U.CLOSED, [P.OFFICER, P.SYSTEM], "予定が残っていない"),
)  # fmt: skip
SUPPORT = declare(Lifecycle("派遣・視察・技術的支援", U, _SUPPORT))

V = VisitStatus
_WORKING = (P.LEAD_EDITOR, P.OFFICER, P.ADVISER)
_VISIT = (
    _row("plan", "予定を入れる", [], V.PLANNED, _WORKING, "支援中。使える回数が残っている"),
    _row("move", "日程を変える", [V.PLANNED], None, _WORKING, "理由がある"),
    _row("cancel", "中止する", [V.PLANNED], V.CANCELLED, _WORKING, "理由がある", "使える回数は戻る"),
    _row("hold", "実施を記録する", [V.PLANNED], V.HELD, _WORKING, "予定の日時を過ぎた"),
    _row("record", "記録を書く", [V.HELD, V.RECORDED], V.RECORDED, [P.OFFICER, P.ADVISER], "支援した内容がある"),
    _row("confirm", "記録を確認する", [V.RECORDED], V.CONFIRMED, [P.LEAD_EDITOR, P.LEAD_APPROVER], "",
         "全ての回が済むと、支援と派遣・視察の申請は完了する"),
    _row("add_voice", "声を載せる", [V.HELD, V.RECORDED, V.CONFIRMED], None, _WORKING, "公開するものは、本人の同意の日がある"),
    _row("add_link", "記事・投稿を結ぶ", [V.HELD, V.RECORDED, V.CONFIRMED], None, _WORKING, "https のアドレス",
         "採択事業のページに載る"),
)  # fmt: skip
VISIT = declare(Lifecycle("1回の訪問・視察・支援", V, _VISIT))

T = ReportStatus
_REPORT = (
    _row("open_report", "年次報告を始める", [], T.DRAFT, [P.LEAD_EDITOR],
         "採択が公表され、申請に成果指標があり、その年度が始まった。書きかけの報告がない", "受理した報告があれば訂正になり、理由がいる"),
    _row("fill_report", "年次報告の記入", [T.DRAFT, T.RETURNED], None, [P.LEAD_EDITOR]),
    _row("hand_in_report", "年次報告の提出", [T.DRAFT, T.RETURNED], T.SUBMITTED, _LEAD, "全ての指標に、実績値か測れない理由がある"),
    _row("return_report", "年次報告の修正依頼", [T.SUBMITTED], T.RETURNED, [P.OFFICER], "理由と期限がある"),
    _row("take_report", "年次報告の受理", [T.SUBMITTED], T.TAKEN, [P.OFFICER], "", "採択事業のページに載る。訂正の前の値も残る"),
)  # fmt: skip
REPORT = declare(Lifecycle("年次報告", T, _REPORT))
