"""Programs that look the same: which pairs are found and why, and what becomes of an address when two are one."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from core.exceptions import DomainError, Refused
from programs.actions import duplicates, revising
from programs.enums import Level
from programs.models import DistinctPair, Program, ProgramEvent
from programs.queries.duplicates import likely_pairs
from programs.queries.revisions import content_of
from tests.factories import programs as make
from tests.programs.colleagues import acting, colleague

pytestmark = pytest.mark.django_db


def town(slug: str, title: str, **values: Any) -> Program:
    return make.published(
        slug=slug, title=title, owner=make.municipality("132241", "多摩市"), level=Level.MUNICIPAL, **values
    )


def told(program: Program) -> dict[tuple[str, str], list[str]]:
    return {(pair.first.slug, pair.second.slug): pair.reasons for pair in likely_pairs(acting(program.owner))}


def test_pairs_are_found_with_their_reasons(clock: Any) -> None:
    one = town("one", "空き家改修費補助金", url="https://www.example.jp/akiya/")
    town("same", "空き家 改修費 補助金", url="http://example.jp/akiya")
    town("near", "空き家改修費補助事業")
    town("far", "子育てひろば")
    parent = town("parent", "商店街の応援", url="https://example.jp/list")
    town("part", "商店街の応援 内訳", url="https://example.jp/list", parent=parent)
    for number in range(7):
        town(
            f"page-{number}",
            f"まったく別の制度その{'壱弐参四五六七'[number]}{number * 1111}",
            url="https://example.jp/all/",
        )
    make.published(slug="other", title="空き家改修費補助金", owner=make.municipality("132080", "調布市"))
    acting(one.owner)  # the person is made before anything is counted
    with CaptureQueriesContext(connection) as few:
        likely_pairs(make.publisher(one.owner))
    found = told(one)
    assert found == {
        ("one", "same"): ["公式ページが同じ", "名前が同じ"],
        ("one", "near"): ["同じ団体で名前がよく似ている"],
        ("same", "near"): ["同じ団体で名前がよく似ている"],
    }
    assert len(few) <= 4


def test_two_stay_two_or_one_leads_to_the_other(
    clock: Any, client_as: Callable[[User | str], Client], client: Client
) -> None:
    one, other = town("one", "空き家の補助"), town("other", "空き家の補助。")
    town("third", "空き家の補助金")
    own = client_as(colleague(one.owner))
    assert "見くらべる" in own.get("/publishing/duplicates/").content.decode()
    page = "/publishing/duplicates/other/one/"
    assert own.post(page, {"choice": "apart", "reason": " "}).status_code == 422
    assert own.post(page, {"choice": "apart", "reason": "対象の年度が違う"}).status_code == 302
    assert ("one", "other") not in told(one)
    assert "対象の年度が違う" in own.get("/publishing/duplicates/").content.decode()
    assert own.post(page, {"choice": "again"}).status_code == 302
    assert own.post(page, {"choice": "again"}).status_code == 409
    assert ("one", "other") in told(one)
    make.call_open(other)
    refused = own.post(page, {"choice": "one", "reason": "同じ制度"})
    assert refused.status_code == 422
    assert "まだ締め切っていない募集" in refused.content.decode()
    assert own.post(page, {"choice": "other", "reason": "同じ制度"}).status_code == 302
    assert client.get("/programs/other/").status_code == 200
    gone = client.get("/programs/one/")
    assert (gone.status_code, gone["Location"]) == (302, "/programs/other/")
    assert "空き家の補助" in client.get("/programs/one/", follow=True).content.decode()
    assert client.get("/api/v1/programs/one/").status_code == 404
    assert ProgramEvent.objects.filter(action="merge").count() == 2
    # two steps: what led to the middle leads to the end; a program put on view again is itself again
    by = acting(one.owner)
    third = Program.objects.get(slug="third")
    other.calls.all().update(closes_at="2026-11-20T00:00:00Z", opens_at="2026-11-01T00:00:00Z")
    duplicates.merge(ending=Program.objects.get(slug="other"), into=third, reason="同じ", by=by)
    assert client.get("/programs/one/")["Location"] == "/programs/third/"
    one.refresh_from_db()
    revising.save(program=one, content=content_of(one) | {"summary": "別の制度でした"}, by=by)
    revising.request_check(program=one, by=by)
    revising.publish_revision(program=one, by=acting(one.owner, "second"))
    assert client.get("/programs/one/").status_code == 200
    stranger = colleague(make.municipality("132080", "調布市"))
    assert client_as(stranger).get(page).status_code == 404
    with pytest.raises(Refused):
        duplicates.keep_apart(
            one=one, other=third, reason="x", by=acting(stranger.memberships.get().department.organization)
        )
    with pytest.raises(DomainError, match="公開されていません"):
        duplicates.merge(ending=third, into=Program.objects.get(slug="other"), reason="x", by=by)
    assert not DistinctPair.objects.exists()
