"""Filled gap checklists as consultants keep them in Excel and CSV, and our own workbook on its way out and back."""

from consultancy.checklists.parts import Checklist, Choice, Ignored, Problem, Question, Row
from consultancy.checklists.reading import read_checklist, read_returning
from consultancy.checklists.returned import Returned, ReturnedRow

__all__ = [
    "Checklist", "Choice", "Ignored", "Problem", "Question", "Returned", "ReturnedRow", "Row", "read_checklist",
    "read_returning",
]  # fmt: skip
