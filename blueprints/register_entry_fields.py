"""The fields of a document on the master list, as they are typed and as they are kept."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask_babel import gettext as _

from consultancy.standards.words import choices

LONGEST = {"number": 40, "issue": 20, "author": 120, "approver": 120, "note": 2000}
DAYS = ("dated", "effective_on", "review_due")
FIELDS = ("state", "number", "issue", "dated", "effective_on", "review_due", "author", "approver", "note")


def read_fields(typed: Mapping[str, str]) -> tuple[dict[str, Any], dict[str, str]]:
    """(what is kept, what is wrong by field) of the fields that were sent."""
    kept: dict[str, Any] = dict(typed)
    wrong: dict[str, str] = {}
    if "state" in typed and typed["state"] not in dict(choices("register")):
        wrong["state"] = _("Choose one of the four states.")
    for name, longest in LONGEST.items():
        if len(typed.get(name, "")) > longest:
            wrong[name] = _("At most %(max)d characters.", max=longest)
    for name in DAYS:
        if name in typed:
            try:
                kept[name] = _day(typed[name])
            except ValueError:
                wrong[name] = _("A day between 1990 and 2100.")
    return kept, wrong


def _day(text: str) -> date | None:
    if not text:
        return None
    day = date.fromisoformat(text)
    if not 1990 <= day.year <= 2100:
        raise ValueError(text)
    return day
