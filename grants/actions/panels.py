"""What-ifs of a panel kept under a name, and the seats reviewers hold elsewhere."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction

from accounts.models import Organization, User
from core import clock
from core.access import require
from core.actor import Actor
from core.exceptions import DomainError, Fault, Refused
from grants.actions.changes import person
from grants.models import CommitteeSeat, PanelScenario
from grants.rules.panel import MOST_WEIGHT
from programs.models import Call

MOST = 30


@transaction.atomic
def save_scenario(
    *, call: Call, by: Actor, name: str, weights: Mapping[str, int], budget: int | None, note: str = "",
    at: datetime | None = None,
) -> PanelScenario:  # fmt: skip
    """Keep a what-if; one of the same name is replaced. Raises Refused for anyone who may not see the panel,
    DomainError for a name or weights that say nothing, and for more than MOST."""
    instant = at or clock.now()
    require(by, "grants.view_call", call, instant)
    words = " ".join(name.split())
    if not words:
        raise DomainError(Fault("name", "名前が空です。", "後で見分けられる名前を入力してください。"))
    if not any(weights.values()) or not all(0 <= weight <= MOST_WEIGHT for weight in weights.values()):
        raise DomainError(
            Fault("", "重みが範囲の外です。", f"0から{MOST_WEIGHT}で、1つは1以上にしてください。")
        )
    if PanelScenario.objects.filter(call=call).exclude(name=words).count() >= MOST:
        raise DomainError(
            Fault("name", f"保存できるのは{MOST}件までです。", "使わないものを消してください。")
        )
    values = {
        "note": note.strip(), "weights": dict(weights), "budget": budget, "saved_at": instant, "saved_by_id": person(by),
    }  # fmt: skip
    return PanelScenario.objects.update_or_create(call=call, name=words, defaults=values)[0]


@transaction.atomic
def remove_scenario(*, scenario_id: int, call: Call, by: Actor, at: datetime | None = None) -> None:
    """Forget a what-if. Raises Refused for anyone who may not see the panel, and for one of another call."""
    require(by, "grants.view_call", call, at or clock.now())
    found = PanelScenario.objects.filter(pk=scenario_id, call=call).first()
    if found is None:
        raise Refused
    found.delete()


@transaction.atomic
def record_seat(
    *, user: User, organization: Organization, name: str, by: Actor, starts_on: date | None = None,
    ends_on: date | None = None, at: datetime | None = None,
) -> CommitteeSeat:  # fmt: skip
    """Note that a reviewer sits in a body's committee; the same seat again changes its dates.

    Raises Refused for anyone but officers, DomainError naming each faulty field.
    """
    instant = at or clock.now()
    require(by, "grants.record_meeting", None, instant)
    words = " ".join(name.split())
    if not words:
        raise DomainError(
            Fault("name", "職の名前が空です。", "「総合計画審議会 委員」のように入力してください。")
        )
    if starts_on and ends_on and ends_on < starts_on:
        raise DomainError(Fault("ends_on", "終了日が開始日の前です。", "日付を確かめてください。"))
    values = {
        "starts_on": starts_on, "ends_on": ends_on, "recorded_at": instant, "recorded_by_id": person(by),
    }  # fmt: skip
    key: dict[str, Any] = {"user": user, "organization": organization, "name": words}
    return CommitteeSeat.objects.update_or_create(**key, defaults=values)[0]
