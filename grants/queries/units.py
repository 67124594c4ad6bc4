"""Units of a body: who works on a program and who may know of it, and who does a unit's work on a day."""

from datetime import datetime

from accounts.models import Department
from accounts.models.notice import heirs
from core import clock
from grants.permissions import in_charge, of_bureau
from programs.models import Program


def in_charge_of(program: Program) -> frozenset[int]:
    """The units that work on a program and are told of it. Row numbers."""
    return in_charge(_units_of(program.owner_id), program.department)


def _units_of(organization_id: int) -> list[tuple[int, str]]:
    units = Department.objects.filter(organization=organization_id).order_by("pk")
    return list(units.values_list("pk", "name"))


class Units:
    """The same for many cases at one instant, each looked up once."""

    def __init__(self, at: datetime) -> None:
        self._today = clock.today(at)
        self._of_owner: dict[int, list[tuple[int, str]]] = {}
        self._of_program: dict[tuple[int, str], tuple[frozenset[int], frozenset[int]]] = {}
        self._heirs: dict[int, frozenset[int]] = {}

    def of(self, program: Program) -> tuple[frozenset[int], frozenset[int]]:
        """Who works on the program, who may know of it."""
        key = (program.owner_id, program.department)
        if key not in self._of_program:
            if program.owner_id not in self._of_owner:
                self._of_owner[program.owner_id] = _units_of(program.owner_id)
            units = self._of_owner[program.owner_id]
            self._of_program[key] = in_charge(units, key[1]), of_bureau(units, key[1])
        return self._of_program[key]

    def doing(self, unit_id: int) -> frozenset[int]:
        """The units that do a unit's work today: itself, or those that succeeded it; none where it went nowhere."""
        if unit_id not in self._heirs:
            self._heirs[unit_id] = frozenset(heirs([unit_id], self._today)[unit_id])
        return self._heirs[unit_id]
