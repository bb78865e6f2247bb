"""The JSON interface under /api/v1."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter

from app.api import identity
from app.api.ledger import entries, lines

routers: Final[list[APIRouter]] = [identity.router, lines.router, entries.router]
