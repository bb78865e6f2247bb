"""Directives: given from a source to who has to do it, reported, accepted by others, extended; as of any day."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from app.domain import directives
from app.domain.access import Actor
from app.domain.directives import DirectiveFilter, DirectiveView, NewDirective
from app.errors import IdTaken
from tests.support.book import fails
from tests.support.world import World, actor

SAID, DUE = date(2023, 9, 14), date(2023, 12, 31)
TABLES = ("directives", "directive_events", "notices", "audit_rows")


def new(**values: Any) -> NewDirective:
    defaults: dict[str, Any] = {
        "id": uuid.uuid4(), "text": "Đẩy nhanh giải ngân", "source_kind": "document",
        "document_number": "26/BC-ĐKT", "source_on": SAID, "due_on": DUE, "assignee_kind": "unit",
        "unit_code": "20770",
    }  # fmt: skip
    return NewDirective(**(defaults | values))


def directive(who: Actor | None = None, **values: Any) -> DirectiveView:
    return directives.create(who or actor("reviewer", "512@legacy"), new(**values))[0]


def test_sent_twice_a_directive_is_given_once(world: World) -> None:
    district, ask = actor("reviewer", "512@legacy"), new(quote="Tăng cường công tác giải ngân")
    made, fresh = directives.create(district, ask)
    assert (fresh, made.state, made.unit_code, made.giver_code) == (True, "open", "20770", "512")
    assert (made.assignee_id, made.assignee_name) == ("20770@legacy", "Xã Sông Trà")
    assert directives.create(district, ask) == (made, False)
    with fails(IdTaken, of=TABLES):
        directives.create(district, replace(ask, text="Khác"))
    wanted = DirectiveFilter(unit="20770", overdue=True, as_of=date(2024, 1, 1))
    assert [d.id for d in directives.directives(district, wanted)] == [made.id]
