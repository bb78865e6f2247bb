"""The JSON interface under /api/v1."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter

routers: Final[list[APIRouter]] = []
