"""Screens of dates: the public list, a department's calendar, the plan of reminders."""

from accounts.actions.calendars import MOST_PER_PERSON, make_calendar_token
from accounts.models import CalendarToken
from accounts.queries import actor_for, memberships_in_force
from core import clock
from tests.journeys import circumstances as made
from tests.journeys.screens_catalogue import years_later
from tests.journeys.visiting import Screen, Step

OFFICER = "officer@tokyo.example"
CALENDAR = "/account/calendar/"
MAKE = Step(button="アドレスを作る")


def address() -> None:
    """The editor has one address."""
    if not CalendarToken.objects.filter(revoked_at__isnull=True, made_by__email=made.EDITOR).exists():
        _make(made.EDITOR)


def addresses() -> None:
    """The one with factors has as many as there may be."""
    held = CalendarToken.objects.filter(revoked_at__isnull=True, made_by__email=made.WITH_FACTORS)
    for _ in range(MOST_PER_PERSON - held.count()):
        _make(made.WITH_FACTORS)


def _make(mail: str) -> None:
    who = made.person(mail)
    posts = memberships_in_force(who, clock.today())
    make_calendar_token(by=actor_for(who, posts[0], clock.today(), second_factor=True))


DATES = [
    Screen("deadlines", "visitor", "/deadlines/", "期限の一覧"),
    Screen("deadlines", "filtered", "/deadlines/?level=metropolitan&kind=closing", "条件を外す", made.EDITOR),
    Screen("deadlines", "nothing fits", "/deadlines/?level=national&kind=opening", "条件に合う期限はありません"),
    Screen("deadlines", "not understood", "/deadlines/?month=soon", "エラー：", status=422),
    Screen("deadlines", "empty", "/deadlines/", "これからの期限はありません", under=years_later),
    Screen("account:calendar", "none", CALENDAR, "アドレスはまだありません", made.TWO_POSTS),
    Screen("account:calendar", "one", CALENDAR, "まだ読まれていません", made.EDITOR, prepare=address),
    Screen("account:calendar", "made", CALENDAR, "いまだけ表示します", "approver@kiyose.example", (MAKE,), acts=True),
    Screen(
        "account:calendar", "too many", CALENDAR, "つまでです", made.WITH_FACTORS, (MAKE,), 422, prepare=addresses
    ),
    Screen(
        "account:calendar_revoke", "revoked", CALENDAR, "アドレスを取り消しました", made.EDITOR,
        (Step(button="取り消す"),), acts=True, prepare=address,
    ),
    Screen("reminder_plan", "a month of Tokyo", "/operations/reminders/?days=30", "あて先", OFFICER),
    Screen("reminder_plan", "none", "/operations/reminders/", "この期間に送る催促はありません", "admin@tama.example"),
    Screen("reminder_plan", "not for editors", "/operations/reminders/", "ページが見つかりません", made.EDITOR, status=404),
]  # fmt: skip
