"""A security key in a real browser: enrol it, sign in with it, confirm with it, lose it."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from playwright.sync_api import BrowserContext, Page, expect

from accounts.models import AccountEvent
from core.loading import read_json
from tests.accounts.test_demo import PEOPLE
from tests.journeys.conftest import Portal, browser_type_launch_args, open_context, portal  # noqa: F401 - fixtures

pytestmark = pytest.mark.browser
PERSON = "editor@kiyose.example"


@pytest.fixture
def page(portal: Portal, open_context: Callable[..., BrowserContext]) -> Page:  # noqa: F811 - the fixtures
    """A page at localhost (keys know no IP addresses) with a key that is always touched at once."""
    address = portal.url.replace("127.0.0.1", "localhost")
    context = open_context(base_url=address)
    found = context.new_page()
    session = context.new_cdp_session(found)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2", "transport": "usb", "hasResidentKey": False, "hasUserVerification": True,
        "isUserVerified": True, "automaticPresenceSimulation": True,
    }  # fmt: skip
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return found


def first_step(page: Page) -> None:
    page.goto("/account/login/")
    page.get_by_label("業務メールアドレス").fill(PERSON)
    page.get_by_label("パスワード").fill(read_json(PEOPLE)["password"])
    page.get_by_role("button", name="次へ").click()


def test_enrol_sign_in_confirm_and_remove(page: Page) -> None:
    problems: list[str] = []
    page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    first_step(page)
    expect(page.get_by_role("heading", name="確認コードの入力")).to_be_visible()
    code = next(line for line in mail.outbox[-1].body.splitlines() if line.isdigit())
    page.get_by_label("確認コード").fill(code)
    page.get_by_role("button", name="サインインする").click()
    page.goto("/account/factors/keys/add/")
    page.get_by_label("パスワード").fill(read_json(PEOPLE)["password"])
    page.get_by_role("button", name="続ける").click()
    page.get_by_label("キーの名前").fill("庁舎の席のキー")
    page.get_by_role("button", name="登録する").click()
    expect(page.get_by_role("heading", name="ワンタイムコード表")).to_be_visible()
    page.goto("/account/factors/keys/")
    expect(page.get_by_role("row", name="庁舎の席のキー")).to_be_visible()

    page.get_by_role("button", name="サインアウト").click()
    sent = len(mail.outbox)
    first_step(page)
    expect(page.get_by_role("heading", name="本人の確認")).to_be_visible()
    page.get_by_role("button", name="キーで確認する").click()
    expect(page.get_by_role("heading", name="登録の内容")).to_be_visible()
    assert len(mail.outbox) == sent  # no code was mailed

    page.goto("/account/factors/keys/confirm/?next=/account/factors/keys/")
    page.get_by_role("button", name="キーで確認する").click()
    page.get_by_role("link", name="外す").click()
    page.get_by_role("button", name="外す").click()
    expect(page.get_by_text("セキュリティキーを外しました。")).to_be_visible()
    assert problems == []
    methods = AccountEvent.objects.filter(subject__email=PERSON, action="sign_in").order_by("at", "pk")
    assert [event.payload["methods"][-1] for event in methods] == ["code", "webauthn"]


def test_a_key_that_does_not_answer_is_said(page: Page, portal: Portal, client: Any) -> None:  # noqa: F811
    """Without any key the page says what to do, and the button works again."""
    first_step(page)
    code = next(line for line in mail.outbox[-1].body.splitlines() if line.isdigit())
    page.get_by_label("確認コード").fill(code)
    page.get_by_role("button", name="サインインする").click()
    page.goto("/account/factors/keys/add/")
    page.get_by_label("パスワード").fill(read_json(PEOPLE)["password"])
    page.get_by_role("button", name="続ける").click()
    page.evaluate("() => { navigator.credentials.create = () => Promise.reject(new Error('no key')) }")
    page.get_by_role("button", name="登録する").click()
    expect(page.get_by_role("alert")).to_contain_text("キーを読み取れませんでした")
    expect(page.get_by_role("button", name="登録する")).to_be_enabled()
