"""Workbooks: tables as files, and a case's own 様式 that is filled offline and read again."""

from grants.workbook.case_book import Book, BookAnswer, BookBudget, BookIndicators, BookRow, case_workbook
from grants.workbook.case_reading import CellRead, Returned, canonical, read_case_workbook
from grants.workbook.score_book import (
    COMMENT,
    INTEREST,
    NO,
    YES,
    BookCase,
    BookLine,
    ReturnedScores,
    ScoreBook,
    Typed,
    as_data,
    from_data,
    read_score_workbook,
    score_workbook,
)
from grants.workbook.tables import Cell, table_csv, table_workbook

__all__ = [
    "COMMENT",
    "INTEREST",
    "NO",
    "YES",
    "Book",
    "BookAnswer",
    "BookBudget",
    "BookCase",
    "BookIndicators",
    "BookLine",
    "BookRow",
    "Cell",
    "CellRead",
    "Returned",
    "ReturnedScores",
    "ScoreBook",
    "Typed",
    "as_data",
    "canonical",
    "case_workbook",
    "from_data",
    "read_case_workbook",
    "read_score_workbook",
    "score_workbook",
    "table_csv",
    "table_workbook",
]
