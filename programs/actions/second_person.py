"""What holds for every revision that a second person puts on view, whatever it revises.

One person drafts, another publishes what they read. Whoever does both says why (少人数特例); whoever gives a colleague's
draft back says why. Source: docs/adr/0027.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from accounts.actions.notice import Audience, notify
from core.actor import Actor
from core.exceptions import Conflict, DomainError, Fault
from programs.models.revision import Revision

STALE: Final = "ほかの人が先に変えたか、状態が進んでいます。いまの内容を開いて、もう一度入れてください。"
_PORTAL: Final = "ポータルの初期データ"


def drafted_by(revision: Revision, actor: Actor) -> bool:
    """Whether this person saved it last."""
    return revision.drafted_by_id is not None and revision.drafted_by_id == actor.user_id


def sign(revision: Revision, by: Actor, at: datetime) -> None:
    """Note who saved it last."""
    revision.drafted_by_id, revision.drafted_name, revision.drafted_at = by.user_id, by.name, at


def sign_published(revision: Revision, by: Actor, at: datetime) -> None:
    """Note who put it on view."""
    revision.published_by_id, revision.published_name, revision.published_at = by.user_id, by.name, at


def first_signs(at: datetime) -> dict[str, Any]:
    """The signs of what came with the portal and was on view since `at`."""
    return {"drafted_name": _PORTAL, "drafted_at": at, "published_name": _PORTAL, "published_at": at}


def require_seen(revision: Revision, seen: str) -> None:
    """What is published is what was read: taken back, changed and sent again in between, it is read again first.

    `seen` is a revision's mark; "" does not ask. Raises Conflict.
    """
    if seen and seen != revision.mark:
        raise Conflict("開いた後に、内容が直されています。いまの内容を確かめてから、公開してください。")


def reason_alone(revision: Revision, by: Actor, reason: str) -> str:
    """Why one person drafts and publishes; "" where two do. Raises DomainError where it is missing."""
    if not drafted_by(revision, by):
        return ""
    if not reason.strip():
        raise DomainError(
            Fault(
                "single_person_reason", "最後に下書きしたのはご自分のため、公開できません。",
                "別の制度編集者が公開するか、少人数特例の理由を入力してください。",
            )
        )  # fmt: skip
    return reason.strip()


def reason_back(revision: Revision, by: Actor, reason: str) -> str:
    """Why it goes back; one's own may without a word. Raises DomainError where it is missing."""
    if not drafted_by(revision, by) and not reason.strip():
        raise DomainError(Fault("reason", "差し戻す理由が空です。", "直してほしい所を入力してください。"))
    return reason.strip()


def tell_drafter(
    revision: Revision, by: Actor, at: datetime, *, key: str, title: str, lines: Sequence[str], path: str
) -> None:
    """Tell whoever drafted it that it came back; nobody is told of what they did themselves. `key` names its kind."""
    if revision.drafted_by_id is not None and not drafted_by(revision, by):
        notify(
            kind="programs.sent_back", key=f"{key}:{revision.pk}:{revision.edits}:{at.timestamp():.0f}",
            audience=Audience.of_users(revision.drafted_by_id), title=title, lines=lines, path=path, at=at,
        )  # fmt: skip


def never_on_view(number: int) -> DomainError:
    """The refusal to go back to a revision that was not published."""
    return DomainError(
        Fault("number", f"第{number}版は公開された版ではありません。", "公開した版から選んでください。")
    )


def still_open() -> Conflict:
    """The refusal to go back while another is on its way."""
    return Conflict("書きかけの版があります。破棄するか公開してから、前の版に戻してください。")
