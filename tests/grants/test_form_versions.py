"""Calls edited by their publishers: versions of a form, what applicants keep, and next year's call made from this one's."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from accounts.models import Notice, User
from accounts.rules import notice_group
from core.actor import Actor
from core.exceptions import Conflict, DomainError, Refused
from core.loading import read_json
from grants.actions import drafting
from grants.actions.loading import load_form
from grants.actions.renewing import renew_form
from grants.models import FormTemplate
from grants.queries.forms import current_form, demanded_form, newer_form
from programs.actions import parts
from programs.enums import PartKind, RevisionState
from programs.models import Call, PartRevision, ProgramEvent
from programs.models.versioning import version
from programs.parts import spec
from programs.parts.call import ITEMS
from programs.queries.parts import content_of_call, start_from
from tests.factories import other_calls
from tests.factories import programs as catalogue
from tests.factories.grant_forms import FORM, revise
from tests.factories.grants import World
from tests.programs.colleagues import acting, colleague

pytestmark = pytest.mark.django_db
ClientAs = Callable[[User | str], Client]
CALL = PartKind.CALL


def first(world: World) -> Actor:
    return acting(world.call.program.owner)


def second(world: World) -> Actor:
    return acting(world.call.program.owner, "second")


def current_version(call: Call) -> int | None:
    """The number of the version a call asks for."""
    form = current_form(call)
    return form.version if form else None


def sent_by(page: Any) -> dict[str, Any]:
    """What a browser sends back from the page's form."""
    return {
        field.html_name: field.value()
        for field in page.context["form"]
        if field.value() not in (None, False, [])
    }


def test_a_new_version_of_the_form_leaves_begun_drafts_alone(world: World) -> None:
    call = world.call
    begun, _ = drafting.start(call=call, by=world["lead_editor"])
    content = content_of_call(call)
    more = {"code": "q14", "section": "effect", "label": "広報の計画", "kind": "text", "required": False,
            "max_length": 200, "choices": [], "help": "", "unit": ""}  # fmt: skip
    changed = content | {"questions": [*content["questions"], more], "outline": "概要を直した"}
    draft = parts.save_part(
        program=call.program, part=CALL, key=call.public_id, content=changed, by=first(world)
    )
    before = version()
    again = parts.save_part(
        program=call.program, part=CALL, key=call.public_id, content=changed, by=first(world), edits=1
    )
    assert (again.pk, again.edits, version()) == (draft.pk, 1, before), "a draft is nothing the public reads"
    with pytest.raises(Conflict):
        parts.save_part(
            program=call.program, part=CALL, key=call.public_id, content=content, by=first(world), edits=7
        )
    with pytest.raises(Refused):
        parts.save_part(
            program=call.program, part=CALL, key=call.public_id, content=content, by=world["lead_editor"]
        )
    with pytest.raises(Conflict):
        parts.publish_part(revision=draft, by=second(world))
    parts.request_part_check(revision=draft, by=first(world))
    assert Notice.objects.filter(kind="programs.check").exists()
    with pytest.raises(DomainError, match="少人数特例"):
        parts.publish_part(revision=draft, by=first(world))
    parts.publish_part(revision=draft, by=second(world))
    call.refresh_from_db()
    form = FormTemplate.objects.get(version=2)
    note = Notice.objects.get(kind="grants.new_form")
    assert note.path == f"/applications/{begun.public_id}/form/"
    assert note.lines[1:] == [
        "変わった所：設問1件", "変わった部分：「成果と継続」",
        "いまの版のままでも提出できます。変わった所の一覧を確かめてください。",
    ]  # fmt: skip
    assert notice_group(note.kind).code == "requests"
    assert Notice.objects.for_reader(world["lead_editor"]).filter(pk=note.pk).exists()
    assert (current_form(call), call.outline, form.call, form.demanded) == (form, "概要を直した", call, False)
    assert [form.indicators, form.eligibility] == [begun.template.indicators, begun.template.eligibility]
    told = "label", "help", "kind", "required", "max_length", "choices", "unit", "prefill"
    asked = {row["code"]: row for row in form.questions.values("code", *told)}
    assert all(row == asked[row["code"]] for row in begun.template.questions.values("code", *told))
    assert (
        drafting.start(call=call, by=world["lead_editor"])[0].template.version == begun.template.version == 1
    )
    newer, created = drafting.start(call=call, by=world["partner_editor"])
    assert (created, newer.template.version) == (True, 2)
    assert newer.template.questions.filter(code="q14").exists()
    # the first version was kept before it changed, and can come back as a third
    one = PartRevision.objects.get(number=1)
    back = parts.restore_part(revision=one, by=second(world))
    parts.request_part_check(revision=back, by=second(world))
    parts.publish_part(revision=back, by=first(world))
    assert content_of_call(Call.objects.get(pk=call.pk)) == content
    assert current_version(call) == 3
    event = ProgramEvent.objects.filter(action="publish_part").order_by("-sequence").first()
    assert event is not None and event.payload["form_version"] == 3


def test_a_demanded_version_is_gone_over_to_before_submission(world: World) -> None:
    """Of the call it was published for; another call of the program goes on with the program's own."""
    call = world.call
    begun, _ = drafting.start(call=call, by=world["lead_editor"])
    other = catalogue.call_open(call.program, round_name="別の募集")
    beside, _ = drafting.start(call=other, by=world["lead_editor"])
    content = content_of_call(call)
    criteria = [row | {"weight": row["weight"] + 1} for row in content["criteria"]]
    draft = parts.save_part(
        program=call.program, part=CALL, key=call.public_id, by=first(world),
        content=content | {"criteria": criteria, "demanded": True},
    )  # fmt: skip
    parts.request_part_check(revision=draft, by=first(world))
    parts.publish_part(revision=draft, by=second(world))
    told = Notice.objects.filter(kind="grants.new_form")
    assert [(note.path, note.due_at) for note in told] == [
        (f"/applications/{begun.public_id}/form/", call.closes_at)
    ]
    begun.refresh_from_db()
    new = demanded_form(begun)
    assert new is not None
    assert (new.version, newer_form(beside), demanded_form(beside)) == (2, None, None)
    gone = renew_form(application_id=begun.pk, shown_version=2, by=world["lead_editor"])
    assert (gone.template, newer_form(gone)) == (new, None)
    assert content_of_call(call)["demanded"] is False, "asked anew with each change"
    revise(begun.template, lambda data: data.update(version=3))
    assert (current_version(call), current_version(other)) == (2, 3), (
        "a file's version is for calls without their own"
    )
    assert [note.path for note in told.order_by("pk")][1:] == [f"/applications/{beside.public_id}/form/"]


def test_a_files_version_takes_the_next_number_when_its_own_is_taken(world: World) -> None:
    call = world.call
    other = catalogue.call_open(call.program, round_name="別の募集")
    content = content_of_call(call) | {"form_title": "この募集の様式"}
    draft = parts.save_part(
        program=call.program, part=CALL, key=call.public_id, by=first(world), content=content
    )
    parts.request_part_check(revision=draft, by=first(world))
    parts.publish_part(revision=draft, by=second(world))
    second_file = read_json(FORM) | {"version": 2, "title": "ファイルの第2版"}
    assert load_form(second_file).created > 1
    again = load_form(second_file)
    assert (again.created, again.updated) == (0, 0), "loaded twice it is found by its number in the file"
    load_form(read_json(FORM) | {"version": 3, "title": "ファイルの第3版"})
    numbers = FormTemplate.objects.order_by("version").values_list("version", "file_version", "title")
    assert list(numbers)[1:] == [
        (2, None, "この募集の様式"), (3, 2, "ファイルの第2版"), (4, 3, "ファイルの第3版"),
    ]  # fmt: skip
    assert (current_version(call), current_version(other)) == (2, 4)


@pytest.mark.parametrize("name", [other_calls.LINES, other_calls.ADVISER, other_calls.STUDENTS])
def test_what_publishers_do_not_write_goes_over_to_the_next_version(world: World, name: str) -> None:
    """Lines, visits and one municipality alone, of forms without money and of one whose sources state no rate."""
    call = other_calls.call_of(world, name)
    before, content = current_form(call), content_of_call(call)
    assert before is not None
    more = [*content["criteria"], {"code": "more", "label": "広がり", "weight": 1, "help": ""}]
    items = [row | {"note": "注記"} for row in content["cost_items"][::-1]]
    by = first(world)
    draft = parts.save_part(
        program=call.program, part=CALL, key=call.public_id, by=by,
        content=content | {"criteria": more, "cost_items": items},
    )  # fmt: skip
    parts.request_part_check(revision=draft, by=by)
    parts.publish_part(revision=draft, by=by, single_person_reason="ほかにいない")
    after = current_form(call)
    assert after is not None
    assert (after.version, after.call, len(after.criteria)) == (2, call, len(before.criteria) + 1)
    for same in ("visits", "eligibility", "rate", "first_year_cap", "max_years", "has_money", "is_alone"):
        assert getattr(after, same) == getattr(before, same)
    assert after.lines == [line | {"note": "注記"} for line in before.lines[::-1]]
    bad = {"code": "99", "label": "資料にない取組", "eligible": True, "note": ""}
    draft = parts.save_part(
        program=call.program, part=CALL, key=call.public_id, by=by, content=content | {"cost_items": [bad]}
    )
    with pytest.raises(
        DomainError, match="この様式の取組ではありません" if before.lines else "補助金のない募集に費目"
    ):
        parts.request_part_check(revision=draft, by=by)


def test_what_cases_stand_on_does_not_move_once_a_call_is_announced(world: World) -> None:
    call, by = world.call, first(world)
    content = content_of_call(call)
    for name, value in (
        ("closes_at", "2027-03-01T08:00:00+00:00"),
        ("rounding_unit", 1),
        ("fiscal_year", 2030),
    ):
        with pytest.raises(DomainError, match="変えられません"):
            parts.save_part(
                program=call.program, part=CALL, key=call.public_id, content=content | {name: value}, by=by
            )
    unbound = [row | {"binding": False} for row in content["sections"]]
    draft = parts.save_part(
        program=call.program, part=CALL, key=call.public_id, content=content | {"sections": unbound}, by=by
    )
    with pytest.raises(DomainError, match="同意に結び付く部分"):
        parts.request_part_check(revision=draft, by=by)
    parts.discard_part(revision=draft, by=by)
    assert PartRevision.objects.get(pk=draft.pk).state == RevisionState.DISCARDED


def test_next_years_call_is_made_from_this_years(client_as: ClientAs, world: World) -> None:
    call = world.call
    copied = start_from(call.program, CALL, call.public_id)
    assert copied is not None
    assert copied["fiscal_year"] == 2028
    base = f"/publishing/programs/{call.program.slug}/parts/call/"
    own, other = client_as(colleague(call.program.owner)), client_as(colleague(call.program.owner, "second"))
    page = own.get(f"{base}new/?copy={call.public_id}")
    sent = sent_by(page)
    assert sent["questions_0_label"] == "事業名"
    # buttons of rows rearrange what was typed and keep nothing
    added = own.post(f"{base}new/", sent | {"row": "add:questions", "round_name": "打ちかけの名前"})
    assert added.status_code == 200
    assert "打ちかけの名前" in added.content.decode()
    sent = sent_by(added)
    assert sent["questions_13_code"] == "q14"
    moved = sent_by(own.post(f"{base}new/", sent | {"row": "down:criteria:0"}))
    assert (moved["criteria_0_code"], moved["criteria_1_code"]) == ("novelty", "breadth")
    gone = sent_by(own.post(f"{base}new/", moved | {"row": "remove:documents:1"}))
    assert "documents_1_code" not in gone
    assert not PartRevision.objects.exists()
    # faults are named beside their boxes, and nothing typed goes
    wrong = own.post(
        f"{base}new/", gone | {"round_name": "第1次", "opens_at": "あした", "rate": "5/3", "criteria_0_weight": "重い",
                               "budget": "1000千円"},
    )  # fmt: skip
    assert wrong.status_code == 422
    form = wrong.context["form"]
    assert {"opens_at", "rate", "criteria_0_weight", "budget"} == set(form.errors)
    assert "1000千円" in wrong.content.decode()
    good = gone | {"round_name": "第1次", "outline": "来年度の募集", "questions_13_label": "追加の設問",
                   "questions_13_section": "effect", "questions_13_kind": "text"}  # fmt: skip
    saved = own.post(f"{base}new/", good)
    assert saved.status_code == 302
    draft = PartRevision.objects.get()
    assert draft.content["questions"][13] == {
        "code": "q14", "section": "effect", "label": "追加の設問", "kind": "text", "required": False, "max_length": None,
        "choices": [], "help": "", "unit": "",
    }  # fmt: skip
    assert draft.content["criteria"][0]["code"] == "novelty"
    assert not Call.objects.filter(public_id=draft.key).exists(), (
        "nothing the public reads before it is published"
    )
    where = f"{base}{draft.key}/"
    told = own.get(where).content.decode()
    section = draft.content["sections"][0]
    assert f"{section['label']}　{draft.content['questions'][0]['label']}" in told, (
        "by its name, not its code"
    )
    assert f"{section['code']}　" not in told
    preview = own.get(f"{where}preview/").content.decode()
    assert "公開前の見本" in preview
    assert "追加の設問" in preview
    assert own.post(f"{where}acts/request_check/").status_code == 302
    assert own.post(f"{where}edit/", good | {"edits": "1"}).status_code == 409
    assert other.post(f"{where}acts/send_back/", {"reason": ""}).status_code == 422
    assert other.post(f"{where}acts/send_back/", {"reason": "予算を"}).status_code == 302
    assert "予算を" in own.get(where).content.decode()
    assert own.post(f"{where}acts/request_check/").status_code == 302
    assert own.post(f"{where}acts/publish/").status_code == 422
    assert other.post(f"{where}acts/publish/").status_code == 302
    made = Call.objects.get(public_id=draft.key)
    assert (made.fiscal_year, current_version(made), made.binding_sections) == (2028, 2, ["plan", "effect"])
    assert made.closes_at - call.closes_at == timedelta(days=365)
    public = Client().get(f"/calls/{made.public_id}/").content.decode()
    assert "追加の設問" in public
    assert current_version(call) == 1, "this year's call keeps its own form"
    assert "第1版" in own.get(f"{where}revisions/1/").content.decode()
    stranger = client_as(colleague(catalogue.municipality("132080", "調布市")))
    for path in (where, f"{where}edit/", f"{where}preview/", f"{where}acts/publish/", f"{where}revisions/1/", f"{base}new/"):  # fmt: skip
        assert stranger.get(path).status_code == 404
        assert stranger.post(path).status_code in {404, 405}
    for path in (
        f"{base}unknown/",
        f"/publishing/programs/{call.program.slug}/parts/x/new/",
        f"{where}acts/x/",
    ):
        assert own.get(path).status_code == 404


def test_a_check_names_everything_that_is_missing(client_as: ClientAs, world: World) -> None:
    program = world.call.program
    own = client_as(colleague(program.owner))
    base = f"/publishing/programs/{program.slug}/parts/call/"
    page = own.get(f"{base}new/")
    saved = own.post(
        f"{base}new/",
        sent_by(page) | {"round_name": "空の募集", "sections_0_label": "計画", "sections_0_scope": "common"},
    )
    assert saved.status_code == 302
    draft = PartRevision.objects.get()
    assert "まだ見本を作れません" in own.get(f"{base}{draft.key}/preview/").content.decode()
    asked = own.post(f"{base}{draft.key}/acts/request_check/")
    assert asked.status_code == 422
    told = asked.content.decode()
    for words in ("対象年度が空です", "締切が空です", "補助率が空です", "「事業名」の設問がありません"):
        assert words in told


def test_a_cost_item_that_is_no_setsu_goes_by_its_name() -> None:
    rows = [
        {"code": "12", "label": "委託料", "eligible": True, "note": ""},
        {"code": "other", "label": "対象外の経費", "eligible": False, "note": ""},
    ]
    assert spec.words(ITEMS["cost_items"], rows, {}) == "12　委託料　対象になる\n対象外の経費"
