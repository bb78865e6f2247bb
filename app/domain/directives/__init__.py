"""Directives (nhiệm vụ được giao): demanded by an inspection, a meeting or a document, reported done, accepted."""

from __future__ import annotations

from app.domain.directives.candidates import Candidate, candidate, candidates
from app.domain.directives.giving import NewDirective, create, create_all, may_change, update
from app.domain.directives.moves import Proof, accept, extend, progress, report, send_back, take_back
from app.domain.directives.parties import Source, source, source_name
from app.domain.directives.register import (
    DirectiveFilter,
    DirectivesTotal,
    counting,
    counts,
    directives,
    first_waiting,
    get,
    history,
    of_source,
    total,
    waiting,
)
from app.domain.directives.views import (
    ASSIGNEE_KINDS,
    DIRECTIVE_SOURCES,
    DIRECTIVE_STATES,
    PRIORITIES,
    DirectiveView,
    EventView,
    governs,
    own_report,
)

__all__ = [
    "ASSIGNEE_KINDS",
    "DIRECTIVE_SOURCES",
    "DIRECTIVE_STATES",
    "PRIORITIES",
    "Candidate",
    "DirectiveFilter",
    "DirectiveView",
    "DirectivesTotal",
    "EventView",
    "NewDirective",
    "Proof",
    "Source",
    "accept",
    "candidate",
    "candidates",
    "counting",
    "counts",
    "create",
    "create_all",
    "directives",
    "extend",
    "first_waiting",
    "get",
    "governs",
    "history",
    "may_change",
    "of_source",
    "own_report",
    "progress",
    "report",
    "send_back",
    "source",
    "source_name",
    "take_back",
    "total",
    "update",
    "waiting",
]  # fmt: skip
