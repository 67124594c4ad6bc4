"""Consent: a partner's approver sees exactly what is consented to; the lead files letters of the others."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from core.exceptions import DomainError, Refused
from core.fiscal_year import label
from core.money import format_yen
from grants import rules
from grants.actions import consents as actions
from grants.enums import (
    BUDGET_SECTION,
    DOCUMENTS_SECTION,
    INDICATORS_SECTION,
    MEMBERS_SECTION,
    IncomeKind,
    MemberRole,
)
from grants.forms import ConsentForm, LetterForm
from grants.models import Member
from grants.queries import content
from grants.queries.project_indicators import indicator_words
from grants.views.board import member_lines
from grants.views.frame import CasePage, case_page, form_page, member_of_case, sees, status_of


@dataclass(frozen=True)
class Block:
    """A part of what is consented to: a heading and its rows of term and text."""

    title: str
    rows: list[tuple[str, str]]


@dataclass(frozen=True)
class Agreed:
    """What one member consents to, in words, with the mark the action compares."""

    blocks: list[Block]
    shown_hash: str


@sees
@form_page
def consent(request: HttpRequest, public_id: str) -> HttpResponse:
    """The lead sees who is missing; a partner sees its content and, as approver, consents to it."""
    page = case_page(request, public_id)
    if page.is_lead:
        if request.method == "POST":
            raise Refused
        decision = page.can("record_consent")
        return page.render(request, "consents", lines=member_lines(page), decision=decision)
    form, status = ConsentForm(request.POST or None), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                actions.consent(
                    application_id=page.application.pk, by=page.actor, at=page.at, **form.cleaned_data
                )
            except DomainError as error:
                form.refuse(error)
                status = status_of(error)
            else:
                messages.success(request, "この内容に同意しました。代表市町村に知らせました。")
                return redirect(request.path)
    return _own(request, page, form, status)


def _own(request: HttpRequest, page: CasePage, form: ConsentForm, status: int) -> HttpResponse:
    line = next(line for line in member_lines(page) if line.member.pk == page.member.pk)
    return page.render(
        request, "consent", status=status, line=line, agreed=agreed(page, page.member), form=form,
        decision=page.can("consent"), withdraw=page.can("withdraw_consent"), decline=page.can("decline"),
    )  # fmt: skip


@sees
@form_page
def letter(request: HttpRequest, public_id: str, member: str) -> HttpResponse:
    """The lead files one partner's 同意書, 協定書 or 回答文書."""
    page = case_page(request, public_id)
    body = member_of_case(page, member)
    if not page.is_lead or body.is_lead:
        raise Refused
    shown = agreed(page, body)
    form, status = (
        LetterForm(request.POST or None, request.FILES or None, initial={"shown_hash": shown.shown_hash}),
        200,
    )
    if request.method == "POST":
        if form.is_valid() and _filed(page, body, form):
            messages.success(request, f"{body}の同意を登録しました。")
            return redirect(page.url("consent"))
        status = 422
        renewed = request.POST.copy()
        renewed["shown_hash"] = shown.shown_hash
        form.data = renewed
    decision = page.can("record_consent")
    return page.render(
        request, "letter", status=status, heading=f"{body}の同意の文書", form=form, body=body, agreed=shown,
        decision=decision,
    )  # fmt: skip


def _filed(page: CasePage, body: Member, form: LetterForm) -> bool:
    try:
        actions.record_consent(
            application_id=page.application.pk,
            member_id=body.pk,
            by=page.actor,
            at=page.at,
            **form.cleaned_data,
        )
    except DomainError as error:
        form.refuse(error)
        return False
    return True


# --- What is consented to -----------------------------------------------------------------------------------


def agreed(page: CasePage, member: Member) -> Agreed:
    """What a member's consent is bound to, in words; the mark is made from the very same data."""
    whole = content.content(page.application)
    data = content.binding_content(page.application, member, whole)
    names = {m["key"]: m["name"] for m in whole["members"]}
    blocks = [_block(page, code, value, names) for code, value in data["sections"].items()]
    for code, answers in data["part"].items():
        title = f"{page.application.template.section_label(code)}（{member}）"
        blocks.append(Block(title, _answers(page, answers)))
    if data["share"] and BUDGET_SECTION not in data["sections"]:
        blocks.append(Block(f"収支計画のうち{member}の分", _share(page, data["share"], names)))
    return Agreed([block for block in blocks if block.rows], rules.fingerprint(data))


def _block(page: CasePage, code: str, value: Any, names: dict[str, str]) -> Block:
    title = page.application.template.section_label(code)
    if code == BUDGET_SECTION:
        rows = [
            (f"{names.get(key, key)} {term}", text)
            for key, share in value.items()
            for term, text in _share(page, share, names)
        ]
    elif code == MEMBERS_SECTION:
        rows = [(str(MemberRole(member["role"]).label), member["name"]) for member in value]
    elif code == INDICATORS_SECTION:
        rows = [(f"{item['name']}：{term}", text) for item in value for term, text in indicator_words(item)]
    elif code == DOCUMENTS_SECTION:
        rows = [(item["name"], f"{item['size']:,}バイト　SHA-256 {item['sha256']}") for item in value]
    else:
        rows = _answers(page, value)
    return Block(title, rows)


def _answers(page: CasePage, answers: dict[str, str]) -> list[tuple[str, str]]:
    labels = dict(page.application.template.questions.values_list("code", "label"))
    return [(labels.get(code, code), text) for code, text in answers.items()]


def _share(page: CasePage, share: dict[str, Any], names: dict[str, str]) -> list[tuple[str, str]]:
    return [*_costs(page, share.get("costs", []), names), *_incomes(share.get("incomes", []))]


def _costs(
    page: CasePage, lines: Iterable[dict[str, Any]], names: dict[str, str]
) -> Iterable[tuple[str, str]]:
    for line in lines:
        paid = f"（{names.get(line['paid_to'], '')}への負担金）" if line["paid_to"] else ""
        note = f"　{line['note']}" if line["note"] else ""
        item = page.application.template.item_label(line["item"])
        yield f"支出　{label(line['fiscal_year'])} {item}{paid}", f"{format_yen(line['amount'])}{note}"


def _incomes(lines: Iterable[dict[str, Any]]) -> Iterable[tuple[str, str]]:
    for line in lines:
        note = f"　{line['note']}" if line["note"] else ""
        kind = IncomeKind(line["kind"]).label
        yield f"財源　{label(line['fiscal_year'])} {kind}", f"{format_yen(line['amount'])}{note}"
