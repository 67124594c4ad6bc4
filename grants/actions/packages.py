"""起案一式: what an office needs to bring several decisions to signature, in one archive written while it is sent.

A list of the decisions, the points, and each letter as PDF and as a draft for the word processor. It reads only.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Final

from core import clock
from core.actor import Actor
from core.exceptions import DomainError, Fault
from core.wareki import wareki
from core.zip_stream import Entry, once
from grants.enums import RESULT_STATES, ApplicationStatus, DecisionOutcome, ReviewOutcome
from grants.letters import letter_of, render_docx, render_pdf
from grants.models import Application, Decision, Recommendation, Waiver
from grants.queries.call_board import points_for, received
from grants.queries.waivers import waived_text
from grants.workbook import Cell, table_workbook
from programs.models import Call

S = ApplicationStatus
READY: Final = RESULT_STATES | {S.DECIDING, S.RESERVE}
"""States in which there is a draft or a decision to show."""
UNNUMBERED: Final = "（文書番号未定）"
LIST_HEADINGS: Final = (
    "受付番号", "団体コード", "代表市町村", "事業名", "状態", "案", "算定額（円）", "補助予定額（円）", "予算調整の理由", "理由",
    "起案日", "起案した人", "決定", "決定日", "文書番号", "施行日", "点検の免除",
)  # fmt: skip
POINT_HEADINGS: Final = (
    "受付番号", "代表市町村", "事業名", "審査員", "外部委員", "代理入力", "観点", "重み", "点", "点×重み", "所見",
)  # fmt: skip


def proposal(draft: Recommendation, at: datetime) -> Decision:
    """The decision as drafted, not stored: what the letter would say if it were decided today."""
    adopts = draft.outcome == ReviewOutcome.ADOPT
    today = clock.today(at)
    return Decision(
        application=draft.application, recommendation=draft, amount=draft.amount if adopts else None,
        outcome=DecisionOutcome.ADOPTED if adopts else DecisionOutcome.REJECTED, decided_on=today,
        document_number=UNNUMBERED, effective_on=today, decided_at=at,
    )  # fmt: skip


def letter_subject(application: Application, at: datetime) -> Decision:
    """What a letter of the case is about: the decision in force, else the draft that holds as if decided today.

    Raises DomainError where there is neither.
    """
    parts = (
        "application__call__program__owner", "application__lead", "application__template",
    )  # fmt: skip
    decided = application.decisions.filter(superseded_at__isnull=True)
    found = decided.select_related(*parts, "recommendation__snapshot").first()
    if found is not None:
        return found
    drafts = application.recommendations.filter(ended_at__isnull=True)
    draft = drafts.select_related(*parts, "snapshot").first()
    if draft is None:
        raise DomainError(
            Fault("", "起案も決定もないため、通知文を作れません。", "起案の後に作ってください。")
        )
    return proposal(draft, at)


def preview_letter(application: Application, at: datetime) -> bytes:
    """The PDF of the letter as it would be; nothing is kept. Raises as letter_subject."""
    return render_pdf(letter_of(letter_subject(application, at)), at=at)


def draft_package(actor: Actor, call: Call, at: datetime, chosen: Sequence[str] = ()) -> Iterator[Entry]:
    """The entries of the archive for the cases of a call that are drafted or decided (or the chosen ones of them)."""
    rows = received(actor, call, at).filter(status__in=sorted(READY))
    cases = list(rows.filter(public_id__in=chosen) if chosen else rows)
    title = f"{call.program.title} {call.name}"
    yield Entry("決定一覧.xlsx", once(table_workbook(f"{title}　決定一覧", LIST_HEADINGS, _list_rows(cases))))
    yield Entry(
        "採点表.xlsx", once(table_workbook(f"{title}　採点表", POINT_HEADINGS, _point_rows(cases, actor)))
    )
    for case in cases:
        yield from _letters(case, at)


def _letters(case: Application, at: datetime) -> Iterator[Entry]:
    letter = letter_of(letter_subject(case, at))
    stem = f"通知文/{case.receipt_number}_{case.lead.name}"
    yield Entry(f"{stem}.pdf", once(render_pdf(letter, at=at)))
    yield Entry(f"{stem}_案.docx", once(render_docx(letter, at=at)))


def _list_rows(cases: Sequence[Application]) -> Iterator[Sequence[Cell]]:
    held = Decision.objects.filter(
        application__in=[case.pk for case in cases], superseded_at__isnull=True
    ).select_related("recommendation__drafted_by")
    decided = {decision.application_id: decision for decision in held}
    waived: dict[int, list[Waiver]] = {}
    for one in Waiver.objects.filter(application__in=cases, revoked_at__isnull=True).order_by("pk"):
        waived.setdefault(one.application_id, []).append(one)
    for case in cases:
        decision = decided.get(case.pk)
        drafted: list[Recommendation] = vars(case)["drafted"]
        draft = decision.recommendation if decision else drafted[0] if drafted else None
        yield [
            case.receipt_number or "", case.lead.code, case.lead.name, vars(case).get("shown_title") or str(case),
            str(case.state.label), draft.get_outcome_display() if draft else "",
            draft.computed_amount if draft else None, draft.amount if draft else None,
            draft.adjustment_reason if draft else "", draft.reason if draft else "",
            wareki(clock.today(draft.drafted_at)) if draft else "", draft.drafted_by.name if draft else "",
            decision.get_outcome_display() if decision else "", wareki(decision.decided_on) if decision else "",
            decision.document_number if decision else "", wareki(decision.effective_on) if decision else "",
            "、".join(waived_text(one) for one in waived.get(case.pk, ())),
        ]  # fmt: skip


def _point_rows(cases: Iterable[Application], actor: Actor) -> Iterator[Sequence[Cell]]:
    for case in cases:
        labels = {str(each["code"]): str(each["label"]) for each in case.template.criteria}
        for seat in points_for(case, actor):
            for score in seat.scores.all():
                yield [
                    case.receipt_number or "", case.lead.name, vars(case).get("shown_title") or str(case),
                    seat.reviewer.name, "外部" if seat.is_external else "", "代理" if seat.by_proxy else "",
                    labels.get(score.criterion, score.criterion), score.weight, score.points, score.weighted, score.comment,
                ]  # fmt: skip
