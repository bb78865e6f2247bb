"""Meetings over the interface."""

from __future__ import annotations

from app.api.meetings.routes import router

__all__ = ["router"]
