"""The table of a call's cases: one's own columns and filters, kept under a name; files say exactly what the page says."""

import csv
import io
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from accounts.models import User
from core import clock
from core.exceptions import DomainError, Refused
from grants.actions.saved_views import remove_view, save_view
from grants.models import Application, SavedView
from grants.queries.case_table import COLUMNS, SORTS, TableChoice, cells, table_lines, table_rows
from grants.queries.waiting import condition, waiting_cases
from tests.factories import grants as cases
from tests.factories.grants import Gallery

ClientAs = Callable[[User], Client]
ALL = {"columns": list(COLUMNS)}


def rows_of(shown: Gallery, **given: object) -> list[Application]:
    choice = TableChoice.of(given)
    return list(table_rows(shown.world["officer"], shown.world.call, clock.now(), choice))


def address(shown: Gallery, form: str = "/") -> str:
    return f"/review/calls/{shown.world.call.public_id}/table{form}"


def test_filters_order_and_what_is_left_out(shown: Gallery) -> None:
    everything = rows_of(shown)
    assert {row.status for row in everything}.isdisjoint({"draft", "discarded", "expired"})
    assert [row.pk for row in everything] == sorted(
        row.pk for row in everything
    )  # one lead: 建制順, then as begun
    assert {row.status for row in rows_of(shown, states=["deciding", "reserve"])} == {"deciding", "reserve"}
    assert rows_of(shown, states=["draft"]) == rows_of(shown, states=["x"]) == rows_of(shown, group="x") == []
    one = everything[0]
    assert rows_of(shown, q=str(one.receipt_number)) == [one]
    assert len(rows_of(shown, q="東久留米")) == len(everything)
    for sort in SORTS:
        assert {row.pk for row in rows_of(shown, sort=sort)} == {row.pk for row in everything}
    receipts = [str(row.receipt_number) for row in rows_of(shown, sort="receipt")]
    assert receipts == sorted(receipts)


def test_for_whom_cases_wait(shown: Gallery) -> None:
    at = cases.AFTER_CLOSING
    rows = waiting_cases(shown.world["officer"], at).filter(call=shown.world.call)
    found = {
        key: {row.status for row in rows.filter(condition(key, at))}
        for key in ("todo", "applicant", "overdue")
    }
    assert {"submitted", "under_review"} <= found["todo"]
    assert found["applicant"] == {"returned"}
    assert found["overdue"] == set()
    late = cases.ANNOUNCES.replace(year=2028)
    rows = waiting_cases(shown.world["officer"], late).filter(call=shown.world.call)
    overdue = rows.filter(condition("overdue", late))
    assert {"submitted", "under_review", "returned"} <= {row.status for row in overdue}
    assert all(row.due is not None and row.due < late for row in overdue)


def test_files_say_what_the_page_says(shown: Gallery, client_as: ClientAs) -> None:
    client = client_as(shown.world.users["officer"])
    Application.objects.filter(pk=rows_of(shown)[0].pk).update(title="=1+1")
    query = "?states=deciding&states=under_review&states=rejected&sort=receipt&columns=receipt&columns=title&columns=requested"
    page = client.get(address(shown) + query).content.decode()
    choice = TableChoice.of(
        {"states": ["deciding", "under_review", "rejected"], "sort": "receipt", "columns": ["receipt", "title", "requested"]}
    )  # fmt: skip
    lines = table_lines(
        table_rows(shown.world["officer"], shown.world.call, clock.now(), choice), shown.world["officer"]
    )
    told = [[str(cell) for cell in cells(line, choice.columns)] for line in lines]
    assert len(told) == 3
    for form, encoding in ((".csv", "utf-8-sig"), (".sjis.csv", "cp932")):
        body = client.get(address(shown, form) + query).content
        assert body.startswith(b"\xef\xbb\xbf") is (form == ".csv")
        rows = list(csv.reader(io.StringIO(body.decode(encoding))))
        assert rows[0] == ["受付番号", "事業名", "申請額（円）"]
        assert rows[1:] == told
    sheet = load_workbook(io.BytesIO(client.get(address(shown, ".xlsx") + query).content)).active
    assert [[str(cell.value) for cell in row] for row in sheet.iter_rows(min_row=3)] == told
    assert [page.index(row[0]) for row in told] == sorted(page.index(row[0]) for row in told)
    assert page.count('scope="row"') == 3
    assert client.get(address(shown, ".pdf")).status_code == 404
    assert "作成中の申請は1件です" in page


def test_a_fixed_number_of_queries(shown: Gallery) -> None:
    def count(**given: object) -> int:
        with CaptureQueriesContext(connection) as asked:
            choice = TableChoice.of(given)
            officer = shown.world["officer"]
            table_lines(table_rows(officer, shown.world.call, clock.now(), choice), officer)
        return len(asked)

    assert count(**ALL) == count(states=["deciding"], **ALL) <= 6


def test_saved_views(shown: Gallery, client_as: ClientAs) -> None:
    """Kept by name, shared within the unit only, forgotten by its owner alone; what was typed stays after a fault."""
    world = shown.world
    client, query = client_as(world.users["officer"]), "?states=returned&sort=due"
    faulty = client.post(address(shown) + query, {"name": " ", "shared": "on"})
    assert faulty.status_code == 422
    assert "checked" in faulty.content.decode().split("部署の人も")[0][-200:]
    assert client.post(address(shown) + query, {"name": "直し待ち"}).status_code == 302
    mine = SavedView.objects.get(name="直し待ち")
    assert (mine.settings["states"], mine.settings["sort"], mine.department) == (["returned"], "due", None)
    colleague = client_as(world.users["second_officer"])
    assert "直し待ち" not in colleague.get(address(shown)).content.decode()
    client.post(address(shown) + query, {"name": "直し待ち", "shared": "on"})
    page = colleague.get(address(shown)).content.decode()
    assert "直し待ち" in page
    assert "states=returned" in page
    assert SavedView.objects.count() == 1
    forget = f"/review/views/{mine.pk}/forget/"
    assert colleague.post(forget, {"call": world.call.public_id}).status_code == 404
    assert client.post(forget, {"call": world.call.public_id}).status_code == 302
    assert not SavedView.objects.exists()
    for name in ("lead_editor", "reviewer"):
        with pytest.raises(Refused):
            save_view(by=world[name], name="x", settings={}, shared=False)
    with pytest.raises(Refused):
        remove_view(view_id=mine.pk, by=world["officer"])
    with pytest.raises(DomainError, match="名前が空です"):
        save_view(by=world["officer"], name="　", settings={}, shared=False)


@pytest.mark.parametrize("name", ["lead_editor", "reviewer", "other_bureau"])
def test_unknown_to_everybody_else(shown: Gallery, client_as: ClientAs, name: str) -> None:
    client = client_as(shown.world.users[name])
    for form in ("/", ".csv", ".xlsx"):
        assert client.get(address(shown, form)).status_code == 404
    assert client.post(address(shown), {"name": "x"}).status_code == 404
    assert not SavedView.objects.exists()
