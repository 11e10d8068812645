"""What day it is where our users work."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

ONTARIO = ZoneInfo("America/Toronto")


def today() -> date:
    return datetime.now(ONTARIO).date()


def clock(moment: datetime) -> str:
    """A moment as a log shows it: 2026-11-22 14:02, on Ontario's clock."""
    return f"{moment.astimezone(ONTARIO):%Y-%m-%d %H:%M}"
