"""Several decisions at once: preflight, a result for each, three of three hundred changed meanwhile; letters in bulk."""

import hashlib
import io
import re
import zipfile
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
from django.test import Client
from openpyxl import load_workbook
from pypdf import PdfReader

from accounts.models import User
from core import clock
from core.exceptions import DomainError, Refused
from core.zip_stream import Entry, Written, once, stream_zip
from grants.actions import decision
from grants.actions.issuing import record_issued
from grants.actions.many import Item, decide_many, preflight
from grants.models import Application, ApplicationEvent, Decision, IssuedLetter
from tests.factories import grants as cases
from tests.factories.grants import Gallery
from tests.factories.many_cases import copies

ClientAs = Callable[[User], Client]
COUNT = 300


@pytest.fixture
def late(shown: Gallery, settings: Any) -> Iterator[Gallery]:
    """After closing; without the watch for repeated queries, since every item has its own transaction."""
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if "zeal" not in name]
    with clock.at(cases.AFTER_CLOSING):
        yield shown


def papers() -> dict[str, object]:
    return {**cases.PAPERS(), "reason": ""}


def items(pks: list[int]) -> list[Item]:
    versions = dict(Application.objects.filter(pk__in=pks).values_list("pk", "version"))
    return [Item(pk, versions[pk]) for pk in pks]


def test_three_hundred_with_three_changed_meanwhile(late: Gallery) -> None:
    """The page showed 300; one was sent back, one decided by a colleague, one drafted anew: 297 decided, three refused."""
    world, source = late.world, late.case("deciding")
    shown = items(copies(source, COUNT))
    told = preflight(verb="adopt", items=shown[:5], by=world["decider"], facts=papers())
    assert all(result.done for result in told)
    assert not Decision.objects.filter(application__in=[item.application_id for item in shown]).exists()
    sent_back, decided, redrafted = (shown[place].application_id for place in (3, 150, 299))
    decision.send_back(application_id=sent_back, by=world["second_decider"], reason="直す")
    decision.adopt(application_id=decided, by=world["second_decider"], **cases.PAPERS())
    decision.send_back(application_id=redrafted, by=world["second_decider"], reason="直す")
    decision.recommend(
        application_id=redrafted,
        by=world["officer"],
        outcome="adopt",
        reason="x",
        amount=1,
        adjustment_reason="x",
    )
    again = preflight(verb="adopt", items=shown, by=world["decider"], facts=papers())
    results = decide_many(verb="adopt", items=shown, by=world["decider"], facts=papers())
    assert [result.done for result in again] == [result.done for result in results]
    refused = [result for result in results if not result.done]
    assert [result.item.application_id for result in refused] == [sent_back, decided, redrafted]
    assert all(result.stale and result.reason for result in refused)
    pks = [item.application_id for item in shown]
    assert Application.objects.filter(pk__in=pks, status="adopted").count() == COUNT - 2
    assert (
        Decision.objects.filter(application__in=pks, decided_by=world.users["decider"]).count() == COUNT - 3
    )
    assert ApplicationEvent.objects.filter(application__in=pks, action="adopt").count() == COUNT - 2
    once_more = decide_many(verb="adopt", items=shown[:3], by=world["decider"], facts=papers())
    assert [(result.done, result.already) for result in once_more] == [(True, True)] * 3
    assert ApplicationEvent.objects.filter(application__in=pks[:3], action="adopt").count() == 3


def test_each_is_judged_for_itself(late: Gallery) -> None:
    world = late.world
    with clock.at(cases.NOW):
        own = cases.deciding(world, by="drafting_decider")
    pks = [late.cases["deciding"], own.pk, late.cases["reserve"]]
    results = decide_many(verb="adopt", items=items(pks), by=world["drafting_decider"], facts=papers())
    assert [result.done for result in results] == [True, False, False]
    assert "起案した人は決定できません" in results[1].reason
    assert "行えません" in results[2].reason
    for name in ("officer", "lead_approver", "other_bureau"):
        told = decide_many(verb="adopt", items=items([own.pk]), by=world[name], facts=papers())
        assert [result.done for result in told] == [False]
    with pytest.raises(DomainError, match="一度に"):
        decide_many(verb="adopt", items=[Item(1, 1)] * 401, by=world["decider"], facts=papers())


def test_less_than_computed_needs_its_reason(late: Gallery) -> None:
    world, pk = late.world, late.cases["under_review"]
    item = Item(pk, Application.objects.get(pk=pk).version, 9_000_000)
    facts = {"reason": "評価が高い", "adjustment_reason": ""}
    told = preflight(verb="recommend_adopt", items=[item], by=world["officer"], facts=facts)
    assert "予算調整の理由" in told[0].reason
    facts["adjustment_reason"] = "予算の範囲に収めるため"
    assert decide_many(verb="recommend_adopt", items=[item], by=world["officer"], facts=facts)[0].done
    assert Application.objects.get(pk=pk).recommendations.get(ended_at__isnull=True).amount == 9_000_000


def test_the_page_checks_then_records(late: Gallery, client_as: ClientAs) -> None:
    world, one = late.world, late.case("deciding")
    url = f"/review/calls/{world.call.public_id}/together/adopt/"
    client = client_as(world.users["decider"])
    sent = {
        "item": f"{one.public_id}:{one.version}", "decided_on": "2026/12/2", "document_number": "8総行振第9号",
        "effective_on": "2027/4/1", "step": "check",
    }  # fmt: skip
    empty = client.post(url, {**sent, "item": ""})
    assert empty.status_code == 422
    assert "8総行振第9号" in empty.content.decode()
    bad = client.post(url, {**sent, "decided_on": "いつか"})
    assert bad.status_code == 422
    assert re.search(r'value="[^"]+"\s+checked', bad.content.decode())
    page = client.post(url, sent).content.decode()
    assert "行える申請 <b>1件</b>（10,000,000円）" in page
    assert Application.objects.get(pk=one.pk).status == "deciding"
    assert "記録しました" in client.post(url, {**sent, "step": "run"}).content.decode()
    assert Application.objects.get(pk=one.pk).status == "adopted"
    assert "すでに記録済み" in client.post(url, {**sent, "step": "run"}).content.decode()
    for name in ("officer", "lead_approver", "reviewer", "other_bureau"):
        assert client_as(world.users[name]).get(url).status_code == 404
    assert client.get(url.replace("adopt", "x")).status_code == 404


def test_the_drafting_package(late: Gallery, client_as: ClientAs) -> None:
    """One archive: the list, the points, a letter as PDF and as draft for each case that is drafted or decided."""
    world = late.world
    url = f"/review/calls/{world.call.public_id}/package.zip"
    response: Any = client_as(world.users["officer"]).get(url)
    archive = zipfile.ZipFile(io.BytesIO(b"".join(response.streaming_content)))
    assert archive.testzip() is None
    waiting = ("deciding", "adopted", "rejected", "reserve")
    numbers = {str(late.case(status).receipt_number) for status in waiting}
    letters = [name for name in archive.namelist() if name.endswith(".pdf")]
    assert (
        len(letters) == len(numbers) == len([name for name in archive.namelist() if name.endswith(".docx")])
    )
    sheet = load_workbook(io.BytesIO(archive.read("決定一覧.xlsx"))).active
    assert {row[0].value for row in sheet.iter_rows(min_row=3)} == numbers
    drafted = next(row for row in sheet.iter_rows(min_row=3, values_only=True) if row[4] == "決定待ち")
    assert drafted[5:8] == ("採択", 10_000_000, 10_000_000)
    text = PdfReader(io.BytesIO(archive.read(letters[0]))).pages[0].extract_text()
    assert "東久留米市長" in text
    for name in ("lead_editor", "reviewer", "other_bureau"):
        assert client_as(world.users[name]).get(url).status_code == 404


def test_preview_and_the_issued_letter(late: Gallery, client_as: ClientAs) -> None:
    world = late.world
    client = client_as(world.users["officer"])
    preview = client.get(f"/review/{late.case('deciding').public_id}/letters/preview.pdf")
    assert preview.content.startswith(b"%PDF")
    assert "（文書番号未定）" in PdfReader(io.BytesIO(preview.content)).pages[0].extract_text()
    assert client.get(f"/review/{late.case('under_review').public_id}/letters/preview.pdf").status_code == 302
    one, content = late.case("adopted"), cases.pdf("公印")
    url, held = f"/review/{one.public_id}/letters/issued/", one.decisions.get()
    given = {"document_number": held.document_number, "effective_on": held.effective_on.isoformat()}
    assert (
        "PDFではありません"
        in client.post(url, {**given, "file": cases.upload("通知.txt", b"abc")}).content.decode()
    )
    other = client.post(
        url, {**given, "document_number": "違う番号", "file": cases.upload("通知.pdf", content)}
    )
    assert "違う番号" in other.content.decode() and other.status_code == 422
    for _ in range(2):
        assert client.post(url, {**given, "file": cases.upload("通知.pdf", content)}).status_code == 302
    kept = IssuedLetter.objects.get()
    assert kept.document.sha256 == hashlib.sha256(content).hexdigest()
    assert kept.document.sha256 in client.get(url).content.decode()
    assert held.letters.filter(pk=kept.document_id).exists()
    for name in ("lead_editor", "reviewer", "other_bureau"):
        assert client_as(world.users[name]).get(url).status_code == 404
    with pytest.raises(Refused):
        record_issued(
            decision_id=held.pk,
            file=cases.upload(),
            document_number="x",
            effective_on=date(2027, 4, 1),
            by=world["reviewer"],
        )


@pytest.mark.once("touches no table")
def test_an_archive_is_written_while_it_is_sent() -> None:
    """No entry is asked for before its turn; fingerprints are those of the bytes."""
    asked: list[str] = []

    def chunks(name: str) -> Callable[[], Iterator[bytes]]:
        def run() -> Iterator[bytes]:
            for _ in range(40):
                asked.append(name)
                yield hashlib.sha256(f"{len(asked)}".encode()).digest() * 4_000

        return run

    def last(done: list[Written]) -> Entry:
        return Entry("一覧.txt", once("\n".join(f"{one.sha256} {one.name}" for one in done).encode()))

    body = stream_zip([Entry(name, chunks(name)) for name in ("甲.bin", "乙.bin")], at=cases.NOW, last=last)
    first = next(body)
    assert asked.count("乙.bin") == 0 and len(asked) < 40
    archive = zipfile.ZipFile(io.BytesIO(first + b"".join(body)))
    told = dict(line.split(" ")[::-1] for line in archive.read("一覧.txt").decode().splitlines())
    assert told == {name: hashlib.sha256(archive.read(name)).hexdigest() for name in ("甲.bin", "乙.bin")}
