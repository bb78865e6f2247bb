"""Pages of plans: the list, drafting one, its text, its moves, what came of it, what was sent of it."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter

from app.views.plans import against, edit, new, register, show, versions

# What is fixed stands before what is any plan's id.
routers: Final[list[APIRouter]] = [
    register.router, new.router, edit.router, against.router, versions.router, show.router,
]  # fmt: skip
