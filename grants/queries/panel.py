"""The panel of a call: its points as the rules of `grants.rules.panel` read them, with the names of cases and people."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from core.actor import Actor
from grants.enums import ApplicationStatus
from grants.models import FormTemplate, ReviewAssignment
from grants.queries.call_board import CaseLine, line_of, points_for, received
from grants.rules.panel import Ballot, Panel
from programs.models import Call

_GONE: Final = frozenset({ApplicationStatus.WITHDRAWN, ApplicationStatus.DISCONTINUED})


@dataclass(frozen=True)
class PanelOfCall:
    """`lines` are the scored cases by their key in the panel, `labels` the criteria's words, `names` the reviewers'.

    `unscored` cases have no points the reader may see yet, `apart` were scored on other criteria and cannot be compared.
    """

    call: Call
    panel: Panel
    lines: Mapping[str, CaseLine]
    labels: Mapping[str, str]
    names: Mapping[int, str]
    unscored: list[CaseLine]
    apart: list[CaseLine]


def panel_of(actor: Actor, call: Call, at: datetime) -> PanelOfCall:
    """Read it for who may follow the review. A fixed number of queries.

    The criteria are those most cases are scored on; the weights are those they were scored with.
    """
    rows = [row for row in received(actor, call, at) if row.state not in _GONE]
    seats = {row.pk: points_for(row, actor) for row in rows}
    weights = _weights([seat for each in seats.values() for seat in each])
    labels = _labels({row.template_id for row in rows})
    lines: dict[str, CaseLine] = {}
    ballots: list[Ballot] = []
    unscored, apart = [], []
    for row in rows:
        line, given = line_of(row, actor), [(seat, _points(seat)) for seat in seats[row.pk]]
        if not given:
            unscored.append(line)
        elif any(set(points) != set(weights) for _, points in given):
            apart.append(line)
        else:
            lines[row.public_id] = line
            ballots += [
                Ballot(row.public_id, seat.reviewer_id, tuple(points[code] for code in weights))
                for seat, points in given
            ]
    return PanelOfCall(
        call=call,
        panel=Panel(
            weights=weights,
            ballots=tuple(ballots),
            amounts={key: line.counts for key, line in lines.items()},
            budget=call.budget,
        ),
        lines=lines,
        labels={code: labels.get(code, code) for code in weights},
        names={seat.reviewer_id: seat.reviewer.name for each in seats.values() for seat in each},
        unscored=unscored,
        apart=apart,
    )


def _weights(seats: list[ReviewAssignment]) -> dict[str, int]:
    """Criteria and weights as most were scored."""
    held = Counter(tuple((score.criterion, score.weight) for score in seat.scores.all()) for seat in seats)
    return dict(held.most_common(1)[0][0]) if held else {}


def _points(seat: ReviewAssignment) -> dict[str, int]:
    return {score.criterion: score.points for score in seat.scores.all()}


def _labels(templates: set[int]) -> dict[str, str]:
    """The words of the criteria, the newest form's first."""
    forms = (
        FormTemplate.objects.filter(pk__in=templates).order_by("version").values_list("criteria", flat=True)
    )
    return {str(each["code"]): str(each["label"]) for criteria in forms for each in criteria}
