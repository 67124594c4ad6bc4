"""Many cases of one call at once: rows copied from one that the actions have walked, for bulk acts and measurements.

Only the rows lists, tables and decisions read are copied; the chains of events begin empty.
"""

from collections.abc import Sequence

from accounts.models import Organization, User
from grants.models import (
    Application,
    InterestDeclaration,
    Member,
    Recommendation,
    ReviewAssignment,
    Score,
    Snapshot,
)
from grants.models.base import random_public_id

_CHUNK = 2_000


def copies(source: Application, number: int, leads: Sequence[Organization] = ()) -> list[int]:
    """`number` cases like `source`, their keys in order; led in turn by `leads` (default: by the source's lead)."""
    bodies = list(leads) or [source.lead]
    first = Application.objects.count() + 1
    newest = source.snapshots.latest("branch")
    cases = Application.objects.bulk_create(
        [_application(source, bodies[place % len(bodies)], first + place) for place in range(number)],
        batch_size=_CHUNK,
    )
    snapshots = Snapshot.objects.bulk_create([_snapshot(newest, case) for case in cases], batch_size=_CHUNK)
    held = list(source.members.present().select_related("organization"))
    members = [_copy(member, application=case) for case in cases for member in held]
    for member in members:
        member.public_id = random_public_id()
        member.invitation_digest = None
    Member.objects.bulk_create(members, batch_size=_CHUNK)
    draft = source.recommendations.filter(ended_at__isnull=True).first()
    if draft is not None:
        Recommendation.objects.bulk_create(
            [
                _copy(draft, application=case, snapshot=snapshot)
                for case, snapshot in zip(cases, snapshots, strict=True)
            ],
            batch_size=_CHUNK,
        )
    return [case.pk for case in cases]


def scored(cases: Sequence[int], reviewers: Sequence[User], weights: dict[str, int]) -> None:
    """Every case scored by every reviewer, 1 to 5 points that differ by case, person and criterion."""
    source = Application.objects.get(pk=cases[0])
    at, by = source.submitted_at, reviewers[0]
    seats = ReviewAssignment.objects.bulk_create(
        [
            ReviewAssignment(
                application_id=case, reviewer=reviewer, assigned_at=at, assigned_by=by, scored_at=at, scored_by=reviewer
            )
            for case in cases
            for reviewer in reviewers
        ],
        batch_size=_CHUNK,
    )  # fmt: skip
    InterestDeclaration.objects.bulk_create(
        [
            InterestDeclaration(assignment=seat, has_interest=False, declared_at=at, declared_by=by)
            for seat in seats
        ],
        batch_size=_CHUNK,
    )
    Score.objects.bulk_create(
        (
            Score(
                assignment=seat, criterion=code, weight=weight,
                points=1 + (seat.application_id * 7 + seat.reviewer_id * 3 + place) % 5,
            )
            for seat in seats
            for place, (code, weight) in enumerate(weights.items())
        ),
        batch_size=_CHUNK,
    )  # fmt: skip


def _application(source: Application, lead: Organization, number: int) -> Application:
    made = _copy(source, lead=lead, lead_department=source.lead_department)
    made.public_id, made.ordinal = random_public_id(), number
    made.receipt_number = f"copy-{number:06d}"
    return made


def _snapshot(source: Snapshot, case: Application) -> Snapshot:
    made = _copy(source, application=case)
    made.receipt_number = case.receipt_number
    return made


def _copy(row, **changes):  # type: ignore[no-untyped-def]  # a row of any table, as it is but for the key
    values = {
        field.attname: getattr(row, field.attname)
        for field in row._meta.concrete_fields
        if not field.primary_key
    }
    made = type(row)(**values)
    for name, value in changes.items():
        setattr(made, name, value)
    return made
