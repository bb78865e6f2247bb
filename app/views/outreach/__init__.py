"""Pages of outreach: the list, recording an event on a phone, one event."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter

from app.views.outreach import register, show

routers: Final[list[APIRouter]] = [register.router, show.router]
