"""Households of the register by the interface."""

from __future__ import annotations

from app.api.households.register import router

__all__ = ["router"]
