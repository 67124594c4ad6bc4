"""Screens of the desk and of what was sent to a department."""

from tests.journeys import circumstances as made
from tests.journeys.visiting import Screen, Step

READER = "auditor@tokyo.example"  # nothing is sent here
EDITOR = made.EDITOR

CHOICES = "/account/notices/"

DESK = [
    Screen("account:notice_choices", "full", CHOICES, "代理を登録する", EDITOR),
    Screen("account:notice_choices", "alone", CHOICES, "代理を頼める人がいません", "editor@kodaira.example"),
    Screen(
        "account:notice_choices", "bad deputy", CHOICES, "エラー：", EDITOR,
        (Step({"starts_on": "あした"}, "代理を登録する"),), status=422,
    ),
    Screen(
        "account:deputy_end", "taken back", CHOICES, "代理を取り消しました", made.TWO_POSTS, (Step(button="取り消す"),),
        prepare=made.deputy, acts=True,
    ),
    Screen("desk", "empty", "/desk/", "期限のある仕事はありません", READER),
    Screen("desk", "four spans", "/desk/", "過ぎています", EDITOR, under=made.tasks, prepare=made.notices),
    Screen("notices:list", "empty", "/notices/", "通知はまだありません", READER),
    Screen("notices:list", "unread", "/notices/", "すべて既読にする", EDITOR, prepare=made.notices),
    Screen("notices:list", "second page", "/notices/?page=2", "31–", EDITOR, prepare=made.notices),
    Screen("notices:list", "nothing unread", "/notices/?unread=1", "未読の通知はありません", READER),
    Screen(
        "notices:open",
        "unknown number",
        "/notices/open/?code=000000",
        "見つかりませんでした",
        EDITOR,
        status=404,
    ),
    Screen(
        "notices:read",
        "all read",
        "/notices/",
        "既読にしました",
        made.TWO_POSTS,
        (Step(button="すべて既読にする"),),
        prepare=made.fresh_notice,
        acts=True,
    ),
]  # fmt: skip
