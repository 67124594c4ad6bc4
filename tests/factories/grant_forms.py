"""Forms and what they ask besides answers: a next version of one, prefilled values looked at, an indicator."""

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings

from core.loading import read_json
from grants.actions.indicators import IndicatorEntry, save_indicators
from grants.actions.loading import load_form
from grants.actions.prefilling import confirm_prefilled
from grants.models import Application, FormTemplate
from tests.factories.grant_answers import COST

if TYPE_CHECKING:
    from tests.factories.grants import World

FORM = Path(settings.FIXTURES_DIR) / "reference" / "forms" / "diverse-partners.json"


def revise(template: FormTemplate, change: Callable[[dict[str, Any]], None] | None = None) -> FormTemplate:
    """Publish the next version of a form: the file's data, changed; by default two words and a limit."""
    data = read_json(FORM)
    data["version"] = template.version + 1
    (change or _some_words)(data)
    load_form(data)
    return FormTemplate.objects.get(program=template.program_id, version=data["version"])


def question_of(data: dict[str, Any], code: str) -> dict[str, Any]:
    """A question of a form's data."""
    found: dict[str, Any] = next(item for item in data["questions"] if item["code"] == code)
    return found


def _some_words(data: dict[str, Any]) -> None:
    question_of(data, "purpose")["label"] = "目的とねらい"
    question_of(data, "novelty")["max_length"] = 600
    data["questions"].append(
        {
            "code": "risk",
            "section": "effect",
            "label": "起こりうる支障と備え",
            "kind": "text",
            "required": False,
        }
    )


def measure(world: "World", application: Application) -> None:
    """One indicator with a target for every year, where the form asks for any."""
    if not application.template.indicators:
        return
    entry = IndicatorEntry(
        name="周遊した人の数", definition="案内所の記録で数える", unit="人", aim="up", baseline=Decimal(300),
        period="令和7年度", targets={year: Decimal(500 + 100 * n) for n, year in enumerate(COST)},
    )  # fmt: skip
    save_indicators(application_id=application.pk, entries=[entry], by=world["lead_editor"])


def look(world: "World", application: Application) -> None:
    """The lead's editor has looked at everything the portal put in by itself."""
    for member in (None, *application.members.present().municipalities()):
        rows = application.answers.unchecked().filter(member=member)
        confirm_prefilled(
            application_id=application.pk, questions=[answer.question.code for answer in rows.select_related("question")],
            member_id=member.pk if member else None, by=world["lead_editor"],
        )  # fmt: skip
