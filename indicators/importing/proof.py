"""The proof that nothing was lost: every character in a cell, in a listed repair, in a listed doubt, or the form's.

Spaces, tabs and line ends are layout and need no account. "The form's" is a closed set of words, so that no
content can hide there.
"""

import re
from typing import Final

from indicators.importing.ledger import Fate, Span, as_kept
from indicators.importing.reading import CELLS, Reading, SheetText
from indicators.importing.words import squeezed

_FORM: Final = re.compile(
    r"方向性|基本方針|施策名称?|施策|事業概要|事業の概要|施策概要|課名等?|担当課等?|所管課|関連課等?|計画の目標|展望(?:重点テーマ)?|重点テーマ|成果指標"
    r"|進[行捗]管理(?:表|シート)|[0-9]|[:：.．、]|[\-+=_|:‐-―─━ー]+"
    r"|(?:令和|平成|昭和|[RHS])?(?:元|[0-9]{1,4})年度(?:事業内容|・?目標|実施結果|以降の課題)",
    re.IGNORECASE,
)


def unaccounted(reading: Reading) -> list[str]:
    """Every breach of conservation, one line each; [] when all is accounted for."""
    return [*_uncovered(reading), *_wrong_spans(reading), *_wrong_values(reading)]


def _uncovered(reading: Reading) -> list[str]:
    faults, place = [], 0
    for span in reading.spans:
        if span.start == span.end:
            continue
        if span.start < place:
            faults.append(f"twice: {reading.text[span.start : place]!r} at {span.start}")
        between = reading.text[place : span.start]
        if between.strip():
            faults.append(f"lost: {between.strip()!r} at {place}")
        place = max(place, span.end)
    rest = reading.text[place:].strip()
    return [*faults, f"lost: {rest!r} at the end"] if rest else faults


def _wrong_spans(reading: Reading) -> list[str]:
    repaired = {(row.start, row.end, row.before, row.after) for row in reading.repairs}
    doubted = {(row.start, row.end, row.before) for row in reading.doubts}
    faults = []
    for span in reading.spans:
        raw = reading.text[span.start : span.end]
        if not _accounted(span, raw, repaired, doubted):
            faults.append(f"{span.fate.value}: {raw!r} at {span.start}")
    return faults


def _accounted(
    span: Span, raw: str, repaired: set[tuple[int, int, str, str]], doubted: set[tuple[int, int, str]]
) -> bool:
    match span.fate:
        case Fate.KEPT:
            return bool(span.key) and span.after == as_kept(raw)
        case Fate.REPAIRED:
            return bool(span.key) and (span.start, span.end, raw, span.after) in repaired
        case Fate.DOUBT:
            return (span.start, span.end, raw) in doubted
        case Fate.FORM:
            return bool(_FORM.fullmatch(squeezed(raw)))


def _wrong_values(reading: Reading) -> list[str]:
    """Cells of the measures against what the spans say went there."""
    values: dict[str, str] = {}
    for span in reading.spans:
        if span.key:
            values[span.key] = values.get(span.key, "") + span.after
    faults = []
    for row in reading.measures:
        for key, said in _claims(row).items():
            if said != values.get(key, "").strip():
                faults.append(f"{key}: {said!r} is not {values.get(key, '')!r}")
    if reading.title != values.get("plan/title", "").strip():
        faults.append("plan/title")
    return faults


def _claims(row: SheetText) -> dict[str, str]:
    claims = {
        f"{row.key}/{name}": getattr(row, name)
        for name in ("title", "direction", "policy", "outlook", "overview", "branch")
    }
    for year, cells in row.years.items():
        for cell in CELLS:
            text = getattr(cells, cell)
            if text is not None:
                claims[f"{row.key}/years/{year}/{cell}"] = text
    return claims
