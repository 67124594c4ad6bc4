"""Reference data: complete, exact, idempotent, and never over what a person edited."""

import json
import shutil
from pathlib import Path

import pytest

from core.exceptions import DomainError
from core.loading import LoadReport
from programs.actions.loading import load_reference, parents_first
from programs.enums import Level, Publication
from programs.models import (
    AdoptedProject,
    BudgetLine,
    ExternalSystem,
    Milestone,
    Outcome,
    Program,
    ProgramEvent,
)
from tests.conftest import REFERENCE

pytestmark = pytest.mark.django_db


@pytest.fixture
def copy(tmp_path: Path, reference: None) -> Path:
    """A copy of the fixtures that a test may change."""
    target = tmp_path / "reference"
    shutil.copytree(REFERENCE, target)
    return target


def edit(directory: Path, slug: str, **changes: object) -> None:
    """Change an item of the program fixtures."""
    for path in (directory / "programs").glob("*.json"):
        items = json.loads(path.read_text(encoding="utf-8"))
        for item in items:
            if item["slug"] == slug:
                item.update(changes)
        path.write_text(json.dumps(items, ensure_ascii=False), encoding="utf-8")


def test_everything_is_there(reference: None) -> None:
    assert Program.objects.count() == 155
    assert Program.objects.top_level().count() == 118
    by_level = {level: Program.objects.filter(level=level).count() for level in Level}
    assert by_level == {Level.NATIONAL: 55, Level.METROPOLITAN: 65, Level.MUNICIPAL: 35}
    assert AdoptedProject.objects.count() == 4
    assert BudgetLine.objects.count() == 24
    assert Milestone.objects.count() == 61
    assert Outcome.objects.filter(program__slug__startswith="ajt-").count() == 103
    assert ExternalSystem.objects.exists()
    assert set(Program.objects.values_list("publication", flat=True)) == {Publication.PUBLISHED}


def test_spot_checks_are_exact(reference: None) -> None:
    grant = Program.objects.get(slug="diverse-partners-grant")
    assert grant.title == "多摩地域における多様な主体との連携活動促進支援事業"
    assert (grant.department, grant.phone, grant.url) == ("総務局 行政部 振興企画課", "03-5388-2443", "")
    desk = Program.objects.get(slug="machizukuri-concierge")
    assert [row["phone"] for row in desk.phones] == ["03-5388-2443", "03-5388-2444", "03-5388-2445"]
    assets = Program.objects.get(slug="tokyo-asset-open")
    assert assets.url == "https://www.digitalservice.metro.tokyo.lg.jp/business/tokyo-data-highway/assetdb"
    intern = Program.objects.select_related("parent").get(slug="kyoryokutai-intern")
    assert intern.parent is not None
    assert intern.parent.slug == "kyoryokutai"


def test_projects_name_lead_partners_and_actors(reference: None) -> None:
    platform = AdoptedProject.objects.get(slug="r6-common-platform")
    assert platform.lead.name == "調布市"
    codes = list(platform.partners.order_by("code").values_list("code", flat=True))
    assert len(codes) == 16
    assert platform.lead.code not in codes


def test_a_second_load_changes_nothing(reference: None) -> None:
    events = ProgramEvent.objects.count()
    report = load_reference(REFERENCE)
    assert (report.created, report.updated) == (0, 0)
    assert report.unchanged > 155
    assert ProgramEvent.objects.count() == events


def test_each_loaded_program_is_on_record(reference: None) -> None:
    assert ProgramEvent.objects.filter(action="load").count() == 155


def test_a_changed_fixture_changes_the_row_and_what_is_searched(copy: Path) -> None:
    edit(copy, "kyoryokutai", summary="まったく新しい説明です。", themes=["youth"])
    assert load_reference(copy).updated == 1
    program = Program.objects.get(slug="kyoryokutai")
    assert program.summary == "まったく新しい説明です。"
    assert "マッタク新シイ説明" in program.search_text
    assert [tag.code for tag in program.tags.filter(facet="theme")] == ["youth"]


def test_what_a_person_edited_stays(copy: Path) -> None:
    Program.objects.filter(slug="kyoryokutai").update(summary="人が直した説明です。")
    edit(copy, "kyoryokutai", summary="まったく新しい説明です。")
    assert load_reference(copy).updated == 0
    assert Program.objects.get(slug="kyoryokutai").summary == "人が直した説明です。"


def test_edited_tags_and_partners_stay(copy: Path) -> None:
    Program.objects.get(slug="kyoryokutai").tags.filter(facet="theme").first().delete()  # type: ignore[union-attr]
    edit(copy, "kyoryokutai", summary="まったく新しい説明です。")
    assert load_reference(copy).updated == 0


def test_a_withdrawn_program_is_not_put_back(copy: Path) -> None:
    Program.objects.filter(slug="kyoryokutai").update(publication=Publication.WITHDRAWN)
    edit(copy, "kyoryokutai", summary="まったく新しい説明です。")
    load_reference(copy)
    assert Program.objects.get(slug="kyoryokutai").publication == Publication.WITHDRAWN


def test_nothing_is_ever_removed(copy: Path) -> None:
    (copy / "projects.json").write_text("[]", encoding="utf-8")
    (copy / "milestones.json").write_text("[]", encoding="utf-8")
    load_reference(copy)
    assert (AdoptedProject.objects.count(), Milestone.objects.count()) == (4, 61)


def test_missing_owner_is_named(copy: Path) -> None:
    edit(copy, "kyoryokutai", owner={"organization": "999999", "department": None})
    with pytest.raises(DomainError, match=r"kyoryokutai.*999999"):
        load_reference(copy)


def test_missing_parent_and_rings_are_named() -> None:
    with pytest.raises(DomainError, match="「a」の上位「b」がありません"):
        parents_first([{"slug": "a", "parent": "b"}])
    with pytest.raises(DomainError, match="循環"):
        parents_first([{"slug": "a", "parent": "b"}, {"slug": "b", "parent": "a"}])


def test_parents_come_first() -> None:
    items = [{"slug": "c", "parent": "b"}, {"slug": "b", "parent": "a"}, {"slug": "a", "parent": None}]
    assert [item["slug"] for item in parents_first(items)] == ["a", "b", "c"]


def test_reports_add_up() -> None:
    assert LoadReport(1, 2, 3) + LoadReport(4, 5, 6) == LoadReport(5, 7, 9)
