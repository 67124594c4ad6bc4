"""People, bodies, posts, sources, and the record of what happened to them."""

from accounts.models.audience import Addressees, NoticeAudience
from accounts.models.calendar import CalendarEntry, CalendarToken
from accounts.models.choice import DigestEntry, NoticeChoice
from accounts.models.delivery import Delivery
from accounts.models.event import AccountEvent, LoginAttempt
from accounts.models.invitation import Invitation
from accounts.models.membership import Deputy, Membership
from accounts.models.notice import Notice, NoticeRead
from accounts.models.notice_integrity import check_outbox
from accounts.models.organization import Department, Designation, Organization
from accounts.models.reminding import ClosingDay, ReminderRule
from accounts.models.schedule import ScheduleRun
from accounts.models.source import SourceDocument
from accounts.models.token import ApiToken, KeptAnswer
from accounts.models.user import User

__all__ = [
    "AccountEvent",
    "Addressees",
    "ApiToken",
    "CalendarEntry",
    "CalendarToken",
    "ClosingDay",
    "Delivery",
    "Department",
    "Deputy",
    "Designation",
    "DigestEntry",
    "Invitation",
    "KeptAnswer",
    "LoginAttempt",
    "Membership",
    "Notice",
    "NoticeAudience",
    "NoticeChoice",
    "NoticeRead",
    "Organization",
    "ReminderRule",
    "ScheduleRun",
    "SourceDocument",
    "User",
    "check_outbox",
]
