"""Where a case stands for the metropolitan side: one clear next step, and every act with its reason why not."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from grants.enums import RESULT_STATES, ApplicationStatus, MemberState, Party, PetitionKind, ReviewOutcome
from grants.models import ReviewAssignment
from grants.permissions import available_actions
from grants.permissions.conditions import open_return
from grants.views import board
from grants.views.review_frame import ReviewPage

S = ApplicationStatus
_ROUTES: Final[dict[str, tuple[str, str, tuple[str, ...]]]] = {
    "answer_precheck": ("案の事前確認に回答する", "precheck", ()),
    "start_review": ("審査を始める", "act", ("start_review",)),
    "return": ("修正を依頼する", "return", ()),
    "take_back": ("引き取って続ける", "act", ("take_back",)),
    "assign": ("審査員を割り当てる", "reviewers", ()),
    "declare_interest": ("利害関係を申告する", "interest", ()),
    "score": ("採点する", "score", ()),
    "proxy_score": ("外部委員の採点を代理入力する", "reviewers", ()),
    "recommend": ("起案する", "recommend", ()),
    "send_back": ("起案を差し戻す", "act", ("send_back",)),
    "adopt": ("採択を決定する", "decide", ("adopt",)),
    "reject": ("不採択を決定する", "decide", ("reject",)),
    "reserve": ("補欠を決定する", "decide", ("reserve",)),
    "release": ("補欠を解く（不採択）", "decide", ("release",)),
    "promote": ("繰上げを起案する", "promote", ()),
    "correct": ("決定を訂正する", "act", ("correct",)),
    "announce": ("結果を公表する", "act", ("announce",)),
    "change_members": ("構成の変更を承認する", "petition", ("change_members",)),
    "discontinue": ("廃止を承認する", "petition", ("discontinue",)),
}
"""Acts of the metropolitan side: the words of the button and where it leads."""
_PETITIONS: Final = {"change_members": PetitionKind.CHANGE_MEMBERS, "discontinue": PetitionKind.DISCONTINUE}


@dataclass(frozen=True)
class Step(board.Step):
    """One act: a button, or grey with the reason; `primary` is what it is the turn for."""

    primary: bool


@dataclass(frozen=True)
class Headline:
    """The next step in words: whose turn it is, what to do, by when. `first` are the acts it is about."""

    tone: str
    title: str
    words: str
    first: tuple[str, ...] = ()
    due: datetime | None = None


@dataclass(frozen=True)
class NextStep:
    """The panel on top of a case."""

    headline: Headline
    steps: list[Step]

    @property
    def open_steps(self) -> list[Step]:
        """What can be done now, what it is about first."""
        return sorted((step for step in self.steps if step.allowed), key=lambda step: not step.primary)

    @property
    def closed_steps(self) -> list[Step]:
        """What cannot be done now, each with its reason."""
        return [step for step in self.steps if not step.allowed]


def next_step(page: ReviewPage, assignments: Sequence[ReviewAssignment]) -> NextStep:
    """The panel: whose turn it is, and the acts of this person."""
    headline = _HEADLINES[page.application.state](page, assignments)
    asked = {petition.kind for petition in page.application.petitions.filter(granted_at__isnull=True)}
    found: dict[str, Step] = {}
    chosen = False
    for row, decision in available_actions(page.actor, page.application, page.at):
        if row.action not in _ROUTES or (row.action in _PETITIONS and _PETITIONS[row.action] not in asked):
            continue
        label, name, args = _ROUTES[row.action]
        primary = decision.permitted and not chosen and row.action in headline.first
        chosen = chosen or primary
        step = Step(row.action, label, page.url(name, *args), decision.permitted, decision.reason, primary)
        found.setdefault(row.action, step)
    return NextStep(headline, list(found.values()))


# --- Headlines by state ------------------------------------------------------------------------------------------


def _draft(page: ReviewPage, _assignments: Sequence[ReviewAssignment]) -> Headline:
    call = page.application.call
    if page.application.prechecks.filter(answered_at__isnull=True).exists():
        due = call.precheck_due_at or call.closes_at
        words = "市町村の案を読み、確認済か、直してほしい所を答えます。案はまだ提出されていません。"
        return Headline("warn", "案の事前確認に回答してください", words, ("answer_precheck",), due)
    words = "事前確認には回答しました。市町村が案を仕上げて提出するのを待ちます。"
    return Headline("info", "市町村の提出を待っています", words, due=call.closes_at)


def _never_submitted(page: ReviewPage, _assignments: Sequence[ReviewAssignment]) -> Headline:
    words = "この案は提出されませんでした。都がすることはありません。"
    return Headline("neutral", f"提出されませんでした（{page.state}）", words)


def _submitted(page: ReviewPage, _assignments: Sequence[ReviewAssignment]) -> Headline:
    closes = page.application.call.closes_at
    if not page.application.is_late(page.at):
        words = (
            "締切までは市町村が差し替えることがあります。締切の後に審査を始めます。内容はいまから読めます。"
        )
        return Headline("info", "受付期間中です", words, due=closes)
    words = "受付を終えました。内容と書類を確かめ、足りない所があれば修正を依頼し、なければ審査を始めます。"
    return Headline(
        "warn", "審査を始めてください", words, ("start_review",), page.application.call.announce_at
    )


def _returned(page: ReviewPage, _assignments: Sequence[ReviewAssignment]) -> Headline:
    request = open_return(page.application)
    due = request.due_at if request else None
    if due is not None and page.at > due:
        words = "再提出がないまま期限を過ぎました。市町村と相談し、いま出ている版で続けるときは引き取ります。"
        return Headline("bad", "修正の期限を過ぎました", words, ("take_back",), due)
    words = "市町村が、示された部分を直しています。それまでは、前に提出された版が見えます。"
    return Headline("info", "再提出を待っています", words, due=due)


def _under_review(page: ReviewPage, assignments: Sequence[ReviewAssignment]) -> Headline:
    due = page.application.call.announce_at
    mine = next((one for one in assignments if one.reviewer_id == page.actor.user_id), None)
    if mine is not None and mine.scored_at is None:
        if hasattr(mine, "declaration"):
            words = (
                "内容を読み、観点ごとに1から5の点を付けます。ほかの審査員の点は、自分の採点の後に見えます。"
            )
            return Headline("warn", "採点してください", words, ("score",), due)
        words = "採点の前に、この申請との利害関係があるかを申告します。あるときは回避になります。"
        return Headline("warn", "利害関係を申告してください", words, ("declare_interest",), due)
    if Party.OFFICER in page.parties:
        return _officers_review(page, assignments, due)
    if mine is not None:
        return Headline("good", "採点を終えました", "起案までは、点を付け直すことができます。", due=due)
    return Headline("info", "審査中です", "審査員の採点と、担当の起案を待っています。", due=due)


def _officers_review(
    page: ReviewPage, assignments: Sequence[ReviewAssignment], due: datetime | None
) -> Headline:
    leaving = page.application.members.filter(state=MemberState.LEAVING)
    if leaving.exists():
        words = "離脱の申出がある間は起案も決定もできません。修正を依頼し、構成を直してもらいます。"
        return Headline("bad", "構成から離脱の申出があります", words, ("return",), due)
    active = [
        one for one in assignments if not (hasattr(one, "declaration") and one.declaration.has_interest)
    ]
    done = sum(one.scored_at is not None for one in active)
    if not active:
        words = "審査員と外部委員を割り当てます。割り当てた人に知らせが届きます。"
        return Headline("warn", "審査員を割り当ててください", words, ("assign",), due)
    if done < len(active):
        words = f"採点が済んだのは{len(active)}人のうち{done}人です。外部委員の採点票は代理入力できます。"
        return Headline("info", "採点を待っています", words, due=due)
    words = f"{done}人の採点がそろいました。点を見比べ、採択か不採択かを起案します。決定は別の人が行います。"
    return Headline("warn", "起案してください", words, ("recommend",), due)


def _deciding(page: ReviewPage, _assignments: Sequence[ReviewAssignment]) -> Headline:
    due = page.application.call.announce_at
    draft = page.application.recommendations.filter(ended_at__isnull=True).first()
    if not page.is_insider or draft is None:
        return Headline("info", "審査中です", "結果は公表の日に知らされます。", due=due)
    case = ReviewOutcome(draft.outcome).label
    if Party.DECIDER not in page.parties:
        return Headline(
            "info",
            "決定を待っています",
            f"「{case}」で起案しました。決定権者が決定するのを待ちます。",
            due=due,
        )
    if draft.drafted_by_id == page.actor.user_id:
        words = f"「{case}」で起案したのはあなたです。起案した人は決定できません。別の決定権者が決定します。"
        return Headline("info", "別の決定権者の決定を待っています", words, due=due)
    first = ("adopt",) if draft.outcome == ReviewOutcome.ADOPT else ("reject",)
    words = f"「{case}」の起案が届いています。理由と金額、採点を確かめて決定するか、差し戻します。"
    return Headline("warn", "決定してください", words, first, due)


def _reserve(page: ReviewPage, _assignments: Sequence[ReviewAssignment]) -> Headline:
    if not page.is_insider:
        return Headline("info", "審査中です", "結果は公表の日に知らされます。")
    words = "予算に戻りが出たときは繰上げを起案し、出ないと分かったときは補欠を解きます。市町村には審査中と見えています。"
    return Headline("info", "補欠として待っています", words, ("promote", "release"))


def _result(page: ReviewPage, _assignments: Sequence[ReviewAssignment]) -> Headline:
    application, call = page.application, page.application.call
    if not page.is_insider and application.announced_at is None:
        return Headline("info", "審査中です", "結果は公表の日に知らされます。", due=call.announce_at)
    petition = application.petitions.filter(granted_at__isnull=True).first()
    if petition is not None:
        words = f"「{petition.get_kind_display()}」の申出が届いています。理由を確かめ、承認するかを決めます。"
        return Headline("warn", "申出に答えてください", words, ("change_members", "discontinue"))
    if application.announced_at is not None:
        return Headline(
            "good", f"結果を公表しました（{page.state}）", "市町村に結果が知らされています。都がすることはありません。"
        )  # fmt: skip
    if call.announce_at is not None and page.at < call.announce_at:
        words = "公表の日時になると、市町村への知らせと採択事業の公開が自動で行われます。それまでに通知文を用意します。"
        return Headline("info", "公表の日を待っています", words, ("announce",), call.announce_at)
    words = "公表すると、市町村に結果が知らされ、採択した事業が公開されます。"
    return Headline("warn", "結果を公表してください", words, ("announce",), call.announce_at)


def _ended(page: ReviewPage, _assignments: Sequence[ReviewAssignment]) -> Headline:
    return Headline("neutral", f"この申請は終わりました（{page.state}）", "都がすることはありません。")


_HEADLINES: Final[dict[S, Callable[[ReviewPage, Sequence[ReviewAssignment]], Headline]]] = {
    S.DRAFT: _draft,
    S.DISCARDED: _never_submitted,
    S.EXPIRED: _never_submitted,
    S.SUBMITTED: _submitted,
    S.RETURNED: _returned,
    S.UNDER_REVIEW: _under_review,
    S.DECIDING: _deciding,
    S.RESERVE: _reserve,
    **dict.fromkeys(RESULT_STATES, _result),
    S.WITHDRAWN: _ended,
    S.DISCONTINUED: _ended,
    S.COMPLETED: _ended,
}
