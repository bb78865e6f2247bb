"""Inspections to test with."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

from app.domain import directives, inspections
from app.domain.directives import NewDirective
from app.domain.inspections import (
    InspectionView,
    NewInspection,
    NewPerson,
)
from app.domain.ledger.entries import Document
from tests.support.world import actor

DISTRICT, COMMUNE = "512@legacy", "20770@legacy"
DAY = date(2023, 9, 14)
DECISION = Document("596/QĐ-UBND", date(2023, 8, 17), "UBND huyện Hiệp Đức")
OF = ("inspections", "inspection_people", "check_items", "findings", "unit_reports", "audit_rows")


def new(**values: Any) -> NewInspection:
    defaults: dict[str, Any] = {
        "id": uuid.uuid4(), "unit_code": COMMUNE, "date": DAY, "team_name": "Đoàn kiểm tra số 2",
        "decision": DECISION, "lead": NewPerson("Hoàng Văn Hùng", "Phó Chủ tịch UBND huyện"),
        "team": (NewPerson("Lê Thẩm Định", "Phòng TC-KH", "secretary"),),
    }  # fmt: skip
    return NewInspection(**(defaults | values))


def planned(**values: Any) -> InspectionView:
    return inspections.create(actor("inspector", DISTRICT), new(**values))[0]


def held(**values: Any) -> InspectionView:
    made = planned(**values)
    return inspections.hold(actor("leader", DISTRICT), made.id, made.planned_on or DAY)


def demand(of: InspectionView, text: str = "Họp Ban chỉ đạo hằng tháng", **values: Any) -> uuid.UUID:
    ask: dict[str, Any] = {
        "id": uuid.uuid4(), "text": text, "source_kind": "inspection", "source_id": of.id,
        "due_on": date(2023, 10, 31), "assignee_kind": "unit", "unit_code": COMMUNE, "quote": text,
    }  # fmt: skip
    return directives.create(actor("leader", DISTRICT), NewDirective(**(ask | values)))[0].id
