"""What an extension and a shortening of a call share: the check of a reason, and who is told."""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from accounts.actions.notice import Audience, notify
from accounts.enums import Role
from core.exceptions import Fault
from grants.enums import ApplicationStatus, MemberRole
from grants.models import Application, Member
from programs.models import Call

_TOLD: Final = frozenset({ApplicationStatus.DRAFT, ApplicationStatus.EXPIRED, ApplicationStatus.SUBMITTED})
_ADDRESS: Final = re.compile(r"\S@\S+\.\S")
_CONTROL: Final = re.compile(r"[\x00-\x08\x0e-\x1b\x7f]")
"""Signs that are no white space: those that are end as one blank in a notice."""
_TOWN: Final = (Role.EDITOR, Role.APPROVER)


def reason_fault(field: str, reason: str) -> Fault | None:
    """What is wrong with a reason that towns are going to read."""
    if not reason.strip():
        return Fault(field, "理由がありません。", "市町村に伝わる理由を書いてください。")
    if _ADDRESS.search(reason):
        return Fault(
            field, "理由にメールアドレスが入っています。", "通知に載るため、アドレスを消してください。"
        )
    if _CONTROL.search(reason):
        return Fault(field, "理由に、通知に載せられない文字が入っています。", "その文字を消してください。")
    return None


def tell_cases(  # noqa: PLR0917 - the parts of one notice
    call: Call, kind: str, title: str, lines: Sequence[str], number: int, at: datetime
) -> int:
    """Tell the lead's department and the members that are in or asked, of every case that is not out of the call.

    `number` of the event keeps the notices of several moves apart. Returns how many cases were told.
    """
    cases = list(Application.objects.filter(call=call, status__in=_TOLD).order_by("pk"))
    for case in cases:
        audience = Audience.of_department(case.lead_department_id, *_TOWN)
        for member in Member.objects.present().filter(application=case).exclude(role=MemberRole.LEAD):
            if member.organization_id is not None:
                audience += Audience.of_organization(member.organization_id, *_TOWN)
        notify(
            kind=kind, key=f"{kind.replace('.', ':')}:{call.public_id}:{number}:{case.public_id}", audience=audience,
            title=title, lines=lines, path=f"/applications/{case.public_id}/", due_at=call.closes_at, at=at,
        )  # fmt: skip
    return len(cases)
