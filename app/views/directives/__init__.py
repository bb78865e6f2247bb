"""Pages of directives: the list, giving one, one with its history and its moves; and the reader's inbox."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter

from app.views.directives import giving, inbox, register, show

# What is fixed stands before what is any directive's id.
routers: Final[list[APIRouter]] = [register.router, giving.router, show.router, inbox.router]
