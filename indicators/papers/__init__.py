"""進行管理表 as a paper for meetings: the whole plan as a tagged PDF and as a draft for a word processor."""

from indicators.papers.draft import render_docx
from indicators.papers.facts import Paper, paper_of
from indicators.papers.pdf import render_pdf

__all__ = ["Paper", "paper_of", "render_docx", "render_pdf"]
