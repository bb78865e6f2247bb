"""Templates of procedures in versions: what a work's steps are copied from. A new version leaves running works alone."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app import db
from app.clock import utcnow
from app.domain import audit
from app.domain.access import Actor, require
from app.domain.programs import require_catalogue
from app.domain.works.readiness import GATES
from app.errors import Conflict, FieldError, Invalid, NotFound
from app.i18n import N_
from app.models.documents import DocumentKind
from app.models.procedures import Procedure, ProcedureStep

CODES: Final = ("ordinary", "special", "clearance")
MOST_STEPS: Final = 60
_CODE = re.compile(r"[a-z][a-z0-9_]{0,39}")


@dataclass(frozen=True, slots=True)
class TemplateStep:
    """A step of a template: see StepFields; `source` is where the rule for it stands."""

    code: str
    name: str
    name_en: str = ""
    gate: str = ""
    after: tuple[str, ...] = ()
    required_documents: tuple[str, ...] = ()
    prepares: str = ""
    approves: str = ""
    days: int | None = None
    source: str = ""
    certainty: str = "confirm"


@dataclass(frozen=True, slots=True)
class NewProcedure:
    """The next version of a template, whole. `number` is the one after the newest."""

    code: str
    number: int
    name: str
    name_en: str
    valid_from: date
    valid_to: date | None
    source: str
    certainty: str
    steps: tuple[TemplateStep, ...]


@dataclass(frozen=True, slots=True)
class ProcedureView:
    """A version of a template; `steps` where one was asked for whole."""

    id: int
    code: str
    number: int
    name: str
    name_en: str
    valid_from: date
    valid_to: date | None
    source: str
    certainty: str
    created_at: datetime
    created_by: str
    steps: tuple[TemplateStep, ...] = ()

    def named(self, lang: str) -> str:
        return self.name_en if lang == "en" and self.name_en else self.name


_COLUMNS: Final[tuple[Any, ...]] = (
    Procedure.id, Procedure.code, Procedure.number, Procedure.name, Procedure.name_en, Procedure.valid_from,
    Procedure.valid_to, Procedure.source, Procedure.certainty, Procedure.created_at, Procedure.created_by,
)  # fmt: skip
_STEP: Final[tuple[Any, ...]] = (
    ProcedureStep.code, ProcedureStep.name, ProcedureStep.name_en, ProcedureStep.gate, ProcedureStep.after,
    ProcedureStep.required_documents, ProcedureStep.prepares, ProcedureStep.approves, ProcedureStep.days,
    ProcedureStep.source, ProcedureStep.certainty,
)  # fmt: skip


def procedures(actor: Actor, *, code: str | None = None) -> list[ProcedureView]:
    """Every version of the templates, the newest of each first; without their steps."""
    require(actor, "read")
    query = sa.select(*_COLUMNS).order_by(Procedure.code, Procedure.number.desc())
    if code is not None:
        query = query.where(Procedure.code == code)
    with db.transaction() as session:
        found = [ProcedureView(*list(row)) for row in session.execute(query)]
    return sorted(found, key=lambda p: CODES.index(p.code) if p.code in CODES else len(CODES))


def get(actor: Actor, code: str, number: int) -> ProcedureView:
    """One version with its steps."""
    require(actor, "read")
    with db.transaction() as session:
        return _one(session, Procedure.code == code, Procedure.number == number)


def rule_of(actor: Actor, procedure_id: int, step_code: str) -> tuple[str, str]:
    """(source, certainty) of the rule behind a step of a version; the version's own where the step names none."""
    require(actor, "read")
    query = (
        sa.select(Procedure.source, Procedure.certainty, ProcedureStep.source, ProcedureStep.certainty)
        .outerjoin(
            ProcedureStep,
            sa.and_(ProcedureStep.procedure_id == Procedure.id, ProcedureStep.code == step_code),
        )
        .where(Procedure.id == procedure_id)
    )
    with db.transaction() as session:
        source, certainty, own_source, own_certainty = session.execute(query).one()
    return own_source or source, own_certainty or certainty


def _one(session: Session, *where: sa.ColumnElement[bool]) -> ProcedureView:
    row = session.execute(sa.select(*_COLUMNS).where(*where)).one_or_none()
    if row is None:
        raise NotFound()
    query = sa.select(*_STEP).where(ProcedureStep.procedure_id == row[0]).order_by(ProcedureStep.position)
    return ProcedureView(*[*row, tuple(_step(step) for step in session.execute(query))])


def _step(row: sa.Row[*tuple[Any, ...]]) -> TemplateStep:
    values = list(row)
    values[4], values[5] = tuple(values[4]), tuple(values[5])
    return TemplateStep(*values)


def create(actor: Actor, new: NewProcedure) -> tuple[ProcedureView, bool]:
    """Add the next version of a template; (the version, whether it is new). The same again changes nothing.

    Works that run keep the steps that they have; those that take the procedure from then on take these. Raises
    Conflict when the number is not the next one or stands for something else.
    """
    require_catalogue(actor)
    try:
        return _create(actor, new)
    except IntegrityError:
        return _create(actor, new)  # somebody has just added one


def _create(actor: Actor, new: NewProcedure) -> tuple[ProcedureView, bool]:
    with db.transaction(write=True) as session:
        _check(session, new)
        newest: int | None = session.execute(
            sa.select(sa.func.max(Procedure.number)).where(Procedure.code == new.code)
        ).scalar_one()
        if newest is not None and new.number <= newest:
            standing = _one(session, Procedure.code == new.code, Procedure.number == new.number)
            if any(getattr(standing, name) != getattr(new, name) for name in NewProcedure.__slots__):
                raise Conflict(
                    N_("Bản {number:number} của thủ tục này đã có, với nội dung khác."), number=new.number
                )
            return standing, False
        if new.number != (newest or 0) + 1:
            raise Conflict(N_("Bản tiếp theo của thủ tục này là bản {next:number}."), next=(newest or 0) + 1)
        values = {name: getattr(new, name) for name in NewProcedure.__slots__ if name != "steps"}
        made = session.execute(
            sa.insert(Procedure)
            .values(**values, created_at=utcnow(), created_by=actor.ref)
            .returning(Procedure.id)
        ).scalar_one()
        session.execute(sa.insert(ProcedureStep), list(_rows(made, new.steps)))
        audit.record(
            session, actor, "procedure.create", "procedure", f"{new.code}/{new.number}", actor.unit_id,
            steps=len(new.steps), valid_from=new.valid_from,
        )  # fmt: skip
        return _one(session, Procedure.id == made), True


def _rows(procedure_id: int, steps: Sequence[TemplateStep]) -> Iterator[dict[str, Any]]:
    for position, step in enumerate(steps, start=1):
        values = {name: getattr(step, name) for name in TemplateStep.__slots__}
        lists = {"after": list(step.after), "required_documents": list(step.required_documents)}
        yield {**values, **lists, "procedure_id": procedure_id, "position": position}


def _check(session: Session, new: NewProcedure) -> None:
    if new.code not in CODES:
        raise NotFound(N_("Không có thủ tục {code}."), field="code", code=new.code)
    faults = []
    if new.valid_to is not None and new.valid_to < new.valid_from:
        faults.append(FieldError("valid_to", N_("Ngày hết hiệu lực không trước ngày bắt đầu.")))
    if not new.source.strip():
        faults.append(FieldError("source", N_("Ghi căn cứ của thủ tục.")))
    if not 1 <= len(new.steps) <= MOST_STEPS:
        message = N_("Thủ tục có từ 1 đến {most:number} bước.")
        faults.append(FieldError("steps", message, {"most": MOST_STEPS}))
    kinds = set(session.execute(sa.select(DocumentKind.code)).scalars())
    seen: list[str] = []
    for i, step in enumerate(new.steps):
        faults += [FieldError(f"steps.{i}.{e.field}", e.message, e.facts) for e in _faults(step, seen, kinds)]
        seen.append(step.code)
    if faults:
        raise Invalid(*faults)


def _faults(step: TemplateStep, before: Sequence[str], kinds: set[str]) -> Iterator[FieldError]:
    """What is wrong with a step by itself and beside those before it."""
    if not _CODE.fullmatch(step.code):
        yield FieldError("code", N_("Mã bước gồm chữ thường không dấu, số và gạch dưới."))
    elif step.code in before:
        yield FieldError("code", N_("Mã bước này đã có."))
    if not step.name.strip():
        yield FieldError("name", N_("Chưa điền"))
    if step.gate not in ("", *GATES):
        yield FieldError("gate", N_("Không có giai đoạn này."))
    unknown = [code for code in step.after if code not in before]
    if unknown:
        message = N_("Bước đứng trước phải có ở phía trên: {codes}.")
        yield FieldError("after", message, {"codes": ", ".join(unknown)})
    unknown = [kind for kind in step.required_documents if kind not in kinds]
    if unknown:
        message = N_("Không có loại văn bản {codes}.")
        yield FieldError("required_documents", message, {"codes": ", ".join(unknown)})
    if step.days is not None and not 0 <= step.days <= 3650:
        yield FieldError("days", N_("Số ngày từ 0 đến 3650, hoặc để trống."))
