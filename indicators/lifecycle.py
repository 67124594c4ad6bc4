"""The tables of a round (照会) and of one sheet in it. Data only; docs/lifecycle.md is printed from here.

`roles` are codes of accounts.enums.Role. The conditions named under `guard` are judged in
indicators/permissions and, where they need what a person types, in the action of the same name.
"""

from collections.abc import Iterable

from accounts.enums import Role
from core.lifecycle import Lifecycle, Transition, declare
from indicators.enums import RoundStatus, SheetStatus

R = RoundStatus
S = SheetStatus
_COORDINATOR = (Role.COORDINATOR.value,)
_SECTION = (Role.EDITOR.value, Role.APPROVER.value)
_HEAD = (Role.APPROVER.value,)


def _row(  # noqa: PLR0917 - a row of the table reads by place
    action: str,
    label: str,
    source: Iterable[str],
    target: str | None,
    roles: Iterable[str],
    guard: str = "",
    effect: str = "",
) -> Transition:
    return Transition(
        action,
        label,
        frozenset(str(state) for state in source),
        str(target) if target else None,
        frozenset(roles),
        guard,
        effect,
    )


ROUND = declare(
    Lifecycle(
        "照会（進行管理表）",
        R,
        (
            _row("plan_round", "照会の準備", [], R.PLANNED, _COORDINATOR, "計画・年度・区分ごとに1つ"),
            _row("open_round", "照会を始める", [R.PLANNED], R.OPEN, _COORDINATOR, "記入する欄があり、回答の期限が先にある",
                 "担当課ごとに個票を配り、知らせる"),
            _row("extend", "期限の変更", [R.OPEN, R.CLOSED], R.OPEN, _COORDINATOR, "新しい期限と理由", "催促は新しい期限で行う"),
            _row("close_collection", "受付を終える", [R.OPEN], R.CLOSED, _COORDINATOR, "",
                 "課は差し戻された欄だけ直せる"),
            _row("deliberate", "会議・審議に入る", [R.CLOSED], R.DELIBERATION, _COORDINATOR,
                 "全ての個票が確認済か報告なし"),
            _row("meet", "会議と意見の記録", [R.OPEN, R.CLOSED, R.DELIBERATION], None, _COORDINATOR),
            _row("publish_round", "公表", [R.DELIBERATION], R.PUBLISHED, _COORDINATOR,
                 "全ての個票が確認済か報告なし。全ての意見に回答がある", "個票に書き込み、固定する"),
        ),
    )
)  # fmt: skip

SHEET = declare(
    Lifecycle(
        "個票の記入",
        S,
        (
            _row("deal", "配る", [], S.OPEN, _COORDINATOR, "照会を始めるとき"),
            _row("refer", "再掲として配る", [], S.EXEMPT, _COORDINATOR, "この年度の内容が別の個票にまとめてある"),
            _row("fill", "記入", [S.OPEN, S.RETURNED], None, [*_SECTION, *_COORDINATOR],
                 "照会中。差戻しでは示された欄だけ。計画所管による代理の記入には印が付く", "欄ごとに版が増える"),
            _row("hand_over", "同僚に引き継ぐ", [S.OPEN, S.RETURNED], None, _SECTION, "同じ課の人"),
            _row("disclaim", "この課のものではない", [S.OPEN, S.RETURNED], S.DISCLAIMED, _SECTION, "理由を示す"),
            _row("reassign", "担当課を決める", [S.OPEN, S.RETURNED, S.DISCLAIMED, S.PROPOSED], S.OPEN, _COORDINATOR,
                 "同じ市の課", "記入はそのまま残る"),
            _row("reassign", "担当課を決める", [S.OPEN, S.RETURNED, S.DISCLAIMED, S.PROPOSED], S.RETURNED, _COORDINATOR,
                 "受付を終えた後", "課は5営業日のうちに記入する"),
            _row("propose", "課長に承認を依頼", [S.OPEN, S.RETURNED], S.PROPOSED, _SECTION, "書くべき欄が書いてある"),
            _row("approve", "承認して提出", [S.PROPOSED], S.SUBMITTED, _HEAD,
                 "最後に記入した人ではない（少人数の課は理由を示す）"),
            _row("send_back", "課内の差戻し", [S.PROPOSED], S.OPEN, _HEAD, "理由を示す"),
            _row("send_back", "課内の差戻し", [S.PROPOSED], S.RETURNED, _HEAD, "理由を示す。事務局から差し戻されているときと、受付を終えた後"),
            _row("return_cells", "差戻し", [S.SUBMITTED, S.CONFIRMED], S.RETURNED, _COORDINATOR,
                 "欄ごとの理由と新しい期限を示す。公表の前", "示した欄だけ直せる"),
            _row("edit", "事務局の手直し", [S.SUBMITTED], None, _COORDINATOR, "", "課が認めるまで確認できない"),
            _row("agree", "手直しを認める", [S.SUBMITTED], None, _SECTION, "手直しがある"),
            _row("object_to", "手直しを認めない", [S.SUBMITTED], None, _SECTION, "手直しがある。理由を示す", "課の文に戻る"),
            _row("confirm", "確認", [S.SUBMITTED], S.CONFIRMED, _COORDINATOR, "課が認めていない手直しがない"),
            _row("exempt", "報告なしとする", [S.OPEN, S.RETURNED, S.DISCLAIMED, S.SUBMITTED], S.EXEMPT, _COORDINATOR,
                 "理由を示す"),
            _row("include", "報告ありに戻す", [S.EXEMPT], S.OPEN, _COORDINATOR, "公表の前"),
            _row("include", "報告ありに戻す", [S.EXEMPT], S.RETURNED, _COORDINATOR, "受付を終えた後、公表の前",
                 "課は5営業日のうちに記入する"),
            _row("publish", "公表", [S.CONFIRMED], S.PUBLISHED, _COORDINATOR, "照会の公表と同時", "固定する"),
            _row("correct", "公表後の訂正", [S.PUBLISHED], None, _COORDINATOR, "理由を示す", "前の文は記録に残る"),
        ),
    )
)  # fmt: skip
