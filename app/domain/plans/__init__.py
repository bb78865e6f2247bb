"""Plans (kế hoạch) of programs and of model hamlets: drafted, sent, appraised, approved; their text, money and tasks."""

from __future__ import annotations

from app.domain.plans.actual import Actual, FundActual, actual
from app.domain.plans.drafting import EDITABLE, NewPlan, create, update
from app.domain.plans.flow import MOVES, STATES
from app.domain.plans.funding import NewFund, from_lines
from app.domain.plans.moves import history, move, open_moves
from app.domain.plans.register import (
    PlanFilter,
    Whole,
    alike,
    count,
    get,
    plans,
    text,
    waiting,
    waiting_for,
    waiting_rows,
    whole,
    with_remarks,
    years,
)
from app.domain.plans.versions import Change, Comparison, VersionView, compare, version, versions
from app.domain.plans.views import KINDS, FundView, PlanView

__all__ = [
    "EDITABLE", "KINDS", "MOVES", "STATES", "Actual", "Change", "Comparison", "FundActual", "FundView", "NewFund",
    "NewPlan", "PlanFilter", "PlanView", "VersionView", "Whole", "actual", "alike", "compare", "count", "create",
    "from_lines", "get", "history", "move", "open_moves", "plans", "text", "update", "version", "versions",
    "waiting", "waiting_for", "waiting_rows", "whole", "with_remarks", "years",
]  # fmt: skip
