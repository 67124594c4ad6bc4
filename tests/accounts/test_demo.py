"""The demo's people, and the mailbox page that exists in the demo only."""

import os
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as project
from django.core import mail
from django.test import Client

from accounts.actions.demo import load_demo_people
from accounts.models import Membership, User
from accounts.models.event import check_events
from accounts.queries import demo_accounts
from core.loading import read_json
from tests.accounts.conftest import Town, first_step, sign_in_by_mail

PEOPLE = Path(project.FIXTURES_DIR) / "demo" / "people.json"


@pytest.fixture
def files(settings: Any, tmp_path: Path) -> Path:
    settings.DEMO = True
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = str(tmp_path)
    return tmp_path


def test_every_invented_person_can_sign_in_and_is_marked(
    demo: None, clock: Any, client: Client, settings: Any
) -> None:
    rows = demo_accounts()
    settings.DEMO = True
    page = client.get("/account/login/").content.decode()
    assert all(row.email in page for row in rows) and read_json(PEOPLE)["password"] in page
    assert len({row.email for row in rows}) == 50
    assert all(row.name.startswith("【架空】") and row.email.endswith(".example") for row in rows)
    assert {"東久留米市", "清瀬市", "多摩市", "小平市", "東京都"} <= {row.body for row in rows}
    assert [row.body for row in rows if row.email == "double@higashikurume.example"] == [
        "東久留米市",
        "清瀬市",
    ]
    assert not User.objects.filter(is_fictional=False).exists()
    assert Membership.objects.count() == 51
    assert list(check_events()) == []
    sign_in_by_mail(client, "editor@higashikurume.example", read_json(PEOPLE)["password"])
    assert "<b>東久留米市</b>" in client.get("/").content.decode()


def test_loading_twice_changes_nothing(demo: None) -> None:
    report = load_demo_people(PEOPLE)
    assert (report.created, report.updated) == (0, 0)
    assert mail.outbox == []


def test_production_has_no_invented_people(db: None, settings: Any) -> None:
    settings.PRODUCTION = True
    with pytest.raises(RuntimeError):
        load_demo_people(PEOPLE)


def test_the_code_can_be_read_in_the_browser(files: Path, town: Town, client: Client) -> None:
    assert "まだメールはありません" in client.get("/account/demo-mail/").content.decode()
    first_step(client, town.editor.email)
    for path in files.iterdir():
        os.utime(path.rename(path.with_name("earlier.log")), (1_700_000_000, 1_700_000_000))
    first_step(Client(), town.admin.email)
    box = client.get("/account/demo-mail/").content.decode().partition("<article")[2]
    assert box.index(town.admin.email) < box.index(town.editor.email)  # newest first
    code = next(
        line
        for line in box.split(town.editor.email)[1].replace("<p>", "\n").replace("</p>", "\n").splitlines()
        if line.isdigit()
    )
    assert client.post("/account/login/code/", {"code": code, "action": "verify"})["Location"] == "/account/"


def test_a_mail_is_text_on_that_page(files: Path, town: Town, client: Client) -> None:
    mail.send_mail("<b>題</b>", "<script>alert(1)</script>", None, ["<i>@x.example"])
    page = client.get("/account/demo-mail/").content.decode()
    assert "<script>alert" not in page and "<b>題" not in page and "<i>@x" not in page


def test_outside_the_demo_there_is_no_mailbox(client: Client, town: Town) -> None:
    assert client.get("/account/demo-mail/").status_code == 404
    assert "デモの利用者" not in client.get("/account/login/").content.decode()
