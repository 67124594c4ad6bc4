"""Taking progress sheets into a plan: once, twice, beside a person's changes; the command both ways."""

import json
from dataclasses import replace
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from accounts.models import Organization
from core.actor import ANONYMOUS, SYSTEM, Actor
from core.events import verify_chain
from core.exceptions import DomainError, Refused
from indicators.actions.importing import create_plan, find_plan, import_sheets
from indicators.actions.merging import Outcome
from indicators.enums import GoalStatus, Operator, PlanPublication, TargetKind
from indicators.importing import preview, read
from indicators.models import ImportedCell, Measure, Plan, PlanEvent, SheetYear
from tests.indicators import sheet_texts as texts

CITY = "132225"


@pytest.fixture
def city(reference: None) -> Organization:
    return Organization.objects.get(code=CITY)


@pytest.fixture
def made(city: Organization) -> Outcome:
    return create_plan(
        reading=read(texts.whole()), organization=city, slug="asagiri", by=SYSTEM, source="a.txt"
    )


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "進行管理表.txt"
    path.write_text(texts.whole(), encoding="utf-8")
    return path


def year(number: str, fiscal_year: int = 2028) -> SheetYear:
    return SheetYear.objects.get(
        measure__plan__slug="asagiri", measure__number=number, fiscal_year=fiscal_year
    )


def run(*args: Any, **options: Any) -> str:
    out = StringIO()
    call_command("import_progress_sheets", *args, stdout=out, **options)
    return out.getvalue()


def test_a_new_plan_holds_every_cell_and_is_a_draft(made: Outcome, client: Client) -> None:
    plan = made.plan
    assert (plan.title, plan.goal) == ("あさぎり市水辺まなび計画", "川と人が 教えあうまち")
    assert plan.publication == PlanPublication.DRAFT
    assert [str(row) for row in plan.directions.all()] == list(texts.DIRECTIONS)
    assert [theme.label for theme in plan.themes.all()] == list(texts.THEMES)
    for sheet in texts.SHEETS:
        row = plan.measures.get(number=texts.number_of(sheet))
        assert (row.full_title, row.get_outlook_display(), row.overview) == (
            sheet.title + sheet.mark, sheet.outlook, sheet.overview,
        )  # fmt: skip
        assert [theme.label for theme in row.themes.all()] == [texts.THEMES[n] for n in sheet.themes]
        assert str(row.policy) == sheet.policy
        first = row.years.get(fiscal_year=2028)
        assert (first.content, first.goal, first.result, first.issues) == (
            sheet.content, sheet.goal, sheet.result, sheet.issues,
        )  # fmt: skip
        assert row.lead_department == sheet.unit
    assert plan.measures.get(number="4-1").related_departments == [{"name": "水辺の会", "is_outside": True}]
    assert year("2").refers_to == plan.measures.get(number="6")
    assert year("3").goal_status == GoalStatus.NOT_SET
    assert year("3", 2029).goal_status == GoalStatus.BLANK
    assert client.get(reverse("plans:detail", args=[plan.slug])).status_code == 404


def test_indicators_get_typed_values(made: Outcome) -> None:
    first, second, third = made.plan.indicators.order_by("number")
    assert (first.baseline_value, first.target_value, first.unit) == (12500, 15000, "人")
    assert (second.target_operator, second.target_value, second.baseline_start) == (Operator.AT_MOST, 3, 2024)
    assert (third.target_kind, third.baseline_text) == (TargetKind.DIRECTION, "71.5% (令和8年度)")
    assert first.next_update_text == "令和11年3月頃"


def test_twice_changes_nothing_and_records_nothing(made: Outcome) -> None:
    assert PlanEvent.objects.count() == 1
    again = import_sheets(reading=read(texts.reordered(3)), plan=made.plan, by=SYSTEM)
    assert (again.changes, again.differences, again.refused) == ((), (), ())
    assert again.unchanged == len(made.changes) + made.unchanged
    assert PlanEvent.objects.count() == 1
    assert verify_chain(PlanEvent.objects.all()) == []


def test_the_source_goes_on_where_nobody_wrote(made: Outcome) -> None:
    text = texts.whole().replace("届け出は0件でした。", "届け出は1件でした。")
    changed = import_sheets(reading=read(text), plan=made.plan, by=SYSTEM, source="b.txt")
    assert [row.key for row in changed.changes] == ["1/2028/result"]
    assert year("1").result.endswith("1件でした。")
    event = PlanEvent.objects.latest("sequence")
    assert event.payload == {"source": "b.txt", "cells": ["1/2028/result"], "kept": [], "revised": []}


def test_a_revision_of_a_published_plan_keeps_the_earlier_words(made: Outcome, client: Client) -> None:
    page = f"/plans/{made.plan.slug}/revisions/"
    assert client.get(page).status_code == 404
    Plan.objects.filter(pk=made.plan.pk).update(publication="published")
    assert "見直しの記録はまだありません" in client.get(page).content.decode()
    text = (
        texts.whole()
        .replace("川と人が 教えあうまち", "川と人が 学びあうまち")
        .replace("夜の図書館", "夜と朝の図書館")
    )
    import_sheets(reading=read(text), plan=made.plan, by=SYSTEM, source="内部の名前.txt")
    shown = client.get(page).content.decode()
    for words in (
        "川と人が 教えあうまち",
        "川と人が 学びあうまち",
        "個票5　施策名",
        "夜の図書館",
        "夜と朝の図書館",
    ):
        assert words in shown
    assert "内部の名前" not in shown


def test_a_persons_text_is_kept_and_listed_until_accepted(made: Outcome) -> None:
    SheetYear.objects.filter(pk=year("1").pk).update(result="手で直した文です。")
    same = import_sheets(reading=read(texts.whole()), plan=made.plan, by=SYSTEM)
    assert (same.changes, same.differences) == ((), ())
    text = texts.whole().replace("届け出は0件でした。", "届け出は1件でした。")
    kept = import_sheets(reading=read(text), plan=made.plan, by=SYSTEM)
    assert [(row.key, row.before) for row in kept.differences] == [("1/2028/result", "手で直した文です。")]
    assert year("1").result == "手で直した文です。"
    taken = import_sheets(reading=read(text), plan=made.plan, by=SYSTEM, accept=["1/2028/result"])
    assert [row.key for row in taken.changes] == ["1/2028/result"]
    assert year("1").result.endswith("1件でした。")
    assert import_sheets(reading=read(text), plan=made.plan, by=SYSTEM).changes == ()


def test_a_cell_filled_by_hand_stays_where_the_source_is_blank(made: Outcome) -> None:
    SheetYear.objects.filter(pk=year("5").pk).update(result="利用者は月に310人でした。")
    again = import_sheets(reading=read(texts.whole()), plan=made.plan, by=SYSTEM)
    assert (again.changes, again.differences) == ((), ())
    assert year("5").result == "利用者は月に310人でした。"


def test_accepting_what_is_no_difference_is_refused(made: Outcome) -> None:
    with pytest.raises(DomainError, match="「1/2028/goal」に違いはありません"):
        import_sheets(reading=read(texts.whole()), plan=made.plan, by=SYSTEM, accept=["1/2028/goal"])


def test_an_unclear_text_changes_nothing_at_all(made: Outcome) -> None:
    before = list(SheetYear.objects.values()), ImportedCell.objects.count()
    text = texts.whole((*texts.SHEETS, texts.SHEETS[0])).replace("小学校6校", "小学校7校")
    with pytest.raises(DomainError, match="番号1の個票が2枚あります"):
        import_sheets(reading=read(text), plan=made.plan, by=SYSTEM)
    assert before == (list(SheetYear.objects.values()), ImportedCell.objects.count())


def test_what_does_not_fit_is_refused_by_cell_and_the_rest_is_taken(made: Outcome) -> None:
    text = texts.whole().replace("夜の図書館", "夜の図書館" * 40).replace("小学校6校", "小学校7校")
    outcome = import_sheets(reading=read(text), plan=made.plan, by=SYSTEM)
    assert [row.key for row in outcome.changes] == ["4-2/2028/content"]
    assert [str(fault)[:7] for fault in outcome.refused] == ["5/title"]


def test_who_may_import(made: Outcome, city: Organization) -> None:
    own = replace(
        ANONYMOUS, user_id=1, name="担当", organization_id=city.pk, roles=frozenset({"coordinator"})
    )
    reading = read(texts.whole())
    import_sheets(reading=reading, plan=made.plan, by=own)
    strangers: list[Actor] = [
        ANONYMOUS,
        replace(own, roles=frozenset({"editor"})),
        replace(own, organization_id=Organization.objects.get(code="132217").pk),
    ]
    for actor in strangers:
        with pytest.raises(Refused):
            import_sheets(reading=reading, plan=made.plan, by=actor)


def test_names_of_plans(city: Organization, made: Outcome) -> None:
    reading = read(texts.whole())
    assert find_plan(reading) == made.plan
    for slug, said in (("asagiri", "もうあります"), ("水辺", "使えません")):
        with pytest.raises(DomainError, match=said):
            create_plan(reading=reading, organization=city, slug=slug, by=SYSTEM)


def test_preview_prints_the_reading_and_writes_nothing(
    file: Path, django_assert_num_queries: Any, db: None
) -> None:
    with django_assert_num_queries(0):
        shown = run(file, preview=True, json=True)
    assert json.loads(shown) == preview(read(texts.whole()))
    plain = run(file, preview=True)
    assert "個票7枚、成果指標3件" in plain
    assert "施策の番号が全角か" in plain


def test_the_command_makes_a_plan_then_finds_it_by_its_title(city: Organization, file: Path) -> None:
    first = json.loads(run(file, plan="asagiri", organization=CITY, json=True))
    assert (first["plan"], first["created"], first["refused"]) == ("asagiri", True, [])
    assert Measure.objects.filter(plan__slug="asagiri").count() == len(texts.SHEETS)
    assert "書いた欄0" in run(file)
    SheetYear.objects.filter(pk=year("1").pk).update(goal="手で直した目標です。")
    file.write_text(texts.whole().replace("けがの届け出を0件", "けがの届け出を1件"), encoding="utf-8")
    told = run(file)
    assert "1/2028/goal" in told
    assert "資料の文：・けがの届け出を1件にします。" in told
    run(file, accept=["1/2028/goal"])
    assert year("1").goal == "・けがの届け出を1件にします。"


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({}, "計画名「あさぎり市水辺まなび計画」の計画がありません"), ({"plan": "none"}, "識別名「none」の計画がありません"),
        ({"plan": "new", "organization": "000000"}, "団体コード「000000」の団体がありません"),
    ],
)  # fmt: skip
def test_the_command_names_what_it_lacks(db: None, file: Path, options: dict[str, str], said: str) -> None:
    with pytest.raises(CommandError, match=said):
        run(file, **options)
    assert not Plan.objects.exists()


def test_files_that_are_none(tmp_path: Path) -> None:
    (tmp_path / "book.xlsx").write_bytes(b"PK\x03\x04")
    (tmp_path / "note.txt").write_text("議事録", encoding="utf-8")
    for name, said in (
        ("book.xlsx", "壊れている"),
        ("note.txt", "1枚も"),
        ("none.txt", "この場所にありません"),
        ("", "フォルダーです"),
    ):
        with pytest.raises(CommandError, match=said):
            run(tmp_path / name, preview=True, json=True)


def test_a_text_of_another_plan_is_not_merged_by_mistake(made: Outcome) -> None:
    reading = read(texts.whole(plan="あさぎり市森林計画"))
    with pytest.raises(DomainError, match="資料の計画名「あさぎり市森林計画」が"):
        import_sheets(reading=reading, plan=made.plan, by=SYSTEM)
    meant = import_sheets(reading=reading, plan=made.plan, by=SYSTEM, accept=["plan/title"])
    assert [(row.key, row.after) for row in meant.changes] == [("plan/title", "あさぎり市森林計画")]


def test_a_published_cell_changes_only_by_correction(db: None, clock: Any) -> None:
    """Even where the public text is what the last import wrote: listed, kept, and corrected with a reason."""
    from indicators.actions import publishing
    from indicators.importing import text_of
    from indicators.models import SheetCorrection
    from indicators.workbook import plan_workbook
    from tests.factories import rounds as made

    world = made.world()
    round_ = made.opened(world)
    made.published(world, round_)
    plan, keeper = world.plan, world["coordinator"]
    Measure.objects.filter(plan=plan).update(overview="にぎわいをつくる。")
    key, public = "2/2025/result", made.TEXTS[2025, "result"]
    measures = plan.measures.prefetch_related("years", "themes").select_related("policy__direction")
    text = text_of(plan_workbook(plan, [], measures)).text
    import_sheets(reading=read(text), plan=plan, by=keeper)
    assert ImportedCell.objects.get(plan=plan, key=key).text == public
    changed = read(text.replace(public, "朝市を11回開きました。"))
    again = import_sheets(reading=changed, plan=plan, by=keeper)
    assert key in {row.key for row in again.published}
    assert key not in {row.key for row in (*again.changes, *again.differences)}

    def result() -> str:
        return SheetYear.objects.get(measure__plan=plan, measure__number="2", fiscal_year=2025).result

    assert result() == public
    with pytest.raises(DomainError, match="理由"):
        import_sheets(reading=changed, plan=plan, by=keeper, accept=[key])
    with pytest.raises(DomainError, match="コマンドでは直せません"):
        import_sheets(reading=changed, plan=plan, by=SYSTEM, accept=[key], reason="数え直し")
    assert result() == public
    done = import_sheets(reading=changed, plan=plan, by=keeper, accept=[key], reason="数え直し")
    assert [row.key for row in done.changes] == [key]
    assert result() == "朝市を11回開きました。"
    row = SheetCorrection.objects.get()
    assert (row.before, row.after, row.reason) == (public, "朝市を11回開きました。", "数え直し")
    assert import_sheets(reading=changed, plan=plan, by=keeper).changes == ()
    assert publishing is not None
