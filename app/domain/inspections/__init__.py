"""Inspections (kiểm tra): planned by a unit above, held, concluded; what the inspected unit reports; what was demanded."""

from __future__ import annotations

from app.domain.inspections.about import SUBJECTS, About, offered
from app.domain.inspections.checklist import NewCheck, prepare, set_checklist
from app.domain.inspections.demands import (
    Assignee,
    Demand,
    DemandView,
    assignees,
    demand,
    earlier,
    earlier_of,
    given,
)
from app.domain.inspections.moves import Conclusion, NewFinding, cancel, conclude, find, hold, withdraw
from app.domain.inspections.planning import ROLES, NewInspection, NewPerson, create, plan, update
from app.domain.inspections.register import (
    Counts,
    InspectionFilter,
    counting,
    counts,
    demands,
    get,
    inspections,
    of_finding,
    waiting,
    whole,
    with_findings,
    years,
)
from app.domain.inspections.reporting import (
    WORDS,
    NewReport,
    ReportView,
    preview,
    report,
    reports,
    reports_of,
    send,
)
from app.domain.inspections.views import (
    RESULTS,
    STATES,
    CheckView,
    FindingView,
    InspectionView,
    PersonView,
)

__all__ = [
    "RESULTS", "ROLES", "STATES", "SUBJECTS", "WORDS", "About", "Assignee", "CheckView", "Conclusion", "Counts",
    "Demand", "DemandView", "FindingView", "InspectionFilter", "InspectionView", "NewCheck", "NewFinding",
    "NewInspection", "NewPerson", "NewReport", "PersonView", "ReportView", "assignees", "cancel", "conclude",
    "counting", "counts", "create", "demand", "demands", "earlier", "earlier_of", "find", "get", "given", "hold",
    "inspections", "of_finding", "offered", "plan", "prepare", "preview", "report", "reports", "reports_of", "send",
    "set_checklist", "update", "waiting", "whole", "with_findings", "withdraw", "years",
]  # fmt: skip
