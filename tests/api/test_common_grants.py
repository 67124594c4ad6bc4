"""Opportunities by the CommonGrants protocol: shapes by its OpenAPI document (0.1.0), filters, order, faults."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext

from core import clock as core_clock
from tests.api import open_forms
from tests.factories import programs as make

BASE = "/common-grants/opportunities"

pytestmark = pytest.mark.django_db


def post(client: Client, body: Any, **headers: str) -> Any:
    raw = body if isinstance(body, str | bytes) else json.dumps(body)
    return client.post(f"{BASE}/search", raw, content_type="application/json", **headers)


def found(client: Client, **body: Any) -> list[str]:
    response = post(client, body)
    assert response.status_code == 200, response.content.decode()
    return [row["title"] for row in response.json()["items"]]


def test_the_list_keeps_to_the_protocol(client: Client, demo: None) -> None:
    body = client.get(BASE, {"pageSize": "200"}).json()
    assert (body["status"], body["message"]) == (200, "Success")
    assert body["paginationInfo"] == {
        "page": 1, "pageSize": 200, "totalItems": len(body["items"]), "totalPages": 1,
    }  # fmt: skip
    assert len(body["items"]) == 155
    assert open_forms.faults("common-grants", body, "list") == []
    searched = post(client, {"filters": {"status": {"operator": "in", "value": ["open"]}}}).json()
    assert searched["items"] and open_forms.faults("common-grants", searched, "search") == []
    modified = [row["lastModifiedAt"] for row in body["items"]]
    assert modified == sorted(modified, reverse=True)
    assert not [row["title"] for row in body["items"] if row["lastModifiedAt"].startswith("1970")]


def test_each_detail_says_what_the_list_says(client: Client, demo: None) -> None:
    for row in client.get(BASE, {"pageSize": "200"}).json()["items"]:
        response = client.get(f"{BASE}/{row['id']}")
        assert response.status_code == 200
        assert response.json() == {"status": 200, "message": "Success", "data": row}
    assert open_forms.faults("common-grants", response.json(), "detail") == []
    for wrong in (
        {"status": {"value": "custom"}},
        {"createdAt": "2026-11-21T10:00:00+09:00"},
        {"id": "1"},
        {"price": 1},
    ):
        assert (
            len(open_forms.faults("common-grants", {**response.json(), "data": row | wrong}, "detail")) == 1
        )


def test_a_known_program(client: Client, demo: None, clock: Any) -> None:
    (row,) = post(client, {"search": "多様な主体との連携活動促進支援事業"}).json()["items"]
    assert row["status"]["value"] == "open"
    assert row["funding"]["maxAwardAmount"] == {"amount": "20000000", "currency": "JPY"}
    assert row["funding"]["details"] == "2/3"
    assert row["keyDates"]["closeDate"]["time"] == "17:00:00"
    assert row["source"].endswith("/programs/diverse-partners-grant/")
    assert row["customFields"]["organization"]["value"] == "東京都"


def test_pages(client: Client) -> None:
    for number in range(5):
        make.published(title=f"制度{number}")
    seen = [client.get(BASE, {"page": str(page), "pageSize": "2"}).json()["items"] for page in (1, 2, 3, 4)]
    assert [len(rows) for rows in seen] == [2, 2, 1, 0]
    assert len({row["id"] for rows in seen for row in rows}) == 5
    assert post(client, {"pagination": {"page": 2, "pageSize": 3}}).json()["paginationInfo"] == {
        "page": 2, "pageSize": 3, "totalItems": 5, "totalPages": 2,
    }  # fmt: skip


def test_status_dates_and_amounts_filter(client: Client, clock: Any) -> None:
    now = core_clock.now()
    money = [{"label": "補助上限額", "value": 5_000_000, "unit": "円", "text": "500万円"}]
    make.call_open(make.published(title="受付中", money=money), budget=30_000_000)
    make.call_open(
        make.published(title="これから"), opens_at=now + timedelta(days=5), closes_at=now + timedelta(days=40)
    )
    make.call_open(
        make.published(title="終わり"), opens_at=now - timedelta(days=9), closes_at=now - timedelta(days=3)
    )
    make.published(title="わからない")

    def by(**filters: Any) -> list[str]:
        return sorted(found(client, filters=filters))

    assert by(status={"operator": "in", "value": ["open"]}) == ["受付中"]
    assert by(status={"operator": "in", "value": ["forecasted", "closed"]}) == ["これから", "終わり"]
    assert by(status={"operator": "notIn", "value": ["open", "forecasted", "closed"]}) == ["わからない"]
    soon = {"min": f"{now:%Y-%m-%d}", "max": f"{now + timedelta(days=20):%Y-%m-%d}"}
    assert by(closeDateRange={"operator": "between", "value": soon}) == ["受付中"]
    assert by(closeDateRange={"operator": "outside", "value": soon}) == ["これから", "終わり"]

    def money_range(currency: str) -> dict[str, Any]:
        ends = [{"amount": amount, "currency": currency} for amount in ("1000000", "6000000.0")]
        return {"operator": "between", "value": {"min": ends[0], "max": ends[1]}}

    assert by(maxAwardAmountRange=money_range("JPY")) == ["受付中"]
    assert by(maxAwardAmountRange=money_range("USD")) == []
    assert by(totalFundingAvailableRange=money_range("JPY")) == []
    assert by(minAwardAmountRange=money_range("JPY")) == []


def test_order_and_what_was_applied_is_told(client: Client, clock: Any) -> None:
    now = core_clock.now()
    for days in (3, 1, 2):
        make.call_open(make.published(title=f"制度{days}"), closes_at=now + timedelta(days=days))
    make.published(title="制度なし")
    for order, titles in (("asc", ["制度1", "制度2", "制度3"]), ("desc", ["制度3", "制度2", "制度1"])):
        sorting = {"sortBy": "keyDates.closeDate", "sortOrder": order}
        assert found(client, sorting=sorting) == [*titles, "制度なし"]
    status = {"operator": "in", "value": ["open"]}
    told = post(
        client, {"filters": {"status": status, "customFilters": {"x": 1}}, "sorting": {"sortBy": "custom"}}
    ).json()
    assert told["filterInfo"]["filters"] == {"status": status}
    assert "customFilters" in told["filterInfo"]["errors"][0]
    assert (told["sortInfo"]["sortBy"], told["sortInfo"]["sortOrder"]) == ("lastModifiedAt", "desc")
    assert told["sortInfo"]["errors"]
    for sort in (
        "title",
        "status.value",
        "createdAt",
        "funding.maxAwardAmount",
        "funding.estimatedAwardCount",
    ):
        assert len(found(client, sorting={"sortBy": sort})) == 4


def test_what_is_not_on_view_never_appears(client: Client, client_as: Any, demo: None) -> None:
    from programs.common_grants.reading import identifier

    for program in (make.draft(title="隠し制度"), make.withdrawn(title="隠し取下げ")):
        assert client.get(f"{BASE}/{identifier(program.slug)}").status_code == 404
    for reader in (client, client_as("publisher@tokyo.example")):
        assert "隠し" not in reader.get(BASE, {"pageSize": "200"}).content.decode()
        assert post(reader, {"search": "隠し"}).json()["items"] == []


@pytest.mark.parametrize(
    "body",
    [
        b" ", b"{", b"[]", b'"x"', b"\xff\xfe", b'{"search": NaN}', b'{"search": "\\ud800"}', b"[" * 100_000,
        {"search": 1}, {"search": "a\x00"}, {"search": "あ" * 10_000}, {"search": ["a"]},
        {"filters": []}, {"filters": {"status": "open"}}, {"filters": {"status": {"operator": "eq", "value": []}}},
        {"filters": {"status": {"operator": "in", "value": "open"}}},
        {"filters": {"status": {"operator": "in", "value": [{"a": 1}]}}},
        {"filters": {"status": {"operator": ["in"], "value": []}}},
        {"filters": {"closeDateRange": {"operator": "between", "value": {"min": "x", "max": "y"}}}},
        {"filters": {"closeDateRange": {"operator": "between", "value": {"min": "9999-12-31", "max": "9999-12-31"}}}},
        {"filters": {"closeDateRange": {"operator": "between", "value": {"min": 1, "max": 2}}}},
        {"filters": {"maxAwardAmountRange": {"operator": "between", "value": {"min": 1, "max": 2}}}},
        {"filters": {"maxAwardAmountRange": {"operator": "between", "value": {
            "min": {"amount": "٣", "currency": "JPY"}, "max": {"amount": "1e9", "currency": "JPY"}}}}},
        {"sorting": {"sortBy": "x"}}, {"sorting": {"sortBy": ["title"]}}, {"sorting": {"sortBy": "title", "sortOrder": "up"}},
        {"sorting": {"sortBy": "title", "sortOrder": ["asc"]}},
        {"pagination": {"page": 0}}, {"pagination": {"page": "1"}}, {"pagination": {"pageSize": 1.5}},
        {"pagination": {"page": True}}, {"pagination": {"page": 10**30}},
    ],
)  # fmt: skip
def test_faulty_bodies_are_named(client: Client, body: Any) -> None:
    response = post(client, body)
    assert response.status_code == 400, response.content.decode()
    told = response.json()
    assert set(told) == {"status", "message", "errors"}
    assert told["status"] == 400
    assert told["errors"] and all(isinstance(each, str) for each in told["errors"])


@pytest.mark.parametrize(
    "query", [{"page": "0"}, {"page": "x"}, {"pageSize": "-1"}, {"page": ["1", "2"]}, {"page": "9" * 300}]
)
def test_faulty_pages_are_named(client: Client, query: dict[str, Any]) -> None:
    response = client.get(BASE, query)
    assert response.status_code == 400
    assert set(response.json()) == {"status", "message", "errors"}


def test_other_faults_have_the_same_shape(client: Client) -> None:
    answers = {
        404: client.get(f"{BASE}/30a12e5e-5940-4c08-921c-17a8960fcf4b"),
        405: client.delete(BASE),
        415: client.post(f"{BASE}/search", "{}", content_type="text/plain"),
        413: client.post(f"{BASE}/search", b" " * 6_000_000, content_type="application/json"),
    }
    for status, response in answers.items():
        assert response.status_code == status
        assert set(response.json()) == {"status", "message", "errors"}
        assert response.json()["status"] == status
    assert client.get(f"{BASE}/not-a-uuid").status_code == 404
    elsewhere = client.get(f"{BASE}/")  # no address of the protocol ends so
    assert (elsewhere.status_code, elsewhere.json()["message"]) == (404, "Not Found")
    with override_settings(OPEN_REQUESTS_A_MINUTE=0):
        flooded = client.get(BASE)
    assert flooded.status_code == 429
    assert flooded["Retry-After"]


def test_unchanged_lists_are_not_sent_again(client: Client) -> None:
    make.published()
    first = client.get(BASE)
    assert client.get(BASE, headers={"if-none-match": first["ETag"]}).status_code == 304


def test_as_many_queries_for_three_as_for_one(client: Client, clock: Any) -> None:
    counts = set()
    for _ in range(3):
        make.call_open(make.published())
        with CaptureQueriesContext(connection) as queries:
            post(client, {})
        counts.add(len(queries))
    assert len(counts) == 1
