"""/api/v1/procedures: templates of procedures in versions, the catalogue that works take their steps from."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from fastapi import Path, Query
from pydantic import Field
from starlette.responses import Response
from typing_extensions import TypedDict

from app.api import examples
from app.api.operations import closed, creates, lists, paged, shows, slice_after
from app.api.security import api_router, quick
from app.api.shapes import QueryCode, one_of
from app.api.works.steps import GateStage
from app.domain.access import Actor
from app.domain.works import procedures
from app.domain.works.procedures import NewProcedure, ProcedureView, TemplateStep
from app.web.answers import answer, created
from app.web.cursor import Order
from app.web.schema import Body, IsoDate, ListQuery, Text, Whole

router = api_router("works")
_ORDER = Order("procedures", (str,))
Certainty = Literal["sure", "confirm"]
ProcedureCode = Literal["ordinary", "special", "clearance"]
Code = Annotated[str, Text(40)]
Name = Annotated[str, Text(200)]
Short = Annotated[str, Text(200, least=0)]
Source = Annotated[str, Text(500)]


@closed
class ProcedureHead(TypedDict):
    """Một bản của thủ tục; bản mới không động đến công trình đang chạy · a version of a template."""

    code: Annotated[str, one_of(ProcedureCode)]
    number: int
    name: str
    name_en: str
    valid_from: date
    valid_to: date | None
    source: str
    certainty: Annotated[str, one_of(Certainty)]
    created_at: datetime
    created_by: str


@closed
class ProcedureStep(TypedDict):
    """Một bước mẫu · a step of a template."""

    code: str
    name: str
    name_en: str
    gate: Annotated[str, one_of(GateStage)]
    after: list[str]
    required_documents: list[str]
    prepares: str
    approves: str
    days: int | None
    source: str
    certainty: Annotated[str, one_of(Certainty)]


@closed
class ProcedureWhole(ProcedureHead):
    """Một bản của thủ tục, kèm các bước · a version with its steps."""

    steps: list[ProcedureStep]


def head(v: ProcedureView) -> ProcedureHead:
    return {
        "code": v.code, "number": v.number, "name": v.name, "name_en": v.name_en, "valid_from": v.valid_from,
        "valid_to": v.valid_to, "source": v.source, "certainty": v.certainty, "created_at": v.created_at,
        "created_by": v.created_by,
    }  # fmt: skip


def _step(s: TemplateStep) -> ProcedureStep:
    return {
        "code": s.code, "name": s.name, "name_en": s.name_en, "gate": s.gate, "after": list(s.after),
        "required_documents": list(s.required_documents), "prepares": s.prepares, "approves": s.approves,
        "days": s.days, "source": s.source, "certainty": s.certainty,
    }  # fmt: skip


def whole(v: ProcedureView) -> ProcedureWhole:
    return {**head(v), "steps": [_step(s) for s in v.steps]}


class ProcedureQuery(ListQuery):
    code: QueryCode | None = None


class NewStep(Body):
    """`after`: mã các bước phía trên phải xong trước · codes of steps above that come before it."""

    code: Code
    name: Name
    name_en: Short = ""
    gate: GateStage = ""
    after: Annotated[tuple[Code, ...], Field(max_length=60)] = ()
    required_documents: Annotated[tuple[Code, ...], Field(max_length=60)] = ()
    prepares: Short = ""
    approves: Short = ""
    days: Annotated[Whole, Field(ge=0, le=3650, description="ngày · days")] | None = None
    source: Annotated[str, Text(500, least=0)] = ""
    certainty: Certainty = "confirm"


class NewVersion(Body):
    """Bản tiếp theo của thủ tục, nguyên vẹn · the next version of a template, whole."""

    code: ProcedureCode
    number: Annotated[Whole, Field(ge=1, le=10_000)]
    name: Name
    name_en: Short = ""
    valid_from: IsoDate
    valid_to: IsoDate | None = None
    source: Source
    certainty: Certainty = "confirm"
    steps: Annotated[tuple[NewStep, ...], Field(min_length=1, max_length=procedures.MOST_STEPS)]


def _key(version: ProcedureView) -> str:
    return f"{version.code}/{version.number}"


@router.get(
    "/procedures",
    **lists(ProcedureHead, examples.PROCEDURE),
    summary="Các thủ tục và các bản của chúng · procedures in their versions",
)
@quick
def list_procedures(actor: Actor, query: Annotated[ProcedureQuery, Query()]) -> Response:
    """Every version of the templates, the newest of each first."""
    found = [
        p
        for p in procedures.procedures(actor, code=query.code)
        if query.updated_since is None or p.created_at >= query.updated_since
    ]
    rest = slice_after(found, _key, _ORDER, query)
    return paged(rest, query, head, lambda last: _ORDER.encode(_key(last)))


@router.get(
    "/procedures/{code}/{number}",
    **shows(ProcedureWhole, examples.PROCEDURE_WHOLE),
    summary="Một bản của thủ tục · one version",
)
@quick
def get_procedure(
    actor: Actor, code: Annotated[str, Path(max_length=40)], number: Annotated[int, Path(ge=1, le=10_000)]
) -> Response:
    """A version with its steps, each with the documents that it requires and where its rule stands."""
    return answer(whole(procedures.get(actor, code, number)))


@router.post(
    "/procedures",
    **creates(ProcedureWhole, examples.NEW_PROCEDURE, examples.PROCEDURE_WHOLE),
    summary="Thêm bản mới của thủ tục · add a version",
)
def create_procedure(actor: Actor, body: NewVersion) -> Response:
    """`number` is the one after the newest. Works that run keep their steps; the nation's catalogue, so that only its
    clients may add to it.
    """
    steps = tuple(TemplateStep(**dict(s)) for s in body.steps)
    made, new = procedures.create(actor, NewProcedure(**(dict(body) | {"steps": steps})))
    return created(whole(made), new=new, location=f"/api/v1/procedures/{made.code}/{made.number}")
