"""The rows below an adopted project: partners, diverse actors, results."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from accounts.models import Organization
from programs.actions.placing import Part
from programs.models import AdoptedProject, ProjectActor, ProjectMember, ProjectResult

_RESULT_FIELDS = ("text", "value", "unit", "approximate", "as_written", "period_text", "fiscal_year")


def project_parts(
    partners: Sequence[Organization], actors: Iterable[dict[str, Any]], results: Iterable[dict[str, Any]]
) -> list[Part[AdoptedProject]]:
    """What belongs to a project. `actors` [{name, is_group}]; `results` [{text, value?, unit?, approx?, …}]."""
    named = [[str(actor["name"]), bool(actor.get("is_group"))] for actor in actors]
    rows = [_result(result) for result in results]
    return [
        Part(
            "partners",
            sorted(partner.code for partner in partners),
            lambda project: sorted(project.partners.values_list("code", flat=True)),
            lambda project: _write_partners(project, partners),
        ),
        Part(
            "actors",
            named,
            lambda project: [[actor.name, actor.is_group] for actor in project.actors.all()],
            lambda project: _write_actors(project, named),
        ),
        Part("results", rows, _read_results, lambda project: _write_results(project, rows)),
    ]


def _result(item: dict[str, Any]) -> dict[str, Any]:
    value = item.get("value")
    return {
        "text": item["text"],
        "value": None if value is None else Decimal(str(value)),
        "unit": item.get("unit") or "",
        "approximate": bool(item.get("approx")),
        "as_written": item.get("as_written") or "",
        "period_text": item.get("period_text") or "",
        "fiscal_year": item.get("fiscal_year"),
    }


def _read_results(project: AdoptedProject) -> list[dict[str, Any]]:
    return [{name: getattr(result, name) for name in _RESULT_FIELDS} for result in project.results.all()]


def _write_partners(project: AdoptedProject, partners: Sequence[Organization]) -> None:
    project.memberships.all().delete()
    ordered = sorted(partners, key=lambda partner: partner.code)
    ProjectMember.objects.bulk_create(
        ProjectMember(project=project, organization=partner) for partner in ordered
    )


def _write_actors(project: AdoptedProject, named: Sequence[Sequence[Any]]) -> None:
    project.actors.all().delete()
    ProjectActor.objects.bulk_create(
        ProjectActor(project=project, name=name, is_group=is_group, position=position)
        for position, (name, is_group) in enumerate(named)
    )


def _write_results(project: AdoptedProject, rows: Sequence[dict[str, Any]]) -> None:
    project.results.all().delete()
    ProjectResult.objects.bulk_create(
        ProjectResult(project=project, position=position, **row) for position, row in enumerate(rows)
    )
