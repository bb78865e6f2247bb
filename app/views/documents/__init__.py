"""Pages of documents: the register, one document, its files, uploads in pieces."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter

from app.views.documents import attaching, files, register, uploads

# What is fixed stands before what is any document's id.
routers: Final[list[APIRouter]] = [uploads.router, attaching.router, register.router, files.router]
