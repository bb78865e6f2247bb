"""Outreach (tuyên truyền, vận động): events at which people were told or won over, and how many they reached."""

from __future__ import annotations

from app.domain.outreach.events import NewOutreach, create, may_change, update, withdraw
from app.domain.outreach.register import (
    Choices,
    OutreachFilter,
    OutreachTotal,
    about_criterion,
    choices,
    counts,
    events,
    get,
    offers,
    total,
)
from app.domain.outreach.views import OutreachView

__all__ = [
    "Choices", "NewOutreach", "OutreachFilter", "OutreachTotal", "OutreachView", "about_criterion", "choices", "counts", "create", "events", "get", "may_change",
    "offers", "total", "update", "withdraw",
]  # fmt: skip
