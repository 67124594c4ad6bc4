"""Figures and sources of a program: drafted, checked and published as its text is; loads leave them alone."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from accounts.models import SourceDocument, User
from programs.actions.loading import load_reference
from programs.models import Outcome, PartRevision, Program
from programs.models.versioning import version
from tests.programs.colleagues import colleague

pytestmark = pytest.mark.django_db


def sent_by(page: Any) -> dict[str, Any]:
    return {
        box.html_name: box.value() for box in page.context["form"] if box.value() not in (None, False, [])
    }


def test_figures_are_put_right_by_two_people(
    client_as: Callable[[User | str], Client], reference: None, clock: Any
) -> None:
    program = Program.objects.filter(outcomes__isnull=False).exclude(citations=[]).first()
    assert program is not None
    before = {row.pk: row.citations for row in Outcome.objects.filter(program=program)}
    own, other = client_as(colleague(program.owner)), client_as(colleague(program.owner, "second"))
    base = f"/publishing/programs/{program.slug}/parts/figures/{program.slug}/"
    sent = sent_by(own.get(f"{base}edit/"))
    assert own.get(f"{base}edit/").status_code == 200
    source = SourceDocument.objects.all()[0].slug
    added = sent_by(own.post(f"{base}edit/", sent | {"row": "add:outcomes"}))
    number = len(before)
    new = added | {
        f"outcomes_{number}_label": "来場者", f"outcomes_{number}_value": "１，２３４.50",
        f"outcomes_{number}_unit": "人", f"outcomes_{number}_source": source, f"outcomes_{number}_lines": "5～7・13",
        f"outcomes_{number}_fiscal_year": "R7",
    }  # fmt: skip
    wrong = own.post(
        f"{base}edit/", new | {f"outcomes_{number}_lines": "だいたい", "outcomes_0_value": "多数"}
    )
    assert set(wrong.context["form"].errors) == {f"outcomes_{number}_lines", "outcomes_0_value"}
    token = version()
    assert own.post(f"{base}edit/", new | {"outcomes_0_label": "直した項目"}).status_code == 302
    assert version() == token, "a draft is nothing the public reads"
    assert "来場者" in own.get(f"{base}preview/").content.decode()
    assert own.post(f"{base}acts/request_check/").status_code == 302
    read = re.findall(r'href="([^"]*acts/publish/[^"]*)"', other.get(base).content.decode())[0]
    assert own.post(f"{base}acts/send_back/").status_code == 302
    later = sent_by(own.get(f"{base}edit/")) | {f"outcomes_{number}_unit": "名"}
    assert own.post(f"{base}edit/", later).status_code == 302
    assert own.post(f"{base}acts/request_check/").status_code == 302
    assert other.post(read, sent_by(other.get(read))).status_code == 409, "it was changed after it was read"
    assert other.post(f"{base}acts/publish/").status_code == 302
    rows = list(Outcome.objects.filter(program=program))
    assert len(rows) == number + 1
    assert rows[0].label == "直した項目"
    assert all(row.citations == before[row.pk] for row in rows if row.pk in before)
    made = rows[-1]
    assert (made.number, made.citations) == (
        "1,234.5",
        [{"source": source, "lines": [5, 6, 7, 13], "note": ""}],
    )
    assert "1,234.5" in Client().get(f"/programs/{program.slug}/").content.decode()
    load_reference(settings.FIXTURES_DIR / "reference")
    assert Outcome.objects.filter(program=program).count() == number + 1
    assert PartRevision.objects.get(number=1).content["outcomes"][0]["label"] != "直した項目"
    assert own.get(f"/publishing/programs/{program.slug}/parts/figures/new/").status_code == 404
