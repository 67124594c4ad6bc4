"""Workbooks: tables as files, and a case's own 様式 that is filled offline and read again."""

from grants.workbook.case_book import Book, BookAnswer, BookBudget, BookIndicators, BookRow, case_workbook
from grants.workbook.case_reading import CellRead, Returned, canonical, read_case_workbook
from grants.workbook.tables import Cell, table_csv, table_workbook

__all__ = [
    "Book",
    "BookAnswer",
    "BookBudget",
    "BookIndicators",
    "BookRow",
    "Cell",
    "CellRead",
    "Returned",
    "canonical",
    "case_workbook",
    "read_case_workbook",
    "table_csv",
    "table_workbook",
]
