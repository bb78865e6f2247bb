"""The catalogue: programs, the tree of projects, funding sources, and the law's parameters."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, aliased

from app import db
from app.clock import utcnow
from app.domain import audit
from app.domain.access import Actor, require
from app.domain.ledger.deadlines import day_of
from app.errors import Conflict, Forbidden, Invalid, NotFound, Stale
from app.i18n import N_
from app.models.documents import DocumentKind
from app.models.ledger import BudgetLine
from app.models.programs import FundingSource, Parameter, Program, Project
from app.text import fold, nfc


@dataclass(frozen=True, slots=True)
class ProgramView:
    code: str
    name: str
    short_name: str
    period_from: int
    period_to: int
    decision: str
    valid_from: date
    valid_to: date | None
    version: int
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class ProjectView:
    """A project or sub-project; `parent_code` is null directly below the program."""

    code: str
    program_code: str
    parent_code: str | None
    name: str
    valid_from: date
    valid_to: date | None
    is_leaf: bool
    version: int
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class SourceView:
    code: str
    name: str
    name_en: str
    version: int
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class ParameterView:
    """One value of the law; a null value means that none is known, `certainty` whether it is confirmed."""

    id: int
    key: str
    name: str
    value: str | None
    valid_from: date
    valid_to: date | None
    source: str
    certainty: str
    version: int


_PROGRAM: sa.Select[*tuple[Any, ...]] = sa.select(
    Program.code, Program.name, Program.short_name, Program.period_from, Program.period_to, Program.decision,
    Program.valid_from, Program.valid_to, Program.version, Program.updated_at,
)  # fmt: skip


def programs(actor: Actor, *, on: date | None = None) -> list[ProgramView]:
    """Programs in the catalogue's order; with `on`, those in force on a day."""
    require(actor, "read")
    query = _PROGRAM.order_by(Program.position)
    if on is not None:
        query = query.where(*_in_force(Program, on))
    with db.transaction() as session:
        return [ProgramView(*list(row)) for row in session.execute(query)]


def _in_force(table: type[Program] | type[Project], on: date) -> tuple[sa.ColumnElement[bool], ...]:
    return table.valid_from <= on, sa.or_(table.valid_to.is_(None), table.valid_to >= on)


def program(actor: Actor, code: str) -> ProgramView:
    require(actor, "read")
    with db.transaction() as session:
        return _program(session, code)


def _program(session: Session, code: str) -> ProgramView:
    row = session.execute(_PROGRAM.where(Program.code == code)).one_or_none()
    if row is None:
        raise NotFound(N_("Không có chương trình {code}."), code=code)
    return ProgramView(*list(row))


_Parent, _Below = aliased(Project), aliased(Project)


def _projects() -> sa.Select[*tuple[Any, ...]]:
    return (
        sa.select(
            Project.code, Program.code, _Parent.code, Project.name, Project.valid_from, Project.valid_to,
            ~sa.exists().where(_Below.parent_id == Project.id), Project.version, Project.updated_at,
        )
        .join(Program, Program.id == Project.program_id)
        .outerjoin(_Parent, _Parent.id == Project.parent_id)
        .order_by(Program.position, Project.position)
    )  # fmt: skip


def projects(
    actor: Actor, *, program_code: str | None = None, on: date | None = None, leaves_only: bool = False
) -> list[ProjectView]:
    """Projects and sub-projects in the catalogue's order, parents before their parts."""
    require(actor, "read")
    query = _projects()
    if program_code is not None:
        query = query.where(Program.code == program_code)
    if on is not None:
        query = query.where(*_in_force(Project, on))
    with db.transaction() as session:
        found = [ProjectView(*row) for row in session.execute(query)]
    return [p for p in found if p.is_leaf] if leaves_only else found


def project(actor: Actor, code: str) -> ProjectView:
    require(actor, "read")
    with db.transaction() as session:
        row = session.execute(_projects().where(Project.code == code)).one_or_none()
        if row is None:
            raise NotFound(N_("Không có dự án {code}."), code=code)
        return ProjectView(*row)


def within(code: str) -> sa.ColumnElement[bool]:
    """The condition that a project is one of that code, or stands below it."""
    below = sa.func.substr(Project.code, 1, len(code) + 1) == code + "."
    return sa.or_(Project.code == code, below)


def sources(actor: Actor) -> list[SourceView]:
    require(actor, "read")
    query: sa.Select[*tuple[Any, ...]] = sa.select(
        FundingSource.code,
        FundingSource.name,
        FundingSource.name_en,
        FundingSource.version,
        FundingSource.updated_at,
    ).order_by(FundingSource.position)
    with db.transaction() as session:
        return [SourceView(*list(row)) for row in session.execute(query)]


def source(actor: Actor, code: str) -> SourceView:
    found = next((row for row in sources(actor) if row.code == code), None)
    if found is None:
        raise NotFound(N_("Không có nguồn vốn này."))
    return found


_PARAMETER: sa.Select[*tuple[Any, ...]] = sa.select(
    Parameter.id, Parameter.key, Parameter.name, Parameter.value, Parameter.valid_from, Parameter.valid_to,
    Parameter.source, Parameter.certainty, Parameter.version,
)  # fmt: skip


def parameters(actor: Actor) -> list[ParameterView]:
    require(actor, "read")
    with db.transaction() as session:
        rows = session.execute(_PARAMETER.order_by(Parameter.key, Parameter.valid_from))
        return [ParameterView(*list(row)) for row in rows]


def parameter_on(session: Session, key: str, on: date) -> ParameterView | None:
    """The parameter in force on a day."""
    row = session.execute(
        _PARAMETER.where(
            Parameter.key == key,
            Parameter.valid_from <= on,
            sa.or_(Parameter.valid_to.is_(None), Parameter.valid_to >= on),
        )
    ).first()
    return None if row is None else ParameterView(*list(row))


@dataclass(frozen=True, slots=True)
class Names:
    """What codes are called, each in the catalogue's order."""

    programs: dict[str, str]  # the short name
    projects: dict[str, str]
    sources: dict[str, tuple[str, str]]  # Vietnamese, English
    kinds: dict[str, tuple[str, str]]  # of documents

    def source(self, code: str, lang: str) -> str:
        return self.sources[code][lang == "en"] if code in self.sources else code


def names(session: Session) -> Names:
    """The names of the whole catalogue in one statement, for pages that show many."""
    none = sa.literal("")
    query = sa.union_all(
        sa.select(sa.literal(1), Program.position, Program.code, Program.short_name, none),
        sa.select(
            sa.literal(2), Program.position * 100_000 + Project.position, Project.code, Project.name, none
        ).join(Program, Program.id == Project.program_id),
        sa.select(
            sa.literal(3),
            FundingSource.position,
            FundingSource.code,
            FundingSource.name,
            FundingSource.name_en,
        ),
        sa.select(
            sa.literal(4), DocumentKind.position, DocumentKind.code, DocumentKind.name, DocumentKind.name_en
        ),
    ).order_by(sa.literal_column("1"), sa.literal_column("2"))
    found = Names({}, {}, {}, {})
    for kind, _, code, name, english in session.execute(query):
        if kind == 1:
            found.programs[code] = name
        elif kind == 2:
            found.projects[code] = name
        elif kind == 3:
            found.sources[code] = (name, english)
        else:
            found.kinds[code] = (name, english)
    return found


def all_names(actor: Actor) -> Names:
    """`names` in a transaction of its own."""
    require(actor, "read")
    with db.transaction() as session:
        return names(session)


# --- editing: the catalogue is the nation's ------------------------------------------------------------


def require_catalogue(actor: Actor) -> None:
    """One catalogue serves every unit, so that only the administrator of the whole may change it."""
    require(actor, "catalogue.edit")
    if actor.level != "nation":
        raise Forbidden(N_("Danh mục dùng chung cả nước: chỉ quản trị viên cấp toàn quốc được sửa."))


def create_program(
    actor: Actor, *, code: str, name: str, short_name: str, period_from: int, period_to: int, decision: str
) -> ProgramView:
    """Add a program of a new period."""
    require_catalogue(actor)
    if period_to < period_from:
        raise Invalid.field("period_to", N_("Năm cuối không trước năm đầu."))
    with _adding() as session:
        position = (session.execute(sa.select(sa.func.max(Program.position))).scalar_one() or 0) + 1
        session.execute(
            sa.insert(Program).values(
                code=code, name=nfc(name), short_name=nfc(short_name), period_from=period_from,
                period_to=period_to, decision=nfc(decision), position=position, version=1,
                valid_from=date(period_from, 1, 1), valid_to=date(period_to, 12, 31), updated_at=utcnow(),
            )
        )  # fmt: skip
        audit.record(session, actor, "catalogue.create", "program", code, actor.unit_id, name=name)
        return _program(session, code)


def create_project(
    actor: Actor, *, code: str, program_code: str, parent_code: str | None, name: str
) -> ProjectView:
    """Add a project, or a sub-project below `parent_code`; its code continues the one above."""
    require_catalogue(actor)
    above = parent_code or program_code
    if not code.startswith(above + ".") or not code.removeprefix(above + ".").isalnum():
        raise Invalid.field(
            "code", N_("Mã phải nối tiếp mã cấp trên, ví dụ {example}."), example=f"{above}.1"
        )
    with _adding() as session:
        owner = session.execute(sa.select(Program).where(Program.code == program_code)).scalar_one_or_none()
        if owner is None:
            raise NotFound(field="program_code")
        parent_id = None
        if parent_code is not None:
            parent_id = session.execute(
                sa.select(Project.id).where(Project.code == parent_code, Project.program_id == owner.id)
            ).scalar_one_or_none()
            if parent_id is None:
                raise NotFound(field="parent_code")
            _refuse_lines(session, parent_id)
        position = (session.execute(sa.select(sa.func.max(Project.position))).scalar_one() or 0) + 1
        session.execute(
            sa.insert(Project).values(
                program_id=owner.id, parent_id=parent_id, code=code, name=nfc(name),
                search=f"{fold(name)} {code.lower()}", position=position, version=1, updated_at=utcnow(),
                valid_from=owner.valid_from, valid_to=owner.valid_to,
            )
        )  # fmt: skip
        audit.record(session, actor, "catalogue.create", "project", code, actor.unit_id, name=name)
    return project(actor, code)


def _refuse_lines(session: Session, project_id: int) -> None:
    if session.execute(sa.select(BudgetLine.id).where(BudgetLine.project_id == project_id).limit(1)).first():
        raise Conflict(N_("Dự án này đã có dòng vốn nên không chia tiểu dự án được nữa."))


@contextmanager
def _adding() -> Iterator[Session]:
    """A write transaction in which a code that stands already is a Conflict."""
    try:
        with db.transaction(write=True) as session:
            yield session
    except IntegrityError:
        raise Conflict(N_("Mã này đã có rồi.")) from None


def update(
    actor: Actor, kind: str, key: str | int, version: int, changes: dict[str, Any]
) -> ProgramView | ProjectView | SourceView | ParameterView:
    """Change a catalogue row: `kind` is program, project, source or parameter. Raises Stale."""
    require_catalogue(actor)
    table: Any = {"program": Program, "project": Project, "source": FundingSource, "parameter": Parameter}[
        kind
    ]
    column = Parameter.id if kind == "parameter" else table.code
    values = {k: nfc(v) if isinstance(v, str) else v for k, v in changes.items()}
    if kind == "project" and "name" in values:
        values["search"] = f"{fold(values['name'])} {str(key).lower()}"
    with db.transaction(write=True) as session:
        if kind == "parameter":
            _check_parameter(session, int(key), values)
        changed = session.execute(
            sa.update(table)
            .where(column == key, table.version == version)
            .values(**values, version=version + 1, updated_at=utcnow())
            .returning(column)
        ).scalar_one_or_none()
        if changed is not None:
            audit.record(session, actor, "catalogue.update", kind, key, actor.unit_id, **changes)
    current = _current(actor, kind, key)
    if changed is None:
        raise Stale(current)
    return current


def _check_parameter(session: Session, parameter_id: int, values: dict[str, Any]) -> None:
    """A value must read as what its key says: the whole book goes by it."""
    row = session.get(Parameter, parameter_id)
    if row is None:
        raise NotFound()
    start, end = (values.get(name, getattr(row, name)) for name in ("valid_from", "valid_to"))
    if end is not None and end < start:
        raise Invalid.field("valid_to", N_("Ngày hết hiệu lực không trước ngày có hiệu lực."))
    value = values.get("value")
    if value is None:
        return
    if row.key.startswith(("deadline.", "adjustment.")):
        try:
            day_of(value, 2023)  # no leap year: the day must exist in every year
        except ValueError:
            raise Invalid.field(
                "value", N_("Ghi ngày dạng tháng-ngày, ví dụ 12-31, hoặc 01-31+1 là 31/01 năm sau.")
            ) from None
    elif (
        not value.isascii() or not value.isdigit() or (row.key.startswith("advance.") and int(value) > 10_000)
    ):
        raise Invalid.field("value", N_("Ghi một số nguyên; tỷ lệ tính theo phần vạn, từ 0 đến 10000."))


def _current(
    actor: Actor, kind: str, key: str | int
) -> ProgramView | ProjectView | SourceView | ParameterView:
    if kind == "program":
        return program(actor, str(key))
    if kind == "project":
        return project(actor, str(key))
    found: Sequence[SourceView | ParameterView] = sources(actor) if kind == "source" else parameters(actor)
    for row in found:
        if key in (getattr(row, "code", None), getattr(row, "id", None)):
            return row
    raise NotFound()
