"""What the models of a case share: random ids, and pairs of instant and person."""

import secrets

from django.db.models import CheckConstraint, Q

_ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"
"""32 signs that are not mistaken for one another when read out (no l, o, 0, 1)."""


def random_public_id() -> str:
    """Twelve signs, 60 bits: says nothing about how many there are, and cannot be guessed."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(12))


def paired(model: str, *stems: str) -> list[CheckConstraint]:
    """Constraints: `<stem>_at` and `<stem>_by` are both there or both missing."""
    return [
        CheckConstraint(
            condition=Q(**{f"{stem}_at__isnull": True, f"{stem}_by__isnull": True})
            | Q(**{f"{stem}_at__isnull": False, f"{stem}_by__isnull": False}),
            name=f"{model}_{stem}_paired",
            violation_error_message="日時と行った人は、両方を記録してください。",
        )
        for stem in stems
    ]


def requires(model: str, name: str, when: Q, then: Q, message: str) -> CheckConstraint:
    """Constraint: where `when` holds, `then` holds."""
    return CheckConstraint(condition=~when | then, name=f"{model}_{name}", violation_error_message=message)
