"""What must hold at any time, checked offline by `manage.py invariants` and after every fault test."""

from collections.abc import Callable, Iterable
from typing import TypeVar

Check = Callable[[], Iterable[str]]
CheckT = TypeVar("CheckT", bound=Check)

_checks: dict[str, Check] = {}


def invariant(name: str) -> Callable[[CheckT], CheckT]:
    """Register a check under "<app>.<what>". It reads only and yields one Japanese line per fault.

    Raises ValueError for a name already taken.
    """

    def keep(check: CheckT) -> CheckT:
        if name in _checks:
            raise ValueError(f"invariant {name!r} is registered already")
        _checks[name] = check
        return check

    return keep


def run_all() -> dict[str, list[str]]:
    """Run every check; the faults by name, an empty list where all is well.

    A check that itself fails is a fault of its own and does not keep the others from running.
    """
    return {name: _run(check) for name, check in sorted(_checks.items())}


def _run(check: Check) -> list[str]:
    try:
        return list(check())
    except Exception as error:  # noqa: BLE001 - one broken check must not hide the others' findings
        return [f"検査そのものが失敗しました：{type(error).__name__}: {error}"]
