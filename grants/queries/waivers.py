"""Which checks of a case may be waived, and which are. Codes are the fields of `grants.queries.checks`.

"answers/<question>" and "documents/<code>" stand for what is required and missing; what is there is judged all the same.
What a form's `waivable` does not name is never waived, and amounts, members, consents and the certificate have no code
that it could name.
"""

from collections.abc import Mapping

from core.exceptions import Fault
from grants.enums import QuestionKind
from grants.models import Application, FormTemplate, Question, Waiver


def waivable_checks(template: FormTemplate) -> dict[str, str]:
    """Code → name of what may be waived, in the order of the form."""
    named = possible_checks(template)
    return {code: label for code, label in named.items() if code in template.waivable}


def possible_checks(template: FormTemplate) -> dict[str, str]:
    """Code → name of everything a form could mark as waivable: required answers but numbers, and required papers."""
    required = Question.objects.filter(template=template, required=True).exclude(kind=QuestionKind.NUMBER)
    found = {
        f"answers/{question.code}": f"「{question.label}」の答え"
        for question in required.order_by("position")
    }
    papers = {
        f"documents/{each['code']}": f"「{each['label']}」の添付" for each in template.required_documents()
    }
    return found | papers


def waivable_faults(template: FormTemplate) -> list[Fault]:
    """What a form marks as waivable and must not: money, numbers, what is not required, what is not asked."""
    known = possible_checks(template)
    return [
        Fault("waivable", f"「{code}」は、免除できる点検ではありません。", "必須の設問（数を除く）と必須の書類だけにしてください。")
        for code in template.waivable
        if code not in known
    ]  # fmt: skip


def live_waivers(application: Application) -> Mapping[str, Waiver]:
    """What is waived now, by code; no query for a form of which nothing may be waived."""
    if not application.template.waivable:
        return {}
    rows = application.waivers.filter(revoked_at__isnull=True, check_code__in=application.template.waivable)
    return {row.check_code: row for row in rows.select_related("waived_by")}


def waivers_of(application: Application) -> list[Waiver]:
    """Every waiver of a case, revoked ones too, newest first."""
    return list(application.waivers.select_related("waived_by", "revoked_by").order_by("-waived_at", "-pk"))


def waived_text(waiver: Waiver) -> str:
    """「「事業計画書」の添付は免除（理由：…）」, as it stands beside a check."""
    return f"{waiver.label}は免除（理由：{' '.join(waiver.reason.split())}）"
