"""What a call on its way must say, and what publishing it does: the call, and a new version of its form if that changed."""

from datetime import datetime
from typing import Any, Final

from django.core.exceptions import ValidationError

from core.exceptions import Fault
from programs.enums import PUBLISHABLE_PUBLICATIONS, VISIBLE_PUBLICATIONS, Publication
from programs.models import Call, FundingRule, Program
from programs.parts.call import (
    COLUMNS,
    DEMANDED,
    ITEMS,
    MOMENTS,
    NEVER_AGAIN,
    asks,
    binding_of,
    form_faults,
    form_part,
)
from programs.parts.spec import Content
from programs.queries.call_forms import form_of, keeping_faults, publish_form
from programs.queries.parts import content_of_call

_FIELD_OF: Final = {
    "call_natural_key": "round_name",
    "call_opens_before_it_closes": "closes_at",
    "call_precheck_within_period": "precheck_due_at",
    "call_announced_after_closing": "announce_at",
    "call_capacity_has_unit": "capacity_unit",
}


def draft_faults(program: Program, key: str, content: Content) -> list[Fault]:
    """What cannot even be kept: another program's rule, or what stays once the call is announced."""
    faults = []
    rules = FundingRule.objects.filter(program=program, slug=content["rule"])
    if content["rule"] and not rules.exists():
        faults.append(Fault("rule", "この制度の算定規則ではありません。", "一覧から選んでください。"))
    for name, value in fixed(program, key).items():
        if content[name] != value:
            faults.append(Fault(name, f"{ITEMS[name].label}は、公開した後は変えられません。", "締切は「締切の延長」で変えます。"))  # fmt: skip
    return faults


def publishing_faults(program: Program, key: str, content: Content, at: datetime) -> list[Fault]:
    """Everything else that keeps a call from the public."""
    faults = form_faults(content)
    if program.publication not in VISIBLE_PUBLICATIONS:
        faults.append(Fault("", "制度が公開されていません。", "先に制度を公開してください。"))
    call = Call.objects.filter(program=program, public_id=key).first()
    announced = call is not None and call.publication not in PUBLISHABLE_PUBLICATIONS
    shown = call or Call(program=program)
    asked = form_of(shown) is not None
    if asks(content):
        faults += keeping_faults(shown, content)
    if call is not None and announced and asked and binding_of(content_of_call(call)) != binding_of(content):
        faults.append(Fault("sections", "同意に結び付く部分は、公開した後は変えられません。", "公開中の募集と同じ印にしてください。"))  # fmt: skip
    if asked and not asks(content):
        faults.append(Fault("sections", "この制度の募集には様式がありますが、部分が1つもありません。", "ほかの募集から写すか、部分を作ってください。"))  # fmt: skip
    if any(content[name] in (None, "") for name in ("fiscal_year", "opens_at", "closes_at")):
        return faults  # said already: it is missing
    built = _built(call or Call(public_id=key, program=program), content)
    if not announced and built.closes_at < at:
        faults.append(Fault("closes_at", "締切を過ぎています。", "締切を先の日時に直してください。"))
    try:
        built.full_clean()
    except ValidationError as error:
        faults += _named(error)
    return faults


def put_on_view(program: Program, key: str, content: Content, at: datetime) -> dict[str, Any]:
    """Write the call (program locked) and, where the form says something new, the next version of it."""
    call = Call.objects.select_for_update().filter(program=program, public_id=key).first()
    call = _built(call or Call(public_id=key, program=program), content)
    if call.publication in PUBLISHABLE_PUBLICATIONS:
        call.publication, call.published_at = Publication.PUBLISHED, at
        call.binding_sections = binding_of(content)
    call.save()
    held = form_of(call)
    version = held.version if held else None
    if asks(content) and (held is None or form_part(held.content) != form_part(content)):
        version = publish_form(call, form_part(content) | {DEMANDED.name: content[DEMANDED.name]})
    return {"call": key, "form_version": version, "closes_at": call.closes_at}


def fixed(program: Program, key: str) -> Content:
    """What an announced call keeps for good; nothing for one that is not announced."""
    call = Call.objects.filter(program=program, public_id=key).select_related("rule").first()
    if call is None or call.publication in PUBLISHABLE_PUBLICATIONS:
        return {}
    said = content_of_call(call)
    return {name: said[name] for name in NEVER_AGAIN}


def preview_call(program: Program, key: str, content: Content) -> Call | None:
    """The call as a content would make it, not saved; None while it lacks its year, opening or closing."""
    if any(content[name] in (None, "") for name in ("fiscal_year", "opens_at", "closes_at")):
        return None
    call = Call.objects.filter(program=program, public_id=key).first()
    return _built(call or Call(public_id=key, program=program), content)


def _built(call: Call, content: Content) -> Call:
    for name in COLUMNS:
        value = content[name]
        if name in MOMENTS:
            value = datetime.fromisoformat(value) if value else None
        setattr(call, name, value)
    rules = FundingRule.objects.filter(program=call.program_id, slug=content["rule"])
    call.rule = rules.first() if content["rule"] else None
    return call


def _named(error: ValidationError) -> list[Fault]:
    """Faults of columns under their items, those of constraints at the item each is about."""
    found = []
    for name, errors in error.error_dict.items():
        for each in errors:
            text = " ".join(each.messages)
            label = f"{ITEMS[name].label}：" if name in ITEMS else ""
            found.append(Fault(name if name in ITEMS else _constraint(text), f"{label}{text}"))
    return found


def _constraint(text: str) -> str:
    """The item a broken constraint of Call is about, by the sentence it says."""
    for constraint in Call._meta.constraints:
        if constraint.violation_error_message == text:
            return _FIELD_OF.get(constraint.name, "")
    return ""
