"""Conditions on the municipality itself: which facts a rule may ask for, and the verdict on them.

A fact is True, False or None (no source says). Facts without a designation are ones no loaded source tells
of any municipality: a rule that rests on them says "needs checking".
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from programs.funding.evaluation import Evaluation
from programs.funding.faults import RuleError
from programs.funding.inputs import Input, InputKind
from programs.funding.rules import all_of
from programs.funding.tree import Kind, Node, tree_from


@dataclass(frozen=True)
class PlaceFact:
    """A fact of a municipality: its name in trees, its words, the designation or area that tells it."""

    name: str
    label: str
    designation: str = ""
    area: str = ""


FACTS: Final[tuple[PlaceFact, ...]] = (
    PlaceFact("sandai_toshiken", "三大都市圏内", "sandai-toshiken"),
    PlaceFact("joken_furi", "条件不利地域", "joken-furi"),
    PlaceFact("kaso", "過疎地域", "kaso"),
    PlaceFact("rito", "離島振興対策実施地域", "rito"),
    PlaceFact("ogasawara", "小笠原諸島", "ogasawara"),
    PlaceFact("kokkyo_rito", "特定有人国境離島地域", "tokutei-yujin-kokkyo-rito"),
    PlaceFact("shinko_sanson", "振興山村", "shinko-sanson"),
    PlaceFact("chukakushi", "中核市", "chukakushi"),
    PlaceFact("teiju_jiritsuken", "定住自立圏", "teiju-jiritsuken"),
    PlaceFact("jinko_gensho_current", "人口減少率が高い市町村", "jinko-gensho-current"),
    PlaceFact("did", "人口集中地区の外にある集落", "did"),
    PlaceFact("tosho", "島しょ地域", area="islands"),
    PlaceFact("shurui_betsu_yoken", "インターン・おためしだけの地域の要件"),
    PlaceFact("chiji_no_handan", "知事の判断"),
    PlaceFact("sogyo_keikaku", "創業支援等事業計画"),
    PlaceFact("dokuji_yoko", "独自の補助要綱"),
    PlaceFact("to_no_shienin", "都の政策支援員"),
    PlaceFact("to_no_sanson", "都の事業でいう山村"),
)
BY_NAME: Final[Mapping[str, PlaceFact]] = {fact.name: fact for fact in FACTS}
_INPUTS: Final = tuple(Input(fact.name, fact.label, InputKind.BOOLEAN) for fact in FACTS)


@dataclass(frozen=True)
class PlaceCondition:
    """One condition: its words, its tree, and the facts it asks for in their order."""

    text: str
    tree: Node
    facts: tuple[str, ...]

    def judge(self, known: Mapping[str, bool | None]) -> bool | None:
        """Whether it holds; facts that are not among `known` are not known."""
        values = {fact.name: known.get(fact.name) for fact in FACTS}
        found = Evaluation(values).outcome(self.tree).value
        return found if isinstance(found, bool) else None

    def grounds(self, known: Mapping[str, bool | None]) -> tuple[str, ...]:
        """The facts that decide: of alternatives those that hold, else all of them."""
        if self.tree.op != "or" or not self.judge(known):
            return self.facts
        values = {fact.name: known.get(fact.name) for fact in FACTS}
        holding = [part for part in self.tree.of if Evaluation(values).outcome(part).value]
        return tuple(dict.fromkeys(name for part in holding for name in _asked(part)))


def conditions_from(data: Any) -> tuple[PlaceCondition, ...]:
    """Read stored conditions [{text, tree}]. Raises RuleError."""
    if not isinstance(data, list) or not data:
        raise RuleError("自治体の要件に条件がありません。")
    conditions = []
    for item in data:
        tree = tree_from(item["tree"], _INPUTS)
        if tree.kind is not Kind.TRUTH:
            raise RuleError("自治体の要件の式は「はい」「いいえ」になるようにしてください。")
        conditions.append(PlaceCondition(str(item["text"]), tree, tuple(dict.fromkeys(_asked(tree)))))
    return tuple(conditions)


def verdict(conditions: tuple[PlaceCondition, ...], known: Mapping[str, bool | None]) -> bool | None:
    """Whether all conditions hold (None: it depends on what no source says)."""
    return all_of([condition.judge(known) for condition in conditions])


def _asked(node: Node) -> Iterator[str]:
    if node.op == "input":
        yield node.name
    for part in node.of:
        yield from _asked(part)
    for arm in node.arms:
        if arm.when is not None:
            yield from _asked(arm.when)
        yield from _asked(arm.then)
