"""Whose work a program and a unit's tasks are: each looked up once, and never one for another."""

import pytest

from accounts.models import Department
from core import clock
from grants.queries.units import Units, in_charge_of
from programs.models import Program
from tests.factories import grants as cases
from tests.factories.grants import World

pytestmark = pytest.mark.django_db


def test_two_programs_of_one_body_have_the_units_of_their_own_bureaus(world: World) -> None:
    at, program = clock.now(), world.call.program
    other = Program(owner=program.owner, department="産業労働局 観光部 振興課")
    units = Units(at)
    names = [dict(Department.objects.values_list("pk", "name"))[pk] for pk in units.of(other)[0]]
    assert names == ["産業労働局 観光部 振興課"]
    assert units.of(program) != units.of(other)
    assert (in_charge_of(program), in_charge_of(other)) == (units.of(program)[0], units.of(other)[0])


def test_a_unit_with_the_number_of_a_body_is_still_itself(world: World) -> None:
    owner = world.call.program.owner
    unit = Department.objects.filter(pk=owner.pk).first()
    unit = unit or Department.objects.create(pk=owner.pk, organization=world.partner, name="同じ番号の課")
    units = Units(clock.now())
    assert units.of(world.call.program)[0] == in_charge_of(world.call.program)
    assert units.doing(unit.pk) == {unit.pk}
    assert cases.lead_of(cases.start(world)).application.lead_department_id in units.doing(
        world["lead_editor"].department_id or 0
    )
