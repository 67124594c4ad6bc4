"""Nothing is asked twice: what the portal knows is put in, says where it comes from, and counts once somebody has looked."""

from typing import Any

import pytest

from accounts.models import Department
from core import clock
from core.exceptions import DomainError, Refused
from grants.actions import drafting, membership
from grants.actions.prefilling import confirm_prefilled
from grants.actions.renewing import renew_form
from grants.models import Answer, Application, ApplicationEvent, Consent
from grants.queries import check
from tests.factories import grants as cases
from tests.factories import programs as catalogue
from tests.factories.grant_forms import question_of, revise
from tests.factories.grants import World
from tests.grants.test_pages_applicant import ClientAs, bodies_are_few, fields, text

__all__ = ["bodies_are_few"]


def asking(data: dict[str, Any]) -> None:
    """A form that asks what the portal knows."""
    question_of(data, "starts_on")["prefill"] = "start_date"
    for code, section in (
        ("unit", "plan"),
        ("phone", "plan"),
        ("corporate_number", "part"),
        ("population", "part"),
    ):
        data["questions"].append(
            {
                "code": code,
                "section": section,
                "label": f"【{code}】",
                "kind": "line",
                "prefill": code,
                "required": False,
            }
        )


def known(world: World) -> Application:
    """A draft on such a form; the lead's record is full, the partner's is not."""
    world.lead.population, world.lead.corporate_number = 116_000, "8000020132225"
    world.lead.save()
    Department.objects.filter(name="企画政策課").update(phone="042-000-0000")
    revise(world.template, asking)
    return cases.start(world)


def values(application: Application) -> dict[str, tuple[str, str]]:
    """What is prefilled: by question the value and where it comes from."""
    return {
        a.question.code: (a.value, a.origin_words)
        for a in application.answers.unchecked().select_related("question")
    }


def test_what_is_known_is_put_in_with_its_source(world: World) -> None:
    application = known(world)
    assert values(application) == {
        "starts_on": ("令和9年4月1日", "募集の対象年度（令和9年度）"),
        "unit": ("企画政策課", "東久留米市の記録（担当部署）"),
        "phone": ("042-000-0000", "企画政策課の記録（電話）"),
        "corporate_number": ("8000020132225", "東久留米市の記録（法人番号）"),
        "population": ("116000", "東久留米市の記録（人口）"),
    }
    world.partner.population = 76_000
    world.partner.save()
    membership.invite(application_id=application.pk, organization=world.partner, by=world["lead_editor"])
    partner = cases.partner_of(application)
    assert Answer.objects.get(member=partner).value == "76000"
    told = [fault for fault in check(application) if "まだ確かめていません" in fault.message]
    assert {fault.field for fault in told} >= {"answers/unit", f"answers/population/{partner.public_id}"}


def test_it_counts_once_an_editor_looked_or_wrote(world: World, client_as: ClientAs) -> None:
    """The tick leaves the value, another value needs none; what was changed meanwhile cannot be ticked."""
    application = known(world)
    url = f"/applications/{application.public_id}/plan/plan/"
    client = client_as(world.users["lead_editor"])
    shown = text(client, url)
    assert "東久留米市の記録（担当部署）から入れた値です。まだ確かめていません。" in shown
    page = fields(shown)
    text(client, url, 302, **page | {"unit": "企画課", "confirm": ["phone"]})
    assert set(values(application)) == {"starts_on", "corporate_number", "population"}
    phone, unit = (Answer.objects.get(question__code=code) for code in ("phone", "unit"))
    assert (phone.checked_by, phone.origin_words) == (world.users["lead_editor"], "企画政策課の記録（電話）")
    assert (unit.value, unit.origin) == ("企画課", "")
    assert ApplicationEvent.objects.get(action="confirm_prefilled").payload["questions"] == ["phone"]
    with pytest.raises(DomainError, match="ほかの人に直されたか"):
        confirm_prefilled(application_id=application.pk, questions=["unit"], by=world["lead_editor"])
    for name in ("stranger_editor", "partner_editor", "officer", "lead_finance"):
        with pytest.raises(Refused):
            confirm_prefilled(application_id=application.pk, questions=["starts_on"], by=world[name])
    assert "確かめました" in text(client, url)


def test_looking_ends_no_consent(world: World) -> None:
    application = cases.ready(world)
    revise(world.template, asking)
    renew_form(application_id=application.pk, shown_version=2, by=world["lead_editor"])
    assert set(values(application)) == {"unit"}  # what somebody had written is never replaced
    cases.agree(world, Application.objects.with_parts().get(pk=application.pk))
    held = Consent.objects.filter(state="given").count()
    assert confirm_prefilled(application_id=application.pk, questions=["unit"], by=world["lead_editor"]) == 1
    assert Consent.objects.filter(state="given").count() == held == 2


def test_last_years_answers_say_so(world: World) -> None:
    """Copied from the earlier case with its name; the record is newer than the copy."""
    first = cases.submitted(world)
    revise(world.template, asking)
    later = catalogue.call_open(
        world.call.program, opens_at=cases.NOW, closes_at=cases.CLOSES, fiscal_year=2028, round_name="第1次募集",
        is_fictional=True,
    )  # fmt: skip
    with clock.at(cases.NOW):
        second, _ = drafting.start(call=later, by=world["lead_editor"], copy_from=first)
    told = values(second)
    assert told["purpose"][0] == first.answers.get(question__code="purpose").value
    assert first.title in told["purpose"][1]
    assert told["starts_on"] == ("令和10年4月1日", "募集の対象年度（令和10年度）")
    assert any(fault.field == "answers/purpose" for fault in check(second))
