"""What a reminder says: what, of which call, by when. Nothing of the case, no person, no address."""

from datetime import datetime

from accounts.reminders.schedule import Rule, Step
from core import clock
from core.deadlines import Deadline

_TITLE_LIMIT = 120
_LINE_LIMIT = 300


def title(deadline: Deadline, step: Step, at: datetime) -> str:
    """「申請の提出の期限まで、あと3日です」, 「…は今日の17:00までです」, 「…の期限を1日過ぎています」."""
    what = deadline.what[: _TITLE_LIMIT - 40]
    days = (clock.today(deadline.at) - clock.today(at)).days
    if step.overdue:
        return f"{what}の期限を{-days}日過ぎています" if days < 0 else f"{what}の期限を過ぎました"
    if days <= 0:
        return f"{what}は、今日の{clock.local(deadline.at):%H:%M}が期限です"
    return f"{what}の期限まで、あと{days}日です"


def lines(deadline: Deadline, rule: Rule, step: Step) -> list[str]:
    """The call or indicator it is about, and what the rule says plainly."""
    said = rule.lines_after if step.overdue else rule.lines_before
    about = [deadline.about[:_LINE_LIMIT]] if deadline.about else []
    return [*about, *said]
