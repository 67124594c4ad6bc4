"""Screens of questions about a call."""

from grants.actions import inquiries
from grants.models import Inquiry
from tests.journeys import cases
from tests.journeys.visiting import Screen, Step

EDITOR, OFFICER = "editor@higashikurume.example", "officer@tokyo.example"


def _asked() -> Inquiry:
    """An answered question of 東久留米市's people, asked once."""
    world = cases.world_of(cases.HIGASHIKURUME, cases.KIYOSE)
    found = Inquiry.objects.filter(call=world.call, body=world.lead).first()
    if found is None:
        inquiries.set_deadline(call=world.call, due_at=world.call.closes_at, by=world["officer"])
        found = inquiries.ask(call=world.call, text="うちの委託料は対象ですか。", by=world["lead_editor"])
        inquiries.answer(
            inquiry_id=found.pk, question="委託料は対象になりますか。", text="対象になります。", public=True, by=world["officer"]
        )  # fmt: skip
    return found


def _waiting() -> str:
    """The asking page with a question that can be taken back."""
    page = _ask()
    world = cases.world_of(cases.HIGASHIKURUME, cases.KIYOSE)
    if not Inquiry.objects.filter(call=world.call, body=world.lead, status="asked").exists():
        inquiries.ask(call=world.call, text="やめるかもしれない質問です。", by=world["lead_editor"])
    return page


def _list() -> str:
    return f"/calls/{_asked().call.public_id}/questions/"


def _ask() -> str:
    return f"{_list()}ask/"


def _office() -> str:
    return f"/review/calls/{_asked().call.public_id}/questions/"


def _one() -> str:
    return f"{_office()}{_asked().public_id}/"


QUESTIONS = [
    Screen("questions:list", "public", _list, "対象になります。"),
    Screen("questions:ask", "own", _ask, "公開した回答（質問", EDITOR),
    Screen("questions:ask", "empty text", _ask, "入力してください", EDITOR, (Step(button="質問を送る"),), status=422),
    Screen(
        "questions:withdraw", "taken back", _waiting, "質問を取り下げました", EDITOR, (Step(button="取り下げる"),), acts=True
    ),
    Screen("review:questions", "asked", _office, "公開で回答", OFFICER),
    Screen(
        "review:questions", "bad date", _office, "日時を読み取れません", OFFICER,
        (Step({"due_at": "きのう"}, "期限を決める"),), status=422,
    ),
    Screen("review:question", "answered", _one, "回答を訂正する", OFFICER),
    Screen(
        "review:question", "says who asked", _one, "質問した人が分かる言葉", OFFICER,
        (Step({"question": "東久留米市の質問", "reason": "言い方"}, "回答して知らせる"),), status=422,
    ),
]  # fmt: skip
