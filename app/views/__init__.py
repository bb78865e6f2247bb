"""The pages."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter

from app.views import admin, identity, law, shell, territory

routers: Final[list[APIRouter]] = [
    shell.router,
    identity.router,
    admin.router,
    law.router,
    territory.router,
]
