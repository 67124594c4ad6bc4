"""執行管理 by year and municipality: totals exact, rows for other systems in the columns the data names."""

import csv
import io
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from core import clock
from core.exceptions import DomainError
from grants.actions.layouts import load_layout
from grants.models import Application
from grants.queries.accounting import year_table
from grants.queries.call_board import call_board
from tests.factories.grants import Gallery

LAYOUT = {
    "slug": "test", "program": None, "title": "試験の表", "encoding": "cp932",
    "columns": [
        {"heading": "番", "source": "number"}, {"heading": "相手方", "source": "lead_name"},
        {"heading": "決定額", "source": "decided"}, {"heading": "日", "source": "decided_on"},
        {"heading": "節", "source": "fixed", "value": "=18"},
    ],
}  # fmt: skip


def test_rows_and_columns_add_up(shown: Gallery) -> None:
    """Against sums taken another way: straight from the versions and the decisions."""
    board = call_board(shown.world["officer"], shown.world.call, clock.now())
    with CaptureQueriesContext(connection) as asked:
        table = year_table(board)
    assert len(asked) == 1
    received = Application.objects.filter(call=shown.world.call, submitted_at__isnull=False)
    newest = [one.snapshots.latest("branch") for one in received]
    for year in table.years:
        assert table.requested[year] == sum(
            each["amount"]
            for one in newest
            for each in one.content["subsidy"]["years"]
            if each["fiscal_year"] == year
        )
    assert (
        table.total == sum(one.requested_total for one in newest) == sum(town.total for town in table.towns)
    )
    assert table.requested[2027] == board.requested
    assert (
        table.decided
        == board.decided
        == sum(one.decided_amount or 0 for one in received if one.status in {"adopted", "completed"})
    )
    assert table.allotted == table.decided + sum(
        one.recommendations.get(ended_at__isnull=True).amount or 0
        for one in received
        if one.status == "deciding"
    )


def test_the_file_for_another_system(shown: Gallery, client_as: Callable[[User], Client]) -> None:
    load_layout(LAYOUT)
    url = f"/review/calls/{shown.world.call.public_id}/accounting/test.csv"
    client = client_as(shown.world.users["officer"])
    assert "試験の表" in client.get(f"/review/calls/{shown.world.call.public_id}/").content.decode()
    rows = list(csv.reader(io.StringIO(client.get(url).content.decode("cp932"))))
    assert rows[0] == ["番", "相手方", "決定額", "日", "節"]
    assert [row[0] for row in rows[1:]] == ["1", "2"]
    assert all(row[1:3] == ["東久留米市", "10000000"] and row[4] == "'=18" for row in rows[1:])
    assert client.get(url.replace("test", "other")).status_code == 404
    for name in ("lead_editor", "reviewer", "other_bureau"):
        assert client_as(shown.world.users[name]).get(url).status_code == 404
    with pytest.raises(DomainError, match="知らない項目"):
        load_layout({**LAYOUT, "columns": [{"heading": "x", "source": "password"}]})
