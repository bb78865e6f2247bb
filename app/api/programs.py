"""/api/v1/programs, /projects, /funding-sources: the catalogue that every unit shares."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Annotated, Protocol, TypeVar, cast

from fastapi import Query
from pydantic import Field
from starlette.responses import Response
from typing_extensions import TypedDict

from app.api import examples
from app.api.operations import Change, changes, closed, creates, current_as, lists, paged, shows, slice_after
from app.api.security import api_router, quick
from app.api.shapes import Code, QueryCode
from app.domain import programs
from app.domain.access import Actor
from app.web.answers import Version, answer, created, etag
from app.web.cursor import Order
from app.web.schema import Body, IsoDate, ListQuery, Text, Year

router = api_router("programs")
_ORDERS = {name: Order(name, (str,)) for name in ("programs", "projects", "funding-sources")}
Name = Annotated[str, Text(500)]


@closed
class Program(TypedDict):
    """Chương trình mục tiêu quốc gia của một giai đoạn · a national target program of one period."""

    code: str
    name: str
    short_name: str
    period_from: int
    period_to: int
    decision: str
    valid_from: date
    valid_to: date | None


@closed
class Project(TypedDict):
    """Dự án hoặc tiểu dự án; dòng vốn chỉ đứng trên lá · lines stand on leaves only."""

    code: str
    program_code: str
    parent_code: str | None
    name: str
    is_leaf: bool
    valid_from: date
    valid_to: date | None


@closed
class FundingSource(TypedDict):
    """Nguồn vốn · a funding source."""

    code: str
    name: str
    name_en: str


def program(v: programs.ProgramView) -> Program:
    return {
        "code": v.code, "name": v.name, "short_name": v.short_name, "period_from": v.period_from,
        "period_to": v.period_to, "decision": v.decision, "valid_from": v.valid_from, "valid_to": v.valid_to,
    }  # fmt: skip


def project(v: programs.ProjectView) -> Project:
    return {
        "code": v.code, "program_code": v.program_code, "parent_code": v.parent_code, "name": v.name,
        "is_leaf": v.is_leaf, "valid_from": v.valid_from, "valid_to": v.valid_to,
    }  # fmt: skip


def source(v: programs.SourceView) -> FundingSource:
    return {"code": v.code, "name": v.name, "name_en": v.name_en}


class ProgramQuery(ListQuery):
    as_of: Annotated[IsoDate | None, Field(description="Có hiệu lực ngày này · in force on a day")] = None


class ProjectQuery(ProgramQuery):
    program_code: QueryCode | None = None
    parent_code: QueryCode | None = None
    is_leaf: bool | None = None


class NewProgram(Body):
    code: Code
    name: Name
    short_name: Annotated[str, Text(120)]
    period_from: Year
    period_to: Year
    decision: Annotated[str, Text(200)]


class ProgramChange(Change):
    name: Name = ""
    short_name: Annotated[str, Text(120)] = ""
    decision: Annotated[str, Text(200)] = ""


class NewProject(Body):
    code: Code
    program_code: Code
    parent_code: Code | None = None
    name: Name


class NameChange(Change):
    name: Name = ""


class SourceChange(Change):
    name: Annotated[str, Text(120)] = ""
    name_en: Annotated[str, Text(120)] = ""


class _Coded(Protocol):
    """A catalogue row."""

    @property
    def code(self) -> str: ...
    @property
    def updated_at(self) -> datetime: ...


Seen = TypeVar("Seen", bound=_Coded)


def _listed(name: str, rows: Sequence[Seen], query: ListQuery, shape: Callable[[Seen], object]) -> Response:
    """A short catalogue in its own order, page by page."""
    order = _ORDERS[name]
    rest = slice_after(rows, lambda row: row.code, order, query)
    since = query.updated_since
    if since is not None:
        rest = [row for row in rest if row.updated_at >= since]
    return paged(rest, query, shape, lambda last: order.encode(last.code))


@router.get("/programs", **lists(Program, examples.PROGRAM), summary="Các chương trình · programs")
@quick
def list_programs(actor: Actor, query: Annotated[ProgramQuery, Query()]) -> Response:
    """Programs of every period, in the catalogue's order."""
    return _listed("programs", programs.programs(actor, on=query.as_of), query, program)


@router.get(
    "/programs/{code}",
    **shows(Program, examples.PROGRAM, etag=True),
    summary="Một chương trình · one program",
)
@quick
def get_program(actor: Actor, code: str) -> Response:
    """A program by its code, such as GNBV, DTTS or NTM."""
    found = programs.program(actor, code)
    return answer(program(found), etag=etag(found.version))


@router.post(
    "/programs",
    **creates(Program, examples.NEW_PROGRAM, examples.PROGRAM, etag=True),
    summary="Thêm chương trình · add a program",
)
def create_program(actor: Actor, body: NewProgram) -> Response:
    """The administrator's of the whole country; the code is the program's identity."""
    made = programs.create_program(actor, **dict(body))
    return created(program(made), new=True, etag=etag(made.version), location=f"/api/v1/programs/{made.code}")


@router.patch(
    "/programs/{code}",
    **changes(Program, {"decision": examples.PROGRAM["decision"]}, examples.PROGRAM),
    summary="Sửa chương trình · change a program",
)
def change_program(actor: Actor, code: str, body: ProgramChange, version: Version) -> Response:
    """The administrator's of the whole country."""
    with current_as(program):
        changed = cast(programs.ProgramView, programs.update(actor, "program", code, version, body.sent()))
    return answer(program(changed), etag=etag(changed.version))


@router.get("/projects", **lists(Project, examples.PROJECT), summary="Các dự án · projects")
@quick
def list_projects(actor: Actor, query: Annotated[ProjectQuery, Query()]) -> Response:
    """Projects and sub-projects in the catalogue's order, parents before their parts."""
    rows = programs.projects(actor, program_code=query.program_code, on=query.as_of)
    wanted = [
        row
        for row in rows
        if query.parent_code in (None, row.parent_code) and query.is_leaf in (None, row.is_leaf)
    ]
    return _listed("projects", wanted, query, project)


@router.get(
    "/projects/{code}", **shows(Project, examples.PROJECT, etag=True), summary="Một dự án · one project"
)
@quick
def get_project(actor: Actor, code: str) -> Response:
    """A project or sub-project by its code, such as GNBV.2 or GNBV.3.1."""
    found = programs.project(actor, code)
    return answer(project(found), etag=etag(found.version))


@router.post(
    "/projects",
    **creates(Project, examples.NEW_PROJECT, examples.PROJECT, etag=True),
    summary="Thêm dự án · add a project",
)
def create_project(actor: Actor, body: NewProject) -> Response:
    """The administrator's of the whole country; the code continues that of the program or project above."""
    made = programs.create_project(actor, **dict(body))
    return created(project(made), new=True, etag=etag(made.version), location=f"/api/v1/projects/{made.code}")


@router.patch(
    "/projects/{code}",
    **changes(Project, examples.RENAMED, examples.PROJECT | examples.RENAMED),
    summary="Sửa dự án · change a project",
)
def change_project(actor: Actor, code: str, body: NameChange, version: Version) -> Response:
    """The administrator's of the whole country."""
    with current_as(project):
        changed = cast(programs.ProjectView, programs.update(actor, "project", code, version, body.sent()))
    return answer(project(changed), etag=etag(changed.version))


@router.get(
    "/funding-sources", **lists(FundingSource, examples.SOURCE), summary="Các nguồn vốn · funding sources"
)
@quick
def list_funding_sources(actor: Actor, query: Annotated[ListQuery, Query()]) -> Response:
    """Where money comes from, in the catalogue's order."""
    return _listed("funding-sources", programs.sources(actor), query, source)


@router.get(
    "/funding-sources/{code}",
    **shows(FundingSource, examples.SOURCE, etag=True),
    summary="Một nguồn vốn · one funding source",
)
@quick
def get_funding_source(actor: Actor, code: str) -> Response:
    """A funding source by its code, such as central or people."""
    found = programs.source(actor, code)
    return answer(source(found), etag=etag(found.version))


@router.patch(
    "/funding-sources/{code}",
    **changes(FundingSource, examples.SOURCE_CHANGE, examples.SOURCE | examples.SOURCE_CHANGE),
    summary="Sửa nguồn vốn · change a funding source",
)
def change_funding_source(actor: Actor, code: str, body: SourceChange, version: Version) -> Response:
    """The administrator's of the whole country: how a source is called."""
    with current_as(source):
        changed = cast(programs.SourceView, programs.update(actor, "source", code, version, body.sent()))
    return answer(source(changed), etag=etag(changed.version))
