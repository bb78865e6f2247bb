"""/api/v1/plans: plans of programs and of model hamlets; drafting one and changing its text."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query
from pydantic import Field
from starlette.responses import Response

from app.api import examples_plans as examples
from app.api import tasks as shapes
from app.api.operations import (
    Change,
    after,
    by_moment,
    changes,
    creates,
    current_as,
    lists,
    paged,
    shows,
)
from app.api.plans.shapes import Kind, Plan, PlanWhole, State, plan, whole
from app.api.security import api_router, quick
from app.api.shapes import CapitalKind, Code, QueryCode, QueryText, UnitCode, UnitQuery
from app.api.workflow import Due
from app.domain import plans
from app.domain.access import Actor
from app.domain.plans import NewFund, NewPlan, PlanFilter
from app.web.answers import Version, answer, created, etag
from app.web.schema import Amount, Body, ClientId, Text, Year

router = api_router("programs")
_ORDER = by_moment("plans")
_LISTS = ("items", "funds")
Title = Annotated[
    str, Text(300, least=0), Field(description="Để trống thì tự đặt · made where none is given")
]
Who = Annotated[str, Text(200, least=0)]


class PlanQuery(UnitQuery):
    """`year`: kế hoạch của năm ấy · plans for that year."""

    kind: Kind | None = None
    program_code: QueryCode | None = None
    state: State | None = None
    mine: Annotated[
        bool | None,
        Field(description="Đang chờ chính đơn vị này · waiting for a move of the caller's own unit"),
    ] = None
    q: Annotated[QueryText | None, Field(description="Tên, người phụ trách, đơn vị · words")] = None


class FundBody(Body):
    """Có `budget_line_id` thì dự án, nguồn, loại vốn theo dòng vốn ấy · of a line the rest follows from it."""

    amount: Amount
    project_code: Code | None = None
    source: Code | None = None
    capital_kind: CapitalKind | None = None
    budget_line_id: ClientId | None = None
    note: Annotated[str, Text(500, least=0)] = ""

    def entered(self) -> NewFund:
        return NewFund(**dict(self))


Items = Annotated[
    tuple[shapes.TaskBody, ...],
    Field(max_length=200, description="Chỉ tiêu, nhiệm vụ, giải pháp · targets, tasks, solutions"),
]
Funds = Annotated[tuple[FundBody, ...], Field(max_length=200, description="Vốn theo nguồn · money by source")]


class NewPlanBody(Body):
    """`start_from`: lấy nhiệm vụ chưa xong và vốn của kế hoạch trước · takes over what is not done, and the money."""

    id: ClientId
    kind: Kind
    unit_code: UnitCode
    program_code: Annotated[
        Code | None, Field(description="Kế hoạch thôn kiểu mẫu: mặc định NTM · of a model hamlet NTM")
    ] = None
    year: Annotated[Year | None, Field(description="Kế hoạch giai đoạn: không ghi · none of a period")] = None
    title: Title = ""
    responsible: Who = ""
    due_on: Due = None
    start_from: ClientId | None = None
    items: Items = ()
    funds: Funds = ()


class PlanChange(Change):
    title: Annotated[str, Text(300)] = ""
    responsible: Who = ""
    year: Year | None = None
    due_on: Due = None
    items: Items = ()
    funds: Funds = ()


@router.get("/plans", **lists(Plan, examples.PLAN), summary="Các kế hoạch · plans")
@quick
def list_plans(actor: Actor, query: Annotated[PlanQuery, Query()]) -> Response:
    """Plans in the order in which they changed last, each with what was remarked on it."""
    wanted = PlanFilter(**query.model_dump(exclude={"limit", "cursor"}))
    found = plans.with_remarks(actor, wanted, after=after(_ORDER, query), limit=query.limit + 1)
    return paged(found, query, lambda v: plan(*v), lambda last: _ORDER.encode(last[0].updated_at, last[0].id))


@router.get(
    "/plans/{id}", **shows(PlanWhole, examples.PLAN_WHOLE, etag=True), summary="Một kế hoạch · one plan"
)
@quick
def get_plan(actor: Actor, id: ClientId) -> Response:
    """A plan with its tasks and how far each is today, its money, and every move that was made."""
    found = plans.whole(actor, id)
    return answer(whole(found), etag=etag(found.plan.version))


@router.post(
    "/plans",
    **creates(PlanWhole, examples.NEW_PLAN, examples.PLAN_DRAFT, etag=True),
    summary="Lập kế hoạch · draft a plan",
)
def create_plan(actor: Actor, body: NewPlanBody) -> Response:
    """Of a program for its period or a year, or of a hamlet to become a model. A bare `unit_code` is read at the end of
    the plan's year; where none is in sight then, in the other structure.
    """
    given = dict(body) | {name: tuple(row.entered() for row in getattr(body, name)) for name in _LISTS}
    made, fresh = plans.create(actor, NewPlan(**given))
    found = plans.whole(actor, made.id)
    return created(
        whole(found), new=fresh, etag=etag(found.plan.version), location=f"/api/v1/plans/{made.id}"
    )


@router.patch(
    "/plans/{id}",
    **changes(PlanWhole, examples.PLAN_CHANGE, examples.PLAN_WHOLE | examples.PLAN_CHANGE),
    summary="Sửa kế hoạch · change a plan",
)
def change_plan(actor: Actor, id: ClientId, body: PlanChange, version: Version) -> Response:
    """As a draft or once returned (`plan_state`). `items` and `funds` are whole lists; a task sent with its id keeps its
    reports.
    """
    sent = body.sent()
    for name in _LISTS:
        if name in sent:
            sent[name] = tuple(row.entered() for row in sent[name])
    with current_as(lambda standing: plan(standing, plans.history(actor, standing.id))):
        plans.update(actor, id, version, sent)
    found = plans.whole(actor, id)
    return answer(whole(found), etag=etag(found.plan.version))
