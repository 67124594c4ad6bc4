"""The calls that run on the same machinery by their form's data alone, and their cases."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.conf import settings

from core import clock
from core.loading import read_json
from grants.actions import (
    announcing,
    budgeting,
    decision,
    documents,
    drafting,
    review,
    submission,
)
from grants.actions.budgeting import CostEntry, IncomeEntry
from grants.actions.lining import LineEntry, save_lines
from grants.actions.loading import load_form
from grants.enums import IncomeKind
from grants.models import Application
from programs.models import Call, Program
from tests.factories import grants as cases
from tests.factories import programs as catalogue
from tests.factories.grants import World

FORMS = Path(settings.FIXTURES_DIR) / "reference" / "forms"
LINES, ADVISER, STUDENTS = "iju-teiju", "tama-miryoku-adviser", "tama-miryoku-students"
YEAR = 2027
_SHAPES: Mapping[str, Mapping[str, Any]] = {
    LINES: {
        "budget": 100_000_000, "rounding_unit": 1000, "funding_route": "each_member", "input_unit": "thousand_yen",
    },
    ADVISER: {"capacity": 5, "capacity_unit": "自治体", "uses_per_member": 5, "ends_in": "service"},
    STUDENTS: {"capacity": 10, "capacity_unit": "回", "uses_per_member": 1, "ends_in": "service"},
}  # fmt: skip


def call_of(world: World, name: str, **values: Any) -> Call:
    """An open call of one of the three programs, with its form loaded."""
    data = read_json(FORMS / f"{name}.json")
    program = catalogue.published(
        slug=data["program"], title=data["title"], department=cases.DEPARTMENT, owner=catalogue.metropolis()
    )
    load_form(data)
    return opened(world, program, name, **values)


def opened(world: World, program: Program, name: str, **values: Any) -> Call:
    """An open call of a program that has its form."""
    common = {
        "opens_at": world.call.opens_at, "closes_at": world.call.closes_at, "announce_at": cases.ANNOUNCES,
        "fiscal_year": YEAR, "round_name": "試験の募集", "is_fictional": True,
    }  # fmt: skip
    return catalogue.call_open(program, **(common | dict(_SHAPES[name]) | values))


def be(world: World, municipal_type: str, area: str = "tama") -> None:
    """Make the lead a 市, 町 or 村 of an area."""
    world.lead.municipal_type, world.lead.area = municipal_type, area
    world.lead.save()


def start(world: World, call: Call) -> Application:
    """A draft of the lead; a further one where the call allows several."""
    if call.max_per_lead > 1:
        return drafting.start_another(call=call, by=world["lead_editor"])
    return drafting.start(call=call, by=world["lead_editor"])[0]


def answer(world: World, case: Application) -> None:
    """Every question, and the files that are asked for."""
    by = world["lead_editor"]
    for question in case.template.questions.all():
        value = {"number": "20", "date": "令和9年4月1日"}.get(question.kind, f"{question.label}の答え")
        value = str(question.choices[0]) if question.kind == "choice" else value
        drafting.save_answer(application_id=case.pk, question=question.code, value=value, by=by)
    for paper in case.template.required_documents():
        documents.attach_document(
            application_id=case.pk, file=cases.upload(), requirement=paper["code"], by=by
        )


def choose(world: World, case: Application, lines: Mapping[str, tuple[int, int]]) -> None:
    """Lines with (cost, amount asked for); the town pays the rest."""
    by, lead = world["lead_editor"], cases.lead_of(case)
    save_lines(
        application_id=case.pk, by=by,
        lines=[LineEntry(code, asked, f"取組{code}の内容") for code, (_, asked) in lines.items()],
    )  # fmt: skip
    paid = sum(asked for _, asked in lines.values()) // 1000 * 1000
    own = sum(cost for cost, _ in lines.values()) - paid
    budgeting.save_budget(
        application_id=case.pk, member_id=lead.pk, by=by,
        costs=[CostEntry(code, YEAR, cost) for code, (cost, _) in lines.items()],
        incomes=[IncomeEntry(IncomeKind.MEMBER_SHARE, YEAR, own)],
    )  # fmt: skip


def submitted(world: World, call: Call, lines: Mapping[str, tuple[int, int]] | None = None) -> Application:
    """Filled, certified and submitted."""
    case = start(world, call)
    answer(world, case)
    if lines:
        choose(world, case, lines)
    cases.certify(world, case)
    submission.submit(application_id=case.pk, by=world["lead_editor"], idempotency_key=cases.key())
    return Application.objects.get(pk=case.pk)


def deciding(world: World, call: Call, lines: Mapping[str, tuple[int, int]] | None = None) -> Application:
    """Drafted to be adopted with what was asked for."""
    case = submitted(world, call, lines)
    with clock.at(cases.AFTER_CLOSING):
        review.start_review(application_id=case.pk, by=world["officer"])
        decision.recommend(
            application_id=case.pk, by=world["officer"], outcome="adopt", reason="内容が適切なため",
            amount=case.requested_amount if case.template.has_money else None,
        )  # fmt: skip
    return Application.objects.get(pk=case.pk)


def adopt(world: World, case: Application) -> Application:
    """Decided by the other person."""
    with clock.at(cases.AFTER_CLOSING):
        decision.adopt(application_id=case.pk, by=world["decider"], **cases.PAPERS())
    return Application.objects.get(pk=case.pk)


def promoted(world: World, case: Application) -> Application:
    """On the reserve list, and drafted to be adopted after all with what was asked for."""
    with clock.at(cases.AFTER_CLOSING):
        decision.reserve(application_id=case.pk, by=world["decider"], **cases.PAPERS())
        decision.promote(
            application_id=case.pk, by=world["officer"], reason="辞退が出たため",
            amount=case.requested_amount if case.template.has_money else None,
        )  # fmt: skip
    return Application.objects.get(pk=case.pk)


def announced(world: World, call: Call, lines: Mapping[str, tuple[int, int]] | None = None) -> Application:
    """Adopted and made known."""
    case = adopt(world, deciding(world, call, lines))
    with clock.at(cases.ANNOUNCES):
        announcing.announce(application_id=case.pk, by=world["officer"])
    return Application.objects.get(pk=case.pk)
