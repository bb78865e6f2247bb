"""Pages of meetings: the year of each board, one meeting with its agenda, minutes and conclusions; and calendars."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter

from app.views.meetings import agenda, calendar, calling, minutes, register, show

# What is fixed stands before what is any meeting's id, or any calendar's secret.
routers: Final[list[APIRouter]] = [
    register.router, calling.router, agenda.router, minutes.router, show.router, calendar.router,
]  # fmt: skip
