"""Time: UTC in the database, Asia/Ho_Chi_Minh for people and for what the law calls a day."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")


def utcnow() -> datetime:
    return datetime.now(UTC)


def today() -> date:
    """The current day in Vietnam."""
    return datetime.now(VIETNAM).date()


def local(moment: datetime) -> datetime:
    return moment.astimezone(VIETNAM)


def day_begins(day: date) -> datetime:
    """The moment at which a day begins in Vietnam, in UTC."""
    return datetime(day.year, day.month, day.day, tzinfo=VIETNAM).astimezone(UTC)
