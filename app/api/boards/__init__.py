"""/api/v1/committees, agencies and agency-charges: who steers, who answers for what, which agency helps which unit."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter

from app.api.boards import agencies, committees, members

routers: Final[list[APIRouter]] = [committees.router, members.router, agencies.router]
