"""On how many legs a rating stands: was it read, told and seen? And is what shows it still young enough?

Good practice asks for two of document, interview and observation; a procedure nobody saw in use never scores full.
"""

import json
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

from consultancy.calendar import a_year_after

WAYS = ("document", "interview", "observation")
_WAY_OF_SOURCE = {"record": "document"}  # a record is read like a document
RECORDS: dict[str, dict[str, Any]] = json.loads(
    (Path(__file__).parent / "standards" / "records.json").read_text(encoding="utf-8")
)


def ways_seen(methods: Iterable[str], sources: Iterable[str]) -> dict[str, bool]:
    """Which of the three ways the notes (`methods`) and the files (`sources`) of a requirement show."""
    found = {*methods, *(_WAY_OF_SOURCE.get(source, source) for source in sources)}
    return {way: way in found for way in WAYS}


def wants_records(standard: str, requirement: str) -> bool:
    """Does the standard ask to keep records of it, so that old ones show nothing of today?"""
    return standard in RECORDS and requirement in RECORDS[standard]["requirements"]


def is_too_old(effective_on: date | None, today: date) -> bool:
    """Older than twelve months. What carries no date is not called old."""
    return effective_on is not None and a_year_after(effective_on) < today
