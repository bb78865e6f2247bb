"""/api/v1/support-models: models of poverty reduction and production; proposing one and changing its text; templates."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from fastapi import Query
from pydantic import Field, Strict, model_validator
from starlette.responses import Response

from app.api import examples_support as examples
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
    slice_after,
)
from app.api.security import api_router, quick
from app.api.shapes import Code, QueryCode, QueryText, UnitCode, UnitQuery
from app.api.support.shapes import (
    ModelTemplate,
    State,
    SupportMix,
    SupportModel,
    SupportModelWhole,
    mix,
    support_model,
    template,
    whole,
)
from app.api.workflow import Due
from app.domain import support
from app.domain.access import Actor
from app.domain.support import LISTS, ModelFilter, NewBudget, NewInput, NewMember, NewModel
from app.web.answers import Version, answer, created, etag
from app.web.cursor import Order
from app.web.schema import MOST_MONEY, Amount, Body, ClientId, Figure, IsoDate, ListQuery, Text, Year, YesNo

router = api_router("households")
_ORDER = by_moment("support-models")
_CODES = Order("model-templates", (str,))
Money = Annotated[int, Strict(), Field(ge=0, le=MOST_MONEY, description="đồng")]
Income = Annotated[
    Money | None, Field(description="Thu nhập một năm trước mô hình, đồng · earned a year before")
]
Share = Annotated[Money, Field(description="Phần các hộ góp, đồng · what the households bring in")]


class SupportMemberBody(Body):
    """Hộ tham gia; chỉ ghi mã hộ cũng được · a household that takes part; its id alone will do."""

    household_id: ClientId
    income_before: Income = None

    @model_validator(mode="before")
    @classmethod
    def _from_id(cls, value: Any) -> Any:
        return {"household_id": value} if isinstance(value, str | UUID) else value

    def entered(self) -> NewMember:
        return NewMember(**dict(self))


class InputBody(Body):
    kind: Annotated[str, Text(200)]
    measure: Annotated[
        str, Text(60), Field(description="Con vật tính bằng “con” · animals are measured in `con`")
    ]
    quantity: Annotated[Figure, Field(gt=0)]
    unit_price: Amount

    def entered(self) -> NewInput:
        return NewInput(**dict(self))


class BudgetBody(Body):
    """Dòng vốn chung hoặc dành riêng cho mô hình · a general line, or one that serves the model."""

    budget_line_id: ClientId
    amount: Amount

    def entered(self) -> NewBudget:
        return NewBudget(**dict(self))


Members = Annotated[tuple[SupportMemberBody, ...], Field(max_length=500)]
Inputs = Annotated[tuple[InputBody, ...], Field(max_length=500)]
BudgetRows = Annotated[tuple[BudgetBody, ...], Field(max_length=500)]
Template = Annotated[Code | None, Field(description="Mẫu mô hình · one of model-templates")]
Livestock = Annotated[
    YesNo | None, Field(description="Mặc định theo mẫu · counted alive, dead, sold; as the template says")
]
Content = Annotated[str, Text(4000, least=0, lines=True)]
Words = Annotated[str, Text(200, least=0)]


class NewModelBody(Body):
    """Một dự thảo có thể còn thiếu; gửi đi thì phải đủ · a draft may lack things that what is sent may not."""

    id: ClientId
    name: Annotated[str, Text(300)]
    project_code: Code
    unit_code: UnitCode
    year: Annotated[Year, Field(description="Năm xét diện hộ · by whose statuses households are admitted")]
    template: Template = None
    content: Content = ""
    livestock: Livestock = None
    hamlet_code: UnitCode | None = None
    group_name: Words = ""
    head_id: Annotated[ClientId | None, Field(description="Tổ trưởng, một hộ tham gia · a member")] = None
    responsible: Words = ""
    starts_on: IsoDate | None = None
    ends_on: IsoDate | None = None
    due_on: Due = None
    household_share: Share = 0
    members: Members = ()
    inputs: Inputs = ()
    budget: BudgetRows = ()


class ModelChange(Change):
    """Đơn vị lập mô hình không đổi · its unit stays."""

    name: Annotated[str, Text(300)] = ""
    project_code: Code = ""
    year: Year = 2025
    template: Template = None
    content: Content = ""
    livestock: YesNo = False
    hamlet_code: UnitCode | None = None
    group_name: Words = ""
    head_id: ClientId | None = None
    responsible: Words = ""
    starts_on: IsoDate | None = None
    ends_on: IsoDate | None = None
    due_on: Due = None
    household_share: Share = 0
    members: Members = ()
    inputs: Inputs = ()
    budget: BudgetRows = ()


class ModelQuery(UnitQuery):
    """`year`: mô hình của năm ấy; `project_code` gồm cả các tiểu dự án · a project stands for all below it."""

    state: State | None = None
    project_code: QueryCode | None = None
    program_code: QueryCode | None = None
    household_id: Annotated[ClientId | None, Field(description="Hộ tham gia · of this household")] = None
    mine: Annotated[
        bool | None,
        Field(description="Đang chờ chính đơn vị này · waiting for a move of the caller's own unit"),
    ] = None
    q: Annotated[QueryText | None, Field(description="Tên, tổ nhóm, đơn vị · words")] = None


@router.get(
    "/support-models",
    **lists(SupportModel, examples.SUPPORT_MODEL),
    summary="Các mô hình hỗ trợ · support models",
)
@quick
def list_support_models(actor: Actor, query: Annotated[ModelQuery, Query()]) -> Response:
    """Models in the order in which they changed last; a delivery, a visit or a paper of a model changes it."""
    wanted = ModelFilter(**query.model_dump(exclude={"limit", "cursor"}))
    found = support.with_parts(actor, wanted, after=after(_ORDER, query), limit=query.limit + 1)
    return paged(
        found, query, support_model, lambda last: _ORDER.encode(last.model.updated_at, last.model.id)
    )


@router.get(
    "/support-models/{id}",
    **shows(SupportModelWhole, examples.SUPPORT_MODEL_WHOLE, etag=True),
    summary="Một mô hình · one model",
)
@quick
def get_support_model(actor: Actor, id: ClientId) -> Response:
    """A model with what a payment lacks, which households were supported with the same before, and every move."""
    found = support.whole(actor, id)
    return answer(whole(found), etag=etag(found.model.version))


@router.post(
    "/support-models",
    **creates(SupportModelWhole, examples.NEW_SUPPORT_MODEL, examples.SUPPORT_MODEL_DRAFT, etag=True),
    summary="Lập mô hình · propose a model",
)
def create_support_model(actor: Actor, body: NewModelBody) -> Response:
    """Of households that are poor, near-poor or newly escaped in the year (`member_status`), drawing no more on a line
    than its plan (`line_drawn`). A bare `unit_code` is read at the end of the year.
    """
    given = dict(body) | {name: tuple(row.entered() for row in getattr(body, name)) for name in LISTS}
    made, fresh = support.create(actor, NewModel(**given))
    found = support.whole(actor, made.id)
    location = f"/api/v1/support-models/{made.id}"
    return created(whole(found), new=fresh, etag=etag(found.model.version), location=location)


@router.patch(
    "/support-models/{id}",
    **changes(
        SupportModelWhole, examples.SUPPORT_MODEL_CHANGE, examples.SUPPORT_MODEL_DRAFT | {"household_share": 25_000_000}
    ),
    summary="Sửa mô hình · change a model",
)  # fmt: skip
def change_support_model(actor: Actor, id: ClientId, body: ModelChange, version: Version) -> Response:
    """As a draft or once returned (`support_state`). `members`, `inputs` and `budget` are whole lists."""
    sent = body.sent()
    for name in LISTS:
        if name in sent:
            sent[name] = tuple(row.entered() for row in sent[name])
    with current_as(lambda standing: whole(support.whole(actor, standing.id))):
        support.update(actor, id, version, sent)
    found = support.whole(actor, id)
    return answer(whole(found), etag=etag(found.model.version))


@router.get(
    "/support-models/{id}/mix",
    **shows(SupportMix, examples.SUPPORT_MIX),
    summary="Lồng ghép vốn · pooled funding",
)
def get_support_mix(actor: Actor, id: ClientId) -> Response:
    """Which lines a model draws on, of which programs and sources. Each đồng stands on one line: of a line that others
    draw on too the figures are the line's, never split.
    """
    return answer(mix(support.mix(actor, id)))


@router.get(
    "/model-templates",
    **lists(ModelTemplate, examples.MODEL_TEMPLATE),
    summary="Mẫu mô hình · model templates",
)
def list_model_templates(actor: Actor, query: Annotated[ListQuery, Query()]) -> Response:
    """Common models to begin with: what they usually give, in which measure. They never change, and have no prices."""
    rows = [] if query.updated_since is not None else support.templates(actor)
    rest = slice_after(rows, lambda t: t.code, _CODES, query)
    return paged(rest, query, template, lambda last: _CODES.encode(last.code))
