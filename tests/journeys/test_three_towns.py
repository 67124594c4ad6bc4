"""Three municipalities at one plan: each fills its own part, with and without JavaScript, and with the keyboard alone."""

from collections.abc import Callable
from functools import partial

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from accounts.models import Organization
from grants.actions import membership
from grants.models import Application
from tests.factories import grants as pieces
from tests.journeys import cases
from tests.journeys.conftest import Portal
from tests.journeys.people import Case

pytestmark = [
    pytest.mark.browser,
    pytest.mark.once("the browser's part; the pages have tests on both engines"),
]

EDITORS = {
    cases.HIGASHIKURUME: "editor@higashikurume.example",
    cases.KIYOSE: "editor@kiyose.example",
    cases.KODAIRA: "editor@kodaira.example",
}


def three(
    portal: Portal, open_context: Callable[..., BrowserContext], lead: str, partner: str
) -> tuple[Case, Application]:
    """A draft of the lead with both others in it, as the actions leave it."""
    world = cases.world_of(lead, partner)
    application = pieces.start(world)
    for code in EDITORS.keys() - {lead}:
        body = Organization.objects.get(code=code)
        membership.invite(application_id=application.pk, organization=body, by=world["lead_editor"])
    made = Case(portal, world.call, open_context)
    made.public_id = application.public_id
    return made, application


def part_of(application: Application, code: str) -> str:
    """The address of a town's own part."""
    member = application.members.present().get(organization__code=code)
    return f"/applications/{application.public_id}/plan/part/{member.public_id}/"


@pytest.mark.parametrize(
    ("javascript", "lead", "partner"),
    [(True, cases.HIGASHIKURUME, cases.KIYOSE), (False, cases.KIYOSE, cases.HIGASHIKURUME)],
)
def test_each_town_fills_its_own_part(
    portal: Portal, open_context: Callable[..., BrowserContext], javascript: bool, lead: str, partner: str
) -> None:
    case, application = three(portal, partial(open_context, javascript=javascript), lead, partner)
    for code, address in EDITORS.items():
        person = case[address]
        page = person.open(part_of(application, code))
        for box in page.locator("[name=confirm]").all():
            box.check()
        person.send("保存する", {"role": f"{code}の役割"}, says="に保存しました")
        for other in EDITORS.keys() - {code, lead}:
            person.open(part_of(application, other), status=200 if code == lead else 404)
    given = application.answers.filter(question__code="role").values_list(
        "member__organization__code", "value"
    )
    assert dict(given) == {code: f"{code}の役割" for code in EDITORS}
    main = case[EDITORS[lead]].open(f"{case.path}check/").locator("main")
    for code in EDITORS.keys() - {lead}:
        expect(main).to_contain_text(f"{Organization.objects.get(code=code).name}の同意がありません")
    assert {address: who.watched.faults for address, who in case.people.items() if who.watched.faults} == {}


def reached(page: Page, name: str) -> None:
    """Tab on until the field or button of this name has the focus, as somebody without a mouse does."""
    for _ in range(90):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.name || document.activeElement.textContent.trim()") == name:
            return
    raise AssertionError(f"{name} cannot be reached by the keyboard")


def test_the_keyboard_alone_is_enough(portal: Portal, open_context: Callable[..., BrowserContext]) -> None:
    """From the list of tasks into a topic, through the fields, to the button, and on to the check's own link."""
    case, application = three(portal, open_context, cases.KODAIRA, cases.KIYOSE)
    page = case[EDITORS[cases.KODAIRA]].open(f"{case.path}plan/plan/")
    reached(page, "purpose")
    page.keyboard.type("三つの市を歩いてつなぐ")
    reached(page, "保存する")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.locator("body")).to_contain_text("に保存しました")
    assert application.answers.get(question__code="purpose").value == "三つの市を歩いてつなぐ"
    page = case[EDITORS[cases.KODAIRA]].open(f"{case.path}check/")
    reached(page, "「広域で取り組む課題」が空です。")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.locator("#id_issue")).to_be_visible()
    assert page.url.endswith("?check=1#id_issue")
