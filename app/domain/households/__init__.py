"""Households (hộ): the register by hamlet, yearly statuses, duplicates, the flow between statuses."""

from __future__ import annotations

from app.domain.households.duplicates import duplicates
from app.domain.households.flow import Flow, Moves, flow
from app.domain.households.merging import merge
from app.domain.households.own_data import OwnData, own_data
from app.domain.households.recording import NewHousehold, create, update
from app.domain.households.register import (
    UNREVIEWED,
    HouseholdFilter,
    Page,
    Whole,
    get,
    hamlets,
    history,
    households,
    numbers,
    page,
    whole,
    years,
)
from app.domain.households.retention import erase, retention
from app.domain.households.statuses import NewStatus, Reviewed, review, save_review, set_status
from app.domain.households.views import (
    EventView,
    HouseholdView,
    MemberView,
    StatusView,
)
from app.models.households import STATUSES

__all__ = [
    "STATUSES", "UNREVIEWED", "EventView", "Flow", "HouseholdFilter", "HouseholdView", "MemberView", "Moves",
    "NewHousehold", "NewStatus", "OwnData", "Page", "Reviewed", "StatusView", "Whole", "create", "duplicates",
    "erase", "flow", "get", "hamlets", "history", "households", "merge", "numbers", "own_data", "page", "retention",
    "review", "save_review", "set_status", "update", "whole", "years",
]  # fmt: skip
