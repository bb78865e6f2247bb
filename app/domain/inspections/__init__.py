"""Inspections (kiểm tra): planned by a unit above, held, concluded; what the inspected unit reports; what was demanded."""

from __future__ import annotations

from app.domain.inspections.about import SUBJECTS, About
from app.domain.inspections.checklist import NewCheck, prepare, set_checklist
from app.domain.inspections.demands import Demand, demand, earlier, earlier_of
from app.domain.inspections.moves import Conclusion, NewFinding, conclude, find, hold, withdraw
from app.domain.inspections.planning import ROLES, NewInspection, NewPerson, create, plan, update
from app.domain.inspections.register import (
    Counts,
    InspectionFilter,
    counts,
    counts_under,
    demands,
    get,
    inspections,
    waiting,
    whole,
    years,
)
from app.domain.inspections.reporting import WORDS, NewReport, ReportView, preview, report, reports, send
from app.domain.inspections.views import (
    RESULTS,
    STATES,
    CheckView,
    FindingView,
    InspectionView,
    PersonView,
)

__all__ = [
    "RESULTS", "ROLES", "STATES", "SUBJECTS", "WORDS", "About", "CheckView", "Conclusion", "Counts", "Demand", "FindingView",
    "InspectionFilter", "InspectionView", "NewCheck", "NewFinding", "NewInspection", "NewPerson", "NewReport",
    "PersonView", "ReportView", "conclude", "counts", "counts_under", "create", "demand", "demands", "earlier", "earlier_of", "find", "get", "hold",
    "inspections", "plan", "prepare", "preview", "report", "reports", "send", "set_checklist", "update", "waiting",
    "whole", "withdraw", "years",
]  # fmt: skip
