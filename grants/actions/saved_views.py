"""Keeping a table's filters under a name, for oneself or for the unit."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from core import clock
from core.access import require
from core.actor import Actor
from core.exceptions import DomainError, Fault, Refused
from grants.actions.changes import person
from grants.models import SavedView

MOST = 50


@transaction.atomic
def save_view(
    *, by: Actor, name: str, settings: Mapping[str, Any], shared: bool, at: datetime | None = None
) -> SavedView:
    """Keep it; one of one's own with the same name is replaced. Raises Refused for anyone but officers and deciders,
    DomainError without a name or with more than MOST kept."""
    instant = at or clock.now()
    require(by, "grants.view_call", None, instant)
    words = " ".join(name.split())
    if not words:
        raise DomainError(Fault("name", "名前が空です。", "後で見分けられる名前を入力してください。"))
    if shared and by.department_id is None:
        raise DomainError(
            Fault("shared", "所属の部署がないため共有できません。", "共有せずに保存してください。")
        )
    others = SavedView.objects.filter(owner=person(by)).exclude(name=words)
    if others.count() >= MOST:
        raise DomainError(
            Fault("name", f"保存できるのは{MOST}件までです。", "使わないものを消してから保存してください。")
        )
    values = {
        "settings": dict(settings), "department_id": by.department_id if shared else None, "saved_at": instant,
    }  # fmt: skip
    return SavedView.objects.update_or_create(owner_id=person(by), name=words, defaults=values)[0]


@transaction.atomic
def remove_view(*, view_id: int, by: Actor) -> None:
    """Forget one of one's own. Raises Refused for anybody else's."""
    found = SavedView.objects.filter(pk=view_id, owner=by.user_id or 0).first()
    if found is None:
        raise Refused
    found.delete()
