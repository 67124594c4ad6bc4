"""Reads of people and bodies; every date is an argument."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from allauth.mfa.models import Authenticator
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from accounts.enums import AttemptOutcome
from accounts.models import (
    AccountEvent,
    ApiToken,
    Delivery,
    Department,
    Deputy,
    Invitation,
    LoginAttempt,
    Membership,
    NoticeChoice,
    Organization,
    SourceDocument,
    User,
)
from accounts.models.organization import OrganizationQuerySet
from accounts.rules import WRONG_CODES_SPAN_MINUTES
from core.actor import Actor
from core.text import fold

# Where a session keeps the department its person chose to act for.
ACTING_KEY = "acting_department"


# --- Bodies -------------------------------------------------------------------------------------------


def municipalities() -> OrganizationQuerySet:
    """The 62 区市町村 in 建制順."""
    return Organization.objects.municipalities()


def organization_by_code(code: str) -> Organization | None:
    """A body by its six-digit code or slug."""
    return Organization.objects.filter(code=code).first()


def organizations_matching(rows: OrganizationQuerySet, words: str) -> OrganizationQuerySet:
    """Bodies whose name, reading or code holds every word, whatever the width, case or kana."""
    wanted = fold(words).split()
    if not wanted:
        return rows
    hits = [
        pk
        for pk, *texts in rows.values_list("pk", "name", "kana", "code")
        if all(word in fold(" ".join(texts)) for word in wanted)
    ]
    return rows.filter(pk__in=hits)


def resolve_citations(citations: list[dict[str, Any]]) -> list[tuple[SourceDocument, list[int], str]]:
    """The documents behind a fact's `citations`, each with the lines and the note; one query."""
    documents = SourceDocument.objects.in_bulk([item["source"] for item in citations], field_name="slug")
    return [
        (documents[item["source"]], item.get("lines") or [], item.get("note") or "")
        for item in citations
        if item["source"] in documents
    ]


# --- Acting -------------------------------------------------------------------------------------------


def memberships_in_force(user: User, on: date) -> list[Membership]:
    """A person's posts on a day, main post first."""
    held = Membership.objects.in_force(on).filter(user=user).select_related("department__organization")
    posts = list(held.order_by())  # sorted below; asked at every request
    for post in posts:
        post.user = user  # known already, so no column is read twice
    return sorted(posts, key=lambda post: (post.kind != "main", post.starts_on, post.pk))


def post_in(posts: Iterable[Membership], department_id: int | None) -> Membership | None:
    """The post a person acts in: the chosen department's, or the first where nothing was chosen.

    A choice that no longer holds gives None, never another body: who sits at the desk over midnight of a
    transfer must not act for the new post without knowing.
    """
    return next((post for post in posts if department_id in {None, post.department_id}), None)


def actor_for(
    user: User,
    membership: Membership | None,
    on: date,
    *,
    second_factor: bool,
    posts: Iterable[Membership] | None = None,
) -> Actor:
    """The acting person: a user in one department, with every role held there on that day.

    `posts`: the person's posts in force, where they have been read already.
    """
    department = membership.department if membership else None
    organization = department.organization if department else None
    if posts is None:
        posts = Membership.objects.in_force(on).filter(user=user) if department else []
    roles = {post.role for post in posts if department and post.department_id == department.pk}
    return Actor(
        user_id=user.pk,
        name=user.name,
        membership_id=membership.pk if membership else None,
        organization_id=organization.pk if organization else None,
        organization_code=organization.code if organization else "",
        organization_name=organization.name if organization else "",
        department_id=department.pk if department else None,
        department_name=department.name if department else "",
        roles=frozenset(roles),
        second_factor=second_factor,
    )


# --- People of one body ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class PersonRow:
    """A person as the administrator of one body sees them: that body's posts only."""

    user: User
    posts: list[Membership]
    past: list[Membership]
    invitation: Invitation | None
    factors: "Factors"


def people_of(organization_id: int, on: date) -> list[PersonRow]:
    """Everybody who has, had or will have a post in this body; `posts` hold on the day or later. 4 queries."""
    here = Membership.objects.filter(department__organization_id=organization_id)
    invitations = Invitation.objects.filter(
        organization_id=organization_id, used_at__isnull=True, withdrawn_at__isnull=True
    )
    people = User.objects.filter(pk__in=here.values("user")).prefetch_related(
        Prefetch("memberships", here.select_related("department").order_by("starts_on", "pk"), "posts_here"),
        Prefetch("invitations", invitations, "open_invitations"),
        "authenticator_set",
    )
    return [_person_row(user, on) for user in people]


def person_of(organization_id: int, person_id: int, on: date) -> PersonRow | None:
    """One of them, or None for anybody else."""
    return next((row for row in people_of(organization_id, on) if row.user.pk == person_id), None)


def _person_row(user: Any, on: date) -> PersonRow:
    posts: list[Membership] = user.posts_here
    ended = [post for post in posts if post.ends_on is not None and post.ends_on < on]
    return PersonRow(
        user=user,
        posts=[post for post in posts if post not in ended],
        past=ended,
        invitation=next(iter(user.open_invitations), None),
        factors=_factors(user.authenticator_set.all()),
    )


def departments_of(organization_id: int, on: date) -> QuerySet[Department]:
    """The units of a body on a day, in their own order."""
    return Department.objects.in_force(on).filter(organization_id=organization_id)


def standing_or_to_come(unit: Department, on: date) -> QuerySet[Department]:
    """The units of this one's body that exist on a day or begin later: what a reorganization can merge it into."""
    later = Q(valid_to__isnull=True) | Q(valid_to__gte=on)
    return Department.objects.filter(later, organization=unit.organization_id)


def administrators_after(organization: Organization, on: date) -> QuerySet[Membership]:
    """The administrators of a body who can really sign in on a day."""
    return Membership.objects.administering(on).filter(department__organization=organization)


def towns_without_administrator(on: date) -> list[Organization]:
    """The 多摩・島しょ towns in which nobody within reach administers people on a day, in 建制順.

    `has_absent` says that somebody administers there who has not signed in for a while.
    """
    posts = Membership.objects
    served = posts.within_reach(on).values("department__organization")
    absent = posts.administering(on).filter(department__organization=OuterRef("pk"))
    return list(Organization.objects.supported().exclude(pk__in=served).annotate(has_absent=Exists(absent)))


def events_of(organization: Organization, limit: int = 20) -> QuerySet[AccountEvent]:
    """What happened to the people of a body, newest first."""
    rows = AccountEvent.objects.filter(organization=organization).select_related("subject")
    return rows.order_by("-at", "-pk")[:limit]


def invitation_by_digest(digest: str, at: datetime) -> Invitation | None:
    """The open invitation a link's secret belongs to."""
    rows = Invitation.objects.open(at).select_related("user", "organization")
    return rows.filter(token_digest=digest).first()


# --- API tokens ---------------------------------------------------------------------------------------------


def tokens_of(actor: Actor) -> QuerySet[ApiToken]:
    """The acting person's tokens for posts in the acting body, newest first."""
    rows = ApiToken.objects.of_body(actor.organization_id or 0).filter(membership__user=actor.user_id or 0)
    return rows.select_related("membership__department__organization", "membership__user")


def tokens_of_body(actor: Actor) -> QuerySet[ApiToken]:
    """Everybody else's tokens that act for the acting body, newest first."""
    rows = ApiToken.objects.of_body(actor.organization_id or 0).exclude(membership__user=actor.user_id or 0)
    return rows.select_related("membership__department__organization", "membership__user")


# --- One's own notices -------------------------------------------------------------------------------------


def notice_modes(actor: Actor) -> dict[str, str]:
    """What the acting person chose, by group of notices."""
    rows = NoticeChoice.objects.filter(user=actor.user_id or 0)
    return dict(rows.order_by("pk").values_list("group", "mode"))


def colleagues_of(actor: Actor, on: date) -> list[User]:
    """The other people of the acting department who can sign in."""
    posts = Membership.objects.in_force(on).filter(department=actor.department_id or 0)
    return list(
        User.objects.filter(pk__in=posts.values("user"), joined_at__isnull=False).exclude(
            pk=actor.user_id or 0
        )
    )


def deputies_of(actor: Actor, on: date) -> list[Deputy]:
    """Who stands in for the acting person now or later."""
    rows = Deputy.objects.filter(user=actor.user_id or 0, ends_on__gte=on)
    return list(rows.select_related("deputy", "department"))


def failed_mails(actor: Actor, limit: int = 5) -> list[Delivery]:
    """The newest mails to this person that the mail server refused for good."""
    rows = Delivery.objects.parked().filter(user=actor.user_id or 0).select_related("notice")
    return list(rows.order_by("-pk")[:limit])


# --- Sign-in ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Factors:
    """The second factors a person has enrolled; with none of them the code goes to the work mailbox."""

    app: bool = False
    keys: int = 0
    sheet_left: int | None = None

    @property
    def any(self) -> bool:
        """Whether sign-in asks for one of them; a used-up code sheet counts as none."""
        return self.app or self.keys > 0 or bool(self.sheet_left)

    @property
    def words(self) -> list[str]:
        """Their names for a list."""
        names = ["認証アプリ"] if self.app else []
        names += [f"セキュリティキー{self.keys}個"] if self.keys else []
        names += [f"コード表（残り{self.sheet_left}）"] if self.sheet_left is not None else []
        return names or ["メールの確認コード"]


def factors_of(user: User) -> Factors:
    """What a person has enrolled."""
    return _factors(Authenticator.objects.filter(user=user))


def _factors(found: Iterable[Authenticator]) -> Factors:
    rows = list(found)
    sheets = [row for row in rows if row.type == Authenticator.Type.RECOVERY_CODES]
    return Factors(
        app=any(row.type == Authenticator.Type.TOTP for row in rows),
        keys=sum(row.type == Authenticator.Type.WEBAUTHN for row in rows),
        sheet_left=len(sheets[0].wrap().get_unused_codes()) if sheets else None,
    )


def wrong_codes(email: str, at: datetime) -> int:
    """How many wrong codes were tried for a person within the span of the rule."""
    since = at - timedelta(minutes=WRONG_CODES_SPAN_MINUTES)
    rows = LoginAttempt.objects.filter(person=LoginAttempt.digest(email), at__gte=since)
    return rows.filter(outcome=AttemptOutcome.WRONG_CODE).count()


def recent_attempts(user: User, limit: int = 10) -> QuerySet[LoginAttempt]:
    """The latest tries to sign in as this person, newest first."""
    return LoginAttempt.objects.filter(person=LoginAttempt.digest(user.email))[:limit]


def recent_events(user: User, limit: int = 20) -> QuerySet[AccountEvent]:
    """What happened to this person's account and posts, newest first."""
    return (
        AccountEvent.objects.filter(subject=user)
        .select_related("organization")
        .order_by("-at", "-pk")[:limit]
    )


# --- The demo ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class DemoAccount:
    """One line of the demo's table of accounts."""

    name: str
    email: str
    body: str
    department: str
    role: str


def demo_accounts(on: date | None = None) -> list[DemoAccount]:
    """Invented people who can sign in, one line per person and department with the roles held there.

    `on`: only posts in force on that day (default: all). Empty outside the demo, where nobody is invented.
    """
    posts = Membership.objects.all() if on is None else Membership.objects.in_force(on)
    rows = posts.filter(user__is_fictional=True, user__joined_at__isnull=False)
    table: dict[tuple[int, int], DemoAccount] = {}
    for post in rows.select_related("user", "department__organization").order_by("pk"):
        key = (post.user_id, post.department_id)
        known = table.get(key)
        role = post.get_role_display()
        table[key] = DemoAccount(
            name=post.user.name,
            email=post.user.email,
            body=post.department.organization.name,
            department=post.department.name,
            role=f"{known.role}・{role}" if known else role,
        )
    return list(table.values())
