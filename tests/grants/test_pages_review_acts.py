"""Every act of the review through its page: done once, refused with nothing written, and nothing typed is lost."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from core import clock
from grants.actions import decision, petitions, prechecks
from grants.models import Application, ApplicationEvent, Precheck, PrecheckComment, ReturnRequest
from tests.factories import grants as cases
from tests.factories.grants import World
from tests.grants.staying import untouched
from tests.grants.test_pages_applicant import ClientAs, bodies_are_few, draft, text
from tests.grants.test_pages_review import fields, main, root

__all__ = ["bodies_are_few"]


@pytest.fixture
def late(world: World) -> Iterator[World]:
    """The day after the call has closed."""
    with clock.at(cases.AFTER_CLOSING):
        yield world


def sent(client: Client, url: str, **data: object) -> str:
    """Post a page's own form with changes; the address the redirect leads to."""
    answer = client.post(url, fields(text(client, url)) | data)
    assert answer.status_code == 302, main(answer.content.decode())[:3000]
    return answer["Location"]


def status(application: Application) -> str:
    application.refresh_from_db()
    return application.status


def submitted(world: World) -> Application:
    with clock.at(cases.NOW):
        return cases.submitted(world)


# --- The precheck -------------------------------------------------------------------------------------------------


def asked(world: World) -> Application:
    application = draft(world)
    prechecks.request_precheck(
        application_id=application.pk, message="経費を見てください", by=world["lead_editor"]
    )
    return application


def test_answering_a_precheck_with_remarks(world: World, client_as: ClientAs) -> None:
    """On a question, on one member's part, on a cell; the town reads them, and a further click answers once."""
    one = asked(world)
    url, officer = f"{root(one)}precheck/", client_as(world.users["officer"])
    page = text(officer, url)
    assert "経費を見てください" in page
    assert cases.ANSWERS["purpose"] in page
    lead, partner = cases.lead_of(one), cases.partner_of(one)
    cell = f"{lead.public_id}/12/2027"
    data = fields(page) | {
        "verdict": "issues", "answer": "二点あります", "remark-purpose-0": "数を入れる", f"remark-role-{partner.pk}": "役割を具体的に",
        "cell-1": cell, "celltext-1": "単価の根拠は",
    }  # fmt: skip
    assert officer.post(url, data).status_code == 302
    again = officer.post(url, data)
    assert again.status_code == 302
    assert ApplicationEvent.objects.filter(action="answer_precheck").count() == 1
    assert Precheck.objects.get().state == "issues"
    kept = {
        (row.question.code if row.question else "", row.member_id, row.cell, row.text)
        for row in PrecheckComment.objects.select_related("question")
    }
    assert kept == {
        ("purpose", None, "", "数を入れる"),
        ("role", partner.pk, "", "役割を具体的に"),
        ("", None, cell, "単価の根拠は"),
    }
    shown = text(client_as(world.users["lead_editor"]), f"/applications/{one.public_id}/precheck/")
    assert "数を入れる" in shown
    assert "数を入れる" in text(officer, root(one))


def test_a_refused_answer_keeps_every_word(world: World, client_as: ClientAs) -> None:
    one = asked(world)
    url, officer = f"{root(one)}precheck/", client_as(world.users["officer"])
    data = fields(text(officer, url))
    with untouched(one):
        assert "指摘の内容が空です" in text(officer, url, 422, **(data | {"verdict": "issues"}))
        page = text(
            officer,
            url,
            422,
            **(data | {"verdict": "", "remark-purpose-0": "残る指摘", "celltext-1": "残る内容"}),
        )
        for words in ("残る指摘", "残る内容", "指摘する欄をえらんでください", "1つえらんでください"):
            assert words in page
    colleague = client_as(world.users["second_officer"])
    sent(colleague, url, verdict="confirmed")
    page = text(officer, url, 409, **(data | {"verdict": "issues", "answer": "残る回答"}))
    assert "残る回答" in page
    for name in ("decider", "reviewer", "lead_editor", "other_bureau"):
        text(client_as(world.users[name]), url, 404)


# --- Beginning, returning, taking back ------------------------------------------------------------------------------


def test_the_review_begins_after_closing(world: World, client_as: ClientAs) -> None:
    one = cases.submitted(world)
    url, officer = f"{root(one)}acts/start_review/", client_as(world.users["officer"])
    page = text(officer, root(one))
    assert "受付期間中です。締切（令和8年（2026年）12月1日（火）10:00）の後に行ってください。" in page
    assert f'href="{url}"' not in page
    assert "の後に行ってください" in text(officer, url)
    with untouched(one):
        text(officer, url, 422, version=str(one.version), reason="")
    with clock.at(cases.AFTER_CLOSING):
        officer = client_as(world.users["officer"])
        assert f'href="{url}"' in text(officer, root(one))
        data = fields(text(officer, url))
        first, second = officer.post(url, data), officer.post(url, data)
        assert first["Location"] == second["Location"] == root(one)
        assert status(one) == "under_review"
        assert ApplicationEvent.objects.filter(action="start_review").count() == 1
        text(client_as(world.users["second_officer"]), url, 409, **data)
        text(client_as(world.users["decider"]), url, 404)


def test_asking_for_corrections(late: World, client_as: ClientAs) -> None:
    one = submitted(late)
    url, officer = f"{root(one)}return/", client_as(late.users["officer"])
    data = fields(text(officer, url)) | {"reason": "根拠を補う", "due_on": "R8.12.1"}
    with untouched(one):
        page = text(officer, url, 422, **data)
        assert "1つ以上えらんでください" in page
        assert "根拠を補う" in page
        page = text(officer, url, 422, **(data | {"sections": ["plan"]}))
        assert "修正の期限がすでに過ぎています" in page
        assert 'value="R8.12.1"' in page
        page = text(officer, url, 422, **(data | {"sections": ["plan"], "due_time": "25時"}))
        assert "「17:00」のように" in page
    good = data | {"sections": ["plan", "budget"], "due_on": "令和8年12月20日"}
    assert officer.post(url, good).status_code == 302
    assert officer.post(url, good).status_code == 302
    request = ReturnRequest.objects.get()
    assert (request.sections, f"{clock.local(request.due_at):%Y-%m-%d %H:%M}") == (
        ["plan", "budget"],
        "2026-12-20 17:00",
    )
    page = text(officer, root(one))
    assert "根拠を補う" in page
    assert "事業の計画、収支計画" in page
    with clock.at(request.due_at + timedelta(hours=1)):
        officer = client_as(late.users["officer"])
        sent(officer, f"{root(one)}acts/take_back/", reason="電話で相談した")
    assert status(one) == "submitted"


def test_somebody_was_faster(late: World, client_as: ClientAs) -> None:
    """What was typed stays, the page says what happened, and may be sent again knowingly."""
    one = submitted(late)
    url, officer = f"{root(one)}return/", client_as(late.users["officer"])
    data = fields(text(officer, url)) | {"sections": ["plan"], "reason": "残る理由", "due_on": "R8.12.20"}
    sent(client_as(late.users["second_officer"]), f"{root(one)}acts/start_review/")
    with untouched(one):
        page = text(officer, url, 409, **data)
    assert "画面を開いた後に変わりました" in page
    assert "残る理由" in page
    assert officer.post(url, fields(page) | {"sections": ["plan"]}).status_code == 302
    assert status(one) == "returned"


# --- Deciding -------------------------------------------------------------------------------------------------------


def scored(world: World) -> Application:
    with clock.at(cases.NOW):
        return cases.under_review(world)


def test_drafting_with_an_amount(late: World, client_as: ClientAs) -> None:
    """At most what was computed; less only with a reason; every word stays typed."""
    one = scored(late)
    url, officer = f"{root(one)}recommend/", client_as(late.users["officer"])
    page = text(officer, url)
    assert "16,500,000円 × 2/3 = 11,000,000円" in page
    data = fields(page) | {"outcome": "adopt", "reason": "残る理由"}
    assert data["amount"] == "10,000,000"
    with untouched(one):
        for amount, words in (
            ("10,000,001", "算定額 10,000,000円 を超えています"), ("9,000,000", "予算調整の理由を入力してください"),
            ("9百万", "千円・万円は使えません"), ("", "補助予定額がありません"),
        ):  # fmt: skip
            page = text(officer, url, 422, **(data | {"amount": amount}))
            assert words in page, amount
            assert "残る理由" in page
            assert f'value="{amount}"' in page or not amount
    good = data | {"amount": "9,000,000", "adjustment_reason": "予算の範囲に収めるため"}
    first, second = officer.post(url, good), officer.post(url, good)
    assert first["Location"] == second["Location"] == root(one)
    assert status(one) == "deciding"
    draft_ = one.recommendations.get()
    assert (draft_.amount, draft_.computed_amount) == (9_000_000, 10_000_000)
    assert "算定額 10,000,000円 から下げています" in text(client_as(late.users["decider"]), root(one))
    for name in ("decider", "reviewer"):
        text(client_as(late.users[name]), url, 404)


def test_rejecting_takes_no_amount(late: World, client_as: ClientAs) -> None:
    """The figure the page had put in is no typed one."""
    one = scored(late)
    sent(
        client_as(late.users["officer"]),
        f"{root(one)}recommend/",
        outcome="reject",
        reason="要件に合わないため",
    )
    assert one.recommendations.get().amount is None
    decider = client_as(late.users["decider"])
    page = text(decider, root(one))
    assert "不採択の起案です。採択するときは、起案を差し戻してください。" in page
    sent(
        decider,
        f"{root(one)}decide/reject/",
        decided_on="R8.12.2",
        document_number="8総行振第9号",
        effective_on="R8.12.2",
    )
    assert status(one) == "rejected"


PAPERS = {"decided_on": "令和8年12月2日", "document_number": "8総行振第55号", "effective_on": "R9.4.1"}


def deciding(world: World, by: str = "officer") -> Application:
    with clock.at(cases.NOW):
        return cases.deciding(world, by=by)


def test_who_drafted_does_not_decide(late: World, client_as: ClientAs) -> None:
    one = deciding(late, by="drafting_decider")
    client = client_as(late.users["drafting_decider"])
    page = text(client, root(one))
    assert "起案した人は決定できません。別の決定権者が決定してください。" in page
    assert f"{root(one)}decide/adopt/" not in page
    url = f"{root(one)}decide/adopt/"
    assert "起案した人は決定できません" in text(client, url)
    with untouched(one):
        page = text(client, url, 422, version=str(one.version), **PAPERS)
    assert "起案した人は決定できません" in page
    assert "8総行振第55号" in page
    sent(client_as(late.users["decider"]), url, **PAPERS)
    assert status(one) == "adopted"


def test_adopting(late: World, client_as: ClientAs) -> None:
    one = deciding(late)
    url, decider = f"{root(one)}decide/adopt/", client_as(late.users["decider"])
    data = fields(text(decider, url))
    with untouched(one):
        page = text(decider, url, 422, **(data | PAPERS | {"decided_on": "R9.1.1"}))
        assert "決定日が先の日付です" in page
        page = text(
            decider, url, 422, **(data | PAPERS | {"decided_on": "R8.11.30", "document_number": "残る番号"})
        )
        assert "決定日か施行日が起案の前です" in page
        assert "残る番号" in page
        assert "入力してください" in text(decider, url, 422, **data)
        text(client_as(late.users["officer"]), url, 404, **(data | PAPERS))
    first, second = decider.post(url, data | PAPERS), decider.post(url, data | PAPERS)
    assert first["Location"] == second["Location"] == root(one)
    assert one.decisions.count() == 1
    page = text(decider, root(one))
    assert "8総行振第55号" in page
    assert "10,000,000円" in page
    assert "審査中" in text(client_as(late.users["lead_editor"]), f"/applications/{one.public_id}/")


def test_sending_back_reserving_promoting_releasing(late: World, client_as: ClientAs) -> None:
    one = deciding(late)
    decider, officer = client_as(late.users["decider"]), client_as(late.users["officer"])
    with untouched(one):
        assert "入力してください" in text(
            decider, f"{root(one)}acts/send_back/", 422, version=str(one.version), reason=""
        )
    sent(decider, f"{root(one)}acts/send_back/", reason="金額の根拠を書き足す")
    assert "金額の根拠を書き足す" in text(officer, root(one))
    sent(officer, f"{root(one)}recommend/", outcome="adopt", reason="書き足した")
    sent(decider, f"{root(one)}decide/reserve/", **PAPERS)
    assert status(one) == "reserve"
    sent(officer, f"{root(one)}promote/", reason="辞退が出た")
    assert status(one) == "deciding"
    sent(decider, f"{root(one)}decide/reserve/", **PAPERS)
    sent(decider, f"{root(one)}decide/release/", **PAPERS)
    assert status(one) == "rejected"
    assert text(decider, root(one)).count("置き換えられた決定") == 2
    sent(decider, f"{root(one)}acts/correct/", reason="番号の誤り")
    assert status(one) == "deciding"
    assert "番号の誤り" in text(decider, root(one))


def test_announcing_on_its_day(late: World, client_as: ClientAs) -> None:
    with clock.at(cases.NOW):
        one = cases.decided(late, decision.adopt)
    url, officer = f"{root(one)}acts/announce/", client_as(late.users["officer"])
    assert re.search("結果の公表は令和9年.*の予定です", text(officer, root(one)))
    with untouched(one):
        text(officer, url, 422, version=str(one.version), reason="")
    with clock.at(cases.ANNOUNCES):
        officer = client_as(late.users["officer"])
        data = fields(text(officer, url))
        assert officer.post(url, data)["Location"] == officer.post(url, data)["Location"] == root(one)
        assert ApplicationEvent.objects.filter(action="announce").count() == 1
        assert "結果を公表しました（採択）" in text(officer, root(one))
        assert "すでに公表しています" in text(client_as(late.users["second_officer"]), url, 422, **data)


# --- Letters, petitions -----------------------------------------------------------------------------------------------


def test_letters_are_made_once(late: World, client_as: ClientAs) -> None:
    with clock.at(cases.NOW):
        one = cases.decided(late, decision.adopt)
    url, officer = f"{root(one)}letters/", client_as(late.users["officer"])
    assert "通知文を作る" in text(officer, root(one))
    assert officer.get(url).status_code == 405
    for name in ("reviewer", "lead_editor", "other_bureau"):
        text(client_as(late.users[name]), url, 404, go="1")
    assert one.decisions.get().letters.count() == 0
    for _ in range(2):
        assert officer.post(url).status_code == 302
    letters = list(one.decisions.get().letters.order_by("pk"))
    assert [letter.name.rsplit(".", 1)[1] for letter in letters] == ["pdf", "docx"]
    page = text(officer, root(one))
    for letter in letters:
        link = f"{root(one)}documents/{letter.public_id}/"
        assert f'href="{link}"' in page
        answer: Any = officer.get(link)
        assert b"".join(answer.streaming_content)
        assert answer["Content-Type"] == letter.media_type
        text(client_as(late.users["reviewer"]), link, 404)


def test_no_letter_without_a_decision(late: World, client_as: ClientAs) -> None:
    one = deciding(late)
    officer = client_as(late.users["officer"])
    answer = officer.post(f"{root(one)}letters/", follow=True)
    assert "通知文を作れる決定がありません" in answer.content.decode()
    assert not one.documents.filter(purpose="letter").exists()


def test_granting_a_discontinuation(late: World, client_as: ClientAs) -> None:
    with clock.at(cases.NOW):
        one = cases.decided(late, decision.adopt)
    url, decider = f"{root(one)}petitions/discontinue/", client_as(late.users["decider"])
    assert url not in text(decider, root(one))
    assert "申出がありません" in text(decider, url)
    petitions.request_discontinuation(
        application_id=one.pk, by=late["lead_approver"], reason="相手が撤退したため"
    )
    assert url in text(decider, root(one))
    page = text(decider, url)
    assert "相手が撤退したため" in page
    data = fields(page)
    with untouched(one):
        shown = text(decider, url, 422, **(data | {"effective_on": "R8.12.1"}))
        assert 'value="R8.12.1"' in shown
    good = data | {"effective_on": "R9.4.1"}
    assert decider.post(url, good).status_code == 302
    assert decider.post(url, good).status_code == 302
    assert status(one) == "discontinued"


def test_granting_a_change_of_members(late: World, client_as: ClientAs) -> None:
    """The circle that results is judged again: without any diverse actor the change is refused."""
    with clock.at(cases.NOW):
        one = cases.decided(late, decision.adopt)
    chamber = cases.chamber_of(one)
    petitions.request_change_members(
        application_id=one.pk, by=late["lead_approver"], reason="撤退", removes=[chamber.pk]
    )
    url, decider = f"{root(one)}petitions/change_members/", client_as(late.users["decider"])
    page = text(decider, url)
    assert "東久留米市商工会" in page
    with untouched(one):
        text(decider, url, 422, **(fields(page) | {"effective_on": "R9.4.1"}))
    chamber.refresh_from_db()
    assert chamber.is_present
