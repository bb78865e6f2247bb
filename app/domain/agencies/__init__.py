"""Agencies of a unit (phòng, ban, Mặt trận, hội, đoàn thể), and which of them is in charge of which unit below."""

from __future__ import annotations

from app.domain.agencies import charges
from app.domain.agencies.charges import ChargeFilter, ChargeView, NewCharge
from app.domain.agencies.departments import AgencyFilter, AgencyView, NewAgency, agencies, create, get, update

__all__ = [
    "AgencyFilter", "AgencyView", "ChargeFilter", "ChargeView", "NewAgency", "NewCharge", "agencies", "charges",
    "create", "get", "update",
]  # fmt: skip
