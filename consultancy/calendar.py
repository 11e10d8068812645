"""What day it is where our users work."""

from calendar import monthrange
from datetime import date, datetime
from zoneinfo import ZoneInfo

ONTARIO = ZoneInfo("America/Toronto")


def a_year_after(day: date) -> date:
    """The same day of the next year; 29 February has the 28th."""
    try:
        return day.replace(year=day.year + 1)
    except ValueError:
        return day.replace(year=day.year + 1, day=28)


def months_after(day: date, months: int) -> date:
    """The same day some months later; the last of the month where that month is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def today() -> date:
    return datetime.now(ONTARIO).date()


def clock(moment: datetime) -> str:
    """A moment as a log shows it: 2026-11-22 14:02, on Ontario's clock."""
    return f"{moment.astimezone(ONTARIO):%Y-%m-%d %H:%M}"
