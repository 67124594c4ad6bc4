"""Visits: planned, moved, cancelled, held, recorded, confirmed; what was said, and where it was told."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlsplit

from django.db import transaction

from core import clock
from core.actor import SYSTEM, Actor
from core.exceptions import DomainError, Fault, Refused, UnknownTransition
from core.fiscal_year import current_fiscal_year
from grants.actions import closing, supporting, telling, transition
from grants.actions.changes import person
from grants.actions.membership import require_reason
from grants.actions.outcomes import tell_public
from grants.actions.supporting import check_text, check_themes, insist, record
from grants.enums import ApplicationStatus
from grants.enums.supports import USED_VISITS, LinkKind, SupportOrigin, SupportStatus, VisitStatus, VoiceSide
from grants.lifecycle import SUPPORT, VISIT
from grants.models import SupportRequest, Visit, VisitLink, VisitVoice

MOST_PEOPLE = 10_000


@dataclass(frozen=True)
class VisitPlan:
    """When, where and about what: `planned_at` an instant, `themes` from the form's."""

    planned_at: datetime
    place: str
    themes: Sequence[str] = ()


def uses_left(support: SupportRequest) -> int | None:
    """How many visits may still be planned; None where the call names no number."""
    most = support.application.call.uses_per_member if support.origin == SupportOrigin.CALL else None
    return None if most is None else most - support.visits.filter(status__in=USED_VISITS).count()


def _running(support_id: int, by: Actor) -> SupportRequest:
    support = supporting.locked(support_id, by=by)
    if support.status != SupportStatus.ACTIVE:
        raise UnknownTransition(
            Fault("status", f"いまの状態（{support.get_status_display()}）では、回を動かせません。", "")
        )
    standing = {ApplicationStatus.ADOPTED, ApplicationStatus.COMPLETED}
    if support.origin == SupportOrigin.CALL and support.application.state not in standing:
        raise UnknownTransition(Fault("status", "採択が有効ではありません。", "都の担当に相談してください。"))
    return support


def _locked(visit_id: int, by: Actor) -> tuple[SupportRequest, Visit]:
    """The support is what everybody waits for; a visit belongs to it. Closed supports may still be written up."""
    found = Visit.objects.filter(pk=visit_id).first()
    if found is None:
        raise Refused
    support = supporting.locked(found.support_id, by=by)
    visit = Visit.objects.get(pk=visit_id)
    visit.support = support
    return support, visit


def _plan_faults(support: SupportRequest, plan: VisitPlan) -> list[Fault]:
    faults = [*check_text(place=plan.place), *check_themes(support.application, plan.themes)]
    if not plan.place.strip() or len(plan.place) > 200:  # noqa: PLR2004 - the column's size
        faults.append(Fault("place", "場所が空か、200字を超えています。", "会場の名前を入力してください。"))
    year = support.application.fiscal_year
    if support.origin == SupportOrigin.CALL and current_fiscal_year(plan.planned_at) != year:
        faults.append(
            Fault("planned_at", "日時が、募集の対象年度の外です。", "対象年度のうちの日時にしてください。")
        )
    return faults


@transaction.atomic
def plan_visit(*, support_id: int, plan: VisitPlan, by: Actor, at: datetime | None = None) -> Visit:
    """Plan a visit while uses are left. Raises DomainError naming each field, UnknownTransition, Refused."""
    instant = at or clock.now()
    support = _running(support_id, by)
    insist(None, VISIT, "plan", support, by)
    faults = _plan_faults(support, plan)
    left = uses_left(support)
    if left is not None and left < 1:
        most = support.application.call.uses_per_member
        faults.append(
            Fault(
                "planned_at",
                f"使える回数（{most}回）を使い切っています。",
                "中止した回があれば、その分を使えます。",
            )
        )
    if faults:
        raise DomainError(*faults)
    visit = Visit.objects.create(
        support=support, number=support.visits.count() + 1, planned_at=plan.planned_at, place=plan.place.strip(),
        themes=list(plan.themes),
    )  # fmt: skip
    _note(visit, "plan", by, instant, "", {"planned_at": plan.planned_at.isoformat()})
    return visit


@transaction.atomic
def move_visit(
    *, visit_id: int, plan: VisitPlan, reason: str, by: Actor, at: datetime | None = None
) -> Visit:
    """Another day, place or theme, with the reason. Raises as plan_visit."""
    instant = at or clock.now()
    support, visit = _locked(visit_id, by)
    insist(visit, VISIT, "move", support, by)
    require_reason(reason)
    if faults := [*_plan_faults(support, plan), *check_text(reason=reason)]:
        raise DomainError(*faults)
    before = visit.planned_at
    visit.planned_at, visit.place, visit.themes = plan.planned_at, plan.place.strip(), list(plan.themes)
    visit.reason = reason.strip()
    visit.save()
    payload = {"from": before.isoformat(), "to": plan.planned_at.isoformat()}
    _note(visit, "move", by, instant, visit.status, payload, reason)
    return visit


@transaction.atomic
def cancel_visit(*, visit_id: int, reason: str, by: Actor, at: datetime | None = None) -> Visit:
    """Call a visit off, with the reason (荒天 …); its use is given back. Raises as plan_visit."""
    instant = at or clock.now()
    support, visit = _locked(visit_id, by)
    insist(visit, VISIT, "cancel", support, by)
    require_reason(reason)
    if faults := check_text(reason=reason):
        raise DomainError(*faults)
    before = transition.move(visit, VISIT, "cancel")
    visit.reason = reason.strip()
    visit.save()
    _note(visit, "cancel", by, instant, before, None, reason)
    return visit


@transaction.atomic
def hold_visit(*, visit_id: int, participants: int, by: Actor, at: datetime | None = None) -> Visit:
    """It took place, with so many people. Raises DomainError before its instant, and as plan_visit."""
    instant = at or clock.now()
    support, visit = _locked(visit_id, by)
    insist(visit, VISIT, "hold", support, by)
    faults = []
    if visit.planned_at > instant:
        faults.append(Fault("participants", "予定の日時の前です。", "実施した後に記録してください。"))
    if isinstance(participants, bool) or not 0 <= participants <= MOST_PEOPLE:
        faults.append(
            Fault("participants", "参加した人数が正しくありません。", "0以上の整数で入力してください。")
        )
    if faults:
        raise DomainError(*faults)
    before = transition.move(visit, VISIT, "hold")
    visit.participants = participants
    visit.save()
    _note(visit, "hold", by, instant, before, {"participants": participants})
    tell_public(support.application, at=instant)
    return visit


@transaction.atomic
def record_visit(
    *, visit_id: int, done: str, next_step: str = "", by: Actor, at: datetime | None = None
) -> Visit:
    """What was done and what comes next; may be written again until the town has confirmed. Raises as plan_visit."""
    instant = at or clock.now()
    support, visit = _locked(visit_id, by)
    insist(visit, VISIT, "record", support, by)
    faults = check_text(done=done, next_step=next_step)
    if not done.strip():
        faults.append(Fault("done", "行ったことが空です。", "入力してください。"))
    if faults:
        raise DomainError(*faults)
    before = transition.move(visit, VISIT, "record")
    visit.done, visit.next_step = done.strip(), next_step.strip()
    visit.recorded_at, visit.recorded_by_id = instant, person(by)
    visit.save()
    _note(visit, "record", by, instant, before)
    supporting.tell(
        support, "record", telling.lead_of(support.application), "支援の記録が届きました", at=instant
    )  # fmt: skip
    return visit


@transaction.atomic
def confirm_visit(*, visit_id: int, by: Actor, at: datetime | None = None) -> Visit:
    """The town has read the record. Ends the support, and the case of a service, when all uses are written up."""
    instant = at or clock.now()
    support, visit = _locked(visit_id, by)
    insist(visit, VISIT, "confirm", support, by)
    before = transition.move(visit, VISIT, "confirm")
    visit.save()
    _note(visit, "confirm", by, instant, before)
    most = support.application.call.uses_per_member
    done = support.visits.filter(status=VisitStatus.CONFIRMED).count()
    if support.origin == SupportOrigin.CALL and most is not None and done >= most:
        _finish(support, "全ての回が済みました。", instant)
    return visit


@transaction.atomic
def add_voice(
    *, visit_id: int, side: str, speaker: str, words: str, is_public: bool, consented_on: date | None, by: Actor,
    at: datetime | None = None,
) -> VisitVoice:  # fmt: skip
    """Keep what somebody said; public only with the day of their consent. Raises as plan_visit."""
    instant = at or clock.now()
    support, visit = _locked(visit_id, by)
    insist(visit, VISIT, "add_voice", support, by)
    faults = check_text(words=words, speaker=speaker)
    if side not in VoiceSide.values:
        faults.append(Fault("side", "誰の声かを選んでください。"))
    if not words.strip():
        faults.append(Fault("words", "声が空です。", "入力してください。"))
    if not speaker.strip() or len(speaker) > 80:  # noqa: PLR2004 - the column's size
        faults.append(
            Fault("speaker", "話した人の立場が空か、80字を超えています。", "例：大学3年生、観光課の職員")
        )
    if is_public and (consented_on is None or consented_on > clock.today(instant)):
        faults.append(
            Fault(
                "consented_on", "公開への同意の日がないか、先の日付です。", "同意を得た日を入力してください。"
            )
        )
    if faults:
        raise DomainError(*faults)
    voice = VisitVoice.objects.create(
        visit=visit, side=side, speaker=speaker.strip(), words=words.strip(), is_public=is_public,
        consented_on=consented_on, added_at=instant,
    )  # fmt: skip
    _note(visit, "add_voice", by, instant, visit.status, {"side": side, "is_public": is_public})
    tell_public(support.application, at=instant)
    return voice


@transaction.atomic
def add_link(
    *, visit_id: int, kind: str, title: str, url: str, by: Actor, at: datetime | None = None
) -> VisitLink:
    """Link an article or a post, https only, shown on the public page. Raises as plan_visit."""
    instant = at or clock.now()
    support, visit = _locked(visit_id, by)
    insist(visit, VISIT, "add_link", support, by)
    faults = check_text(title=title)
    if kind not in LinkKind.values:
        faults.append(Fault("kind", "記事か投稿かを選んでください。"))
    if not title.strip() or len(title) > 200:  # noqa: PLR2004 - the column's size
        faults.append(Fault("title", "題が空か、200字を超えています。", "入力してください。"))
    if not _is_https(url):
        faults.append(
            Fault(
                "url",
                "https:// で始まるアドレスではありません。",
                "公開されたページのアドレスを入れてください。",
            )
        )
    elif visit.links.filter(url=url).exists():
        faults.append(Fault("url", "このアドレスはすでにあります。"))
    if faults:
        raise DomainError(*faults)
    link = VisitLink.objects.create(visit=visit, kind=kind, title=title.strip(), url=url, added_at=instant)
    _note(visit, "add_link", by, instant, visit.status, {"url": url})
    tell_public(support.application, at=instant)
    return link


def _is_https(url: str) -> bool:
    """A plain address on the web: https, a host, nobody's name in it."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    plain = url.isprintable() and not any(sign.isspace() for sign in url) and len(url) <= 500  # noqa: PLR2004 - the column's size
    return plain and parts.scheme == "https" and "." in (parts.hostname or "") and "@" not in parts.netloc


def _note(  # noqa: PLR0917 - the parts of one event
    visit: Visit, action: str, by: Actor, at: datetime, before: str, payload: Mapping[str, object] | None = None,
    comment: str = "",
) -> None:  # fmt: skip
    record(
        visit.support, action, by=by, at=at, before=before, after=visit.status, comment=comment,
        payload={"visit": visit.number, **(payload or {})},
    )  # fmt: skip


# --- The end ------------------------------------------------------------------------------------------------


def _finish(support: SupportRequest, why: str, at: datetime) -> None:
    """All is done: the support ends, and with it the case of a service."""
    before = transition.move(support, SUPPORT, "close")
    support.ended_at, support.end_reason = at, why
    support.save(update_fields=["status", "ended_at", "end_reason"])
    record(support, "close", by=SYSTEM, at=at, before=before, after=support.status, comment=why)
    if support.application.state is ApplicationStatus.ADOPTED:
        closing.complete(application_id=support.application_id, comment=why, at=at)


def close_years(*, at: datetime) -> int:
    """End the services whose fiscal year is over; how many. Visits that are still planned are cancelled first."""
    over = SupportRequest.objects.filter(
        origin=SupportOrigin.CALL, status=SupportStatus.ACTIVE,
        application__fiscal_year__lt=current_fiscal_year(at),
    )  # fmt: skip
    done = 0
    for support_id in list(over.order_by("pk").values_list("pk", flat=True)):
        with transaction.atomic():
            support = supporting.locked(support_id, by=SYSTEM)
            if support.status != SupportStatus.ACTIVE:
                continue
            for visit in support.visits.filter(status=VisitStatus.PLANNED):
                visit.support = support
                before = transition.move(visit, VISIT, "cancel")
                visit.reason = "年度内に実施しなかったため"
                visit.save()
                _note(visit, "cancel", SYSTEM, at, before, None, visit.reason)
            _finish(support, "対象の年度が終わりました。", at)
        done += 1
    return done
