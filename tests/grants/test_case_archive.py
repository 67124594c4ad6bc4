"""One case as one archive: everything in it, fingerprints true, marked parts gone from the copy for disclosure."""

import hashlib
import io
import json
import zipfile
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from accounts.models import Department, User
from core import clock
from core.exceptions import DomainError, Refused
from grants.actions import decision, opinions, redacting, review
from grants.models import Application, ApplicationEvent
from grants.queries.redactions import markable
from tests.factories import grants as cases
from tests.factories.grants import Gallery

ClientAs = Callable[[User], Client]
GROUND = "条例第7条第2号"


@pytest.fixture
def whole(shown: Gallery) -> Application:
    """A decided case with points, a note, an opinion and a meeting."""
    world, one = shown.world, shown.case("under_review")
    with clock.at(cases.AFTER_CLOSING):
        review.score(
            application_id=one.pk, by=world["reviewer"], comment="総評の言葉",
            points=dict.fromkeys(world.template.weights(), 4), remarks={next(iter(world.template.weights())): "所見の言葉"},
        )  # fmt: skip
        opinions.add_note(application_id=one.pk, by=world["officer"], text="メモの言葉")
        opinions.ask_opinion(
            application_id=one.pk, by=world["officer"], question="照会の言葉", sections=["plan"],
            department=Department.objects.get(name="産業労働局 観光部 振興課"), due_at=clock.now() + timedelta(days=3),
        )  # fmt: skip
        review.record_meeting(
            call=one.call, by=world["officer"], applications=[one], held_on=clock.today(), attendees=["委員その人の名"], quorum=1,
            summary="要旨の言葉",
        )  # fmt: skip
        decision.recommend(
            application_id=one.pk, by=world["officer"], outcome="adopt", reason="起案の言葉", amount=9_000_000,
            adjustment_reason="調整の言葉",
        )  # fmt: skip
        decision.adopt(
            application_id=one.pk, by=world["decider"], **{**cases.PAPERS(), "reason": "決定の言葉"}
        )
    return Application.objects.with_parts().get(pk=one.pk)


def unpacked(client: Client, one: Application, kind: str) -> dict[str, bytes]:
    response: Any = client.get(f"/review/{one.public_id}/archive/{kind}.zip")
    archive = zipfile.ZipFile(io.BytesIO(b"".join(response.streaming_content)))
    assert archive.testzip() is None
    return {name: archive.read(name) for name in archive.namelist()}


def test_everything_is_in_it_and_the_fingerprints_are_true(
    shown: Gallery, whole: Application, client_as: ClientAs
) -> None:
    files = unpacked(client_as(shown.world.users["officer"]), whole, "full")
    listed = json.loads(files.pop("MANIFEST.json"))
    assert {one["name"]: one["sha256"] for one in listed["files"]} == {
        name: hashlib.sha256(body).hexdigest() for name, body in files.items()
    }
    text = b"".join(files.values()).decode("utf-8", "ignore")
    for words in ("総評", "所見", "メモ", "照会", "要旨", "起案", "調整", "決定"):
        assert f"{words}の言葉" in text
    for paper in whole.documents.exclude(state="temporary"):
        with paper.file.storage.open(paper.file.name, "rb") as file:
            assert file.read() in files.values()
    events = [json.loads(line) for line in files["記録/動きの記録.jsonl"].splitlines()]
    assert [event["hash"] for event in events] == list(
        ApplicationEvent.objects.filter(application=whole).order_by("sequence").values_list("hash", flat=True)
    )
    checks = json.loads(files["記録/点検.json"])
    assert checks["chain_faults"] == []
    assert all(check["holds"] for check in checks["checks"])
    newest = whole.snapshots.latest("branch")
    assert json.loads(files[f"版/{newest.receipt_number}.json"])["content"] == newest.content


def test_what_is_marked_is_gone_from_the_disclosure_copy(
    shown: Gallery, whole: Application, client_as: ClientAs
) -> None:
    """Everything that can be marked is marked: none of the words is left anywhere, and the full copy has them still."""
    world = shown.world
    client, url = client_as(world.users["officer"]), f"/review/{whole.public_id}/archive/"
    targets = [target for target, _ in markable(whole)]
    empty = client.post(url, {"targets": targets[:1], "ground": " "})
    assert empty.status_code == 422
    assert "checked" in empty.content.decode()
    assert client.post(url, {"targets": targets, "ground": GROUND}).status_code == 302
    told = unpacked(client, whole, "disclosure")
    told.pop("様式/様式.json")  # the blank form, with its examples and choices
    text = "\n".join([*told, *(body.decode("utf-8", "ignore") for body in told.values())])
    hidden = [
        "総評の言葉",
        "所見の言葉",
        "メモの言葉",
        "照会の言葉",
        "要旨の言葉",
        "起案の言葉",
        "調整の言葉",
        "決定の言葉",
    ]
    hidden += ["委員その人の名", "試験 reviewer", *cases.ANSWERS.values()]
    hidden += [paper.name for paper in whole.documents.exclude(state="temporary")]
    assert [words for words in hidden if len(str(words)) > 4 and str(words) in text] == []
    assert f"[不開示：{GROUND}]" in text
    kept = b"".join(unpacked(client, whole, "full").values()).decode("utf-8", "ignore")
    assert "総評の言葉" in kept
    assert GROUND not in kept.replace(f'"ground": "{GROUND}"', "")
    client.post(f"{url}unmark/", {"target": "remarks"})
    again = b"".join(unpacked(client, whole, "disclosure").values()).decode("utf-8", "ignore")
    assert "総評の言葉" in again
    assert "決定の言葉" not in again


def test_nobody_else_gets_it(shown: Gallery, whole: Application, client_as: ClientAs) -> None:
    world, url = shown.world, f"/review/{whole.public_id}/archive/"
    for name in ("lead_editor", "partner_approver", "reviewer", "other_bureau"):
        client = client_as(world.users[name])
        for path in (url, f"{url}full.zip", f"{url}disclosure.zip"):
            assert client.get(path).status_code == 404
        assert client.post(url, {"targets": "remarks", "ground": GROUND}).status_code == 404
    assert client_as(world.users["officer"]).get(f"{url}other.zip").status_code == 404
    with pytest.raises(Refused):
        redacting.mark(application_id=whole.pk, targets=["remarks"], ground=GROUND, by=world["reviewer"])
    with pytest.raises(DomainError, match="選ばれていません"):
        redacting.mark(application_id=whole.pk, targets=["x"], ground=GROUND, by=world["officer"])
