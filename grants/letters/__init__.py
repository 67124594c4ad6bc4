"""決定通知: the letter of a decision, as its facts, as a tagged PDF and as a draft for a word processor."""

from grants.letters.draft import render_docx
from grants.letters.facts import Letter, Table, letter_of
from grants.letters.pdf import render_pdf
from grants.letters.receipt import render_receipt

__all__ = ["Letter", "Table", "letter_of", "render_docx", "render_pdf", "render_receipt"]
