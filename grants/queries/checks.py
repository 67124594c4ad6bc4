"""The check before submission: everything that is missing or wrong, each with its field and its cure.

Reads only; drafts are saved however incomplete they are. Fields: "answers/<question>" (of a member:
"answers/<question>/<member>"), "indicators/<row>/<part or year>", "budget/…", "members", "documents/<code>", "consents/<member>",
"certification", "precheck", "form".
"""

from collections.abc import Container, Iterable

from django.db.models import Q

from core.exceptions import Fault
from core.fiscal_year import label as year_label
from core.text import grapheme_length
from core.wareki import parse_date
from grants import rules
from grants.enums import (
    FORM_PART,
    ApplicationStatus,
    ConsentState,
    MemberState,
    QuestionKind,
    SectionScope,
)
from grants.models import Application, Certification, Consent, FormTemplate, Member, Question
from grants.queries import content, files, forms
from grants.queries.lines import line_faults
from grants.queries.project_indicators import indicator_faults
from grants.queries.waivers import live_waivers

Waived = Container[str]


def check(application: Application) -> list[Fault]:
    """All faults of the working copy, in the order of the form, without the files' bytes."""
    whole, waived = content.content(application), live_waivers(application)
    return [
        *form_faults(application),
        *answer_faults(application, waived),
        *prefill_faults(application),
        *indicator_faults(application),
        *circle_faults(application),
        *line_faults(application),
        *content.budget_faults(application),
        *item_faults(application),
        *document_faults(application, waived),
        *precheck_faults(application),
        *consent_faults(application, whole),
        *certification_faults(application, whole),
    ]


def check_with_files(application: Application) -> tuple[list[files.Fingerprint], list[Fault]]:
    """The check, and every file read again byte by byte."""
    fingerprints, faults = files.verify(application)
    return fingerprints, [*check(application), *faults]


# --- The form -------------------------------------------------------------------------------------------


def form_faults(application: Application) -> Iterable[Fault]:
    """A newer version of the form that the call demands of drafts. What was sent back is corrected on its own form."""
    if application.state is ApplicationStatus.RETURNED:
        return
    newest = forms.demanded_form(application)
    if newest is not None:
        yield Fault(
            FORM_PART,
            f"この募集は、新しい様式（第{newest.version}版）での提出を求めています。",
            "変わった所を確かめ、新しい版に移ってください。",
        )


def item_faults(application: Application) -> Iterable[Fault]:
    """Money in items that an earlier version of the form had."""
    template = application.template
    known = template.item_codes()
    lines = application.budget_lines.filter(member__in=application.members.present(), amount__gt=0)
    gone = lines.exclude(item__in=known).select_related("member")
    labels = forms.retired_items(template) if gone else {}
    for line in gone:
        yield Fault(
            f"budget/{line.member.public_id}/{line.item}/{line.fiscal_year}",
            f"{line.member}の{year_label(line.fiscal_year)}：費目「{labels.get(line.item, line.item)}」は、いまの様式にありません。",
            "金額をいまの様式の費目に移してください。",
        )


# --- Answers --------------------------------------------------------------------------------------------


def answer_faults(application: Application, waived: Waived | None = None) -> Iterable[Fault]:
    """Required answers that are missing and not waived, and answers that do not fit their question."""
    waived = live_waivers(application) if waived is None else waived
    template = application.template
    municipalities = list(application.members.present().municipalities().order_by("position"))
    given = {(a.question_id, a.member_id): a.value for a in application.answers.all()}
    for question in template.questions.all():
        scope = template.section_scope(question.section)
        for member in municipalities if scope is SectionScope.MEMBER else [None]:
            value = given.get((question.pk, member.pk if member else None), "")
            if not value.strip() and f"answers/{question.code}" in waived:
                continue
            fault = _answer_fault(question, value, member)
            if fault is not None:
                yield fault


def _answer_fault(question: Question, value: str, member: Member | None) -> Fault | None:
    field = f"answers/{question.code}" + (f"/{member.public_id}" if member else "")
    name = f"{member}の「{question.label}」" if member else f"「{question.label}」"
    if not value.strip():
        return Fault(field, f"{name}が空です。", "入力してください。") if question.required else None
    length = grapheme_length(value)
    if question.max_length is not None and length > question.max_length:
        over = length - question.max_length
        return Fault(
            field, f"{name}が{question.max_length}字を{over}字超えています。", f"{over}字減らしてください。"
        )
    if question.kind == QuestionKind.NUMBER and not value.strip().replace(",", "").isdecimal():
        return Fault(field, f"{name}が整数ではありません。", "数字だけで入力してください。例：1200")
    if question.kind == QuestionKind.CHOICE and value not in question.choices:
        return Fault(field, f"{name}が選択肢にありません。", "選び直してください。")
    if question.kind == QuestionKind.DATE:
        try:
            parse_date(value)
        except ValueError as error:
            return Fault(field, f"{name}：{error}", "")
    return None


def prefill_faults(application: Application) -> Iterable[Fault]:
    """Values nobody typed and no editor has looked at yet."""
    present = Q(member__isnull=True) | Q(member__in=application.members.present())
    rows = application.answers.unchecked().filter(present, question__template=application.template_id)
    for answer in rows.exclude(value="").select_related("question", "member"):
        field = f"answers/{answer.question.code}" + (f"/{answer.member.public_id}" if answer.member else "")
        name = f"{answer.member}の「{answer.question}」" if answer.member else f"「{answer.question}」"
        yield Fault(
            field,
            f"{name}は、{answer.origin_words}から入れた値です。まだ確かめていません。",
            "直すか、「このままでよい」に印を付けて保存してください。",
        )


# --- The circle -------------------------------------------------------------------------------------------


def circle_of(application: Application) -> rules.Circle:
    """The bodies that are in, for the judgement of eligibility."""
    members = list(application.members.present().select_related("organization").order_by("position"))
    return rules.Circle(
        tuple((m.name, m.organization.area) for m in members if m.is_municipality and m.organization),
        tuple(m.name for m in members if not m.is_municipality),
    )


def requirements_of(form: FormTemplate) -> rules.Requirements:
    """What a form asks of the circle."""
    data = form.eligibility
    return rules.Requirements(
        frozenset(data.get("areas", [])),
        data.get("area_label", ""),
        data.get("min_municipalities", 1),
        data.get("min_diverse_actors", 0),
        data.get("max_municipalities"),
    )


def circle_faults(application: Application) -> list[Fault]:
    """What the circle lacks, and bodies that asked to leave."""
    leaving = application.members.filter(state=MemberState.LEAVING)
    return [
        *rules.eligibility(circle_of(application), requirements_of(application.template)),
        *(
            Fault("members", f"{member}から離脱の申出があります。", "構成から外してから提出してください。")
            for member in leaving
        ),
    ]


# --- Papers -----------------------------------------------------------------------------------------------


def document_faults(application: Application, waived: Waived) -> Iterable[Fault]:
    """Required documents without a file, but those waived."""
    there = {document.requirement for document in files.attached(application)}
    for document in application.template.required_documents():
        if document["code"] not in there and f"documents/{document['code']}" not in waived:
            yield Fault(
                f"documents/{document['code']}",
                f"「{document['label']}」がありません。",
                "添付してください。",
            )


def precheck_faults(application: Application) -> Iterable[Fault]:
    """Where the form wants a precheck: it was asked for. Tokyo's answer is not waited for."""
    if application.template.requires_precheck and not application.prechecks.exists():
        yield Fault("precheck", "案の事前確認を依頼していません。", "提出の前に依頼してください。")


def consent_of(member: Member) -> Consent | None:
    """The consent that holds."""
    return next((consent for consent in member.consents.all() if consent.state == ConsentState.GIVEN), None)


def consent_faults(application: Application, whole: content.Data | None = None) -> Iterable[Fault]:
    """Members whose consent is missing or is bound to something else than what stands now."""
    partners = application.members.present().partners().order_by("position")
    for member in partners.prefetch_related("consents"):
        field, held = f"consents/{member.public_id}", consent_of(member)
        if held is None:
            earlier = next(iter(member.consents.all()), None)
            ended = f"（{earlier.get_state_display()}）" if earlier else ""
            yield Fault(field, f"{member}の同意がありません{ended}。", "同意を得てください。")
        elif held.content_hash != content.consent_hash(application, member, whole):
            yield Fault(
                field, f"{member}の同意は、いまの内容への同意ではありません。", "改めて同意を得てください。"
            )


def certification_of(application: Application) -> Certification | None:
    """The certificate that holds."""
    return application.certifications.filter(voided_at__isnull=True).first()


def certification_faults(application: Application, whole: content.Data | None = None) -> Iterable[Fault]:
    """No certificate, or one for other content."""
    held = certification_of(application)
    if held is None:
        earlier = application.certifications.first()
        ended = "（内容の変更により失効）" if earlier else ""
        yield Fault("certification", f"庁内決裁の記録がありません{ended}。", "承認者が記録してください。")
    elif held.content_hash != rules.fingerprint(whole if whole is not None else content.content(application)):
        yield Fault(
            "certification",
            "庁内決裁は、いまの内容に対するものではありません。",
            "承認者が改めて記録してください。",
        )
