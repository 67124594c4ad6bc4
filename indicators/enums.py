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


class PlanPublication(TextChoices):
    """Whether the public sees a plan."""

    DRAFT = "draft", "下書き"
    PUBLISHED = "published", "公開"


VISIBLE_PUBLICATIONS = (PlanPublication.PUBLISHED,)
