"""Lifecycle tables: status moves only along rows written down here as data.

A table is printed to docs/lifecycle.md, drawn as a diagram, and walked by the tests over every state ×
action × actor. It knows no models and writes nothing: an app's one `transition` action asks `after` for the
next state and `core.access` for permission, then writes state and event in one transaction.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from django.db.models import TextChoices

from core.exceptions import UnknownState, UnknownTransition


@dataclass(frozen=True)
class Transition:
    """One row: an action, the states it leaves, the state it reaches, who may, on what condition.

    No `source` means that the action creates the case; `target=None` that the state stays as it is. An action
    that can end in several states (back "where it came from") has one row for each. `label`, `guard` and
    `effect` are Japanese.
    """

    action: str
    label: str
    source: frozenset[str]
    target: str | None
    roles: frozenset[str]
    guard: str = ""
    effect: str = ""

    @property
    def creates(self) -> bool:
        """Whether the case begins with this action."""
        return not self.source

    @property
    def moves(self) -> bool:
        """Whether the state can be another one afterwards."""
        return self.target is not None and self.source != {self.target}


@dataclass(frozen=True)
class Lifecycle:
    """A named table over the states of one enum. Raises ValueError when the table contradicts itself."""

    name: str
    states: type[TextChoices]
    transitions: tuple[Transition, ...] = field(repr=False)

    def __post_init__(self) -> None:
        faults = [*self._row_faults(), *self._table_faults()]
        if faults:
            raise ValueError(f"lifecycle {self.name}: " + "; ".join(faults))

    def leaving(self, state: str) -> tuple[Transition, ...]:
        """The rows that may be used in a state. Raises UnknownState."""
        self._known(state)
        return tuple(row for row in self.transitions if state in row.source)

    def find(self, action: str, source: str | None = None, target: str | None = None) -> Transition:
        """The one row of an action (from a state, to a state, where given).

        Raises UnknownTransition if there is none, ValueError if several rows answer.
        """
        rows = [row for row in self.transitions if row.action == action]
        if source is not None:
            self._known(source)
            rows = [row for row in rows if source in row.source]
        if target is not None:
            self._known(target)
            rows = [row for row in rows if row.target == target or (row.target is None and source == target)]
        if not rows:
            raise UnknownTransition(self._refusal(action, source))
        if len(rows) > 1:
            raise ValueError(f"lifecycle {self.name}: {action} has several rows; name source and target")
        return rows[0]

    def after(self, state: str | None, action: str, target: str | None = None) -> str:
        """The state an action leads to; `state=None` for the action that creates the case.

        Raises UnknownState, UnknownTransition, or ValueError if `target` is needed to choose.
        """
        if state is None:
            row = self.find(action, target=target)
            if not row.creates or row.target is None:
                raise UnknownTransition(self._refusal(action, None))
            return row.target
        return self.find(action, state, target).target or state

    def reachable(self, start: str) -> frozenset[str]:
        """Every state a case in this state can still come to, itself included. Raises UnknownState."""
        self._known(start)
        found, frontier = {start}, [start]
        while frontier:
            state = frontier.pop()
            new = {row.target for row in self.leaving(state) if row.target is not None} - found
            found |= new
            frontier += new
        return frozenset(found)

    @cached_property
    def actions(self) -> tuple[str, ...]:
        """Every action once, in the table's order."""
        return tuple(dict.fromkeys(row.action for row in self.transitions))

    @cached_property
    def initial_states(self) -> frozenset[str]:
        """The states cases begin in."""
        return frozenset(row.target for row in self.transitions if row.creates and row.target is not None)

    @cached_property
    def final_states(self) -> frozenset[str]:
        """The states no row moves out of."""
        return frozenset(s for s in self.states.values if not any(row.moves for row in self.leaving(s)))

    # --- Print ---------------------------------------------------------------------------------------------

    def mermaid(self) -> str:
        """A Mermaid state diagram: one arrow per pair of states, labelled with the actions."""
        arrows: dict[tuple[str, str], list[str]] = {}
        for row in self.transitions:
            for source in self._in_order(row.source) if row.source else ["[*]"]:
                arrows.setdefault((source, row.target or source), []).append(row.label)
        lines = ["stateDiagram-v2"]
        lines += [f'    state "{choice.label}" as {choice.value}' for choice in self.states]
        lines += [f"    {a} --> {b}: {'・'.join(dict.fromkeys(labels))}" for (a, b), labels in arrows.items()]
        lines += [f"    {state} --> [*]" for state in self._in_order(self.final_states)]
        return "\n".join(lines) + "\n"

    def markdown_table(self, role_labels: Mapping[str, str] | None = None) -> str:
        """The table in Markdown, a row per transition, in the order it was written."""
        head = (
            "| 操作 | action | 前の状態 | 後の状態 | 行う人 | 条件 | 結果 |\n|---|---|---|---|---|---|---|\n"
        )
        return head + "".join(self._markdown_row(row, role_labels or {}) for row in self.transitions)

    def _markdown_row(self, row: Transition, role_labels: Mapping[str, str]) -> str:
        cells = (
            row.label,
            f"`{row.action}`",
            "・".join(self._shown(state) for state in self._in_order(row.source)) or "（なし）",
            "（同じ）" if row.target is None else self._shown(row.target),
            "・".join(str(role_labels.get(role, role)) for role in sorted(row.roles)),
            row.guard or "–",
            row.effect or "–",
        )
        return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |\n"

    def _shown(self, state: str) -> str:
        return f"{self.states(state).label} `{state}`"

    def _in_order(self, states: Iterable[str]) -> list[str]:
        order = list(self.states.values)
        return sorted(states, key=order.index)

    # --- Consistency ---------------------------------------------------------------------------------------

    def _known(self, state: str) -> None:
        if state not in self.states.values:
            raise UnknownState(f"「{state}」という状態はありません。")

    def _refusal(self, action: str, source: str | None) -> str:
        labels = [row.label for row in self.transitions if row.action == action]
        if not labels:
            return f"「{action}」という操作はありません。"
        if source is None:
            return f"「{labels[0]}」はここでは行えません。"
        now = self.states(source).label
        return f"いまの状態（{now}）では「{labels[0]}」を行えません。最新の画面を開き直して確かめてください。"

    def _row_faults(self) -> Iterable[str]:
        known = set(self.states.values)
        for row in self.transitions:
            if not row.action.isidentifier() or not row.label or not row.roles:
                yield f"{row.action!r} needs a name, a label and roles"
            if row.creates and row.target is None:
                yield f"{row.action} creates nothing"
            if unknown := (row.source | {row.target} - {None}) - known:
                yield f"{row.action} names unknown states {sorted(map(str, unknown))}"

    def _table_faults(self) -> Iterable[str]:
        seen: set[tuple[str, str | None, str | None]] = set()
        for row in self.transitions:
            for source in row.source or {None}:
                place = (row.action, source, row.target)
                if place in seen:
                    yield f"{row.action} from {source} to {row.target} is written twice"
                seen.add(place)
        reached = {row.target for row in self.transitions}
        orphans = [state for state in self.states.values if state not in reached]
        if orphans:
            yield f"no row leads to {orphans}"


_tables: dict[str, Lifecycle] = {}


def declare(table: Lifecycle) -> Lifecycle:
    """Keep a table for the documentation and the architecture tests. Raises ValueError for a name used twice."""
    if table.name in _tables:
        raise ValueError(f"lifecycle {table.name!r} is declared already")
    _tables[table.name] = table
    return table


def declared() -> Mapping[str, Lifecycle]:
    """Every declared table by name, in the order of declaration."""
    return dict(_tables)
