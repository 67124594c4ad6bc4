"""The registry of what must always hold."""

from collections.abc import Iterable

import pytest

from core import invariants


def test_every_check_runs_and_a_broken_one_is_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(invariants, "_checks", {})

    @invariants.invariant("b.holds")
    def holds() -> Iterable[str]:
        return []

    @invariants.invariant("a.fails")
    def fails() -> Iterable[str]:
        yield "一つ目"
        yield "二つ目"

    @invariants.invariant("c.breaks")
    def breaks() -> Iterable[str]:
        yield "見つけた誤り"
        raise ZeroDivisionError("x")

    result = invariants.run_all()
    assert list(result) == ["a.fails", "b.holds", "c.breaks"]
    assert result["a.fails"] == ["一つ目", "二つ目"]
    assert result["b.holds"] == []
    assert "ZeroDivisionError" in result["c.breaks"][0]
    with pytest.raises(ValueError, match="already"):
        invariants.invariant("b.holds")(holds)


@pytest.mark.django_db
def test_the_grounds_own_invariants_hold() -> None:
    assert invariants.run_all()["append_only.triggers"] == []
