"""Screens for readers of the catalogue: comparison, alerts by mail, corrections, readings of terms."""

from django.urls import reverse

from core import clock
from programs.actions.alerts import confirm, subscribe
from programs.actions.corrections import receive
from programs.models import Correction, Program, SavedSearch
from programs.queries.search import Criteria, terms
from tests.journeys.visiting import Screen, Step

PUBLISHER = "publisher@tokyo.example"
GRANT = "diverse-partners-grant"
CORRECTION = f"/programs/{GRANT}/correction/"
CORRECTIONS = f"/programs/{GRANT}/corrections/"
ALERT = "/alerts/?search=移住&municipality=132241"
COMPARE = "/compare/?p="
THREE = f"{COMPARE}{GRANT}&p=iju-teiju-shichoson-shien&p=tama-innovation-ecosystem"
FIVE = f"{THREE}&p=kyoryokutai&p=kigyojin"


def alert(address: str, *, confirmed: bool = False) -> str:
    """The page of an alert somebody asked for."""
    found = SavedSearch.objects.filter(address=address)
    if not confirmed:
        found.delete()  # asked for anew at each visit
    if not found.exists():
        subscribe(
            address=address, criteria=Criteria(text="移住", words=terms("移住")), query="search=移住",
            frequency="weekly", at=clock.now(),
        )  # fmt: skip
    token = found.get().token
    if confirmed:
        confirm(token=token, at=clock.now())
    return reverse("alerts:page", args=[token])


def corrections() -> None:
    """One waits for an answer."""
    program = Program.objects.get(slug=GRANT)
    if not Correction.objects.filter(program=program).exists():
        receive(
            program=program, part="summary", proposed="都の要綱の言い方と違います。", grounds="要綱の第2条",
            address="reader@example.jp", at=clock.now(),
        )  # fmt: skip


SAY = Step({"part": "contact", "proposed": "電話番号の末尾が違います。"}, "知らせる")
BEGIN = Step(button="お知らせを始める")
STOP = Step(button="お知らせを止める")

READERS = [
    Screen("compare:table", "three", THREE, "この制度は終わりました"),
    Screen("compare:table", "one", f"{COMPARE}{GRANT}", "もう1件えらんでください"),
    Screen("compare:table", "none", "/compare/", "比べる制度が選ばれていません"),
    Screen("compare:table", "five", FIVE, "比べられるのは4件までです", status=400),
    Screen("compare:table", "unknown", f"{COMPARE}{GRANT}&p=none", "見つからない制度があります", status=400),
    Screen("programs:list", "with picks", f"/programs/?search=移住&compare={GRANT}", "ほかのページで選んだ1件"),
    Screen(
        "programs:list", "phrase and amount", "/programs/?search=「地域おこし」&amount=to_5m&area=islands",
        "100万円を超え500万円まで",
    ),
    Screen("alerts:subscribe", "form", ALERT, "送り先"),
    Screen("alerts:subscribe", "everything", "/alerts/", "すべての制度をお知らせします"),
    Screen("alerts:subscribe", "faulty", ALERT, "name@example.jp", steps=(Step({"address": "abc"}),), status=422),
    Screen("alerts:subscribe", "bad search", "/alerts/?level=village", "条件を直してください", status=400),
    Screen(
        "alerts:subscribe", "asked", ALERT, "確認のメールを送りました",
        steps=(Step({"address": "asked@example.jp", "frequency": "daily"}),), acts=True,
    ),
    Screen("alerts:page", "to confirm", lambda: alert("new@example.jp"), "お知らせを始めますか"),
    Screen(
        "alerts:page", "begun", lambda: alert("begins@example.jp"), "次に調べる日時", steps=(BEGIN,), acts=True
    ),
    Screen("alerts:page", "running", lambda: alert("runs@example.jp", confirmed=True), "お知らせを止める"),
    Screen(
        "alerts:page", "stopped", lambda: alert("stops@example.jp", confirmed=True), "お知らせを止めました",
        steps=(STOP,), acts=True,
    ),
    Screen("alerts:page", "unknown", "/alerts/nothing/", "このお知らせはありません", status=404),
    Screen("programs:correction", "empty", CORRECTION, "正しい内容"),
    Screen(
        "programs:correction", "faulty", CORRECTION, "エラー：", steps=(Step({"part": "title", "proposed": ""}),),
        status=422,
    ),
    Screen("programs:correction", "sent", CORRECTION, "お知らせを受け取りました", steps=(SAY,), acts=True),
    Screen("programs:correction", "unknown", "/programs/none/correction/", "ページが見つかりません", status=404),
    Screen(
        "programs:corrections", "waiting", CORRECTIONS, "届いたときの表示", PUBLISHER, prepare=corrections
    ),
    Screen("programs:corrections", "none", "/programs/kyoryokutai/corrections/", "指摘はありません", PUBLISHER),
    Screen(
        "programs:corrections", "faulty", CORRECTIONS, "エラー：", PUBLISHER, (Step(button="対応を記録する"),), 422,
        prepare=corrections,
    ),
    Screen("programs:corrections", "not for visitors", CORRECTIONS, "サインイン"),
    Screen("readings:glossary", "off", "/readings/", "読みと説明を付ける"),
    Screen(
        "programs:detail", "with readings", "/programs/kyoryokutai/", "このページの用語",
        steps=(Step({"show": "1"}),), acts=True,
    ),
]  # fmt: skip
