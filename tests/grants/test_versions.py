"""A draft survives a new version of its form: nothing is lost, what no longer holds ends with its reason."""

from typing import Any

import pytest

from core.exceptions import Conflict, DomainError, Refused
from grants.actions import drafting, submission
from grants.actions.errors import AnswerConflict, Incomplete
from grants.actions.renewing import renew_form
from grants.models import Answer, Application, ApplicationEvent, Consent, FormTemplate
from grants.queries import check
from grants.queries.case_checks import checks_of
from grants.queries.content import content
from grants.queries.forms import ChangeKind, form_changes, kept_answers
from tests.factories import grants as cases
from tests.factories.grant_forms import question_of, revise
from tests.factories.grants import World
from tests.grants.test_autosave import opened, sent
from tests.grants.test_pages_applicant import ClientAs, bodies_are_few, draft, text

__all__ = ["bodies_are_few"]


def changed(data: dict[str, Any]) -> None:
    """Every kind of change: added, removed, reworded, other limits, moved; documents, items, criteria, terms."""
    question_of(data, "purpose")["label"] = "目的とねらい"
    question_of(data, "issue")["max_length"] = 800
    question_of(data, "continuity")["section"] = "plan"
    data["questions"] = [item for item in data["questions"] if item["code"] not in {"novelty", "role"}]
    data["questions"].append(
        {"code": "risk", "section": "effect", "label": "備え", "kind": "text", "required": False}
    )
    question_of(data, "participants")["unit"] = "人"
    data["documents"][1] = {"code": "map", "label": "区域図", "required": False}
    data["cost_items"] = [item for item in data["cost_items"] if item["code"] != "12"]
    data["criteria"][0]["weight"] = 3
    data["funding"]["first_year_cap"] = 9_000_000


def effect_only(data: dict[str, Any]) -> None:
    """A change outside what a partner's own part and budget hold, in a section consents are bound to."""
    question_of(data, "target")["label"] = "成果の目標"


def nothing_binding(data: dict[str, Any]) -> None:
    """A change of the criteria alone, demanded of drafts."""
    data["criteria"][0]["weight"] = 3
    data["demanded"] = True


def go(world: World, application: Application, version: int = 2, by: str = "lead_editor") -> Application:
    """Take the case over."""
    return renew_form(application_id=application.pk, shown_version=version, by=world[by])


def test_what_changed_is_listed(world: World) -> None:
    new = revise(world.template, changed)
    told = {(c.of, c.code, c.kind): (c.before, c.after) for c in form_changes(world.template, new)}
    kinds = ChangeKind
    assert told["設問", "purpose", kinds.REWORDED][1].startswith("目的とねらい")
    assert told["設問", "issue", kinds.LIMITS] == ("文章、必須、1,200字まで", "文章、必須、800字まで")
    assert told["設問", "participants", kinds.LIMITS][1] == "整数、必須、単位 人"
    assert told["設問", "continuity", kinds.MOVED] == ("成果と継続", "事業の計画")
    assert ("設問", "novelty", kinds.REMOVED) in told
    assert ("設問", "risk", kinds.ADDED) in told
    assert ("書類", "estimate", kinds.REMOVED) in told
    assert ("書類", "map", kinds.ADDED) in told
    assert told["費目", "12", kinds.REMOVED][0] == "委託料（対象）"
    assert "重み 3" in told["審査の観点", "breadth", kinds.LIMITS][1]
    assert told["補助の条件", "初年度の上限", kinds.LIMITS] == ("10,000,000円", "9,000,000円")
    assert form_changes(world.template, world.template) == []


def test_nothing_is_lost_and_nothing_odd_is_submitted(world: World) -> None:
    """Answers go over by key; what is no longer asked stays, is shown, and is not part of the content."""
    application = draft(world)
    drafting.save_answer(
        application_id=application.pk, question="novelty", value="先例", by=world["lead_editor"]
    )
    texts = {(a.question.code, a.member_id): a.value for a in Answer.objects.select_related("question")}
    revise(world.template, changed)
    assert application.template.version == 1
    assert (
        drafting.save_answer(
            application_id=application.pk, question="novelty", value="先例2", by=world["lead_editor"]
        ).value
        == "先例2"
    )  # the draft stays on its own version until somebody goes over
    done = go(world, application)
    assert done.template.version == 2
    after = {
        (a.question.code, a.member_id): a.value
        for a in Answer.objects.exclude(value="").select_related("question")
    }
    assert after == texts | {("novelty", None): "先例2"}
    kept = {answer.question.code for answer in kept_answers(world["lead_editor"], done)}
    assert kept == {"novelty", "role"}
    (own,) = kept_answers(world["partner_editor"], done).exclude(member=None)
    assert own.member == cases.partner_of(done)
    whole = content(done)
    assert "novelty" not in whole["answers"]["plan"]
    assert "continuity" in whole["answers"]["plan"]
    faults = {fault.field: fault.message for fault in check(done)}
    partner = cases.partner_of(done).public_id
    assert "委託料」は、いまの様式にありません" in faults[f"budget/{partner}/12/2027"]
    gone = application.template.questions.get(code="novelty")
    with pytest.raises(DomainError, match="新しい版の様式にはありません"):
        drafting._asked_now(done, gone)
    whats_dropped_can_come_back(world, done)


def whats_dropped_can_come_back(world: World, done: Application) -> None:
    """A second click changes nothing; a third version that asks again gets the kept answers."""
    assert ApplicationEvent.objects.get(action="renew_form").payload["from"] == 1
    assert go(world, done).pk == done.pk  # a second click
    assert ApplicationEvent.objects.filter(action="renew_form").count() == 1
    revise(done.template)  # the third version asks again what the second dropped
    again = go(world, done, 3)
    assert not kept_answers(world["lead_editor"], again).exists()
    assert content(again)["answers"]["plan"]["novelty"] == "先例2"


def test_consents_on_what_changed_end_with_the_reason(world: World) -> None:
    application = cases.ready(world)
    revise(world.template, effect_only)
    go(world, application)
    reasons = set(Consent.objects.filter(state="voided").values_list("void_reason", flat=True))
    assert reasons == {"様式が第2版になり、「成果と継続」の内容が変わったため"}
    assert Consent.objects.filter(state="given").count() == 0
    assert application.certifications.get().void_reason.startswith("様式が第2版になり")
    assert ApplicationEvent.objects.filter(action="void_consents").count() == 1


def test_consents_on_the_rest_go_on_and_the_call_can_demand_it(world: World) -> None:
    application = cases.ready(world)
    revise(world.template, nothing_binding)
    with pytest.raises(Incomplete, match="新しい様式（第2版）での提出を求めています"):
        submission.submit(application_id=application.pk, by=world["lead_editor"], idempotency_key=cases.key())
    go(world, application)
    assert Consent.objects.filter(state="given").count() == 2
    cases.certify(world, application)
    frozen = submission.submit(
        application_id=application.pk, by=world["lead_editor"], idempotency_key=cases.key()
    )
    assert frozen.content["form"]["version"] == 2


def test_an_earlier_version_is_submitted_where_the_call_lets_it(world: World) -> None:
    application = cases.ready(world)
    revise(world.template, effect_only)
    frozen = submission.submit(
        application_id=application.pk, by=world["lead_editor"], idempotency_key=cases.key()
    )
    assert frozen.content["form"]["version"] == 1


def test_only_the_leads_people_go_over(world: World) -> None:
    application = draft(world)
    revise(world.template, effect_only)
    for name in set(world.actors) - {
        "lead_editor",
        "lead_colleague",
        "lead_approver",
        "lead_second_approver",
    }:
        with pytest.raises(Refused):
            go(world, application, by=name)
    with pytest.raises(Conflict):
        go(world, application, version=3)
    assert go(world, application, by="lead_approver").template.version == 2


def test_reviewers_read_a_version_in_the_words_it_was_submitted_in(world: World, client_as: ClientAs) -> None:
    """Also once the town has gone over, and when the newer form asks what the submitted version could not answer."""
    application = cases.submitted(world)
    officer, address = client_as(world.users["officer"]), f"/review/{application.public_id}/"
    revise(world.template, changed)
    drafting.save_answer(
        application_id=application.pk, question="purpose", value="新しい目的", by=world["lead_editor"]
    )
    go(world, application)
    shown = text(officer, address)
    assert "目的とねらい" not in shown
    assert all(question.label in shown for question in world.template.questions.all())
    version = application.snapshots.get()
    case = Application.objects.with_parts().get(pk=application.pk)
    assert [one.label for one in checks_of(case, version) if not one.holds] == []
    assert case.template.version == 2


def test_what_was_sent_back_is_corrected_on_its_own_form(world: World) -> None:
    application = cases.returned(world)
    revise(world.template, nothing_binding)
    with pytest.raises(DomainError, match="様式の版を変えられません"):
        go(world, application)
    assert not [fault for fault in check(application) if fault.field == "form"]


def test_a_page_open_in_the_old_version_loses_nothing(world: World, client_as: ClientAs) -> None:
    """409 with both wordings and both texts; saving once more keeps what was typed."""
    application = draft(world)
    root = f"/applications/{application.public_id}/"
    client = client_as(world.users["lead_editor"])
    page = opened(client, f"{root}plan/plan/")
    part = opened(client, f"{root}plan/part/{cases.lead_of(application).public_id}/")
    grid = opened(client, f"{root}budget/{cases.lead_of(application).public_id}/")
    shown = text(client, f"{root}form/") if revise(world.template, changed) else ""
    assert "目的とねらい" in shown
    assert "様式の新しい版が出ています" in text(client, root)
    answer = client.post(f"{root}form/", {"version": "2"}, follow=True)
    assert "第2版に移りました" in answer.content.decode()
    assert sent(client, f"{root}plan/plan/", page | {"purpose": "新しく打った目的"}, 409, "purpose")["held"]
    typed = page | {"purpose": "新しく打った目的", "novelty": "打った先進性"}
    both = text(client, f"{root}plan/plan/", 409, **typed)
    for words in ("新しく打った目的", "打った先進性", "目的とねらい", "いまの様式に、この設問はありません"):
        assert words in both
    assert Answer.objects.get(question__code="purpose").value != "新しく打った目的"
    role = text(
        client,
        f"{root}plan/part/{cases.lead_of(application).public_id}/",
        409,
        **part | {"role": "打った役割"},
    )
    assert "打った役割" in role
    text(client, f"{root}budget/{cases.lead_of(application).public_id}/", 409, **grid | {"c-12-2027": "5"})
    now = opened(client, f"{root}plan/plan/") | {"purpose": "新しく打った目的"}
    client.post(f"{root}plan/plan/", now)
    assert Answer.objects.get(question__code="purpose").value == "新しく打った目的"
    text(client, f"{root}plan/plan/", 302, **opened(client, f"{root}plan/plan/"))
    old = client.post(f"{root}form/", {"version": "x"})
    assert old.status_code == 302  # nothing newer: nothing to go over to


def test_whoever_is_not_a_page_is_refused_too(world: World) -> None:
    """Saves without a form's version (machines, workbooks): what changed has another version, even where it is empty."""
    application = cases.start(world)
    by = world["lead_editor"]
    drafting.save_answer(application_id=application.pk, question="purpose", value="目的", by=by)
    revise(world.template, changed)
    go(world, application)
    for question, version in (("purpose", 1), ("issue", 0)):
        with pytest.raises(AnswerConflict):
            drafting.save_answer(
                application_id=application.pk,
                question=question,
                value="古い言葉への答え",
                expected_version=version,
                by=by,
            )
    drafting.save_answer(
        application_id=application.pk, question="title", value="題", expected_version=0, by=by
    )
    assert FormTemplate.objects.count() == 2
