"""Pages of community supervision: the list, writing an observation on a phone, one with its answers."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter

from app.views.observations import register, show

routers: Final[list[APIRouter]] = [register.router, show.router]
