"""What day it is where our users work."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

ONTARIO = ZoneInfo("America/Toronto")


def a_year_after(day: date) -> date:
    """The same day of the next year; 29 February has the 28th."""
    try:
        return day.replace(year=day.year + 1)
    except ValueError:
        return day.replace(year=day.year + 1, day=28)


def today() -> date:
    return datetime.now(ONTARIO).date()


def clock(moment: datetime) -> str:
    """A moment as a log shows it: 2026-11-22 14:02, on Ontario's clock."""
    return f"{moment.astimezone(ONTARIO):%Y-%m-%d %H:%M}"
