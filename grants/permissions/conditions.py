"""The conditions of the lifecycle table that can be judged from state, time and people alone.

Each returns the fault that stands in the way, or None. Conditions on what a person types in are judged by
the action of the same name.
"""

from collections.abc import Callable
from datetime import datetime

from core import clock
from core.actor import Actor
from core.exceptions import Fault
from core.wareki import long_date
from grants.enums import (
    MEMBERS_SECTION,
    ApplicationStatus,
    ConsentState,
    MemberState,
    PetitionKind,
    ReviewOutcome,
)
from grants.models import Application, Consent, ReturnRequest
from grants.permissions.parties import member_of

Condition = Callable[[Actor, Application, datetime], Fault | None]
S = ApplicationStatus


def instant_text(at: datetime) -> str:
    """「令和8年（2026年）12月18日（金）17:00」."""
    return f"{long_date(clock.today(at))}{clock.local(at):%H:%M}"


def open_return(application: Application) -> ReturnRequest | None:
    """The request for correction that is waiting, if there is one."""
    return application.returns.filter(closed_at__isnull=True).first()


def window(_actor: Actor, application: Application, at: datetime) -> Fault | None:
    """Time to work on the copy: until the call closes, or a returned one until its own due instant."""
    if application.state is S.RETURNED:
        request = open_return(application)
        if request is not None and at > request.due_at:
            return Fault(
                "due_at",
                f"修正の期限（{instant_text(request.due_at)}）を過ぎています。",
                "都の担当に相談してください。",
            )
        return None
    call = application.call
    if at > call.closes_at:
        return Fault(
            "closes_at",
            f"締切（{instant_text(call.closes_at)}）を過ぎたため受け付けられません。",
            "入力した内容は残っています。都の担当に相談してください。",
        )
    if not call.is_open(at):
        return Fault(
            "opens_at",
            "この募集は受付期間の前か、公開されていません。",
            "募集のページで期間を確かめてください。",
        )
    return None


def preparing(actor: Actor, application: Application, at: datetime) -> Fault | None:
    """The window, and in a submitted case only while a replacement is being prepared."""
    if application.state is S.SUBMITTED and not application.is_replacing:
        return Fault(
            "status", "提出した内容は変わっていません。", "差し替えるときは、先に内容を直してください。"
        )
    return window(actor, application, at)


def circle_open(actor: Actor, application: Application, at: datetime) -> Fault | None:
    """The window; in a returned case only when the circle of members is to be corrected."""
    if application.template.is_alone:
        return Fault("members", "この募集には、一つの市町村だけで申請します。")
    request = open_return(application) if application.state is S.RETURNED else None
    if request is not None and MEMBERS_SECTION not in request.sections:
        return Fault(
            "members", "構成団体は修正の対象ではありません。", "修正依頼で示された部分だけを直してください。"
        )
    return window(actor, application, at)


def removable(actor: Actor, application: Application, at: datetime) -> Fault | None:
    """As for inviting; a body that asked to leave may be taken out of any returned case."""
    if application.members.filter(state=MemberState.LEAVING).exists():
        return window(actor, application, at)
    return circle_open(actor, application, at)


def may_consent(actor: Actor, application: Application, at: datetime) -> Fault | None:
    """Not consented yet, and there is time."""
    member = member_of(actor, application)
    if member is not None and member.consents.filter(state=ConsentState.GIVEN).exists():
        return Fault("consent", "この内容にはすでに同意しています。")
    return preparing(actor, application, at)


def may_withdraw_consent(actor: Actor, application: Application, at: datetime) -> Fault | None:
    """There is a consent to take back."""
    member = member_of(actor, application)
    if member is None or not member.consents.filter(state=ConsentState.GIVEN).exists():
        return Fault("consent", "撤回する同意がありません。")
    return window(actor, application, at)


def may_ask_precheck(actor: Actor, application: Application, at: datetime) -> Fault | None:
    """Before the precheck's own date, and none is waiting."""
    due = application.call.precheck_due_at
    if due is not None and at > due:
        return Fault(
            "precheck_due_at",
            f"案の事前確認の期限（{instant_text(due)}）を過ぎています。",
            "締切までに提出してください。",
        )
    if application.prechecks.filter(answered_at__isnull=True).exists():
        return Fault("precheck", "確認中の依頼があります。", "回答を待ってください。")
    return window(actor, application, at)


def precheck_waits(_actor: Actor, application: Application, _at: datetime) -> Fault | None:
    """There is a request to answer."""
    if application.prechecks.filter(answered_at__isnull=True).exists():
        return None
    return Fault("precheck", "確認中の依頼がありません。")


def may_certify(actor: Actor, application: Application, at: datetime) -> Fault | None:
    """All consents are there (order: consents, then the certificate), and none is recorded yet."""
    if application.certifications.filter(voided_at__isnull=True).exists():
        return Fault("certification", "庁内決裁はすでに記録されています。")
    missing = [
        str(member) for member in application.members.present().partners() if not holds_consent(member.pk)
    ]
    if missing:
        return Fault(
            "consents",
            f"同意がそろっていません（{'、'.join(missing)}）。",
            "全ての構成団体の同意の後に記録してください。",
        )
    return preparing(actor, application, at)


def holds_consent(member_id: int) -> bool:
    """Whether a member's consent holds now."""
    return Consent.objects.filter(member_id=member_id, state=ConsentState.GIVEN).exists()


def after_closing(_actor: Actor, application: Application, at: datetime) -> Fault | None:
    """The call has closed."""
    if application.is_late(at):
        return None
    return Fault(
        "closes_at",
        "受付期間中です。",
        f"締切（{instant_text(application.call.closes_at)}）の後に行ってください。",
    )


def before_closing(_actor: Actor, application: Application, at: datetime) -> Fault | None:
    """The call has not closed (any more)."""
    return Fault("closes_at", "締切を過ぎています。") if application.is_late(at) else None


def restorable(actor: Actor, application: Application, at: datetime) -> Fault | None:
    """There is time, and no other live application has taken the place."""
    rivals = Application.objects.live().filter(call=application.call_id, lead=application.lead_id)
    if rivals.exclude(pk=application.pk).count() >= application.call.max_per_lead:
        return Fault("call", "この募集への申請がほかにあります。", "そちらの申請を使ってください。")
    return window(actor, application, at)


def past_due(_actor: Actor, application: Application, at: datetime) -> Fault | None:
    """The due instant of the correction has passed."""
    request = open_return(application)
    if request is not None and at > request.due_at:
        return None
    return Fault("due_at", "修正の期限の前です。", "期限の後に引き取ってください。")


def may_leave(actor: Actor, application: Application, _at: datetime) -> Fault | None:
    """Not asked already."""
    member = member_of(actor, application)
    if member is not None and member.state == MemberState.LEAVING:
        return Fault("members", "離脱はすでに申し出ています。")
    return None


def nobody_leaving(_actor: Actor, application: Application, _at: datetime) -> Fault | None:
    """No body has asked to leave."""
    leaving = [str(member) for member in application.members.filter(state=MemberState.LEAVING)]
    if not leaving:
        return None
    return Fault(
        "members",
        f"構成から離脱の申出があります（{'、'.join(leaving)}）。",
        "修正依頼で構成を直してから進めてください。",
    )


def undeclared(actor: Actor, application: Application, _at: datetime) -> Fault | None:
    """The reviewer has not declared yet."""
    mine = application.assignments.filter(reviewer_id=actor.user_id)
    return (
        Fault("interest", "利害関係はすでに申告しています。")
        if mine.filter(declaration__isnull=False).exists()
        else None
    )


def may_score(actor: Actor, application: Application, _at: datetime) -> Fault | None:
    """The reviewer declared to have no interest."""
    if application.assignments.filter(reviewer_id=actor.user_id, declaration__has_interest=False).exists():
        return None
    return Fault(
        "interest",
        "利害関係がないことの申告が必要です。",
        "先に申告してください。利害関係があるときは採点できません。",
    )


def has_external(_actor: Actor, application: Application, _at: datetime) -> Fault | None:
    """There is an external reviewer to enter points for."""
    if application.assignments.filter(is_external=True).exclude(declaration__has_interest=True).exists():
        return None
    return Fault("assignments", "採点を代理入力できる外部委員がいません。")


def not_the_drafter(actor: Actor, application: Application, _at: datetime) -> Fault | None:
    """Four eyes: who drafted does not decide."""
    draft = application.recommendations.filter(ended_at__isnull=True).first()
    if draft is None:
        return Fault("recommendation", "起案がありません。", "起案の後に決定してください。")
    if draft.drafted_by_id == actor.user_id:
        return Fault("decided_by", "起案した人は決定できません。", "別の決定権者が決定してください。")
    return None


def may_adopt(actor: Actor, application: Application, at: datetime) -> Fault | None:
    """Four eyes, an adopting draft, and nobody leaving."""
    fault = not_the_drafter(actor, application, at) or nobody_leaving(actor, application, at)
    if fault is not None:
        return fault
    if application.recommendations.filter(ended_at__isnull=True, outcome=ReviewOutcome.ADOPT).exists():
        return None
    return Fault("recommendation", "不採択の起案です。", "採択するときは、起案を差し戻してください。")


def may_announce(_actor: Actor, application: Application, at: datetime) -> Fault | None:
    """The planned instant has come, and it has not been announced."""
    if application.announced_at is not None:
        return Fault("announced_at", "結果はすでに公表しています。")
    planned = application.call.announce_at
    if planned is not None and at < planned:
        return Fault(
            "announce_at",
            f"結果の公表は{instant_text(planned)}の予定です。",
            "その日時の後に公表してください。",
        )
    return None


def petitioned(kind: PetitionKind) -> Condition:
    """The town has asked for it."""

    def condition(_actor: Actor, application: Application, _at: datetime) -> Fault | None:
        if application.petitions.filter(kind=kind, granted_at__isnull=True).exists():
            return None
        return Fault("petition", f"「{kind.label}」の申出がありません。")

    return condition


def not_petitioned(kind: PetitionKind) -> Condition:
    """The town has not asked yet."""

    def condition(actor: Actor, application: Application, at: datetime) -> Fault | None:
        if petitioned(kind)(actor, application, at) is None:
            return Fault("petition", f"「{kind.label}」はすでに申し出ています。")
        return None

    return condition


CONDITIONS: dict[str, Condition] = {
    "restore": restorable,
    "expire": after_closing,
    "reopen": before_closing,
    "invite": circle_open,
    "remove_member": removable,
    "consent": may_consent,
    "record_consent": preparing,
    "decline": window,
    "withdraw_consent": may_withdraw_consent,
    "request_precheck": may_ask_precheck,
    "answer_precheck": precheck_waits,
    "certify": may_certify,
    "submit": window,
    "replace": preparing,
    "resubmit": window,
    "take_back": past_due,
    "leave": may_leave,
    "start_review": after_closing,
    "declare_interest": undeclared,
    "score": may_score,
    "proxy_score": has_external,
    "recommend": nobody_leaving,
    "adopt": may_adopt,
    "reject": not_the_drafter,
    "reserve": may_adopt,
    "promote": nobody_leaving,
    "release": not_the_drafter,
    "announce": may_announce,
    "request_change_members": not_petitioned(PetitionKind.CHANGE_MEMBERS),
    "change_members": petitioned(PetitionKind.CHANGE_MEMBERS),
    "request_discontinuation": not_petitioned(PetitionKind.DISCONTINUE),
    "discontinue": petitioned(PetitionKind.DISCONTINUE),
}
