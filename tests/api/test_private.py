"""The API of cases for those who are signed in and for tokens: as the pages say, never more, never lost."""

import base64
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.actions.notice import Audience, notify
from accounts.actions.tokens import actor_of_token
from accounts.enums import Scope
from accounts.models import ApiToken, KeptAnswer
from core import clock as time
from core.exceptions import PersonRequired
from grants.actions import decision, documents, drafting, submission
from grants.models import Answer, Application, Revision
from tests.api.machines import BASE, CASES, Machine, read
from tests.factories import grants as cases
from tests.factories.grant_forms import revise

VALUE = "多摩の3市で周遊ルートをつくる。\n末尾の空白 "


@pytest.fixture
def world(db: None, clock: Any) -> cases.World:
    clock.set(cases.NOW)
    return cases.world(max_per_lead=5)


def machine(world: cases.World, name: str, *scopes: str) -> Machine:
    return Machine(world.users[name], *scopes)


def addresses(case: Application) -> list[str]:
    """Every address below a case."""
    lead = cases.lead_of(case).public_id
    paper = case.documents.first()
    named = [f"documents/{paper.public_id}/", f"documents/{paper.public_id}/content/"] if paper else []
    fixed = ("", "events/", "versions/", "answers/", "answers/title/", "budget/", "documents/")
    own = (f"members/{lead}/budget/", f"members/{lead}/answers/role/")
    return [f"{case.public_id}/{path}" for path in (*fixed, *own, *named)]


# --- Reading -------------------------------------------------------------------------------------------------


def test_a_town_reads_its_case_as_its_page_does(world: cases.World) -> None:
    case = cases.submitted(world)
    town = machine(world, "lead_editor")
    row = town.get("")["results"][0]
    assert (row["id"], row["status"], row["status_label"]) == (case.public_id, "received", "受付済")
    assert (row["requested_amount"], row["decided_amount"]) == (case.requested_amount, None)
    whole = town.get(f"{case.public_id}/")
    assert whole["page"] == f"/applications/{case.public_id}/"
    assert [member["role"] for member in whole["members"]] == ["lead", "partner", "diverse_actor"]
    assert [member["consented"] for member in whole["members"]] == [False, True, True]
    assert {act["action"] for act in whole["available_actions"]} == {"replace", "record_consent"}
    assert all(act["needs_person"] for act in whole["available_actions"])
    budget = town.get(f"{case.public_id}/budget/")
    assert sum(
        cost["amount"] for share in budget["members"] for cost in share["costs"]
    ) == 3 * cases.PARTNER_COST + sum(cases.COST.values())
    version = town.get(f"{case.public_id}/versions/0/")
    assert version["content"]["title"] == case.title and version["files"][0]["sha256"]
    for path in addresses(case):
        assert town("get", path).status_code == 200, path
    text = "".join(town("get", path).content.decode() for path in ("", *addresses(case)[:-1]))
    assert not [who.name for who in world.users.values() if who.name in text]
    assert "info@chamber.example" not in text


def test_the_deliberation_is_tokyos_own(world: cases.World, clock: Any) -> None:
    """Towns and reviewers know neither the draft nor the result before its announcement; officers do."""
    case = cases.decided(world, decision.adopt)
    clock.set(cases.AFTER_CLOSING)
    told = {}
    for name in ("lead_editor", "partner_editor", "officer"):
        told[name] = machine(world, name).get(f"{case.public_id}/")
    assert [told[name]["status"] for name in told] == ["in_review", "in_review", "adopted"]
    assert [told[name]["decided_amount"] for name in told] == [None, None, 10_000_000]
    events = {
        name: {
            row["action"]
            for row in machine(world, name).get(f"{case.public_id}/events/?page_size=200")["results"]
        }
        for name in told
    }
    assert "adopt" in events["officer"] and "edit" not in events["officer"]
    assert not events["lead_editor"] & {"adopt", "recommend", "score", "assign"}
    assert (
        machine(world, "officer")("get", f"{case.public_id}/answers/").status_code == 404
    )  # it reads versions
    assert machine(world, "partner_editor").get(f"{case.public_id}/versions/")["results"] == []
    shares = machine(world, "partner_editor").get(f"{case.public_id}/budget/")["members"]
    assert [share["name"] for share in shares] == ["清瀬市"]


@pytest.mark.parametrize("who", ["stranger_editor", "officer", "lead_finance", ""])
def test_another_bodys_draft_is_unknown(world: cases.World, client_as: Any, who: str) -> None:
    """By token and by session alike; an officer sees no draft that did not ask; the town's own finance office does."""
    case = cases.start(world)
    cases.fill(world, case)
    wanted = {"lead_finance": 200, "": 401}.get(who, 404)
    signed_in = client_as(world.users[who]) if who else Client()
    caller = machine(world, who) if who else None
    for path in addresses(case):
        assert read(signed_in.get(f"{CASES}{path}")).status_code == wanted, path
        if caller:
            assert caller("get", path).status_code == wanted, path
    if wanted == 404 and caller:
        assert caller.get("")["results"] == []
        for path in (f"{case.public_id}/acts/submit/", f"{case.public_id}/answers/title/"):
            method = "post" if "acts" in path else "put"
            assert caller(method, path, {"value": "x"}, If_Match='"1"').status_code == 404
        assert not Answer.objects.filter(value="x").exists()


def test_what_changes_in_the_copy_is_not_what_tokyo_reads(world: cases.World) -> None:
    case = cases.submitted(world)
    before = case.title
    drafting.save_answer(
        application_id=case.pk, question="title", value="差替え中の題", by=world["lead_editor"]
    )
    assert machine(world, "officer").get("")["results"][0]["title"] == before
    assert machine(world, "lead_editor").get("")["results"][0]["title"] == "差替え中の題"


def test_lists_go_on_where_they_stopped(world: cases.World, clock: Any) -> None:
    """A case that comes while somebody reads neither hides a row nor shows one twice."""
    for _ in range(4):
        clock.advance(timedelta(minutes=1))
        cases.start(world)
    town = machine(world, "lead_editor")
    first = town.get("?page_size=2")
    clock.advance(timedelta(minutes=1))
    cases.start(world)
    second = town.get(first["next"].partition("testserver")[2])
    ids = [row["id"] for row in first["results"] + second["results"]]
    assert len(set(ids)) == 4 and second["next"] is None
    for wrong in ("?page_size=0", "?fiscal_year=x", "?call=%00"):
        assert town("get", wrong).status_code == 400, wrong
    for place in ("x", "あ", "0001-01-01 00:00+14:00", "9999-99-99", "9" * 40, "\x00", "1e400"):
        forged = base64.b64encode(urlencode({"p": place}).encode()).decode()
        growing = ("", f"{ids[0]}/events/", f"{ids[0]}/versions/", f"{BASE}notices/")
        answers = {path: town("get", f"{path}?{urlencode({'cursor': forged})}") for path in growing}
        assert [a.status_code for a in answers.values() if a.status_code not in {200, 404}] == [], place
        assert answers[f"{ids[0]}/events/"].status_code == (200 if place.isdigit() else 404), place
    assert town.get(f"?fiscal_year=2027&call={world.call.public_id}&page_size=200")["results"]
    assert town.get("?fiscal_year=2028")["results"] == []


def test_asking_costs_the_same_for_one_and_for_three(world: cases.World) -> None:
    town = machine(world, "lead_editor")
    counted: dict[str, list[int]] = {}
    case = cases.start(world)
    cases.fill(world, case)
    lists = ("", f"{case.public_id}/", f"{case.public_id}/documents/", f"{case.public_id}/events/", f"{case.public_id}/budget/",
             f"{case.public_id}/answers/", f"{BASE}notices/", f"{BASE}deadlines/")  # fmt: skip
    for more in (0, 2):
        for number in range(more):
            cases.start(world)
            documents.attach_document(
                application_id=case.pk, file=cases.upload(f"{number}.pdf"), by=world["lead_editor"]
            )
            notify(
                kind="grants.told",
                key=f"k{number}",
                audience=Audience.of_users(world.users["lead_editor"].pk),
                title="件",
                path="/",
            )
        for path in lists:
            town.get(path)
            with CaptureQueriesContext(connection) as queries:
                town.get(path)
            counted.setdefault(path, []).append(len(queries))
    assert {path: pair for path, pair in counted.items() if pair[0] != pair[1]} == {}


# --- Scopes and persons --------------------------------------------------------------------------------------


def test_a_token_does_what_it_was_made_for(world: cases.World) -> None:
    case = cases.start(world)
    cases.fill(world, case)
    narrow = machine(world, "lead_editor", Scope.READ_DEADLINES)
    for path in (*addresses(case), f"{BASE}notices/"):
        answer = narrow("get", path)
        assert answer.status_code == 403, path
        assert 'error="insufficient_scope"' in answer["WWW-Authenticate"]
    reader = machine(world, "lead_editor", Scope.READ_APPLICATIONS)
    answer = reader("put", f"{case.public_id}/answers/title/", {"value": "x"}, If_Match='"1"')
    assert (answer.status_code, "applications.write" in answer.json()["detail"]) == (403, True)
    assert narrow("get", f"{BASE}programs/").status_code == 200  # public all the same


@pytest.mark.parametrize("act", ["submit", "certify", "consent", "withdraw", "recommend", "adopt", "discard"])
def test_what_needs_a_person_says_so(world: cases.World, client_as: Any, act: str) -> None:
    case = cases.ready(world)
    town = machine(world, "lead_editor")
    for answer in (
        town("post", f"{case.public_id}/acts/{act}/"),
        client_as(world.users["lead_editor"]).post(f"{CASES}{case.public_id}/acts/{act}/"),
    ):
        assert answer.status_code == 403
        assert "職員がサインインして画面で行う" in answer.json()["detail"]
    assert town("post", f"{case.public_id}/acts/unknown/").status_code == 404
    assert Application.objects.get(pk=case.pk).status == "draft"


def test_the_actions_themselves_refuse_a_machine(world: cases.World) -> None:
    """Whatever view calls them: the one writer of the status asks."""
    case = cases.ready(world)
    made = machine(world, "lead_approver").token
    by = actor_of_token(
        ApiToken.objects.select_related("membership__department__organization", "membership__user").get(
            pk=made.pk
        )
    )
    for run in (
        lambda: submission.submit(application_id=case.pk, by=by, idempotency_key=cases.key()),
        lambda: drafting.discard(application_id=case.pk, by=by),
        lambda: drafting.start(call=world.call, by=by),
        lambda: documents.attach_document(application_id=case.pk, file=cases.upload(), by=by),
    ):
        with pytest.raises(PersonRequired):
            run()


# --- Writing -------------------------------------------------------------------------------------------------


def test_an_answer_is_saved_as_sent_and_once(world: cases.World) -> None:
    case = cases.start(world)
    town, path = machine(world, "lead_editor"), f"{case.public_id}/answers/purpose/"
    assert town("get", path)["ETag"] == '"0"'
    assert town("put", path, {"value": VALUE}).status_code == 428
    saved = town("put", path, {"value": VALUE}, If_Match='"0"', Idempotency_Key="key-00000001")
    assert (saved.status_code, saved["ETag"], saved.json()["value"]) == (200, '"1"', VALUE)
    again = town("put", path, {"value": VALUE}, If_Match='"0"', Idempotency_Key="key-00000001")
    assert (again.json(), again["ETag"], again["Idempotency-Replayed"]) == (saved.json(), '"1"', "true")
    assert Revision.objects.filter(application=case, key="purpose").count() == 1
    reused = town("put", path, {"value": "別"}, If_Match='"1"', Idempotency_Key="key-00000001")
    assert (reused.status_code, reused.json()["errors"][0]["field"]) == (422, "Idempotency-Key")
    late = town("put", path, {"value": "遅れた変更"}, If_Match='"0"', Idempotency_Key="key-00000002")
    assert late.status_code == 412 and "読み直して" in late.json()["detail"]
    assert Answer.objects.get(application=case, question__code="purpose").value == VALUE
    kept = town(
        "put", path, {"value": "直した"}, If_Match='"1"', Idempotency_Key="key-00000002"
    )  # 412 was not kept
    assert (kept.status_code, KeptAnswer.objects.count()) == (200, 2)
    event = case.events.filter(action="edit").latest("sequence")
    assert "APIのトークン" in event.actor_name


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [({}, {}, 400), ({"value": 5.5, "x": 1}, {}, 200), ({"value": None}, {}, 400), ([], {}, 400), ({"value": "\x00"}, {}, 400),
     ({"value": "字" * 20_001}, {}, 422), ({"value": "x"}, {"Idempotency_Key": "short"}, 400),
     ({"value": "x"}, {"If_Match": "*"}, 412), ({"value": "x"}, {"If_Match": 'W/"0"'}, 412)],
)  # fmt: skip
def test_faulty_writes_are_told_in_japanese(
    world: cases.World, body: object, headers: dict[str, str], status: int
) -> None:
    case = cases.start(world)
    answer = machine(world, "lead_editor")(
        "put", f"{case.public_id}/answers/purpose/", body, **{"If_Match": '"0"', **headers}
    )
    assert answer.status_code == status, answer.content.decode()
    if status != 200:
        assert answer["Content-Type"] == "application/problem+json"
        assert any(ord(char) > 0x3000 for char in answer.json()["detail"])
        assert not Answer.objects.filter(application=case).exists()


def test_a_budget_is_replaced_as_a_whole_and_faults_name_the_row(world: cases.World) -> None:
    case = cases.start(world)
    cases.fill(world, case)
    town = machine(world, "lead_editor")
    path = f"{case.public_id}/members/{cases.lead_of(case).public_id}/budget/"
    shown = town("get", path)
    whole = {"costs": shown.json()["costs"], "incomes": shown.json()["incomes"]}
    same = town("put", path, whole, If_Match=shown["ETag"])
    assert (same.status_code, same["ETag"]) == (200, shown["ETag"])  # nothing changed: nothing ends
    whole["costs"][0]["amount"] += 1
    changed = town("put", path, whole, If_Match=shown["ETag"])
    assert changed.json()["costs"] == whole["costs"]
    assert town("put", path, whole, If_Match=shown["ETag"]).status_code == 412
    faulty = {"costs": [whole["costs"][0], {"item": "99", "fiscal_year": 2050, "amount": 1}], "incomes": []}
    answer = town("put", path, faulty, If_Match=changed["ETag"])
    assert answer.status_code == 422
    assert {error["field"] for error in answer.json()["errors"]} == {"costs.1"}
    stray = {"costs": [{**whole["costs"][0], "paid_to": "nobody"}], "incomes": [{"kind": "x"}]}
    assert {error["field"] for error in town("put", path, stray, If_Match=changed["ETag"]).json()["errors"]} == {
        "incomes.0.fiscal_year", "incomes.0.amount",
    }  # fmt: skip
    assert town("get", path).json()["costs"] == whole["costs"]
    partner = f"{case.public_id}/members/{cases.partner_of(case).public_id}/budget/"
    assert machine(world, "partner_editor")("get", path).status_code == 404
    assert machine(world, "partner_editor")("get", partner).status_code == 200


def _indicators_asked(data: dict[str, Any]) -> None:
    data["indicators"] = {"min": 1, "max": 3}


def test_indicators_are_replaced_as_a_whole_and_faults_name_the_cell(world: cases.World) -> None:
    world.template = revise(world.template, _indicators_asked)
    case = cases.start(world)
    cases.fill(world, case)
    town, path = machine(world, "lead_editor"), f"{case.public_id}/indicators/"
    shown = town("get", path)
    (row,) = shown.json()["results"]
    assert (row["baseline"], row["targets"]["2027"]) == ("300", "500")
    same = town("put", path, {"results": [row]}, If_Match=shown["ETag"])
    assert (same.status_code, same["ETag"]) == (200, shown["ETag"])  # nothing changed: nothing ends
    more = {
        "results": [{**row, "baseline": "0"}, {"name": "満足度", "targets": {"2028": "99.5", "2029": ""}}]
    }
    sent = {"If_Match": shown["ETag"], "Idempotency_Key": "indicators-1"}
    changed, replayed = (town("put", path, more, **sent) for _ in range(2))
    assert [each["baseline"] for each in changed.json()["results"]] == ["0", ""]
    assert changed.json()["results"][1]["targets"] == {"2028": "99.5"}
    assert (replayed["Idempotency-Replayed"], replayed.json()) == ("true", changed.json())
    assert town("put", path, more, If_Match=shown["ETag"]).status_code == 412
    assert town("put", path, more).status_code == 428
    for faulty, field in (
        ({"baseline": "三百"}, "results.0.baseline"), ({"targets": {"来年": "1"}}, "results.0.targets.来年"),
        ({"targets": {"2050": "1"}}, "results.0.targets.2050"), ({"aim": "x"}, "results.0.aim"),
        ({"unit": "長い" * 20}, "results.0.unit"),
    ):  # fmt: skip
        answer = town("put", path, {"results": [{**row, **faulty}]}, If_Match=changed["ETag"])
        assert answer.status_code == 422, faulty
        assert {error["field"] for error in answer.json()["errors"]} == {field}
    many = town("put", path, {"results": [row] * 9}, If_Match=changed["ETag"])
    assert {error["field"] for error in many.json()["errors"]} == {"results"}
    partner = machine(world, "partner_editor")
    assert partner("put", path, more, If_Match=changed["ETag"]).status_code in {403, 404}
    assert town("get", path).json() == changed.json()


def test_after_closing_nothing_is_saved(world: cases.World, clock: Any) -> None:
    case = cases.start(world)
    town = machine(world, "lead_editor")
    clock.set(cases.CLOSES + timedelta(seconds=1))
    answer = town("put", f"{case.public_id}/answers/purpose/", {"value": "x"}, If_Match='"0"')
    assert answer.status_code in {409, 422} and not Answer.objects.exists()


def test_files_are_the_very_bytes(world: cases.World) -> None:
    case = cases.start(world)
    cases.fill(world, case)
    town = machine(world, "lead_editor")
    paper = town.get(f"{case.public_id}/documents/")["results"][0]
    for accept in ("*/*", "application/pdf", "text/html"):
        answer = town("get", f"{case.public_id}/documents/{paper['id']}/content/", Accept=accept)
        assert answer.file == cases.pdf()
        assert (
            answer["Content-Disposition"].startswith("attachment") and "no-store" in answer["Cache-Control"]
        )
    other = town("get", f"{case.public_id}/documents/unknown/content/", Accept="application/pdf")
    assert (other.status_code, other["Content-Type"]) == (404, "application/problem+json")


def test_notices_and_deadlines_are_the_departments(world: cases.World) -> None:
    cases.start(world)
    note = notify(
        kind="grants.told",
        key="one",
        audience=Audience.of_users(world.users["lead_editor"].pk),
        title="お知らせ",
        path="/calls/",
    )
    assert note is not None
    town, stranger = machine(world, "lead_editor"), machine(world, "stranger_editor")
    rows = town.get(f"{BASE}notices/?unread=1")["results"]
    assert [(row["title"], row["is_read"]) for row in rows if row["id"] == note.pk] == [("お知らせ", False)]
    for _ in range(2):
        assert town("post", f"{BASE}notices/{note.pk}/read/").json() == {"id": note.pk, "is_read": True}
    assert note.pk not in [row["id"] for row in town.get(f"{BASE}notices/?unread=1")["results"]]
    wrong = town("get", f"{BASE}notices/?unread=true")
    assert (wrong.status_code, wrong.json()["errors"][0]["field"]) == (400, "unread")
    for number in (note.pk, 10**30):
        assert stranger("post", f"{BASE}notices/{number}/read/").status_code == 404
    tasks = town.get(f"{BASE}deadlines/")["results"]
    assert "grants.submit" in [task["kind"] for task in tasks]
    assert stranger.get(f"{BASE}deadlines/")["results"] == []
    assert time.now().isoformat()[:10] <= tasks[0]["due_at"][:10]
