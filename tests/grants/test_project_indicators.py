"""What a project is measured by: exact values, a reason where there is none, in every form the case takes."""

from dataclasses import replace
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from pypdf import PdfReader

from core.exceptions import Conflict, DomainError, Refused
from grants.actions import drafting, submission
from grants.actions.indicators import IndicatorEntry, save_indicators
from grants.models import Application, Consent, FormTemplate, ProjectIndicator
from grants.queries import check
from grants.queries.content import content
from tests.factories import grants as cases
from tests.factories import programs as catalogue
from tests.factories.grant_forms import revise
from tests.factories.grants import World
from tests.grants.staying import untouched
from tests.grants.test_offline import cell, downloaded, sent
from tests.grants.test_pages_applicant import ClientAs, bodies_are_few, draft, fields, text
from tests.grants.test_papers import download, text_of

__all__ = ["bodies_are_few"]
YEARS = (2027, 2028, 2029)
ENTRY = IndicatorEntry(
    name="周遊した人の数", definition="案内所の記録で数える", unit="人", aim="up", baseline=Decimal(300), period="令和7年度",
    targets={year: Decimal(500) for year in YEARS},
)  # fmt: skip
HALF = IndicatorEntry(
    name="待ち時間",
    definition="平均",
    unit="分",
    aim="down",
    reason="=まだ測っていない",
    targets={2027: Decimal("12.5")},
)


def asking(data: dict[str, Any]) -> None:
    data["indicators"] = {"min": 1, "max": 3, "help": "何で測るか"}
    data["binding_sections"] = ["plan", "indicators"]


@pytest.fixture
def asked(world: World) -> World:
    """A call whose form asks for indicators, and binds consents to them."""
    world.template = revise(world.template, asking)
    return world


def save(
    world: World, application: Application, *entries: IndicatorEntry, by: str = "lead_editor", **more: Any
) -> None:
    save_indicators(application_id=application.pk, entries=entries, by=world[by], **more)


def faults(application: Application) -> dict[str, str]:
    return {f.field: f.message for f in check(application) if f.field.startswith("indicators/")}


def test_what_is_missing_is_named_at_its_cell(asked: World) -> None:
    application = draft(asked)
    assert faults(application) == {}
    save(asked, application)
    assert "0件です" in faults(application)["indicators/1/name"]
    save(asked, application, HALF, IndicatorEntry(name="率", targets={2027: Decimal(0)}, baseline=Decimal(0)))
    assert set(faults(application)) == {
        "indicators/1/2028", "indicators/1/2029", "indicators/2/definition", "indicators/2/unit", "indicators/2/aim",
        "indicators/2/period", "indicators/2/2028", "indicators/2/2029",
    }  # fmt: skip
    falling = {year: Decimal(299) for year in YEARS}
    save(asked, application, replace(ENTRY, targets=falling))
    assert "現状値を上回っていません" in faults(application)["indicators/1/2029"]
    save(asked, application, replace(ENTRY, aim="down", targets=falling))
    assert faults(application) == {}


@pytest.mark.parametrize(
    ("entry", "field"),
    [
        (replace(ENTRY, reason="測れない"), "indicators/1/reason"),
        (replace(ENTRY, baseline=Decimal(10) ** 16), "indicators/1/baseline"),
        (replace(ENTRY, targets={2027: Decimal("0.00001")}), "indicators/1/2027"),
        (replace(ENTRY, targets={2031: Decimal(1)}), "indicators/1/2031"),
        (replace(ENTRY, aim="sideways"), "indicators/1/aim"),
        (replace(ENTRY, name="あ" * 101), "indicators/1/name"),
        (replace(ENTRY, definition="前\x00後"), "indicators/1/definition"),
    ],
)
def test_what_cannot_be_is_refused_whole(asked: World, entry: IndicatorEntry, field: str) -> None:
    application = draft(asked)
    with untouched(application), pytest.raises(DomainError) as refusal:
        save(asked, application, entry)
    assert field in [fault.field for fault in refusal.value.faults]


def test_who_may_and_who_was_faster(asked: World) -> None:
    application = draft(asked)
    for name in set(asked.actors) - {
        "lead_editor",
        "lead_colleague",
        "lead_approver",
        "lead_second_approver",
        "system",
    }:
        with pytest.raises(Refused):
            save(asked, application, HALF, by=name)
    with pytest.raises(DomainError, match="3件まで"):
        save(asked, application, *[replace(ENTRY, name=str(n)) for n in range(4)])
    application.refresh_from_db()
    version = application.indicators_version
    save(asked, application, HALF, by="lead_colleague", expected_version=version)
    save(asked, application, HALF, expected_version=version + 1)  # the same twice changes nothing
    application.refresh_from_db()
    assert application.indicators_version == version + 1
    with pytest.raises(Conflict):
        save(asked, application, ENTRY, expected_version=version)
    assert ProjectIndicator.objects.get().name == "待ち時間"


def test_a_form_without_indicators_has_none(world: World, client_as: ClientAs) -> None:
    application = draft(world)
    with pytest.raises(Refused):
        save(world, application, ENTRY)
    text(client_as(world.users["lead_editor"]), f"/applications/{application.public_id}/indicators/", 404)
    assert "indicators" not in content(application)


def test_consents_are_bound_to_them_and_versions_keep_them(asked: World, client_as: ClientAs) -> None:
    """A changed target ends the consents; the submitted version, the pages and the papers have every value."""
    application = cases.ready(asked)
    save(asked, application, replace(ENTRY, targets={**ENTRY.targets, 2029: Decimal("612.5")}))
    assert set(Consent.objects.values_list("state", flat=True)) == {"voided"}
    partner = client_as(asked.users["partner_approver"])
    root = f"/applications/{application.public_id}/"
    assert "612.5人" in text(partner, f"{root}consent/")
    cases.agree(asked, Application.objects.with_parts().get(pk=application.pk))
    cases.certify(asked, application)
    first = submission.submit(
        application_id=application.pk, by=asked["lead_editor"], idempotency_key=cases.key()
    )
    assert first.content["indicators"][0]["targets"] == {"2027": "500", "2028": "500", "2029": "612.5"}
    lead = client_as(asked.users["lead_editor"])
    receipt = f"/receipts/{first.receipt_number}/"
    assert "612.5人" in text(partner, receipt)
    assert "周遊した人の数" not in text(Client(), receipt)
    paper = "".join(
        page.extract_text() for page in PdfReader(BytesIO(partner.get(f"{receipt}receipt.pdf").content)).pages
    )
    assert "612.5人" in paper
    for reader in (lead, partner):
        assert "612.5人" in text_of(download(reader, f"{root}papers/decision.docx"))
    save(asked, application, replace(ENTRY, baseline=Decimal(250)))
    cases.agree(asked, Application.objects.with_parts().get(pk=application.pk))
    cases.certify(asked, application)
    submission.replace(application_id=application.pk, by=asked["lead_editor"], idempotency_key=cases.key())
    shown = text(client_as(asked.users["officer"]), f"/review/{application.public_id}/")
    assert "250人" in shown
    assert "前の版：300人" in shown
    answer = lead.get(f"/api/v1/applications/{application.public_id}/indicators/")
    assert answer.json()["results"][0]["baseline"] == "250"
    assert client_as(asked.users["officer"]).get(answer.request["PATH_INFO"]).status_code == 404


def typed(client: Client, url: str, **cells: str) -> dict[str, str]:
    """The page's fields with these typed over (a list's choice is not among the inputs)."""
    return fields(text(client, url)) | {"1-aim": "up"} | cells


def test_the_page_keeps_what_was_typed(asked: World, client_as: ClientAs) -> None:
    application = draft(asked)
    url = f"/applications/{application.public_id}/indicators/"
    client = client_as(asked.users["lead_editor"])
    old = typed(client, url)
    bad = text(client, url, 422, **typed(client, url, **{"1-2027": "五百", "1-name": "<b>名"}))
    assert 'value="五百"' in bad
    assert "読み取れません" in bad
    assert "&lt;b&gt;名" in bad
    text(client, url, 302, **typed(client, url, **{"1-2027": "１，２００", "1-baseline": "△3.50"}))
    row = content(Application.objects.with_parts().get(pk=application.pk))["indicators"][0]
    assert (row["targets"]["2027"], row["baseline"]) == ("1200", "-3.5")
    both = text(client, url, 409, **old | {"1-2027": "777"})
    assert "1,200" in both
    assert 'value="777"' in both
    checked = text(client, f"{url}?check=1")
    assert "エラー：" not in checked or "成果指標" in checked
    text(client, url, 302, **typed(client, url, **{"1-2028": ""}))
    assert "令和10年度の目標がありません" in text(client, f"{url}?check=1")
    link = f"{url}?check=1#id_1-2028"
    assert link in text(client, f"/applications/{application.public_id}/check/")
    reader = client_as(asked.users["partner_editor"])
    assert "この部分は見るだけです" in text(reader, url)
    for name in ("stranger_editor", "officer"):
        text(client_as(asked.users[name]), url, 404)


def test_out_and_back_in_a_workbook(asked: World, client_as: ClientAs) -> None:
    """Unchanged says nothing; a change is shown, then counts; a cell that cannot be read is named by its place."""
    application = draft(asked)
    save(asked, application, ENTRY, HALF)
    root = f"/applications/{application.public_id}/"
    client = client_as(asked.users["lead_editor"])
    book = downloaded(client, root)
    assert "違いはありません" in sent(client, root, book)
    cell(book, "成果指標", "2027", 3).value = 650
    cell(book, "成果指標", "aim", 4).value = "保つ"
    shown = sent(client, root, book)
    assert "成果指標をブックの内容にする" in shown
    accept = fields(shown) | {"do": "accept", "take": "indicators"}
    assert client.post(f"{root}offline/", accept).status_code == 302
    first, second = content(Application.objects.with_parts().get(pk=application.pk))["indicators"]
    assert (first["targets"]["2027"], second["aim"], second["reason"]) == ("650", "keep", "=まだ測っていない")
    late = client.post(f"{root}offline/", accept | {"indicators:1-2027": "9"})
    assert late.status_code == 409
    book = downloaded(client, root)
    cell(book, "成果指標", "2028", 3).value = "五百"
    assert "「成果指標」シートのC" in sent(client, root, book, 422)


def test_last_years_are_taken_over_without_their_figures(asked: World) -> None:
    first = draft(asked)
    later = catalogue.call_open(
        asked.call.program, opens_at=cases.NOW, closes_at=cases.CLOSES, fiscal_year=2028, round_name="第1次募集",
        is_fictional=True,
    )  # fmt: skip
    second, _ = drafting.start(call=later, by=asked["lead_editor"], copy_from=first)
    (row,) = second.project_indicators.all()
    assert (row.name, row.baseline, row.targets.count()) == ("周遊した人の数", None, 0)
    assert "まだ確かめていません" in faults(second)["indicators/1/name"]
    save(asked, second, IndicatorEntry(name=row.name, definition=row.definition, unit=row.unit, aim=row.aim))
    assert "まだ確かめていません" not in faults(second).get("indicators/1/name", "")
    assert FormTemplate.objects.count() == 2
