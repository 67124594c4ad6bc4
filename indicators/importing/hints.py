"""The hints a form prints under its labels: what most sheets say holds, a deviation is a misreading.

A city words its own hints; they are learned from the text. Only where too few sheets say the same does the
usual wording of the form decide.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from difflib import SequenceMatcher
from typing import Final

from indicators.importing.draft import Draft
from indicators.importing.ledger import Fate, Ledger, Span, as_kept
from indicators.importing.words import CELL_NAMES, squeeze

_USUAL: Final = {
    "goal": ("・注力する所・ポイント、変更箇所など", "・注力する事・ポイント、変更箇所など"),
    "result": (
        "・前年と比べ何が良かった(悪かった)・方向性・目標等に近づいているのか離れたのか・簡潔に。可能ならば数値等を記載",
    ),
}
_ALIKE: Final = 0.7
_MAJORITY: Final = 3
_COMMA: Final = str.maketrans({"。": "、", "．": "、", ".": "、", ",": "、"})


def settle_hints(ledger: Ledger, drafts: list[Draft]) -> None:
    """Compare each sheet's hints with the form's wording; list every deviation as a repair."""
    groups: dict[tuple[str, int], list[tuple[Draft, str]]] = defaultdict(list)
    for draft in drafts:
        for (cell, year), key in draft.hints.items():
            groups[cell, year].append((draft, key))
    for (cell, year), members in groups.items():
        texts = [squeeze(ledger.value(key))[0] for _, key in members]
        for (_, key), text in zip(members, texts, strict=True):
            meant = _meant(text, cell, texts)
            if meant is not None and meant.translate(_COMMA) != text.translate(_COMMA):
                _mend(ledger, key, meant, f"{year}年度 {CELL_NAMES[cell]}")


def _meant(text: str, cell: str, texts: list[str]) -> str | None:
    """The wording a hint stands for: the usual one if the text has it, else the majority's."""
    usual = _USUAL.get(cell, ())
    if any(text.translate(_COMMA) == word.translate(_COMMA) for word in usual):
        return None
    near = [word for word in usual if _ratio(text, word) >= _ALIKE]
    common, count = Counter(texts).most_common(1)[0]
    if count >= _MAJORITY and (
        not near or common.translate(_COMMA) not in {w.translate(_COMMA) for w in usual}
    ):
        likely = max(near, key=lambda word: _ratio(common, word)) if near else None
        if likely is None or common == text:
            return common if likely is None else likely
    return max(near, key=lambda word: _ratio(text, word)) if near else None


def _ratio(one: str, other: str) -> float:
    return SequenceMatcher(None, one, other, autojunk=False).ratio()


def _readable(codes: Iterable[tuple[str, int, int, int, int]]) -> list[tuple[str, int, int, int, int]]:
    """Differences with up to two characters behind them, so that a person sees the word and not a stroke."""
    made: list[tuple[str, int, int, int, int]] = []
    for tag, low, high, left, right in codes:
        more = min(2, high - low) if tag == "equal" and made and made[-1][0] == "replace" else 0
        if more:
            _, first, _, start, _ = made[-1]
            made[-1] = ("replace", first, low + more, start, left + more)
        if low + more < high or left + more < right:
            made.append((tag, low + more, high, left + more, right))
    return made


def _mend(ledger: Ledger, key: str, meant: str, name: str) -> None:
    """Replace a hint's spans: what agrees is kept, what differs is repaired and listed."""
    spans = ledger.spans_of(key)
    start, end = spans[0].start, spans[-1].end
    plain, places = squeeze(ledger.text[start:end])
    ends = [*places, end - start]
    made: list[Span] = []
    for tag, low, high, left, right in _readable(
        SequenceMatcher(None, plain, meant, autojunk=False).get_opcodes()
    ):
        begin, stop = start + ends[low], start + (ends[high - 1] + 1 if high > low else ends[low])
        same = tag == "equal" or plain[low:high].translate(_COMMA) == meant[left:right].translate(_COMMA)
        after = as_kept(ledger.text[begin:stop]) if same else meant[left:right]
        made.append(Span(begin, stop, Fate.KEPT if same else Fate.REPAIRED, key, after))
        if not same:
            ledger.note_repair(
                "misread_hint", name, ledger.text[begin:stop], after, start=begin, end=stop, place=key,
                fault="様式の説明文が読み違えられています。", cure="様式の字にそろえました。記入された文は変えていません。",
            )  # fmt: skip
    ledger.replace_spans(key, made)
