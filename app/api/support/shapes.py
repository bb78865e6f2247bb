"""Support models as the interface gives them: households by their ids alone."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field
from typing_extensions import TypedDict

from app.api.operations import closed
from app.api.shapes import CapitalKind, Dong, Structure, figure, one_of
from app.api.workflow import Made, Words, event, remarks
from app.domain.ledger.pockets import Pockets
from app.domain.support import Earlier, InputView, Missing, Mix, MixLine, TemplateView, Whole

State = Literal[
    "draft", "submitted", "appraised", "approved", "returned", "running", "evaluated", "closed"
]  # fmt: skip
MoveName = Literal["submit", "appraise", "approve", "return", "start", "evaluate", "close"]


@closed
class SupportRemark(Words):
    """Ý kiến đi cùng một bước · words that came with a move."""

    move: Annotated[str, one_of(MoveName)]


@closed
class SupportEvent(Made):
    """Một bước đã đi: ai, ngày nào, theo văn bản nào · a move that was made; `version` is none of models."""

    move: Annotated[str, one_of(MoveName)]
    from_state: Annotated[str, one_of(State)]
    to_state: Annotated[str, one_of(State)]


@closed
class Input(TypedDict):
    """Thứ được hỗ trợ; `delivered` là đã cấp cho các hộ · what is given, and how much of it was delivered."""

    id: UUID
    kind: str
    measure: str
    quantity: float
    unit_price: Dong
    amount: Dong
    delivered: float


@closed
class Budget(TypedDict):
    """Lấy bao nhiêu ở dòng vốn nào · what is drawn on a budget line."""

    budget_line_id: UUID
    amount: Dong


@closed
class OverDrawn(TypedDict):
    """Các mô hình lấy vượt kế hoạch của dòng vốn bao nhiêu · by how much a line's plan is short of what models draw."""

    budget_line_id: UUID
    amount: Dong


@closed
class Income(TypedDict):
    """Thu nhập của hộ một năm, trước và sau · what a household earned a year, as it reported."""

    household_id: UUID
    income_before: Dong | None
    income_after: Dong | None


@closed
class SupportMissing(TypedDict):
    """Còn thiếu gì để thanh toán; `documents` là loại văn bản phải kèm · what a payment lacks."""

    rule: str
    name: str
    documents: list[str]


@closed
class Warned(TypedDict):
    """Hộ đã được mô hình duyệt trước hỗ trợ cùng mẫu hoặc cùng thứ; `received_on` null khi chưa nhận · supported with
    the same by a model approved before; null while not received.
    """

    household_id: UUID
    household_code: str
    model_id: UUID
    model_name: str
    year: int
    approved_on: date
    same_template: bool
    kinds: list[str]
    received_on: date | None


@closed
class SupportModel(TypedDict):
    """Mô hình hỗ trợ của Dự án 2, Dự án 3 và vốn lồng ghép · a model, its households, what it gives, from which money."""

    id: UUID
    name: str
    project_code: str
    program_code: str
    unit_code: str
    unit_structure: Annotated[str, one_of(Structure)]
    hamlet_code: str | None
    year: int
    state: Annotated[str, one_of(State)]
    remarks: list[SupportRemark]
    members: Annotated[list[UUID], Field(description="Mã các hộ · ids of its households")]
    incomes: list[Income]
    inputs: list[Input]
    budget: list[Budget]
    over_drawn: Annotated[
        list[OverDrawn], Field(description="Không phê duyệt, triển khai khi còn · barred while any")
    ]
    household_share: Dong
    total: Dong
    missing: list[SupportMissing]
    warnings: list[Warned]
    template: str | None
    content: str
    livestock: bool
    group_name: str
    head_id: UUID | None
    responsible: str
    starts_on: date | None
    ends_on: date | None
    due_on: date | None
    evaluation: str
    updated_at: datetime
    illustrative: bool


@closed
class SupportModelWhole(SupportModel):
    """Mô hình, kèm các bước đã đi · a model with its history."""

    events: list[SupportEvent]


@closed
class LineMoney(TypedDict):
    """Tiền của dòng vốn, hay các dòng dành riêng · money as it stands."""

    plan: Dong
    disbursed: Dong
    available: Dong


@closed
class DrawnLine(TypedDict):
    """Dòng vốn mà mô hình lấy; `shared`: dòng chung, tiền là của cả dòng · figures of a shared line are the line's."""

    budget_line_id: UUID
    program_code: str
    project_code: str
    source: str
    capital_kind: Annotated[str, one_of(CapitalKind)]
    year: int
    origin_year: int
    amount: Dong
    over_drawn: Annotated[
        Dong, Field(description="Các mô hình lấy vượt kế hoạch · models draw past its plan")
    ]
    shared: bool
    money: Annotated[
        LineMoney | None, Field(description="null khi ngoài phạm vi · null for a line out of scope")
    ]


@closed
class DrawnSource(TypedDict):
    """Lấy bao nhiêu từ một nguồn của một chương trình · what is drawn by program and source."""

    program_code: str
    source: str
    amount: Dong


@closed
class SupportMix(TypedDict):
    """Lồng ghép vốn; `own` là tiền của các dòng dành riêng cho mô hình · pooled funding, of whatever programs."""

    model_id: UUID
    lines: list[DrawnLine]
    by_source: list[DrawnSource]
    drawn: Dong
    household_share: Dong
    total: Dong
    own: LineMoney | None


@closed
class TemplateInput(TypedDict):
    """Một thứ thường hỗ trợ, không kèm giá · what is usually given; no price."""

    kind: str
    measure: str


@closed
class ModelTemplate(TypedDict):
    """Mẫu mô hình để bắt đầu · a common model to begin with."""

    code: str
    name: str
    name_en: str
    livestock: bool
    content: str
    inputs: list[TemplateInput]


def _input(v: InputView) -> Input:
    return {
        "id": v.id, "kind": v.kind, "measure": v.measure, "quantity": figure(v.quantity) or 0,
        "unit_price": v.unit_price, "amount": v.amount, "delivered": figure(v.delivered) or 0,
    }  # fmt: skip


def _missing(v: Missing) -> SupportMissing:
    return {"rule": v.rule, "name": v.said("vi"), "documents": list(v.lacks)}


def _warned(v: Earlier) -> Warned:
    return {
        "household_id": v.household_id, "household_code": v.household_code, "model_id": v.model_id,
        "model_name": v.model_name, "year": v.year, "approved_on": v.approved_on, "same_template": v.same_template,
        "kinds": list(v.kinds), "received_on": v.received_on,
    }  # fmt: skip


def support_model(found: Whole) -> SupportModel:
    v = found.model
    return {
        "id": v.id, "name": v.name, "project_code": v.project_code, "program_code": v.program_code,
        "unit_code": v.unit_code, "unit_structure": v.unit_structure, "hamlet_code": v.hamlet_code, "year": v.year,
        "state": v.state, "remarks": remarks(found.events),
        "members": [m.household_id for m in found.members],
        "incomes": [
            {"household_id": m.household_id, "income_before": m.income_before, "income_after": m.income_after}
            for m in found.members
        ],
        "inputs": [_input(i) for i in found.inputs],
        "budget": [{"budget_line_id": b.budget_line_id, "amount": b.amount} for b in found.budget],
        "over_drawn": [
            {"budget_line_id": b.budget_line_id, "amount": b.over_drawn} for b in found.budget if b.over_drawn
        ],
        "household_share": v.household_share, "total": found.total, "missing": [_missing(m) for m in found.missing],
        "warnings": [_warned(w) for w in found.warnings], "template": v.template, "content": v.content,
        "livestock": v.livestock, "group_name": v.group_name, "head_id": v.head_id, "responsible": v.responsible,
        "starts_on": v.starts_on, "ends_on": v.ends_on, "due_on": v.due_on, "evaluation": v.evaluation,
        "updated_at": v.updated_at, "illustrative": v.illustrative,
    }  # fmt: skip


def whole(found: Whole) -> SupportModelWhole:
    return {**support_model(found), "events": [event(e) for e in found.events]}


def _money(pockets: Pockets | None) -> LineMoney | None:
    if pockets is None:
        return None
    return {"plan": pockets.plan, "disbursed": pockets.disbursed, "available": pockets.available}


def _line(v: MixLine) -> DrawnLine:
    return {
        "budget_line_id": v.budget_line_id, "program_code": v.program_code, "project_code": v.project_code,
        "source": v.source, "capital_kind": v.capital_kind, "year": v.year, "origin_year": v.origin_year,
        "amount": v.amount, "over_drawn": v.over_drawn, "shared": v.shared, "money": _money(v.pockets),
    }  # fmt: skip


def mix(found: Mix) -> SupportMix:
    return {
        "model_id": found.model.id, "lines": [_line(line) for line in found.lines],
        "by_source": [
            {"program_code": s.program_code, "source": s.source, "amount": s.amount} for s in found.by_source
        ],
        "drawn": found.drawn, "household_share": found.household_share, "total": found.total,
        "own": _money(found.own),
    }  # fmt: skip


def template(v: TemplateView) -> ModelTemplate:
    inputs: list[TemplateInput] = [{"kind": i["kind"], "measure": i["measure"]} for i in v.inputs]
    return {
        "code": v.code, "name": v.name, "name_en": v.name_en, "livestock": v.livestock, "content": v.content,
        "inputs": inputs,
    }  # fmt: skip
