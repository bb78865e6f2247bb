"""The interface of plans."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter

from app.api.plans import actual, moves, register, versions

routers: Final[list[APIRouter]] = [register.router, moves.router, versions.router, actual.router]
