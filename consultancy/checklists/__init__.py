"""Filled gap checklists as consultants keep them in Excel and CSV."""

from consultancy.checklists.parts import Checklist, Choice, Ignored, Problem, Question, Row
from consultancy.checklists.reading import read_checklist

__all__ = ["Checklist", "Choice", "Ignored", "Problem", "Question", "Row", "read_checklist"]
