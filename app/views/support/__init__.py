"""Pages of support models: the list, proposing one, its text, its moves, what was handed over, visits."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter

from app.views.support import field, proposing, register, show

# What is fixed stands before what is any model's id.
routers: Final[list[APIRouter]] = [register.router, proposing.router, field.router, show.router]
