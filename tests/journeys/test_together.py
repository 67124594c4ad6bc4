"""Three towns apply together, from the start to the receipt: with scripts, without, and with the keyboard alone.

Each town acts for itself at browsers of its own, and leads once. What is refused and what is reviewed on the way
is tried in test_one_case.
"""

import re
from collections.abc import Callable, Iterator
from functools import partial

import pytest
from playwright.sync_api import BrowserContext, expect

from accounts.actions.demo import demo_password
from accounts.models import Department, Organization, User
from core.invariants import run_all
from grants.actions import prechecks
from programs.models import Call
from tests.factories import accounts as people
from tests.factories.grant_answers import ANSWERS
from tests.factories.grants import pdf
from tests.journeys.conftest import Portal
from tests.journeys.people import Case, Person
from tests.journeys.typist import Typist

pytestmark = [
    pytest.mark.browser,
    pytest.mark.once("the actions behind the pages are tested on both engines"),
]
TOWNS = {"higashikurume": "東久留米市", "kiyose": "清瀬市", "kodaira": "小平市"}
YEAR, COST, EACH, SUBSIDY = 2027, 12_000_000, 1_500_000, 10_000_000
PAPER = {"name": "計画.pdf", "mimeType": "application/pdf", "buffer": pdf()}
LETTER = {"name": "同意書.pdf", "mimeType": "application/pdf", "buffer": pdf("同意")}


class Circle:
    """The case of three towns, and who acts for each."""

    def __init__(self, case: Case, lead: str) -> None:
        self.case, self.lead = case, lead
        self.others = [town for town in TOWNS if town != lead]

    def editor(self, town: str) -> Person:
        return self.case[f"editor@{town}.example"]

    def approver(self, town: str) -> Person:
        return self.case[f"approver@{town}.example"]

    def member(self, town: str) -> str:
        rows = self.case.row.members.present().select_related("organization")
        return rows.get(organization__name=TOWNS[town]).public_id


@pytest.fixture
def circle(
    portal: Portal, open_context: Callable[..., BrowserContext], request: pytest.FixtureRequest
) -> Iterator[Circle]:
    lead, kind, javascript = request.param
    call = Call.objects.filter(program__slug="diverse-partners-grant").latest("closes_at")
    case = Case(portal, call, partial(open_context, javascript=javascript), kind=kind)
    _approver_of_kodaira()
    yield Circle(case, lead)
    assert {address: who.watched.faults for address, who in case.people.items() if who.watched.faults} == {}
    assert [fault for faults in run_all().values() for fault in faults] == []


def _approver_of_kodaira() -> None:
    unit = Department.objects.get(organization=Organization.objects.get(name="小平市"), name="企画政策課")
    if not unit.memberships.filter(user__email="approver@kodaira.example").exists():
        people.person("approver@kodaira.example", "approver", unit)


@pytest.mark.parametrize(
    "circle",
    [
        pytest.param(("higashikurume", Person, True), id="scripts"),
        pytest.param(("kiyose", Person, False), id="no scripts"),
        pytest.param(("kodaira", Typist, True), id="keyboard"),
    ],
    indirect=True,
)
def test_three_towns_apply_together(circle: Circle) -> None:
    start(circle)
    invite(circle)
    write(circle)
    plan_the_money(circle)
    consent(circle)
    submit(circle)


def start(circle: Circle) -> None:
    """The lead begins."""
    case, lead = circle.case, circle.editor(circle.lead)
    lead.open(f"/applications/start/?call={case.call.public_id}")
    page = lead.send("申請を始める")
    case.public_id = page.url.split("?")[0].split("#")[0].rstrip("/").rsplit("/", 1)[1]


def invite(circle: Circle) -> None:
    """Both neighbours open their link's case; a chamber of commerce has no account."""
    lead = circle.editor(circle.lead)
    lead.open(f"{circle.case.path}members/")
    for town in circle.others:
        option = lead.page.locator("[name=town-organization] option", has_text=TOWNS[town]).first
        lead.send("市町村を招く", {"town-organization": option.get_attribute("value")}, says=TOWNS[town])
    chamber = {"actor-name": "川沿い商工会", "actor-actor_kind": "chamber"}
    fields = {name: chamber[name] for name in _in_order(lead, chamber)}
    lead.send("主体を加える", fields, says="川沿い商工会")


def _in_order(who: Person, names: dict[str, str]) -> list[str]:
    """The fields as the page has them, so that Tab goes on and not round."""
    boxes = who.page.locator("main [name]").evaluate_all("nodes => nodes.map(node => node.name)")
    return sorted(names, key=boxes.index)


def write(circle: Circle) -> None:
    """The common part, the indicator and the plan by the lead; each town its own part."""
    case, lead = circle.case, circle.editor(circle.lead)
    template = case.row.template
    for section in (one["code"] for one in template.sections):
        if template.section_scope(section) != "common":
            continue
        lead.open(f"{case.path}plan/{section}/")
        names = template.questions.filter(section=section).values_list("code", flat=True)
        typed: dict[str, object] = {
            name: ANSWERS[name] for name in _in_order(lead, dict.fromkeys(names, "")) if name in ANSWERS
        }
        lead.mark("confirm")
        lead.send("保存する", typed, says="保存")
    for town, name in TOWNS.items():
        who = circle.editor(town)
        who.open(f"{case.path}plan/part/{circle.member(town)}/")
        who.mark("confirm")
        who.send("保存する", {"role": f"{name}の役割"}, says="保存")
    lead.open(f"{case.path}indicators/")
    lead.send(
        "保存する",
        {
            "1-name": "周遊した人の数", "1-definition": "案内所の記録で数える", "1-unit": "人", "1-aim": "up",
            "1-reason": "新しい取組のため", f"1-{YEAR}": "500",
        },
        says="保存しました",
    )  # fmt: skip
    lead.open(f"{case.path}documents/")
    lead.send("添付する", {"requirement": "plan_sheet", "file": PAPER}, says="計画.pdf")


def plan_the_money(circle: Circle) -> None:
    """Every town its own budget; the subsidy is the lead's income."""
    for town in [*circle.others, circle.lead]:
        who = circle.editor(town)
        leads = town == circle.lead
        cost = COST if leads else EACH
        own = COST + 2 * EACH - SUBSIDY - 2 * EACH if leads else EACH
        who.open(f"{circle.case.path}budget/{circle.member(town)}/")
        who.send("保存して計算する", {f"c-12-{YEAR}": cost, f"i-member_share-{YEAR}": own})
    page = circle.editor(circle.others[0]).open(f"{circle.case.path}budget/")
    expect(page.locator("main")).not_to_contain_text("合っていません")


def consent(circle: Circle) -> None:
    """Tokyo has looked at the draft; each neighbour's approver agrees for its own town, the chamber by letter; then the
    lead's own decision."""
    case, lead = circle.case, circle.editor(circle.lead)
    lead.open(f"{case.path}precheck/")
    lead.send("案の事前確認を依頼する", says="確認中")
    officer = people.actor(User.objects.get(email="officer@tokyo.example"))
    prechecks.answer_precheck(application_id=case.row.pk, by=officer, confirmed=True)
    for town in circle.others:
        who = circle.approver(town)
        who.open(f"{case.path}consent/")
        who.send("この内容で同意", says="同意")
    lead.open(f"{case.path}consent/{case.member('diverse_actor')}/")
    letter = {
        "evidence": "consent_letter",
        "document_number": "商発第12号",
        "document_date": "令和8年11月20日",
    }
    lead.send("同意の文書を登録する", {**letter, "file": LETTER}, says="川沿い商工会")
    head = circle.approver(circle.lead)
    head.open(f"{case.path}certify/")
    record = {"document_number": "8企第101号", "decided_on": "令和8年11月21日", "signer_title": "市長"}
    head.send("庁内決裁を記録する", record, says="8企第101号")


def submit(circle: Circle) -> None:
    """The receipt names what came, and anybody may confirm its number."""
    case, lead = circle.case, circle.editor(circle.lead)
    page = lead.open(f"{case.path}check/")
    expect(page.locator("main")).to_contain_text("直す所はありません")
    lead.follow("提出に進む")
    lead.send("提出する", {"password": demo_password()})
    page.wait_for_url(re.compile("/receipts/"))
    main = page.locator("main")
    for words in (case.row.receipt_number, "10,000,000円", "計画.pdf", "周遊した人の数"):
        expect(main).to_contain_text(words)
    towns = {member["name"] for member in case.row.snapshots.get().content["members"]}
    assert towns == {*TOWNS.values(), "川沿い商工会"}
