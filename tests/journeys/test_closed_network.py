"""The portal in a town hall without a way out: every connection that is not to this machine is refused.

Web server, Celery worker and schedule run as processes of `manage.py demo` with TAMA_LOOPBACK_ONLY, which
makes Python refuse such connections (core.apps); the browser knows no host but this one.
"""

import http.client
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from accounts.actions.demo import demo_password
from tests.commands.running import Demo, environment, processes_about
from tests.journeys.circumstances import EDITOR
from tests.journeys.inspection import Watched
from tests.journeys.routes import ROOT

pytestmark = [pytest.mark.browser, pytest.mark.serial]

CLOSED = {"TAMA_LOOPBACK_ONLY": "1"}
OUTSIDE = ["192.0.2.1", "2001:db8::1", "portal.example"]  # reserved for documentation: nobody is there


@pytest.fixture(scope="module")
def closed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """The whole demo on a machine whose network ends at its own interface."""
    data = tmp_path_factory.mktemp("closed")
    demo = Demo(["--port", "0", "--data", str(data)], TAMA_VAR_DIR=str(data), **CLOSED)
    try:
        demo.wait_until_ready(240)
        yield demo
    finally:
        demo.process.terminate()
        demo.wait()


@pytest.fixture
def page(closed: Demo, open_context: Callable[..., BrowserContext]) -> Iterator[Page]:
    context = open_context()
    yield context.new_page()
    context.close()


def documented_policy() -> dict[str, set[str]]:
    """The policy as docs/architecture.md writes it down."""
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    block = re.search(r"## The exact Content-Security-Policy\s+```\n(.*?)```", text, re.DOTALL)
    assert block
    return parsed(" ".join(block[1].split()))


def parsed(policy: str) -> dict[str, set[str]]:
    """Directive → sources."""
    directives = [directive.split() for directive in policy.split(";") if directive.strip()]
    return {name: set(sources) for name, *sources in directives}


def test_a_connection_to_the_outside_is_refused_before_it_is_made() -> None:
    """The control: under the setting every connect but to this machine raises at once; without it none does so."""
    program = (
        "import django, socket; django.setup()\n"
        "here = socket.create_server(('127.0.0.1', 0))\n"
        "socket.create_connection(here.getsockname(), timeout=5).close()\n"
        f"for host in {OUTSIDE!r}:\n"
        "    try:\n"
        "        socket.create_connection((host, 80), timeout=0.5)\n"
        "    except Exception as error:\n"
        "        print(host, type(error).__name__, error)\n"
    )
    line = [sys.executable, "-c", program]
    settings = {"DJANGO_SETTINGS_MODULE": "tama_portal.settings"}
    said = {}
    for name, more in {"closed": CLOSED, "open": {}}.items():
        done = subprocess.run(
            line, cwd=ROOT, env=environment(**settings, **more), capture_output=True, text=True, check=True
        )
        said[name] = [row for row in done.stdout.splitlines() if "TAMA_LOOPBACK_ONLY" in row]
    assert [row.split()[0] for row in said["closed"]] == OUTSIDE
    assert said["open"] == []


def test_server_worker_and_schedule_run_closed(closed: Demo) -> None:
    """The processes that serve this module are the real ones, and each runs under the setting."""
    running = processes_about(f"TAMA_VAR_DIR={_data(closed)}")
    words = " ".join(running.values())
    assert "gunicorn" in words
    assert "celery" in words
    for process in running:
        settings = Path(f"/proc/{process}/environ").read_bytes().split(b"\0")
        assert b"TAMA_LOOPBACK_ONLY=1" in settings, running[process]
    assert closed.get("/readyz")[0] == 200


def _data(demo: Demo) -> str:
    settings = Path(f"/proc/{demo.process.pid}/environ").read_bytes().split(b"\0")
    return next(os.fsdecode(item[13:]) for item in settings if item.startswith(b"TAMA_VAR_DIR="))


@pytest.mark.parametrize(
    "path",
    ["/", "/programs/", "/no-such-page/", "/account/login/", "/api/v1/programs/"],
)
def test_every_answer_carries_the_documented_policy(closed: Demo, path: str) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", closed.port, timeout=30)
    connection.request("GET", path)
    answer = connection.getresponse()
    policy = answer.getheader("Content-Security-Policy") or ""
    assert parsed(policy) == documented_policy()
    assert "unsafe" not in policy
    assert "http" not in policy
    assert answer.getheader("X-Content-Type-Options") == "nosniff"
    assert answer.getheader("Referrer-Policy") == "same-origin"
    connection.close()


def test_a_walk_through_the_whole_portal(closed: Demo, page: Page) -> None:
    """Home → search → program → call → project → plan → sheet → indicator → municipality, all self-contained."""
    watched = Watched.of(page)
    at = f"http://localhost:{closed.port}"

    def arrived(words: str) -> None:
        expect(page.locator("h1")).to_contain_text(words)
        assert watched.refusals() == []
        assert watched.statuses[-1] == 200

    page.goto(at)
    page.get_by_label("ことばでさがす").fill("連携")
    page.get_by_role("button", name="さがす").first.click()
    arrived("支援制度をさがす")
    page.goto(f"{at}/programs/diverse-partners-grant/")
    arrived("連携")
    page.get_by_role("navigation", name="主なページ").get_by_role("link", name="募集").click()
    page.locator("main a[href^='/calls/']").first.click()
    arrived("")
    page.get_by_role("navigation", name="主なページ").get_by_role("link", name="採択事業").click()
    page.locator("main a[href^='/projects/']").first.click()
    arrived("")
    page.get_by_role("navigation", name="主なページ").get_by_role("link", name="計画と進行管理").click()
    page.get_by_role("link", name="多摩市産業振興マスタープラン").first.click()
    arrived("多摩市産業振興マスタープラン")
    page.locator("main a[href*='/measures/']").first.click()
    arrived("")
    page.go_back()
    page.locator("main a[href*='/indicators/']").first.click()
    arrived("市内事業所数")
    page.goto(f"{at}/municipalities/132241/")
    arrived("多摩市")
    assert watched.faults == []


def test_signing_in_with_both_steps(closed: Demo, page: Page) -> None:
    """Password, then the code from the demo's own mailbox: no mail server, no outside clock, no captcha."""
    watched = Watched.of(page)
    at = f"http://localhost:{closed.port}"
    page.goto(f"{at}/account/login/")
    page.get_by_label("業務メールアドレス").fill(EDITOR)
    page.get_by_label("パスワード", exact=False).first.fill(demo_password())
    page.get_by_role("button", name="次へ").click()
    mailbox = page.context.new_page()
    mailbox.goto(f"{at}/account/demo-mail/")
    code = re.search(r"(?<!\d)\d{6}(?!\d)", mailbox.locator("main").inner_text())
    assert code
    page.get_by_label("確認コード").first.fill(code[0])
    page.get_by_role("button", name="サインインする").click()
    expect(page.locator("h1")).to_contain_text("登録の内容")
    expect(page.locator("body")).to_contain_text("東久留米市")
    assert watched.faults == []
    assert watched.refusals() == []


def test_the_api_viewer_is_served_by_the_portal(closed: Demo, page: Page) -> None:
    """Also the viewer of the API, a library's, loads nothing from elsewhere, works and has nothing refused."""
    watched = Watched.of(page)
    page.goto(f"http://localhost:{closed.port}/api/v1/docs/")
    expect(page.get_by_text("/api/v1/programs/").first).to_be_visible(timeout=30_000)
    asked = page.locator("#operations-計画-plans_list")
    asked.locator(".opblock-summary-control").click()
    asked.get_by_role("button", name="Try it out").click()
    asked.get_by_role("button", name="Execute").click()
    expect(asked.locator(".live-responses-table .response-col_status").last).to_contain_text("200")
    assert watched.faults == []
