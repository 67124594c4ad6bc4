"""The bodies of an application: the lead, partner municipalities, diverse actors."""

from datetime import datetime

from django.db import models
from django.db.models import Q

from accounts.models import Organization, User
from accounts.models.organization import validate_corporate_number
from grants.enums import PRESENT_MEMBER_STATES, ActorKind, MemberRole, MemberState
from grants.models.application import Application
from grants.models.base import paired, random_public_id, requires


class MemberQuerySet(models.QuerySet["Member"]):
    """Chainable reads of members."""

    def present(self) -> "MemberQuerySet":
        """Those that belong to the application now."""
        return self.filter(state__in=PRESENT_MEMBER_STATES)

    def municipalities(self) -> "MemberQuerySet":
        """The lead and the partner municipalities: those that have a budget and a part of their own."""
        return self.exclude(role=MemberRole.DIVERSE_ACTOR)

    def partners(self) -> "MemberQuerySet":
        """Everybody who has to consent: all but the lead."""
        return self.exclude(role=MemberRole.LEAD)


class Member(models.Model):
    """構成団体. A body with an account here has `organization`; others have name, kind and maybe a number.

    `is_group` marks an entry that stands for several bodies (各市の商工会議所): it has neither of the two.

    `invitation_digest` is the SHA-256 of the link's secret; `budget_version` grows with every change of its
    budget. The e-mail address is never part of a snapshot.
    """

    public_id = models.CharField(
        "識別子", max_length=12, unique=True, default=random_public_id, editable=False
    )
    application = models.ForeignKey(Application, models.PROTECT, related_name="members", verbose_name="申請")
    role = models.CharField("立場", max_length=20, choices=MemberRole)
    organization = models.ForeignKey(
        Organization,
        models.PROTECT,
        related_name="grant_memberships",
        null=True,
        blank=True,
        verbose_name="団体",
    )
    name = models.CharField("名称", max_length=200)
    actor_kind = models.CharField("主体の種類", max_length=20, choices=ActorKind, blank=True)
    corporate_number = models.CharField(
        "法人番号", max_length=13, blank=True, validators=[validate_corporate_number]
    )
    is_group = models.BooleanField("複数をまとめた記載", default=False)
    email = models.EmailField("連絡先", blank=True)
    position = models.PositiveSmallIntegerField("並び順")
    state = models.CharField("参加の状態", max_length=20, choices=MemberState, default=MemberState.ACTIVE)
    budget_version = models.PositiveIntegerField("収支計画の版", default=1)
    invited_at = models.DateTimeField("招待日時")
    invited_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="招待した人")
    invitation_digest = models.CharField("招待の照合値", max_length=64, unique=True, null=True, blank=True)
    invitation_expires_at = models.DateTimeField("招待の期限", null=True, blank=True)
    invitation_used_at = models.DateTimeField("招待が使われた日時", null=True, blank=True)
    ended_at = models.DateTimeField("終わりの日時", null=True, blank=True)
    ended_by = models.ForeignKey(
        User, models.PROTECT, related_name="+", null=True, blank=True, verbose_name="終わりにした人"
    )
    reason = models.TextField("理由", blank=True)

    objects = MemberQuerySet.as_manager()

    class Meta:
        ordering = ["application", "position", "pk"]
        verbose_name = verbose_name_plural = "構成団体"
        constraints = [
            requires(
                "member", "group_has_no_number", Q(is_group=True),
                Q(corporate_number="", organization__isnull=True, role=MemberRole.DIVERSE_ACTOR),
                "複数をまとめた記載に、法人番号と登録のある団体はありません。",
            ),
            *paired("member", "ended"),
            models.UniqueConstraint(
                fields=["application"], condition=Q(role=MemberRole.LEAD), name="member_one_lead",
                violation_error_message="代表市町村は一つだけです。",
            ),
            models.UniqueConstraint(
                fields=["application", "organization"],
                condition=Q(state__in=sorted(PRESENT_MEMBER_STATES), organization__isnull=False),
                name="member_organization_once",
                violation_error_message="この団体はすでに構成団体です。",
            ),
            requires(
                "member", "lead_is_active_body", Q(role=MemberRole.LEAD),
                Q(organization__isnull=False, state=MemberState.ACTIVE), "代表市町村は外せません。",
            ),
            requires(
                "member", "partner_is_a_body", Q(role=MemberRole.PARTNER), Q(organization__isnull=False),
                "連携する市町村には団体が必要です。",
            ),
            requires(
                "member", "actor_has_kind", Q(role=MemberRole.DIVERSE_ACTOR), ~Q(actor_kind=""),
                "多様な主体には種類が必要です。",
            ),
            requires(
                "member", "ended_says_when", ~Q(state=MemberState.ACTIVE), Q(ended_at__isnull=False),
                "参加の終わりには日時が必要です。",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name

    @property
    def is_lead(self) -> bool:
        """Whether it leads."""
        return self.role == MemberRole.LEAD

    @property
    def is_municipality(self) -> bool:
        """Whether it has a part and a budget of its own."""
        return self.role != MemberRole.DIVERSE_ACTOR

    @property
    def is_present(self) -> bool:
        """Whether it belongs to the application now."""
        return self.state in PRESENT_MEMBER_STATES

    def invitation_open(self, at: datetime) -> bool:
        """Whether its link still works."""
        expires = self.invitation_expires_at
        return self.is_present and self.invitation_used_at is None and expires is not None and at <= expires
