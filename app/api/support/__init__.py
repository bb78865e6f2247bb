"""The interface of support models."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter

from app.api.support import field, moves, register

routers: Final[list[APIRouter]] = [register.router, moves.router, field.router]
