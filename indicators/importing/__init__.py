"""Reading a plan's progress sheets (進行管理表) from the text of its scanned or copied document, or a workbook.

Pure: no database, no clock. `text_of` makes text of a file's bytes, `read` makes a `Reading` of text, `preview`
makes plain data of a Reading, and `unaccounted` proves that no character of the input was lost on the way.
Nothing here knows a particular city: directions, counts, themes, wording of hints and fiscal years come from
the text itself.
"""

from indicators.importing.book import text_of_workbook
from indicators.importing.ledger import Finding
from indicators.importing.preview import preview
from indicators.importing.proof import unaccounted
from indicators.importing.reading import CELLS, IndicatorText, Reading, SheetText, YearCells, read
from indicators.importing.source import Decoded, UnreadableSourceError, decode

__all__ = [
    "CELLS",
    "Decoded",
    "Finding",
    "IndicatorText",
    "Reading",
    "SheetText",
    "UnreadableSourceError",
    "YearCells",
    "decode",
    "preview",
    "read",
    "text_of",
    "text_of_workbook",
    "unaccounted",
]


def text_of(data: bytes) -> Decoded:
    """The text of a file, whichever of the two forms it has. Raises UnreadableSourceError."""
    return text_of_workbook(data) if data.startswith(b"PK\x03\x04") else decode(data)
