"""Screens of publishers: their board, one program on its way, lists taken in, the coming year."""

from datetime import timedelta

from accounts.models import User
from accounts.queries import actor_for, memberships_in_force
from core import clock
from core.actor import Actor
from programs.actions import revising
from programs.content import blank
from programs.models import Program, ProgramRevision
from programs.queries.revisions import content_of, unfinished_revision
from tests.journeys.visiting import Screen, Step

PUBLISHER, TOWN = "publisher@tokyo.example", "editor@kodaira.example"
ONE, CHECKED, OLD, FRESH = "tama-miryoku-hasshin", "tokyo-asset-open", "iju-consultation", "130001-sample"
LIST = (
    "施策\t施策概要\t担当部署\t連絡先\tURL\n"
    "【架空】新しい交流事業\t交流の場を開きます。\t総務局 行政部 振興企画課\t03-0000-0000\thttps://example.jp/\n"
    "多摩の魅力発信プロジェクト\t【架空】一覧の概要です。\t総務局 行政部 振興企画課\t03-5388-2443\t\n"
    "\t名前のない行\t\t\t\n"
)


def _publisher() -> Actor:
    who, today = User.objects.get(email=PUBLISHER), clock.today()
    return actor_for(who, memberships_in_force(who, today)[0], today, second_factor=True)


def draft() -> None:
    """A draft of a program on view."""
    program = Program.objects.get(slug=ONE)
    if unfinished_revision(program) is None:
        content = content_of(program) | {"summary": "【架空】書き直した概要です。"}
        revising.save(program=program, content=content, by=_publisher())


def checking() -> None:
    """One that is being checked."""
    program = Program.objects.get(slug=CHECKED)
    if unfinished_revision(program) is None:
        content = content_of(program) | {"reach_text": "【架空】窓口へ。"}
        revising.save(program=program, content=content, by=_publisher())
        revising.request_check(program=program, by=_publisher())


def revised() -> None:
    """One that was published anew, by one person."""
    program, by = Program.objects.get(slug=OLD), _publisher()
    if not ProgramRevision.objects.filter(program=program).exists():
        content = content_of(program) | {"hours": "9時から17時まで【架空】"}
        at = clock.now() - timedelta(minutes=1)
        revising.save(program=program, content=content, by=by, at=at)
        revising.request_check(program=program, by=by, at=at)
        revising.publish_revision(program=program, by=by, single_person_reason="【架空】担当が1人", at=at)


def fresh() -> None:
    """One that has never been on view."""
    if not Program.objects.filter(slug=FRESH).exists():
        by = _publisher()
        owner = Program.objects.get(slug=ONE).owner
        revising.create(owner=owner, slug=FRESH, content=blank(title="【架空】はじめての制度"), by=by)


def _page(slug: str, page: str = "") -> str:
    return f"/publishing/programs/{slug}/{page}"


PUBLISHING = [
    Screen("publishing:board", "full", "/publishing/", "受け持つ制度", PUBLISHER),
    Screen("publishing:board", "being checked", "/publishing/?stage=in_review", "確認中", PUBLISHER, prepare=checking),
    Screen("publishing:board", "nothing fits", "/publishing/?search=ありえないことば", "合う制度はありません", PUBLISHER),
    Screen("publishing:board", "not a publisher", "/publishing/", "ページが見つかりません", TOWN, status=404),
    Screen("publishing:detail", "without a draft", _page("startup-sangakukou"), "下書きを始める", PUBLISHER),
    Screen("publishing:detail", "with a draft", _page(ONE), "公開中の内容との違い", PUBLISHER, prepare=draft),
    Screen("publishing:detail", "being checked", _page(CHECKED), "確認して公開する", PUBLISHER, prepare=checking),
    Screen("publishing:detail", "with a history", _page(OLD), "ポータルの初期データ", PUBLISHER, prepare=revised),
    Screen("publishing:detail", "never on view", _page(FRESH), "まだ一度も公開していない", PUBLISHER, prepare=fresh),
    Screen("publishing:edit", "filled", _page(ONE, "edit/"), "下書きを保存する", PUBLISHER, prepare=draft),
    Screen("publishing:edit", "being checked", _page(CHECKED, "edit/"), "確認の間は保存できません", PUBLISHER, prepare=checking),
    Screen(
        "publishing:edit", "errors", _page("startup-sangakukou", "edit/"), "年度を読み取れません", PUBLISHER,
        (Step({"title": "", "first_year": "春"}, "下書きを保存する"),), status=422,
    ),
    Screen("publishing:new", "empty", "/publishing/new/", "所管する団体", PUBLISHER),
    Screen("publishing:preview", "of a draft", _page(ONE, "preview/"), "公開前の見本", PUBLISHER, prepare=draft),
    Screen("publishing:act", "publish alone", _page(CHECKED, "acts/publish/"), "少人数特例の理由", PUBLISHER, prepare=checking),
    Screen(
        "publishing:act", "publish refused", _page(CHECKED, "acts/publish/"), "最後に下書きしたのはご自分", PUBLISHER,
        (Step(button="確認して公開する"),), status=422, prepare=checking,
    ),
    Screen("publishing:act", "not now", _page("startup-sangakukou", "acts/publish/"), "いまはできません", PUBLISHER),
    Screen("publishing:revision", "first", _page(OLD, "revisions/1/"), "この版に戻す下書きを作る", PUBLISHER, prepare=revised),
    Screen("publishing:revision", "newest", _page(OLD, "revisions/2/"), "前に公開した版との違い", PUBLISHER, prepare=revised),
    Screen("publishing:import", "empty", "/publishing/import/", "取り込みの決まり", PUBLISHER),
    Screen(
        "publishing:import", "difference", "/publishing/import/", "この内容で取り込む", PUBLISHER,
        (Step({"pasted": LIST}, "読み取った内容を見る"),),
    ),
    Screen(
        "publishing:import", "unreadable", "/publishing/import/", "列の名前の行が見つかりません", PUBLISHER,
        (Step({"pasted": "議事録"}, "読み取った内容を見る"),), status=422,
    ),
    Screen("publishing:together", "drafts", "/publishing/together/draft/", "印を付けた制度の確認を依頼する", PUBLISHER, prepare=draft),
    Screen(
        "publishing:together", "nothing chosen", "/publishing/together/draft/", "1件以上に印を付けて", PUBLISHER,
        (Step(button="印を付けた制度の確認を依頼する"),), status=422, prepare=draft,
    ),
    Screen("publishing:together", "own drafts", "/publishing/together/in_review/", "ほかの制度編集者が公開します", PUBLISHER, prepare=checking),
    Screen("publishing:roll-over", "empty", "/publishing/roll-over/", "すべて継続", PUBLISHER),
    Screen(
        "publishing:roll-over", "difference", "/publishing/roll-over/", "予算は未定", PUBLISHER,
        (Step({"program-startup-sangakukou": "continued"}, "違いを見る"),),
    ),
    Screen(
        "publishing:roll-over", "nothing chosen", "/publishing/roll-over/", "制度が選ばれていません", PUBLISHER,
        (Step(button="違いを見る"),), status=422,
    ),
]  # fmt: skip
