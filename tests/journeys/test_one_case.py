"""One case in the browser, by the people of the demo: from the open call to the public result.

Every step is done as its person does it, in that person's own browser; the clock is moved where a deadline has to
pass; the worker's function delivers the mails. What must be refused on the way is tried on the way.
"""

import io
import re
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.core import mail
from playwright.sync_api import BrowserContext, expect
from pypdf import PdfReader

from accounts.actions import delivery
from accounts.actions.demo import demo_password
from accounts.models import Notice
from core import clock
from core.invariants import run_all
from core.loading import read_json
from programs.models import Call, Program
from tests.factories import grants as pieces
from tests.factories import other_calls
from tests.factories.grant_answers import ANSWERS, COST
from tests.factories.grants import pdf
from tests.journeys import cases_review
from tests.journeys.conftest import Portal
from tests.journeys.people import Case, Person

pytestmark = [pytest.mark.browser, pytest.mark.both_engines]

LEAD = "editor@kiyose.example"
EDITOR, COLLEAGUE = "editor@higashikurume.example", "editor2@higashikurume.example"
APPROVER, PARTNER = "approver@higashikurume.example", "approver@kiyose.example"
STRANGER = "editor@kodaira.example"
OFFICER, DECIDER = "officer@tokyo.example", "decider@tokyo.example"
REVIEWERS = ("reviewer1@tokyo.example", "reviewer2@tokyo.example")
PARTNER_COST = 1_500_000
SUBSIDIES = {2027: 10_000_000, 2028: 7_000_000, 2029: 3_000_000}
PDF = {"name": "計画.pdf", "mimeType": "application/pdf", "buffer": pdf()}
NO_PDF = {"name": "計画.pdf", "mimeType": "application/pdf", "buffer": b"MZ\x90\x00 this is a program"}
LETTER = {"name": "同意書.pdf", "mimeType": "application/pdf", "buffer": pdf("同意")}


@pytest.fixture
def case(portal: Portal, open_context: Callable[..., BrowserContext]) -> Iterator[Case]:
    call = Call.objects.filter(program__slug="diverse-partners-grant").latest("closes_at")
    made = Case(portal, call, open_context)
    yield made
    assert {address: who.watched.faults for address, who in made.people.items() if who.watched.faults} == {}
    assert [fault for faults in run_all().values() for fault in faults] == []


def test_from_the_open_call_to_the_public_result(case: Case) -> None:
    start(case)
    invite(case)
    answer(case)
    measure(case)
    plan_the_money(case)
    attach(case)
    precheck(case)
    consent(case)
    certify(case)
    submit(case)
    with case.at(case.call.closes_at + timedelta(hours=20)):
        late(case)
        score(case)
        decide(case)
    with case.at((case.call.announce_at or case.call.closes_at) + timedelta(hours=1)):
        announce(case)
        everybody_was_told(case)


@pytest.mark.parametrize("name", [other_calls.LINES, other_calls.ADVISER, other_calls.STUDENTS])
def test_the_same_review_for_the_calls_by_data_alone(case: Case, name: str) -> None:
    """Officer, two reviewers, an external member by proxy and the decider; towns learn it at the announcement."""
    made = cases_review.world()
    program = Program.objects.get(slug=read_json(other_calls.FORMS / f"{name}.json")["program"])
    with clock.at(pieces.NOW):
        case.call = other_calls.opened(made, program, name)
        lines = {"1": (4_000_000, 3_000_000)} if name == other_calls.LINES else None
        case.public_id = other_calls.submitted(made, case.call, lines).public_id
    with case.at(pieces.AFTER_CLOSING):
        score(case, lead=LEAD)
        adopt(case, {"amount": "3,000,000"} if lines else {})
        expect(case[LEAD].open(case.path).locator("main")).not_to_contain_text("採択")
    with case.at(pieces.ANNOUNCES):
        case[OFFICER].open(f"{case.review}acts/announce/")
        case[OFFICER].send("結果を公表する")
        page = case[LEAD].open(case.path)
        expect(page.locator("main")).to_contain_text("採択")
        if lines is None:
            page.get_by_role("link", name="採択された派遣・視察").click()
            expect(page.locator("main")).to_contain_text("支援中")


def start(case: Case) -> None:
    """From the public page of the call; the colleague's start opens the same draft."""
    page = case[EDITOR].open(f"/calls/{case.call.public_id}/")
    page.get_by_role("link", name=re.compile("申請")).first.click()
    expect(page).to_have_url(re.compile(r"/applications/start/"))
    case[EDITOR].send("申請を始める")
    case.public_id = page.url.rstrip("/").rsplit("/", 1)[1]
    assert case.row.status == "draft"
    page = case[COLLEAGUE].open(f"/applications/start/?call={case.call.public_id}")
    page.get_by_role("link", name="作成中の申請を開く").click()
    assert page.url.endswith(case.path)
    case[STRANGER].open(case.path, status=404)
    case[OFFICER].open(case.review, status=404)
    case.on_desk(EDITOR, "作成中です")


def invite(case: Case) -> None:
    """A neighbour, and a chamber of commerce without an account."""
    editor = case[EDITOR]
    editor.open(f"{case.path}members/")
    body = editor.page.locator("[name=town-organization] option", has_text="清瀬市").first.get_attribute(
        "value"
    )
    editor.send("市町村を招く", {"town-organization": body}, says="清瀬市")
    chamber = {
        "actor-actor_kind": "chamber",
        "actor-name": "東久留米市商工会",
        "actor-email": "info@chamber.example",
    }
    editor.send("主体を加える", chamber, says="東久留米市商工会")


def answer(case: Case) -> None:
    """The common part by the editor, a part of its own by each town; what the portal put in stays as it is."""
    editor, codes = case[EDITOR], [section["code"] for section in case.row.template.sections]
    for code in codes:
        if case.row.template.section_scope(code) != "common":
            continue
        editor.open(f"{case.path}plan/{code}/")
        names = [one.code for one in case.row.template.questions.filter(section=code)]
        typed: dict[str, object] = {name: ANSWERS[name] for name in names if name in ANSWERS}
        editor.mark("confirm")
        editor.send("保存する", typed, says="保存")
    for address, role in ((EDITOR, "lead"), (PARTNER, "partner")):
        case[address].open(f"{case.path}plan/part/{case.member(role)}/")
        if case[address].page.get_by_role("button", name="保存する").count():
            case[address].mark("confirm")
            case[address].send("保存する", {"role": f"{role}の役割"}, says="保存")
    assert case.row.title == ANSWERS["title"]
    assert not case.row.answers.unchecked().exists()


def measure(case: Case) -> None:
    """Indicators: a figure that cannot be read is named at its cell and stays as typed."""
    editor = case[EDITOR]
    editor.open(f"{case.path}indicators/")
    whole: dict[str, object] = {
        "1-name": "周遊した人の数", "1-definition": "案内所の記録で数える", "1-unit": "人", "1-aim": "up",
        "1-reason": "新しい取組のため", **{f"1-{year}": 500 + year - 2027 for year in COST},
    }  # fmt: skip
    editor.send("保存する", {**whole, "1-2027": "五百ほど"}, says="読み取れません")
    assert editor.page.locator("[name='1-2027']").input_value() == "五百ほど"
    editor.send("保存する", {"1-2027": "５００"}, says="保存しました")


def plan_the_money(case: Case) -> None:
    """Per town and year; what does not balance says so, and stays as typed; the subsidy comes with its reasons."""
    editor, partner = case[EDITOR], case.member("partner")
    editor.open(f"{case.path}budget/{case.member('lead')}/")
    cost, share = "c-12-", "i-member_share-"
    whole = {f"{cost}{year}": amount for year, amount in COST.items()}
    editor.send("保存して計算する", {**whole, f"{share}2027": "5,000,000"}, says="支出と財源が合っていません")
    assert editor.page.locator(f"[name='{share}2027']").input_value() in {"5,000,000", "5000000"}
    for year, amount in COST.items():
        own = {f"{cost}{year}": PARTNER_COST, f"{share}{year}": PARTNER_COST}
        editor.open(f"{case.path}budget/{partner}/")
        editor.send("保存して計算する", own)
        editor.open(f"{case.path}budget/{case.member('lead')}/")
        editor.send("保存して計算する", {f"{share}{year}": amount - SUBSIDIES[year]})
    page = editor.open(f"{case.path}budget/")
    main = page.locator("main")
    for words in ("10,000,000円", "7,000,000円", "3,000,000円", "2/3", "20,000,000"):
        expect(main).to_contain_text(words)
    expect(main).not_to_contain_text("合っていません")
    expect(page.locator("main tfoot")).to_contain_text("20,000,000")


def attach(case: Case) -> None:
    """A file whose bytes are not what its name says is refused; a real one has its fingerprint."""
    editor = case[EDITOR]
    editor.open(f"{case.path}documents/")
    editor.send("添付する", {"requirement": "plan_sheet", "file": NO_PDF}, says="中身")
    assert case.row.documents.count() == 0
    editor.send("添付する", {"requirement": "plan_sheet", "file": PDF}, says="計画.pdf")
    assert editor.download("計画.pdf") == pdf()


def precheck(case: Case) -> None:
    """The officer sees the case from now on, and answers with a remark on one answer."""
    editor, officer = case[EDITOR], case[OFFICER]
    editor.open(f"{case.path}precheck/")
    editor.send("案の事前確認を依頼する", {"message": "効果の書き方を見てください。"}, says="確認中")
    case.on_desk(OFFICER, "事前確認に回答")
    officer.open(case.review)
    officer.open(f"{case.review}precheck/")
    remark = officer.page.locator("ul.remarks textarea").first
    remark.fill("回遊路の終わりの駅を書いてください。")
    officer.send("回答する", {"verdict": "confirmed", "answer": "方向はこのままで結構です。"})
    page = editor.open(f"{case.path}precheck/")
    expect(page.locator("main")).to_contain_text("方向はこのままで結構です。")
    expect(page.locator("main")).to_contain_text("回遊路の終わりの駅を書いてください。")


def consent(case: Case) -> None:
    """The neighbour's approver agrees; an edit voids it and it has to be given anew; the chamber's is a letter."""
    partner, editor = case[PARTNER], case[EDITOR]
    case.on_desk(PARTNER, "同意か辞退")
    partner.open(f"{case.path}consent/")
    partner.send("この内容で同意", says="同意")
    editor.open(f"{case.path}plan/plan/")
    editor.send("保存する", {"purpose": f"{ANSWERS['purpose']}終点は清瀬駅です。"}, says="保存")
    page = partner.open(f"{case.path}consent/")
    expect(page.locator("main")).to_contain_text("失効")
    expect(page.locator("main")).to_contain_text("終点は清瀬駅です。")
    partner.send("この内容で同意", says="同意")
    editor.open(f"{case.path}consent/{case.member('diverse_actor')}/")
    letter = {
        "evidence": "consent_letter",
        "document_number": "商発第12号",
        "document_date": "令和8年11月20日",
    }
    editor.send("同意の文書を登録する", {**letter, "file": LETTER}, says="東久留米市商工会")


def certify(case: Case) -> None:
    """Only the approver records the town's decision."""
    page = case[EDITOR].open(f"{case.path}certify/")
    assert page.get_by_role("button", name="庁内決裁を記録する").count() == 0
    case.on_desk(APPROVER, "庁内決裁を記録")
    approver = case[APPROVER]
    approver.open(f"{case.path}certify/")
    record = {"document_number": "8東企第101号", "decided_on": "令和8年11月21日", "signer_title": "市長"}
    approver.send("庁内決裁を記録する", record, says="8東企第101号")


def submit(case: Case) -> None:
    """The check, the person once more, the receipt; a second click changes nothing."""
    editor = case[EDITOR]
    page = editor.open(f"{case.path}check/")
    expect(page.locator("main")).to_contain_text("直す所はありません")
    page.get_by_role("link", name="提出に進む").click()
    again = page.url
    editor.send("提出する", {"password": demo_password()})
    page.wait_for_url(re.compile("/receipts/"))
    number = case.row.receipt_number
    main = page.locator("main")
    expect(main).to_contain_text(number)
    expect(main).to_contain_text("10,000,000円")
    expect(main).to_contain_text(case.row.documents.order_by("pk").first().sha256)
    page.goto(again)
    assert page.get_by_role("button", name="提出する").count() == 0
    assert case.row.snapshots.count() == 1
    visitor = case[""].open(f"/receipts/{number}/")
    expect(visitor.locator("main")).to_contain_text(number)
    expect(visitor.locator("main")).not_to_contain_text(ANSWERS["title"])


def late(case: Case) -> None:
    """After the closing nobody starts or submits any more."""
    page = case[STRANGER].open(f"/applications/start/?call={case.call.public_id}")
    expect(page.locator("main")).to_contain_text("受付期間ではありません")
    assert page.get_by_role("button", name="申請を始める").count() == 0


def score(case: Case, lead: str = EDITOR) -> None:
    """The review begins; two score, each seeing the other's points only after the own; the external member's by proxy."""
    officer = case[OFFICER]
    case.on_desk(OFFICER, "審査を始めてください")
    officer.open(f"{case.review}acts/start_review/")
    officer.send("審査を始める")
    officer.open(f"{case.review}reviewers/")
    form = officer.page.locator("main form")
    for name in ("四谷 さくら", "市谷 のぞみ", "外山 かおる"):
        form.get_by_label(re.compile(name)).check()
    officer.send("割り当てる", says="四谷 さくら")
    for points, address in zip((4, 5), REVIEWERS, strict=True):
        case.on_desk(address, "利害関係を申告")
        reviewer = case[address]
        reviewer.open(f"{case.review}interest/")
        reviewer.send("申告する", {"has_interest": "no"})
        reviewer.open(f"{case.review}score/")
        give_points(reviewer, points)
    officer.open(case.review)
    officer.page.locator("main a[href*='/score/']").first.click()
    give_points(officer, 3)
    page = officer.open(case.review)
    expect(page.locator("main")).to_contain_text("が代理入力")
    assert case[lead].open(case.path).locator("main").inner_text().count("審査中") > 0


def give_points(person: Person, points: int) -> None:
    """The same for every criterion of the sheet that is open."""
    boxes = person.page.locator("[name^=points-]")
    boxes.first.wait_for(state="attached")
    names = sorted({box.get_attribute("name") or "" for box in boxes.all()})
    person.send("採点を記録する", {**dict.fromkeys(names, points), "comment": f"{points}点の理由"})


def adopt(case: Case, money: dict[str, object]) -> None:
    """The officer drafts, and does not decide; the decider does."""
    officer, decider = case[OFFICER], case[DECIDER]
    officer.open(f"{case.review}recommend/")
    officer.send("起案する", {"outcome": "adopt", "reason": "二市の役割がはっきりしています。", **money})
    officer.open(f"{case.review}decide/adopt/", status=404)
    case.on_desk(DECIDER, "決定してください")
    decider.open(f"{case.review}decide/adopt/")
    record = {
        "decided_on": "令和8年12月20日",
        "document_number": "8総行振第55号",
        "effective_on": "令和9年4月1日",
    }
    today = clock.today()
    record["decided_on"] = today.isoformat()
    decider.send("採択を決定する", record, says="8総行振第55号")


def decide(case: Case) -> None:
    """Adopted, and the letters are made; the town learns nothing yet."""
    adopt(case, {"amount": "10,000,000"})
    officer = case[OFFICER]
    officer.open(case.review)
    officer.send("通知文を作る", says=".docx")
    papers = officer.page.locator("main a", has_text=re.compile(r"通知.*\.pdf$"))
    letter = papers.first.inner_text()
    read = PdfReader(io.BytesIO(officer.download(letter)))
    text = "".join(page.extract_text() for page in read.pages)
    assert "東久留米市" in text
    assert "10,000,000円" in re.sub(r"\s", "", text)
    assert read.trailer["/Root"]["/MarkInfo"]["/Marked"]
    main = case[EDITOR].open(case.path).locator("main")
    expect(main).not_to_contain_text("採択")
    expect(main).to_contain_text("審査中")


def announce(case: Case) -> None:
    """Now everybody sees it, and the project stands on the public page."""
    officer = case[OFFICER]
    case.on_desk(OFFICER, "結果を公表")
    officer.open(f"{case.review}acts/announce/")
    officer.send("結果を公表する")
    for address in (EDITOR, PARTNER):
        page = case[address].open(case.path)
        expect(page.locator("main")).to_contain_text("採択")
        expect(page.locator("main")).to_contain_text("次年度以降の補助を約束するものではありません")
    visitor = case[""].open("/projects/")
    visitor.get_by_role("link", name=ANSWERS["title"]).first.click()
    expect(visitor.locator("main")).to_contain_text("東久留米市商工会")
    expect(visitor.locator("main")).to_contain_text("清瀬市")


def everybody_was_told(case: Case) -> None:
    """A mail each, in plain text with its number and one link; nothing of the content stands in it."""
    assert Notice.objects.filter(path__contains=case.public_id).count() > 5
    delivery.deliver_due()
    about = [one for one in mail.outbox if case.public_id in one.body]
    told = {address for one in about for address in one.to}
    assert {EDITOR, APPROVER, PARTNER, OFFICER, DECIDER, *REVIEWERS} <= told
    assert STRANGER not in told
    for one in about:
        assert "通知番号" in one.body
        assert one.body.count("http") == 1
        for secret in (ANSWERS["title"], "採択", "8総行振第55号", "【架空】東山"):
            assert secret not in f"{one.subject}{one.body}", (one.subject, secret)
    kinds = [event.action for event in case.row.events.order_by("sequence")]
    assert kinds[0] == "start"
    for action in ("request_precheck", "answer_precheck", "consent", "certify", "submit", "start_review", "assign",
                   "declare_interest", "score", "recommend", "adopt", "announce"):  # fmt: skip
        assert action in kinds
