"""Pages of boards: the list, one with its members and gaps, setting up, appointing, assigning; and of agencies."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter

from app.views.boards import agencies, assigning, founding, members, register

# What is fixed stands before what is any board's id.
routers: Final[list[APIRouter]] = [
    founding.router, register.router, members.router, assigning.router, agencies.router,
]  # fmt: skip
