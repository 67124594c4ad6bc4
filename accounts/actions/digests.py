"""The daily digest: what people chose to hear of once a day, as one notice of its own; told once, whatever crashes."""

from datetime import datetime
from typing import Final

from django.db import transaction

from accounts.actions.notice import Audience, notify
from accounts.actions.outdated import outdated
from accounts.models import DigestEntry, Notice, NoticeRead
from accounts.models.notice import AUDIENCES
from core import clock
from core.templatetags.formats import jst_datetime

MOST_LINES: Final = 40
_PEOPLE: Final = 500


def compose_due(*, at: datetime) -> int:
    """Write the digests that are due; returns how many. The next beat goes on where one run stops."""
    people = DigestEntry.objects.due(at).order_by("user").values_list("user", flat=True).distinct()[:_PEOPLE]
    return sum(_compose(user_id, at) for user_id in list(people))


@transaction.atomic
def _compose(user_id: int, at: datetime) -> bool:
    """One person's digest: entries settled and the notice written together, or neither."""
    waiting = (
        DigestEntry.objects.due(at).filter(user=user_id).select_for_update(skip_locked=True, of=("self",))
    )
    entries = list(
        waiting.select_related("notice__addressees")
        .prefetch_related(f"notice__{AUDIENCES}")
        .order_by("notice__at")
    )
    if not entries:  # another worker was faster
        return False
    told = _still_true(entries, user_id, at)
    digest = _write(user_id, told, entries[0].pk, at) if told else None
    DigestEntry.objects.filter(pk__in=[entry.pk for entry in entries]).update(settled_at=at, digest=digest)
    return digest is not None


def _still_true(entries: list[DigestEntry], user_id: int, at: datetime) -> list[Notice]:
    """Without what is settled by now, and what is not this person's business any more."""
    notices = [entry.notice for entry in entries]
    needless = outdated(notices, at=at)
    today = clock.today(at)
    return [
        notice
        for notice in notices
        if notice.pk not in needless and any(each.user_id == user_id for each in notice.recipients(today))
    ]


def _write(user_id: int, told: list[Notice], first: int, at: datetime) -> Notice | None:
    lines = [_line(notice) for notice in told[:MOST_LINES]]
    if len(told) > MOST_LINES:
        lines.append(f"ほかに{len(told) - MOST_LINES}件あります。通知のページで確かめてください。")
    digest = notify(
        kind="accounts.digest", key=f"accounts:digest:{user_id}:{first}", audience=Audience.of_users(user_id),
        title=f"通知のまとめ（{len(told)}件）", lines=lines, path="/notices/", at=at,
    )  # fmt: skip
    if digest is not None:  # in the inbox it would repeat what stands there already
        NoticeRead.objects.get_or_create(notice=digest, user_id=user_id, defaults={"read_at": at})
    return digest


def _line(notice: Notice) -> str:
    due = f"　期限 {jst_datetime(notice.due_at)}" if notice.due_at else ""
    return f"{notice.title}（通知番号 {notice.notice_code}）{due}"
