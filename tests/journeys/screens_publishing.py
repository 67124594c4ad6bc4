"""Screens of publishers: their board, one program on its way, lists taken in, the coming year."""

from datetime import timedelta

from accounts.models import User
from accounts.queries import actor_for, memberships_in_force
from core import clock
from core.actor import Actor
from programs.actions import revising
from programs.actions.parts import discard_part, save_part
from programs.content import blank
from programs.enums import PartKind
from programs.models import PartRevision, Program, ProgramRevision
from programs.parts import call as call_items
from programs.queries.parts import start_from
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


CALLED = RULED = "diverse-partners-grant"
DRAFT_CALL, DRAFT_RULE = "samplecall", "sample-rule"


def call_drafted() -> None:
    """Next year's call, made from this year's."""
    program = Program.objects.get(slug=CALLED)
    if not PartRevision.objects.filter(key=DRAFT_CALL).exists():
        held = program.calls.order_by("-fiscal_year").first()
        assert held is not None
        content = start_from(program, PartKind.CALL, held.public_id)
        assert content is not None
        save_part(
            program=program,
            part=PartKind.CALL,
            key=DRAFT_CALL,
            content=content | {"round_name": "【架空】次の募集"},
            by=_publisher(),
        )


def call_unready() -> None:
    """A call with nothing but a name."""
    program = Program.objects.get(slug=CALLED)
    if not PartRevision.objects.filter(key="unready").exists():
        content = call_items.fresh() | {"round_name": "【架空】名前だけ"}
        save_part(program=program, part=PartKind.CALL, key="unready", content=content, by=_publisher())


def rule_drafted() -> None:
    """A copy of a rule whose example does not come out any more."""
    program = Program.objects.get(slug=RULED)
    if not PartRevision.objects.filter(key=DRAFT_RULE).exists():
        content = start_from(program, PartKind.FUNDING, program.funding_rules.all()[0].slug)
        assert content is not None
        examples = [row | {"expected": "1"} for row in content["examples"]]
        save_part(
            program=program,
            part=PartKind.FUNDING,
            key=DRAFT_RULE,
            content=content | {"examples": examples},
            by=_publisher(),
        )


def call_given_up() -> None:
    """A call that was drafted and discarded: its first version can be looked at."""
    program = Program.objects.get(slug=CALLED)
    if not PartRevision.objects.filter(key="given-up").exists():
        content = call_items.fresh() | {"round_name": "【架空】やめた募集"}
        row = save_part(program=program, part=PartKind.CALL, key="given-up", content=content, by=_publisher())
        discard_part(revision=row, by=_publisher())


def _part(kind: str, key: str, page: str = "") -> str:
    return f"/publishing/programs/{CALLED}/parts/{kind}/{key}/{page}"


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
    Screen("publishing:part-new", "call", _part("call", "new"), "様式：聞くことと審査", PUBLISHER),
    Screen("publishing:part-new", "eligibility", _part("eligibility", "new"), "判定例", PUBLISHER),
    Screen(
        "publishing:part-new", "errors", _part("call", "new"), "日時を読み取れません", PUBLISHER,
        (Step({"opens_at": "あした"}, "下書きを保存する"),), status=422,
    ),
    Screen(
        "publishing:part-new", "row added", _part("call", "new"), "観点（1）", PUBLISHER,
        (Step(button="：審査の観点"),),
    ),
    Screen("publishing:part", "call drafted", _part("call", DRAFT_CALL), "【架空】次の募集", PUBLISHER, prepare=call_drafted),
    Screen("publishing:part", "call with a history", _part("call", "given-up"), "破棄", PUBLISHER, prepare=call_given_up),
    Screen("publishing:part", "rule that does not hold", _part("funding", DRAFT_RULE), "合わない例があります", PUBLISHER, prepare=rule_drafted),
    Screen("publishing:part-edit", "call", _part("call", DRAFT_CALL, "edit/"), "様式：補助の計算と要件", PUBLISHER, prepare=call_drafted),
    Screen(
        "publishing:part-edit", "rule tried", _part("funding", DRAFT_RULE, "edit/"), "計算例での確かめ", PUBLISHER,
        (Step(button="保存せずに計算例で確かめる"),), prepare=rule_drafted,
    ),
    Screen("publishing:part-preview", "call", _part("call", DRAFT_CALL, "preview/"), "申請で聞くこと", PUBLISHER, prepare=call_drafted),
    Screen("publishing:part-preview", "unready", _part("call", "unready", "preview/"), "まだ見本を作れません", PUBLISHER, prepare=call_unready),
    Screen("publishing:part-preview", "rule", _part("funding", DRAFT_RULE, "preview/"), "公開前の見本", PUBLISHER, prepare=rule_drafted),
    Screen("publishing:part-act", "discard", _part("call", DRAFT_CALL, "acts/discard/"), "下書きを破棄する", PUBLISHER, prepare=call_drafted),
    Screen(
        "publishing:part-act", "rule refused", _part("funding", DRAFT_RULE, "acts/request_check/"), "計算例の1行目が合いません", PUBLISHER,
        (Step(button="確認を依頼する"),), status=422, prepare=rule_drafted,
    ),
    Screen("publishing:part-revision", "first", _part("call", "given-up", "revisions/1/"), "この版の内容", PUBLISHER, prepare=call_given_up),
    Screen("publishing:import", "empty", "/publishing/import/", "取り込みの決まり", PUBLISHER),
    Screen(
        "publishing:import", "difference", "/publishing/import/", "この内容で取り込む", PUBLISHER,
        (Step({"pasted": LIST}, "読み取った内容を見る"),),
    ),
    Screen(
        "publishing:import", "unreadable", "/publishing/import/", "列の名前の行が見つかりません", PUBLISHER,
        (Step({"pasted": "議事録"}, "読み取った内容を見る"),), status=422,
    ),
    Screen("publishing:duplicates", "pairs", "/publishing/duplicates/", "似ている組", PUBLISHER),
    Screen("publishing:pair", "two", f"/publishing/duplicates/{ONE}/{OLD}/", "判断を記録する", PUBLISHER),
    Screen(
        "publishing:pair", "nothing chosen", f"/publishing/duplicates/{ONE}/{OLD}/", "違う所", PUBLISHER,
        (Step(button="判断を記録する"),), status=422,
    ),
    Screen("publishing:together", "drafts", "/publishing/together/draft/", "印を付けた制度の確認を依頼する", PUBLISHER, prepare=draft),
    Screen(
        "publishing:together", "nothing chosen", "/publishing/together/draft/", "1件以上に印を付けて", PUBLISHER,
        (Step(button="印を付けた制度の確認を依頼する"),), status=422, prepare=draft,
    ),
    Screen("publishing:together", "own drafts", "/publishing/together/in_review/", "ほかの制度編集者が公開します", PUBLISHER, prepare=checking),
    Screen("publishing:roll-over", "empty", "/publishing/roll-over/", "すべて継続", PUBLISHER),
    Screen(
        "publishing:roll-over", "difference", "/publishing/roll-over/", "予算は未記入", PUBLISHER,
        (Step({"program-startup-sangakukou": "continued"}, "違いを見る"),),
    ),
    Screen(
        "publishing:roll-over", "nothing chosen", "/publishing/roll-over/", "制度が選ばれていません", PUBLISHER,
        (Step(button="違いを見る"),), status=422,
    ),
]  # fmt: skip
