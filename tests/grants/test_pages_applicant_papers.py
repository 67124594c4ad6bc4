"""Circle, budget, files, consent, certificate, check, submission and receipt, as a town sees them."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import FileSystemStorage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from core import clock
from grants.actions import drafting
from grants.models import (
    Application,
    BudgetLine,
    Certification,
    Consent,
    Document,
    Member,
    Snapshot,
)
from tests.factories import accounts as people
from tests.factories import grants as cases
from tests.factories.grants import World
from tests.grants.test_pages_applicant import ClientAs, bodies_are_few, draft, fields, text

__all__ = ["bodies_are_few"]


# --- The circle ---------------------------------------------------------------------------------------------


def test_inviting_and_the_link(world: World, client_as: ClientAs, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("grants.actions.membership.secrets.token_urlsafe", lambda _size: "token-of-the-test")
    application = cases.start(world)
    url = f"/applications/{application.public_id}/members/"
    editor = client_as(world.users["lead_editor"])
    assert "名称が空です" in text(editor, url, 422, **{"kind": "actor", "actor-actor_kind": "npo"})
    assert "13桁を確かめて" in text(
        editor,
        url,
        422,
        **{"kind": "actor", "actor-actor_kind": "npo", "actor-name": "川の会", "actor-corporate_number": "1"},
    )
    assert editor.post(url, {"kind": "town", "town-organization": str(world.partner.pk)}).status_code == 302
    assert "清瀬市" in text(editor, url)
    link = "/invitations/token-of-the-test/"
    text(client_as(world.users["stranger_editor"]), link, 404)
    assert Client().get(link).status_code == 302
    partner = client_as(world.users["partner_editor"])
    assert "東久留米市から" in text(partner, link)
    assert partner.post(link)["Location"] == f"/applications/{application.public_id}/"
    assert "この案内は使えません" in text(partner, link, 404)


def test_a_removed_body_sees_nothing(world: World, client_as: ClientAs) -> None:
    application = draft(world)
    partner = client_as(world.users["partner_editor"])
    root = f"/applications/{application.public_id}/"
    text(partner, root)
    url = f"{root}members/{cases.partner_of(application).public_id}/remove/"
    text(partner, url, 404)
    editor = client_as(world.users["lead_editor"])
    text(editor, f"{root}members/{cases.lead_of(application).public_id}/remove/", 404)
    assert editor.post(url, {"reason": "時期が合わないため"}).status_code == 302
    text(partner, root, 404)
    assert "時期が合わないため" in text(editor, f"{root}members/")


# --- The budget ---------------------------------------------------------------------------------------------


def test_the_grid_keeps_every_cell(world: World, client_as: ClientAs) -> None:
    """A cell that cannot be read is named, every other one stays typed, nothing is saved; then all is, exactly."""
    application = draft(world)
    member = cases.lead_of(application)
    url = f"/applications/{application.public_id}/budget/{member.public_id}/"
    client = client_as(world.users["lead_editor"])
    data = fields(text(client, url))
    shown = text(client, url, 422, **(data | {"c-7-2027": "３００千円", "c-8-2027": "1,000"}))
    assert "千円・万円は使えません" in shown
    kept = fields(shown)
    assert (kept["c-7-2027"], kept["c-8-2027"]) == ("３００千円", "1,000")
    assert not BudgetLine.objects.filter(member=member, item__in=["7", "8"]).exists()
    assert client.post(url, kept | {"c-7-2027": "300000", "c-7-note": "講師3人"}).status_code == 302
    line = BudgetLine.objects.get(member=member, item="7")
    assert (line.amount, line.fiscal_year, line.note) == (300_000, 2027, "講師3人")
    assert "301,000円 足りません" in text(client, url)


def test_the_subsidy_is_shown_with_its_reasoning(world: World, client_as: ClientAs) -> None:
    application = draft(world)
    shown = text(client_as(world.users["lead_editor"]), f"/applications/{application.public_id}/budget/")
    assert "16,500,000円 × 2/3 = 11,000,000円" in shown
    assert "初年度上限 10,000,000円" in shown
    assert "20,000,000" in shown
    assert "年度ごとか事業期間全体か" in shown


def test_notes_of_other_years_stay(world: World, client_as: ClientAs) -> None:
    application = draft(world)
    member = cases.partner_of(application)
    for year, note in ((2027, "はじめ"), (2029, "おわり")):
        BudgetLine.objects.filter(member=member, fiscal_year=year).update(note=note)
    url = f"/applications/{application.public_id}/budget/{member.public_id}/"
    client = client_as(world.users["partner_editor"])
    assert client.post(url, fields(text(client, url)) | {"c-12-note": "直した"}).status_code == 302
    notes = dict(BudgetLine.objects.filter(member=member, item="12").values_list("fiscal_year", "note"))
    assert notes == {2027: "直した", 2028: "", 2029: "おわり"}


def test_money_to_another_member(world: World, client_as: ClientAs) -> None:
    application = draft(world)
    lead, partner = cases.lead_of(application), cases.partner_of(application)
    url = f"/applications/{application.public_id}/budget/{partner.public_id}/"
    client = client_as(world.users["partner_editor"])
    assert (
        client.post(url, fields(text(client, url)) | {f"t-18-{lead.pk}-2027": "500,000"}).status_code == 302
    )
    line = BudgetLine.objects.get(member=partner, paid_to=lead)
    assert (line.item, line.amount) == ("18", 500_000)
    assert "二重に数えない" in text(
        client_as(world.users["lead_editor"]), f"/applications/{application.public_id}/budget/"
    )


def test_two_people_on_one_grid(world: World, client_as: ClientAs) -> None:
    application = draft(world)
    url = f"/applications/{application.public_id}/budget/{cases.lead_of(application).public_id}/"
    mine, colleague = client_as(world.users["lead_editor"]), client_as(world.users["lead_colleague"])
    before = fields(text(mine, url))
    assert colleague.post(url, before | {"c-7-2027": "111,111"}).status_code == 302
    shown = text(mine, url, 409, **(before | {"c-7-2027": "222,222"}))
    assert "2人が同時に直しました" in shown
    assert "111,111円" in shown
    assert "222,222円" in shown
    assert mine.post(url, fields(shown)).status_code == 302
    assert BudgetLine.objects.get(item="7").amount == 222_222


# --- Files --------------------------------------------------------------------------------------------------


def upload(body: bytes, name: str = "計画.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, body, content_type="application/pdf")


def test_files_in_and_out(world: World, client_as: ClientAs) -> None:
    application = draft(world)
    url = f"/applications/{application.public_id}/documents/"
    editor = client_as(world.users["lead_editor"])
    refused = text(editor, url, 422, file=upload(b"MZ\x90\x00 program"), requirement="estimate")
    assert "中身が .pdf ではない" in refused
    assert Document.objects.count() == 1
    assert (
        editor.post(
            url, {"file": upload(cases.pdf("見積"), "見積.pdf"), "requirement": "estimate"}
        ).status_code
        == 302
    )
    document = Document.objects.get(name="見積.pdf")
    assert document.sha256 in text(editor, url)
    answer = editor.get(f"{url}{document.public_id}/")
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in answer["Cache-Control"]
    assert b"".join(answer.streaming_content) == cases.pdf("見積")  # type: ignore[attr-defined]
    for name in ("stranger_editor", "officer"):
        text(client_as(world.users[name]), f"{url}{document.public_id}/", 404)
        text(client_as(world.users[name]), f"{url}{document.public_id}/remove/", 404, go="1")
    text(client_as(world.users["partner_editor"]), f"{url}{document.public_id}/remove/", 404, go="1")
    assert editor.get(f"{url}{document.public_id}/remove/").status_code == 405
    assert editor.post(f"{url}{document.public_id}/remove/").status_code == 302
    text(editor, f"{url}{document.public_id}/", 404)


def test_where_there_is_no_room_nothing_is_half_kept(
    world: World, client_as: ClientAs, monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path
) -> None:
    """The disk is full in the middle of a file."""
    application = draft(world)
    settings.MEDIA_ROOT = tmp_path
    tried: list[Path] = []

    def full(storage: FileSystemStorage, name: str, content: Any) -> str:
        path = Path(storage.path(name))
        path.parent.mkdir(parents=True)
        path.write_bytes(b"%PDF-")
        tried.append(path)
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(FileSystemStorage, "_save", full)
    url = f"/applications/{application.public_id}/documents/"
    sent = {"file": upload(cases.pdf("見積"), "見積.pdf"), "requirement": "estimate"}
    said = text(client_as(world.users["lead_editor"]), url, 422, **sent)
    assert "「見積.pdf」を保存できませんでした" in said
    assert [path.exists() for path in tried] == [False]
    assert not Document.objects.filter(name="見積.pdf").exists()


def test_a_partners_letter_is_not_for_other_partners(world: World, client_as: ClientAs) -> None:
    """The chamber's letter is the lead's to open, not 清瀬市's."""
    application = draft(world)
    cases.agree(world, application)
    letter = Consent.objects.get(evidence="consent_letter").document
    assert letter is not None
    url = f"/applications/{application.public_id}/documents/{letter.public_id}/"
    opened = client_as(world.users["lead_editor"]).get(url)
    assert b"".join(opened.streaming_content) == cases.pdf("同意")
    text(client_as(world.users["partner_approver"]), url, 404)


# --- Consent and certificate --------------------------------------------------------------------------------


def test_consent_to_what_is_shown(world: World, client_as: ClientAs) -> None:
    application = draft(world)
    url = f"/applications/{application.public_id}/consent/"
    assert "団体の承認者が行います" in text(client_as(world.users["partner_editor"]), url)
    text(client_as(world.users["partner_editor"]), url, 404, shown_hash="x")
    approver = client_as(world.users["partner_approver"])
    page = text(approver, url)
    assert cases.ANSWERS["purpose"] in page
    assert "1,500,000円" in page
    shown = fields(page)["shown_hash"]
    drafting.save_answer(
        application_id=application.pk, question="purpose", value="変えた目的", by=world["lead_editor"]
    )
    stale = text(approver, url, 409, shown_hash=shown)
    assert "内容が変わりました" in stale
    assert "変えた目的" in stale
    assert approver.post(url, {"shown_hash": fields(stale)["shown_hash"]}).status_code == 302
    assert Consent.objects.get().content_hash == fields(stale)["shown_hash"]
    drafting.save_answer(
        application_id=application.pk, question="purpose", value="また変えた", by=world["lead_editor"]
    )
    assert "同意が失効" in text(client_as(world.users["lead_editor"]), url)


def test_a_letter_for_a_body_without_account(world: World, client_as: ClientAs) -> None:
    application = draft(world)
    url = f"/applications/{application.public_id}/consent/{cases.chamber_of(application).public_id}/"
    editor = client_as(world.users["lead_editor"])
    data = {"evidence": "consent_letter", "document_number": "商発第9号", "document_date": "令和9年1月1日"}
    shown = text(editor, url, 422, file=upload(cases.pdf()), **data)
    assert "先の日付です" in shown
    assert "商発第9号" in shown
    data["document_date"] = "令和8年11月20日"
    assert editor.post(url, data | {"file": upload(cases.pdf())}).status_code == 302
    assert Consent.objects.get().document_number == "商発第9号"


def test_the_certificate(world: World, client_as: ClientAs) -> None:
    application = draft(world)
    url = f"/applications/{application.public_id}/certify/"
    approver = client_as(world.users["lead_approver"])
    assert "同意がそろっていません" in text(approver, url)
    cases.agree(world, application)
    text(
        client_as(world.users["lead_editor"]),
        url,
        404,
        document_number="1",
        decided_on="R8.11.20",
        signer_title="市長",
    )
    assert "入力してください" in text(approver, url, 422, document_number="8産振第1号")
    data = {"document_number": "8産振第1号", "decided_on": "R8.11.20", "signer_title": "市長"}
    assert approver.post(url, data).status_code == 302
    assert Certification.objects.get().document_number == "8産振第1号"
    assert "有効" in text(approver, url)


# --- Precheck, check, submission, receipt -------------------------------------------------------------------


def test_precheck_once_at_a_time(world: World, client_as: ClientAs) -> None:
    application = draft(world)
    url = f"/applications/{application.public_id}/precheck/"
    editor = client_as(world.users["lead_editor"])
    assert editor.post(url, {"message": "経費を見てください"}).status_code == 302
    again = text(editor, url, 422, message="もう一度")
    assert "確認中の依頼があります" in again
    assert "経費を見てください" in again


def test_every_fault_leads_to_its_field(world: World, client_as: ClientAs) -> None:
    application = cases.start(world)
    editor = client_as(world.users["lead_editor"])
    page = text(editor, f"/applications/{application.public_id}/check/")
    links = set(re.findall(r'class="t" href="([^"]+)"', page))
    root = f"/applications/{application.public_id}/"
    part = f"{root}plan/part/{cases.lead_of(application).public_id}/?check=1#id_role"
    wanted = {
        f"{root}plan/plan/?check=1#id_title",
        part,
        f"{root}budget/",
        f"{root}members/",
        f"{root}documents/",
    }
    assert wanted | {f"{root}precheck/", f"{root}certify/"} <= links
    for link in links:
        place, _, field = link.partition("#")
        shown = text(editor, place)
        assert not field or f'id="{field}"' in shown, link
    assert "直す所がなくなると進めます" in page


def pressed(client: Client, url: str) -> dict[str, Any]:
    return fields(text(client, url)) | {"password": people.PASSWORD}


def test_submitting_twice_gives_one_receipt(world: World, client_as: ClientAs) -> None:
    application = cases.ready(world)
    url = f"/applications/{application.public_id}/submit/"
    editor = client_as(world.users["lead_editor"])
    data = pressed(editor, url)
    wrong = text(editor, url, 422, **(data | {"password": "wrong-password"}))
    assert "wrong-password" not in wrong
    assert not Snapshot.objects.exists()
    first = editor.post(url, data)
    second = editor.post(url, data)
    assert first["Location"] == second["Location"] == "/receipts/R9-1-0001-0/"
    assert Snapshot.objects.count() == 1
    colleague = client_as(world.users["lead_colleague"])
    assert colleague.post(url, data | {"key": "another-key-0001"})["Location"] == first["Location"]
    assert Snapshot.objects.count() == 1


def test_what_is_missing_stops_a_submission(world: World, client_as: ClientAs) -> None:
    application = cases.ready(world)
    url = f"/applications/{application.public_id}/submit/"
    editor = client_as(world.users["lead_editor"])
    data = pressed(editor, url)
    drafting.save_answer(application_id=application.pk, question="purpose", value="", by=world["lead_editor"])
    shown = text(editor, url, 422, **data)
    assert "「目的」が空です" in shown
    assert "まだ提出していません" in shown
    assert "同意が" in shown
    assert Application.objects.get().receipt_number is None


def test_after_closing_nothing_is_submitted(world: World, client_as: ClientAs) -> None:
    application = cases.ready(world)
    url = f"/applications/{application.public_id}/submit/"
    editor = client_as(world.users["lead_editor"])
    data = pressed(editor, url)
    with clock.at(cases.AFTER_CLOSING):
        editor = client_as(world.users["lead_editor"])
        shown = text(editor, url, 422, **data)
        assert "締切" in shown
        assert "入力した内容は残っています" in shown
        assert "締切を過ぎました。提出されていません" in text(
            editor, f"/applications/{application.public_id}/"
        )


def test_a_replacement_before_closing(world: World, client_as: ClientAs) -> None:
    application = cases.submitted(world)
    root = f"/applications/{application.public_id}/"
    editor = client_as(world.users["lead_editor"])
    assert "提出しました" in text(editor, root)
    drafting.save_answer(
        application_id=application.pk, question="novelty", value="先進", by=world["lead_editor"]
    )
    assert "直した内容は、まだ提出していません" in text(editor, root)
    cases.agree(world, application)
    cases.certify(world, application)
    answer = editor.post(f"{root}submit/", pressed(editor, f"{root}submit/"))
    assert answer["Location"] == "/receipts/R9-1-0001-1/"


def test_a_receipt_says_little_to_strangers(world: World, client_as: ClientAs) -> None:
    cases.submitted(world)
    url = "/receipts/R9-1-0001-0/"
    file = Snapshot.objects.get().files[0]
    for client in (Client(), client_as(world.users["stranger_editor"])):
        public = text(client, url)
        assert file["sha256"] in public
        assert "R9-1-0001-0" in public
        for hidden in (file["name"], cases.ANSWERS["title"], "東久留米市</", "10,000,000"):
            assert hidden not in public.split("<main", 1)[1]
    inside = text(client_as(world.users["lead_editor"]), url)
    assert file["name"] in inside
    assert "10,000,000円" in inside
    text(Client(), "/receipts/R9-1-9999-0/", 404)


def test_a_draft_has_no_receipt_and_members_no_mail_on_pages(world: World, client_as: ClientAs) -> None:
    application = draft(world)
    page = text(client_as(world.users["partner_approver"]), f"/applications/{application.public_id}/members/")
    assert Member.objects.get(role="diverse_actor").email not in page
