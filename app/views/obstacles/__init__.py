"""Pages of obstacles: the list, raising one, one with its history and its moves."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter

from app.views.obstacles import register, show

# What is fixed stands before what is any obstacle's id.
routers: Final[list[APIRouter]] = [register.router, show.router]
