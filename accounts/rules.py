"""Who may hold which role, and for how long: data, no branches. Source: docs/glossary.md, roles."""

from dataclasses import dataclass
from datetime import datetime, time
from typing import Final

from accounts.enums import OrganizationKind, Role
from core import clock
from core.business_days import add_business_days, is_business_day

ABSENT_DAYS: Final = 14
"""An administrator who has not signed in for so long is out of reach: 都 may let another one in (docs/adr/0012)."""

# A body's administrator gives only the roles of that kind of body, so that no town can name itself Tokyo's
# officer. 都 curates the programs of 国, so a ministry has nobody here.
ASSIGNABLE_ROLES: Final[dict[OrganizationKind, tuple[Role, ...]]] = {
    OrganizationKind.METROPOLITAN: (
        Role.OFFICER, Role.PUBLISHER, Role.REVIEWER, Role.EXTERNAL_REVIEWER, Role.DECIDER, Role.CONTRACTOR,
        Role.AUDITOR, Role.ADMINISTRATOR,
    ),
    OrganizationKind.MUNICIPALITY: (
        Role.EDITOR, Role.APPROVER, Role.LIAISON, Role.FINANCE, Role.COORDINATOR, Role.PUBLISHER,
        Role.ADMINISTRATOR,
    ),
    OrganizationKind.JOINT_BODY: (Role.EDITOR, Role.APPROVER, Role.FINANCE, Role.ADMINISTRATOR),
    OrganizationKind.PARTNER: (Role.ADVISER, Role.ADMINISTRATOR),
    OrganizationKind.MINISTRY: (),
}  # fmt: skip

# Outsiders with a task: their posts must say when they end.
DATED_ROLES: Final[frozenset[Role]] = frozenset({Role.CONTRACTOR, Role.AUDITOR, Role.EXTERNAL_REVIEWER})

# Roles a token may act in. Whoever judges, decides or administers does so in person; outsiders have no machine here.
TOKEN_ROLES: Final[frozenset[Role]] = frozenset({
    Role.EDITOR, Role.APPROVER, Role.LIAISON, Role.FINANCE, Role.COORDINATOR, Role.OFFICER, Role.PUBLISHER, Role.AUDITOR,
})  # fmt: skip
TOKEN_DAYS: Final = (30, 90, 180, 365)
"""How long a token may live, in days; the second is proposed."""
TOKENS_PER_PERSON: Final = 5
TOKEN_PREFIX: Final = "tamap_"  # noqa: S105 - what a scanner looks for; the secret comes behind it

# Wrong codes of one person within the span, after which no new code is mailed.
WRONG_CODES_ALLOWED: Final = 15
WRONG_CODES_SPAN_MINUTES: Final = 30


def assignable_roles(kind: str) -> tuple[Role, ...]:
    """The roles an administrator of such a body may give, in the order of the form."""
    return ASSIGNABLE_ROLES[OrganizationKind(kind)]


# --- Notices ------------------------------------------------------------------------------------------------

DIGEST_AT: Final = time(8, 30)
REMINDERS: Final = frozenset({"reminder", "overdue"})


@dataclass(frozen=True)
class NoticeGroup:
    """Kinds of notices that people choose about together; nobody can have the required ones later or not at all."""

    code: str
    label: str
    example: str
    is_required: bool = False
    kinds: frozenset[str] = frozenset()


NOTICE_GROUPS: Final = (
    NoticeGroup(
        "required", "手続に欠かせない通知", "提出の控え、修正の依頼、審査の結果、照会、必ず送る催促", is_required=True,
        kinds=frozenset({
            "grants.announce", "grants.return", "grants.take_back", "grants.discontinue", "grants.change_members",
            "grants.expire", "grants.reopen", "grants.submit", "grants.replace", "grants.resubmit", "grants.withdraw",
            "grants.correct", "grants.extend", "grants.shorten", "accounts.helped", "accounts.digest", "indicators.open_round",
            "indicators.extend", "indicators.return_cells",
        }),
    ),
    NoticeGroup(
        "requests", "頼まれたこと", "参加と同意の依頼、事前確認、審査の割当て、起案、進行管理表の承認",
        kinds=frozenset({
            "grants.invite", "grants.void_consents", "grants.withdraw_consent", "grants.decline", "grants.leave",
            "grants.request_precheck", "grants.answer_precheck", "grants.assign", "grants.recommend",
            "grants.promote", "grants.send_back", "grants.request_change_members",
            "grants.request_discontinuation", "grants.ask_opinion", "grants.propose_shortening", "grants.waive_check", "grants.revoke_waiver", "grants.new_form", "indicators.hand_over", "indicators.disclaim", "indicators.reassign",
            "indicators.propose", "indicators.approve", "indicators.send_back", "indicators.edit",
            "indicators.object_to", "indicators.include",
        }),
    ),
    NoticeGroup("reminders", "期限の催促", "必ず送るもののほかの催促", kinds=REMINDERS),
    NoticeGroup("progress", "進みぐあい", "作成の開始、同意、庁内決裁の記録、審査の開始など"),
)  # fmt: skip
"""The last group holds every kind no other names."""


def notice_group(kind: str) -> NoticeGroup:
    """The group of a notice's kind ("<app>.<what>", "reminder.<deadline>")."""
    names = {kind, kind.partition(".")[0]}
    return next((group for group in NOTICE_GROUPS if names & group.kinds), NOTICE_GROUPS[-1])


def next_digest(at: datetime) -> datetime:
    """When a notice of that instant is told in a digest: half past eight of a business day (JST)."""
    today = clock.today(at)
    this_morning = clock.instant(today, DIGEST_AT)
    if is_business_day(today) and at <= this_morning:
        return this_morning
    return clock.instant(add_business_days(today, 1), DIGEST_AT)
