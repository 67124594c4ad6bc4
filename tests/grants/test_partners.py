"""How far every body is: consent, its own decision, its budget and what it pays; each town enters its own."""

from datetime import date

import pytest

from core.access import allowed
from core.exceptions import Conflict, DomainError, Refused
from grants.actions import budgeting, consents, membership
from grants.actions.backing import BackingEntry, save_backing
from grants.actions.budgeting import CostEntry, IncomeEntry
from grants.enums import BackingState
from grants.models import Application, ApplicationEvent, BudgetBacking, Consent
from grants.queries import consent_hash
from grants.queries.partners import partner_standings
from tests.factories import grants as cases
from tests.factories.grants import PARTNER_COST, World
from tests.grants.test_pages_applicant import ClientAs, bodies_are_few, draft, fields, text

__all__ = ["bodies_are_few"]


def backed(year: int = 2027, **values: int | str) -> BackingEntry:
    """A year whose money is all there."""
    return BackingEntry(year, **({"state": "voted", "general": PARTNER_COST} | values))  # type: ignore[arg-type]


def test_the_lead_sees_who_is_missing(world: World) -> None:
    """Each body with what it lacks; a partner sees itself alone; nothing of it ends a consent."""
    application = cases.ready(world)
    by_name = {one.member.name: one for one in partner_standings(world["lead_editor"], application)}
    assert list(by_name) == ["東久留米市", "清瀬市", "東久留米市商工会"]
    assert by_name["東久留米市"].decision[0] == "7東企第101号"
    assert by_name["東久留米市商工会"].decision[0] == "商発第12号"
    assert by_name["東久留米市商工会"].years == ()
    assert by_name["東久留米市商工会"].missing == ()
    assert by_name["清瀬市"].missing == tuple(f"予算措置状況（令和{n}年度）" for n in (9, 10, 11))
    assert [line.share for line in by_name["清瀬市"].years] == [PARTNER_COST] * 3
    partner = cases.partner_of(application)
    save_backing(
        member_id=partner.pk, entries=[backed(year) for year in (2027, 2028)], by=world["partner_editor"]
    )
    save_backing(
        member_id=partner.pk, entries=[backed(2029, general=1_000_000)], by=world["partner_approver"]
    )
    (own,) = partner_standings(world["partner_editor"], application)
    assert own.member == partner
    assert own.missing == ("財源内訳と支出の差（令和11年度）",)
    assert own.years[2].unbacked == 500_000
    assert Consent.objects.filter(state="given").count() == 2
    assert application.certifications.filter(voided_at__isnull=True).exists()
    assert ApplicationEvent.objects.filter(action="record_backing").count() == 2


def test_money_passed_on_is_counted_once(world: World) -> None:
    """負担金 to another member: the payer's burden, the receiver's money, one cost of the project."""
    application = draft(world)
    lead, partner = cases.lead_of(application), cases.partner_of(application)
    budgeting.save_budget(
        application_id=application.pk, member_id=partner.pk, by=world["partner_editor"],
        costs=[CostEntry("18", 2027, 600_000, lead.pk)], incomes=[IncomeEntry("member_share", 2027, 600_000)],
    )  # fmt: skip
    standings = {
        one.member.pk: one.years[0] for one in partner_standings(world["lead_editor"], application)[:2]
    }
    assert (standings[partner.pk].share, standings[partner.pk].passed) == (600_000, 600_000)
    assert standings[lead.pk].received == 600_000
    assert standings[lead.pk].spending == cases.COST[2027]


def test_only_the_town_itself_enters_it(world: World) -> None:
    application = draft(world)
    partner = cases.partner_of(application)
    permitted = {
        name for name, actor in world.actors.items() if allowed(actor, "grants.record_backing", partner)
    }
    assert permitted == {"partner_editor", "partner_approver"}
    for name in set(world.actors) - permitted - {"system"}:
        with pytest.raises(Refused):
            save_backing(member_id=partner.pk, entries=[backed()], by=world[name])
    with pytest.raises(Refused):
        save_backing(member_id=cases.chamber_of(application).pk, entries=[backed()], by=world["lead_editor"])
    membership.decline(application_id=application.pk, by=world["partner_approver"])
    with pytest.raises(Refused):
        save_backing(member_id=partner.pk, entries=[backed()], by=world["partner_editor"])
    assert not BudgetBacking.objects.exists()


@pytest.mark.parametrize(
    ("entry", "field"),
    [
        (backed(2026), "state-2026"),
        (backed(state=""), "state-2027"),
        (backed(general=-1), "general-2027"),
        (backed(bonds=10**16), "bonds-2027"),
        (backed(scheduled="あ" * 61), "scheduled-2027"),
        (backed(scheduled="前\x00後"), "scheduled-2027"),
    ],
)
def test_what_cannot_be_is_named(world: World, entry: BackingEntry, field: str) -> None:
    partner = cases.partner_of(draft(world))
    with pytest.raises(DomainError) as refusal:
        save_backing(member_id=partner.pk, entries=[entry], by=world["partner_editor"])
    assert field in [fault.field for fault in refusal.value.faults]
    assert not BudgetBacking.objects.exists()


def test_an_older_page_does_not_win(world: World) -> None:
    partner = cases.partner_of(draft(world))
    save_backing(member_id=partner.pk, entries=[backed()], by=world["partner_editor"])
    save_backing(member_id=partner.pk, entries=[backed()], by=world["partner_approver"])  # the same twice
    with pytest.raises(Conflict):
        save_backing(member_id=partner.pk, entries=[backed(state="requested")], by=world["partner_approver"])
    save_backing(
        member_id=partner.pk, entries=[backed(state="requested", version=1)], by=world["partner_approver"]
    )
    assert (BudgetBacking.objects.get().state, BudgetBacking.objects.get().version) == (
        BackingState.REQUESTED,
        2,
    )


def test_the_pages(world: World, client_as: ClientAs) -> None:
    """The form begins with the plan's own figures, keeps what was typed, and shows a colleague's values beside it."""
    application = draft(world)
    root, own = f"/applications/{application.public_id}/partners/", cases.partner_of(application).public_id
    partner, lead = client_as(world.users["partner_editor"]), client_as(world.users["lead_editor"])
    page = text(partner, f"{root}{own}/")
    assert "収支計画から写してあります" in page
    data = fields(page)
    assert data["general-2027"] == "1,500,000"
    shown = text(partner, f"{root}{own}/", 422, **(data | {"state-2027": "voted", "bonds-2027": "十円"}))
    assert "十円" in shown
    assert "予算措置状況を選んでください" not in shown
    typed = data | {"state-2027": "voted", "state-2028": "requested", "state-2029": "none"}
    typed |= {"scheduled-2027": "令和9年第1回定例会"}
    assert partner.post(f"{root}{own}/", typed)["Location"] == root
    assert "議決済" in text(partner, root)
    clash = text(partner, f"{root}{own}/", 409, **(typed | {"state-2027": "none", "general-2027": ""}))
    assert "2人が同時に直しました" in clash
    renewed = fields(clash) | {
        "state-2027": "none",
        "general-2027": "",
        "state-2028": "requested",
        "state-2029": "none",
    }
    assert partner.post(f"{root}{own}/", renewed).status_code == 302
    seen = text(lead, root)
    assert "令和9年第1回定例会" in seen
    assert "そろっていないもの（3団体）" in seen
    assert "この部分は見るだけです" in text(lead, f"{root}{own}/")
    text(lead, f"{root}{own}/", 404, **typed)
    assert "東久留米市商工会" not in text(partner, root)
    text(partner, f"{root}{cases.lead_of(application).public_id}/", 404)
    text(lead, f"{root}{cases.chamber_of(application).public_id}/", 404)
    for name in ("stranger_editor", "officer"):
        text(client_as(world.users[name]), root, 404)
        text(client_as(world.users[name]), f"{root}{own}/", 404)


def test_a_consent_names_the_towns_own_decision(world: World, client_as: ClientAs) -> None:
    """Number and day of the partner's own decision: both or neither, and not of tomorrow."""
    application = draft(world)
    url = f"/applications/{application.public_id}/consent/"
    client = client_as(world.users["partner_approver"])
    data = fields(text(client, url))
    shown = text(client, url, 422, **(data | {"document_number": "8清企第45号"}))
    assert "両方を入力してください" in shown
    assert "8清企第45号" in shown
    late = data | {"document_number": "8清企第45号", "document_date": "令和8年12月1日"}
    assert "先の日付です" in text(client, url, 422, **late)
    assert not Consent.objects.exists()
    assert client.post(url, late | {"document_date": "R8.11.20"}).status_code == 302
    held = Consent.objects.get()
    assert (held.document_number, held.document_date) == ("8清企第45号", date(2026, 11, 20))
    assert "8清企第45号" in text(
        client_as(world.users["lead_editor"]), f"/applications/{application.public_id}/partners/"
    )
    membership.withdraw_consent(application_id=application.pk, by=world["partner_approver"])
    fresh = Application.objects.get(pk=application.pk)
    shown_hash = consent_hash(fresh, cases.partner_of(fresh))
    consents.consent(application_id=application.pk, by=world["partner_approver"], shown_hash=shown_hash)
