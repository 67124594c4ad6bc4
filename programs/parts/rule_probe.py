"""Where a rule on its way answers otherwise than the one on view, found by trying inputs around its worked examples.

An example seldom reaches a cap: without this, a cap changed by mistake would go out with every example met.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations, islice, permutations, product
from typing import Any, Final

from programs.funding.exact import fraction_of
from programs.funding.inputs import LONGEST_LIST, Input, InputKind, input_from
from programs.parts.rule import Rule, answered, given_words, rule_from

MOST_TRIED: Final = 1000
MOST_SHOWN: Final = 5
_MOST_ALONE: Final = 40
_MOST_PAIRED: Final = 12
_LARGEST_DIVISOR: Final = 10
_YEN: Final = tuple(digit * 10**power for power in range(3, 11) for digit in (1, 3))
_COUNTS: Final = (0, 1, 2, 3, 4, 5, 10, 20, 50, 100)
_SHARES: Final = tuple(Fraction(*each) for each in ((0, 1), (1, 4), (1, 3), (1, 2), (2, 3), (3, 4), (1, 1)))
_WRITTEN_AS_NUMBERS: Final = frozenset(
    {"value", "minimum", "maximum", "first_year", "last_year", "year_base"}
)

_Inputs = Mapping[str, Any]


@dataclass(frozen=True)
class Change:
    """Inputs in words, and the two answers to them."""

    inputs: list[str]
    on_view: str
    draft: str


@dataclass(frozen=True)
class Probe:
    """How many inputs at least one of the rules answered, for how many they differ, and the first of those."""

    tried: int
    changed: int
    shown: tuple[Change, ...]


def probe(
    draft: Mapping[str, Any], on_view: Mapping[str, Any], examples: Sequence[Mapping[str, Any]], *, funding: bool
) -> Probe | None:  # fmt: skip
    """Try at most MOST_TRIED inputs with both rules, given as their columns; None where these ask for other things.

    Answers are compared, not readings and steps. The same rules give the same result: nothing is drawn by chance.
    """
    asked = [{item["name"]: item["kind"] for item in rule["inputs"]} for rule in (draft, on_view)]
    if asked[0] != asked[1]:
        return None
    rules = [rule_from(rule, funding=funding) for rule in (draft, on_view)]
    numbers = sorted(set(_numbers([draft, on_view])))
    items = [
        _Range.of(input_from(new), input_from(old)) for new, old in _pairs(draft["inputs"], on_view["inputs"])
    ]
    tried, found = 0, []
    for inputs in islice(_distinct(_around(items, numbers, examples)), MOST_TRIED):
        is_, was = (_words(rule, inputs) for rule in rules)
        tried += bool(is_[0] or was[0])
        if is_[0] != was[0]:
            found.append((inputs, was[0] or was[1], is_[0] or is_[1]))
    shown = (Change(given_words(draft["inputs"], inputs), *both) for inputs, *both in found[:MOST_SHOWN])
    return Probe(tried, len(found), tuple(shown))


def _words(rule: Rule, inputs: _Inputs) -> tuple[str, str]:
    """The answer ("" where the inputs are refused) and why they are."""
    answer, _, fault = answered(rule, inputs)
    return answer, fault


def _pairs(new: Sequence[Any], old: Sequence[Any]) -> Iterator[tuple[Any, Any]]:
    by_name = {item["name"]: item for item in old}
    return ((item, by_name[item["name"]]) for item in new)


@dataclass(frozen=True)
class _Range:
    """One input with the bounds and choices of both rules."""

    item: Input
    least: Fraction
    most: Fraction
    choices: tuple[str, ...]

    @classmethod
    def of(cls, new: Input, old: Input) -> "_Range":
        choices = dict.fromkeys(choice.value for each in (new, old) for choice in each.choices)
        return cls(new, min(new.minimum, old.minimum), max(new.maximum, old.maximum), tuple(choices))

    def candidates(self, now: Any, numbers: Sequence[Fraction]) -> list[Any]:
        """Values to try, in ascending order; `now` is that of the example."""
        match self.item.kind:
            case InputKind.BOOLEAN:
                return [True, False]
            case InputKind.CHOICE:
                return list(self.choices)
            case InputKind.LIST:
                return _lists(now) if _whole(now) else []
            case InputKind.INTEGER:
                return self._integers(numbers)
        return [str(each) for each in self._ratios(numbers)]

    def _ratios(self, numbers: Sequence[Fraction]) -> list[Fraction]:
        """What the rule names, and parts of it: 「2倍が31以上」 turns at 15.5."""
        quotients = {one / part for one, part in permutations(numbers, 2) if 1 < part <= _LARGEST_DIVISOR}
        return sorted(each for each in {*_SHARES, *numbers, *quotients} if self._fits(each))

    def _integers(self, numbers: Sequence[Fraction]) -> list[int]:
        near = {
            int(each) + step for each in numbers if each.denominator == 1 for step in (-1, 0, 1)
        }  # either side of a limit
        yen = "円" in self.item.unit
        wanted = {*_YEN, *near} if yen else {*_COUNTS, *(each for each in near if each < 10**5)}
        return sorted(each for each in wanted if self._fits(each))

    def _fits(self, number: Fraction | int) -> bool:
        return self.least <= number <= self.most


def _around(
    items: Sequence[_Range], numbers: Sequence[Fraction], examples: Sequence[Mapping[str, Any]]
) -> Iterator[_Inputs]:
    """Each example, with one input changed, then with two."""
    for size, most in ((1, _MOST_ALONE), (2, _MOST_PAIRED)):
        for example in examples:
            given = example["inputs"]
            wanted = {
                each.item.name: _spread(each.candidates(given.get(each.item.name), numbers), most)
                for each in items
            }
            for names in combinations(wanted, size):
                for changed in product(*(wanted[name] for name in names)):
                    yield {**given, **dict(zip(names, changed, strict=True))}


def _distinct(many: Iterator[_Inputs]) -> Iterator[_Inputs]:
    seen = set()
    for inputs in many:
        key = str(inputs)
        if key not in seen:
            seen.add(key)
            yield inputs


def _spread(candidates: list[Any], most: int) -> list[Any]:
    """At most so many of them, from the first to the last at even steps."""
    if len(candidates) <= most:
        return candidates
    return [candidates[place * (len(candidates) - 1) // (most - 1)] for place in range(most)]


def _lists(now: list[int]) -> list[list[int]]:
    """Its parts larger, and more of them."""
    larger = [[part * times for part in now] for times in (1, 3, 10)]
    return [*larger, *((now * times)[:LONGEST_LIST] for times in (3, 10))]


def _whole(value: Any) -> bool:
    return isinstance(value, list) and all(type(part) is int for part in value)


def _numbers(data: Any) -> Iterator[Fraction]:
    """Every number that a rule is written with: rates, caps, bounds, first and last years."""
    if isinstance(data, Mapping):
        for name, part in data.items():
            if name in _WRITTEN_AS_NUMBERS and type(part) in (int, str):
                number = fraction_of(str(part))
                if number is not None:
                    yield number
            elif name != "examples":
                yield from _numbers(part)
    elif isinstance(data, list | tuple):
        for part in data:
            yield from _numbers(part)
