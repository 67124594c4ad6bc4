"""Closed sets of plans, sheets and indicators. Source: docs/glossary.md."""

from django.db.models import TextChoices


class Outlook(TextChoices):
    """展望 of a measure."""

    EXPAND = "expand", "拡充"
    CONTINUE = "continue", "継続"
    NEW = "new", "新規"
    SHRINK = "shrink", "縮小"
    MERGE = "merge", "統合"
    COMPLETE = "complete", "完了"


class GoalStatus(TextChoices):
    """Whether a year's sheet states a goal; none is a legitimate answer."""

    SET = "set", "目標あり"
    NOT_SET = "not_set", "目標設定なし（検討段階）"
    BLANK = "blank", "まだ書かれていません"


class TargetKind(TextChoices):
    """How a target is judged."""

    THRESHOLD = "threshold", "数値との比較"
    COMPARE = "compare", "他の指標との比較"
    DIRECTION = "direction", "方向"


class Operator(TextChoices):
    """The comparison of a target."""

    AT_LEAST = ">=", "以上"
    ABOVE = ">", "超"
    AT_MOST = "<=", "以下"
    BELOW = "<", "未満"


class Reference(TextChoices):
    """What a direction is measured from."""

    ZERO = "zero", "0（流入と流出が等しい）"
    BASELINE = "baseline", "現状値"


class Progress(TextChoices):
    """Where an indicator stands; any scale not in the city's own form is marked ポータル独自."""

    MET = "met", "目標に届いている"
    NOT_MET = "not_met", "目標に届いていない"
    UNKNOWN = "unknown", "判断できない"


class ScaleFormula(TextChoices):
    """How a plan's declared scale turns a figure into a share. Exact fractions; for targets that are a value."""

    ATTAINMENT = "attainment", "達成度：（値−現状値）÷（目標値−現状値）"
    RATIO = "ratio", "達成率：値÷目標値（低い方がよい指標は、目標値÷値）"
    PACE = "pace", "進み具合：達成度÷（現状値の年から過ぎた年数÷目標までの年数）"


class PlanPublication(TextChoices):
    """Whether the public sees a plan."""

    DRAFT = "draft", "下書き"
    PUBLISHED = "published", "公開"


VISIBLE_PUBLICATIONS = (PlanPublication.PUBLISHED,)


# --- Rounds -------------------------------------------------------------------------------------------------


class RoundKind(TextChoices):
    """What a round (照会) is for; which cells it opens is said by the round itself."""

    START = "start", "期首"
    MID = "mid", "中間"
    END = "end", "期末"


class RoundStatus(TextChoices):
    """Where a round stands."""

    PLANNED = "planned", "準備中"
    OPEN = "open", "照会中"
    CLOSED = "closed", "受付終了"
    DELIBERATION = "deliberation", "会議・審議中"
    PUBLISHED = "published", "公表済"


class SheetStatus(TextChoices):
    """Where one sheet of a round stands; 未着手 is an open one that nobody has typed into."""

    OPEN = "open", "記入中"
    DISCLAIMED = "disclaimed", "担当の確認中"
    PROPOSED = "proposed", "承認待ち"
    SUBMITTED = "submitted", "提出済"
    RETURNED = "returned", "差戻し"
    CONFIRMED = "confirmed", "確認済"
    EXEMPT = "exempt", "報告なし"
    PUBLISHED = "published", "公表済"


class CellName(TextChoices):
    """The four cells of a year, as the form prints them."""

    CONTENT = "content", "事業内容"
    GOAL = "goal", "目標・注力する所・変更箇所"
    RESULT = "result", "実施結果"
    ISSUES = "issues", "次年度以降の課題"


class Compared(TextChoices):
    """前の年度と比べて, a question of the form."""

    BETTER = "better", "良かった"
    SAME = "same", "変わらない"
    WORSE = "worse", "悪かった"


class Toward(TextChoices):
    """方向性・目標に, a question of the form."""

    NEARER = "nearer", "近づいた"
    SAME = "same", "変わらない"
    FARTHER = "farther", "離れた"
    UNKNOWN = "unknown", "判断できない"


class Motion(TextChoices):
    """What a plan's overview says of a measure or an indicator at a glance."""

    MOVES = "moves", "進んでいる"
    STILL = "still", "止まっている"
    BACK = "back", "離れている"
    SILENT = "silent", "まだ分からない"


class SameReason(TextChoices):
    """Why a text stays as it was in the year before."""

    NO_CHANGE = "no_change", "内容に変わりがない"
    ONLY_YEAR = "only_year", "年度の表記だけ直す"
    UNDECIDED = "undecided", "検討中"


class BudgetField(TextChoices):
    """What a column of a budget and settlement sheet (予算・決算カルテ) can be taken as."""

    NUMBER = "number", "施策の番号"
    TITLE = "title", "施策名"
    DEPARTMENT = "department", "主管課（照らし合わせる）"
    YEAR = "year", "年度"
    OVERVIEW = "overview", "事業概要"
    CONTENT = "content", "事業内容"
    GOAL = "goal", "目標・注力する所・変更箇所"
    RESULT = "result", "実施結果"
    ISSUES = "issues", "次年度以降の課題"
    BUDGET = "budget", "予算額（円）"
    BUDGET_THOUSAND = "budget_thousand", "予算額（千円）"
    SETTLED = "settled", "決算額（円）"
    SETTLED_THOUSAND = "settled_thousand", "決算額（千円）"


class MeetingKind(TextChoices):
    """The steps between the answers and the publication."""

    HEARING = "hearing", "ヒアリング"
    STEERING = "steering", "庁内推進会議"
    PANEL = "panel", "推進委員会・審議会"


SECTION_STATES = (SheetStatus.OPEN, SheetStatus.RETURNED)
"""States in which the section types."""
SETTLED_STATES = (SheetStatus.CONFIRMED, SheetStatus.EXEMPT, SheetStatus.PUBLISHED)
"""States in which nothing more is asked before the publication."""
