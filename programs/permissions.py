"""Who may do what to the catalogue. Publishers look after the programs of their own body (東京都 also 国)."""

from datetime import datetime

from accounts.models import Organization
from core.access import Decision, deny, register
from core.actor import Actor
from programs.enums import PUBLISHABLE_PUBLICATIONS, VISIBLE_PUBLICATIONS, Level
from programs.models import METROPOLITAN_CODE, AdoptedProject, Call, Program

_NOT_YOURS = "この制度を受け持つ団体の制度編集者だけが行えます。"


def curates(actor: Actor, program: Program | None) -> Decision:
    """Whether an actor looks after a program; without one, whether it looks after any at all."""
    if actor.is_system:
        return Decision(permitted=True)
    if not actor.has_role("publisher") or actor.organization_id is None:
        return deny(_NOT_YOURS)
    if program is None or actor.belongs_to(program.owner_id):
        return Decision(permitted=True)
    if actor.organization_code == METROPOLITAN_CODE and program.level == Level.NATIONAL:
        return Decision(permitted=True)
    return deny(_NOT_YOURS)


@register("programs.view")
def view(actor: Actor, obj: Program | Call | AdoptedProject | None, at: datetime) -> bool:
    """The same rule as the `visible_to` of the object's QuerySet, asked for one object."""
    if obj is None:
        return True
    visible = type(obj)._default_manager.visible_to(actor, at)
    return bool(visible.filter(pk=obj.pk).exists())


@register("programs.edit")
def edit(actor: Actor, program: Program | None, at: datetime) -> Decision:
    """Changing a program's text."""
    del at
    return curates(actor, program)


@register("programs.publish")
def publish(actor: Actor, program: Program | None, at: datetime) -> Decision:
    """Putting a program on view."""
    del at
    decision = curates(actor, program)
    if decision and program is not None and program.publication not in PUBLISHABLE_PUBLICATIONS:
        return deny("この制度はすでに公開されています。")
    return decision


@register("programs.publish_revision")
def publish_revision(actor: Actor, program: Program | None, at: datetime) -> Decision:
    """Putting a checked revision on view; who drafted it last is judged by the action."""
    del at
    return curates(actor, program)


@register("programs.import_programs")
def import_programs(actor: Actor, owner: Organization | None, at: datetime) -> Decision:
    """Taking in a list of programs as drafts: a body's own programs only, whoever published the list."""
    del at
    if actor.is_system:
        return Decision(permitted=True)
    if not actor.has_role("publisher") or actor.organization_id is None:
        return deny(_NOT_YOURS)
    if owner is not None and not actor.belongs_to(owner.pk):
        return deny("取り込めるのは、自分の団体の制度だけです。")
    return Decision(permitted=True)


@register("programs.withdraw")
def withdraw(actor: Actor, program: Program | None, at: datetime) -> Decision:
    """Taking a published program off view."""
    del at
    decision = curates(actor, program)
    if decision and program is not None and program.publication not in VISIBLE_PUBLICATIONS:
        return deny("公開されていない制度は取り下げられません。")
    return decision


@register("programs.create_call")
def create_call(actor: Actor, program: Program | None, at: datetime) -> Decision:
    """Preparing a round of application."""
    del at
    return curates(actor, program)


@register("programs.publish_call")
def publish_call(actor: Actor, call: Call | None, at: datetime) -> Decision:
    """Announcing a round of application."""
    del at
    decision = curates(actor, call.program if call else None)
    if decision and call is not None and call.publication not in PUBLISHABLE_PUBLICATIONS:
        return deny("この募集はすでに公開されています。")
    return decision


@register("programs.budget_request")
def budget_request(actor: Actor, obj: object, at: datetime) -> bool:
    """The sheet for budget requests is for the staff of municipalities."""
    del obj, at
    if actor.is_anonymous or actor.organization_id is None:
        return False
    return Organization.objects.municipalities().filter(pk=actor.organization_id).exists()
