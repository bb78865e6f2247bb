"""Pages of households: the register, one household, the yearly review, tables, the flow, what is kept how long."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter

from app.views.households import edit, flow, importing, register, retention, review, show

routers: Final[list[APIRouter]] = [
    register.router, review.router, flow.router, retention.router, importing.router, edit.router, show.router,
]  # fmt: skip
