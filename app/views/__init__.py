"""The pages."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter

from app.views import shell

routers: Final[list[APIRouter]] = [shell.router]
