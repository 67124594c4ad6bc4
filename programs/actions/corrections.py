"""Corrections from readers: received from anybody, settled by the publisher of the program."""

import hashlib
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from accounts.actions.notice import Audience, notify
from accounts.models import Organization
from core.access import require
from core.actor import Actor
from core.exceptions import Conflict, DomainError, Fault
from programs.enums import CorrectionPart, Level
from programs.models import METROPOLITAN_CODE, Correction, Program, ProgramEvent

MOST_OPEN: Final = 50
"""So many unsettled corrections one program holds; a flood beyond that tells nobody anything new."""

MOST_A_DAY: Final = 20
"""So many corrections one program takes within a day."""


@transaction.atomic
def receive(
    *, program: Program, part: str, proposed: str, grounds: str = "", address: str = "", at: datetime
) -> Correction:
    """Keep what a reader says, with what the page says now, and tell the publishers. The same text twice is one.

    Raises DomainError when too many wait already.
    """
    key = hashlib.sha256(f"{part}\n{proposed.strip()}".encode()).hexdigest()
    waiting = Correction.objects.select_for_update().waiting().filter(program=program)
    known = waiting.filter(key=key).first()
    if known is not None:
        return known
    recent = Correction.objects.filter(program=program, received_at__gt=at - timedelta(days=1)).count()
    if waiting.count() >= MOST_OPEN or recent >= MOST_A_DAY:
        raise DomainError(
            Fault(
                "proposed",
                "この制度への指摘が多く届いているため、いまは受け付けられません。",
                "お急ぎのときは、ページの「問合せ」の電話番号へお知らせください。",
            )
        )
    correction = Correction.objects.create(
        program=program, part=part, shown=shown_now(program, part), proposed=proposed.strip(),
        grounds=grounds.strip(), address=address.strip(), key=key, received_at=at,
    )  # fmt: skip
    curator = _curator(program)
    notify(
        kind="programs.correction",
        key=f"programs.correction:{correction.pk}",
        audience=Audience.of_organization(curator.pk, "publisher"),
        title="支援制度のページに誤りの指摘が届きました",
        lines=[f"制度：{program.title}", f"どこが：{CorrectionPart(part).label}"],
        path=f"/programs/{program.slug}/corrections/",
        at=at,
    )
    return correction


@transaction.atomic
def settle(*, correction_id: int, answer: str, by: Actor, at: datetime) -> Correction:
    """Note what was done about a correction; the reader's address is deleted with it.

    Raises Refused (404) for anyone but the program's publisher, Conflict when it was settled already, DomainError
    without an answer.
    """
    correction = (
        Correction.objects.select_for_update(of=("self",)).select_related("program").get(pk=correction_id)
    )
    require(by, "programs.edit", correction.program, at)
    if correction.settled_at is not None:
        raise Conflict("この指摘には、すでに対応が記録されています。ページを読み込み直してください。")
    if not answer.strip():
        raise DomainError(
            Fault("answer", "対応の内容が空です。", "直したこと、直さない理由を入力してください。")
        )
    correction.settled_at, correction.settled_by_id = at, by.user_id
    correction.answer, correction.address = answer.strip(), ""
    correction.save(update_fields=["settled_at", "settled_by", "answer", "address"])
    ProgramEvent.append(
        f"program:{correction.program.slug}", by, "settle_correction", comment=correction.answer,
        payload={"correction": correction.pk}, at=at, program=correction.program,
    )  # fmt: skip
    return correction


def shown_now(program: Program, part: str) -> str:
    """What the page says on a part; "" for parts that are no single text."""
    if part == CorrectionPart.CONTACT:
        desks = [f"{desk['area']}　{desk['desk']}　{desk['phone']}" for desk in program.phones]
        return "\n".join([program.department, program.phone, *desks]).strip()
    if part == CorrectionPart.PERIOD:
        return str(program.get_offering_display())
    if part == CorrectionPart.OTHER:
        return ""
    return str(getattr(program, part))


def _curator(program: Program) -> Organization:
    """Who looks after it: its owner; 東京都 for the programs of 国."""
    if program.level != Level.NATIONAL:
        return program.owner
    return Organization.objects.filter(code=METROPOLITAN_CODE).first() or program.owner
