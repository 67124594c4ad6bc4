"""The lines of a form as one town may use them, and what is wrong with what it chose."""

from collections.abc import Iterable
from dataclasses import dataclass

from accounts.enums import MunicipalType
from core.exceptions import Fault
from core.money import format_yen
from grants import rules
from grants.models import Application, LineRequest

TYPE_LABELS = {code: str(label) for code, label in MunicipalType.choices}


@dataclass(frozen=True)
class LineChoice:
    """A line for one case: `refused` says why the lead cannot take it, `cost` what the budget has for it in yen."""

    line: rules.Line
    refused: Fault | None
    request: LineRequest | None
    cost: int


def line_choices(application: Application) -> list[LineChoice]:
    """Every line of the form, in order."""
    chosen = {row.line: row for row in application.line_requests.all()}
    costs: dict[str, int] = {}
    for item, amount in application.budget_lines.values_list("item", "amount"):
        costs[item] = costs.get(item, 0) + amount
    return [
        LineChoice(line, refusal(application, line), chosen.get(line.code), costs.get(line.code, 0))
        for line in application.template.line_terms()
    ]


def refusal(application: Application, line: rules.Line) -> Fault | None:
    """Why the lead cannot take a line, or None."""
    lead = application.lead
    return None if line.is_open_to(lead.municipal_type) else line.refusal(lead.name, TYPE_LABELS)


def line_faults(application: Application) -> Iterable[Fault]:
    """What is missing or wrong in the choice of lines. Fields: "lines", "lines/<code>"."""
    if not application.template.lines:
        return
    choices = line_choices(application)
    if not any(choice.request for choice in choices):
        yield Fault("lines", "申請する取組が選ばれていません。", "一つ以上選んでください。")
    for choice in choices:
        yield from _faults(choice)


def _faults(choice: LineChoice) -> Iterable[Fault]:
    field, name = f"lines/{choice.line.code}", f"「{choice.line.label}」"
    if choice.request is None:
        if choice.cost:
            yield Fault(
                field,
                f"{name}は選ばれていませんが、収支計画に {format_yen(choice.cost)} があります。",
                "取組を選ぶか、収支計画の金額を消してください。",
            )
        return
    if choice.refused is not None:
        yield choice.refused
    if not choice.request.outline.strip():
        yield Fault(field, f"{name}の内容が空です。", "何をするかを入力してください。")
    if not choice.request.amount:
        yield Fault(field, f"{name}の申請額がありません。", "申請額を入力してください。")
    if choice.request.amount > choice.cost:
        yield Fault(
            field,
            f"{name}の申請額 {format_yen(choice.request.amount)} が、対象経費 {format_yen(choice.cost)} を"
            "超えています。",
            "対象経費以下の申請額にするか、収支計画を直してください。",
        )
