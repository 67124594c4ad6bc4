"""Invented questions about the demo's calls, asked and answered by its people under a set clock."""

from typing import Any

from django.db import transaction

from accounts.actions.addressing import pass_over
from core import clock
from core.loading import LoadReport
from grants.actions import inquiries
from grants.actions.demo_people import People
from grants.actions.demo_walk import OFFICER, calendar_of
from grants.models import Inquiry
from programs.models import Call


@transaction.atomic
def load(call: Call, item: dict[str, Any], number: int, people: People, why: str) -> LoadReport:
    """One question that is not there yet, with its answers in order.

    Shape {"by": address, "text", "answers": [{"question", "text", "reason"}]}; no answers: it still waits.
    """
    if Inquiry.objects.filter(call=call, text=item["text"]).exists():
        return LoadReport(unchanged=1)
    calendar = calendar_of(call, number)
    with clock.at(calendar.after_opening(2)):
        asked = inquiries.ask(call=call, text=item["text"], by=people[item["by"]])
    for day, answer in enumerate(item["answers"], start=3):
        with clock.at(calendar.after_opening(day)):
            inquiries.answer(
                inquiry_id=asked.pk, question=answer["question"], text=answer["text"], reason=answer.get("reason", ""),
                public=True, by=people[OFFICER],
            )  # fmt: skip
    pass_over(f"grants:inquiry:{asked.public_id}:", why=why)
    return LoadReport(created=1)
