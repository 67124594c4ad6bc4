"""Lists of programs that others publish, read into contents: what a row says, and what is wrong with it."""

from programs.importing.headers import COLUMNS, Column
from programs.importing.reading import (
    Found,
    Reading,
    RowFault,
    UnreadableListError,
    read,
    read_text,
    text_of,
)

__all__ = [
    "COLUMNS",
    "Column",
    "Found",
    "Reading",
    "RowFault",
    "UnreadableListError",
    "read",
    "read_text",
    "text_of",
]
