"""Directives (nhiệm vụ được giao): demanded by an inspection, a meeting or a document, reported done, accepted."""

from __future__ import annotations

from app.domain.directives.giving import NewDirective, create, may_change, update
from app.domain.directives.register import (
    DirectiveFilter,
    DirectivesTotal,
    counts,
    directives,
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
)

__all__ = [
    "ASSIGNEE_KINDS", "DIRECTIVE_SOURCES", "DIRECTIVE_STATES", "PRIORITIES", "DirectiveFilter", "DirectiveView",
    "DirectivesTotal", "EventView", "NewDirective", "counts", "create", "directives", "get", "history", "may_change",
    "of_source", "total", "update", "waiting",
]  # fmt: skip
