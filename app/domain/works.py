"""Investment works: the register, their money over the years, and what is approved."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app import db
from app.clock import today, utcnow
from app.db import UtcDateTime
from app.domain import audit
from app.domain.access import Actor, in_scope, require, under
from app.domain.ledger.entries import hash_body
from app.domain.programs import within
from app.domain.territory import UnitView, resolve
from app.errors import Conflict, FieldError, IdTaken, Invalid, NotFound, RuleBroken, Stale
from app.i18n import N_
from app.models.base import MAX_AMOUNT
from app.models.ledger import Balance, BudgetLine
from app.models.programs import Project
from app.models.territory import Unit
from app.models.works import PROCEDURES, STAGES, Work, WorkBalance, WorkHamlet
from app.text import fold, sort_key

_UNFINISHED: Final = ("preparation", "construction", "suspended")


@dataclass(frozen=True, slots=True)
class NewWork:
    """A work as it is registered; `total_investment` in đồng, null until it is approved."""

    id: uuid.UUID
    code: str
    name: str
    project_code: str
    owner_unit_code: str
    total_investment: int | None = None
    procedure: str | None = None
    stage: str = "preparation"
    location: str = ""
    lat: float | None = None
    lon: float | None = None
    scale: str = ""
    responsible: str = ""
    decision_number: str = ""
    decision_date: date | None = None
    planned_start: date | None = None
    planned_finish: date | None = None
    started_on: date | None = None
    finished_on: date | None = None
    physical_percent: int = 0
    hamlets: tuple[str, ...] = ()

    def body_hash(self) -> str:
        return hash_body(*(getattr(self, name) for name in self.__slots__))


@dataclass(frozen=True, slots=True)
class WorkView:
    """A work with its money over all years, in đồng; `missing` names what bars its next stage."""

    id: uuid.UUID
    code: str
    name: str
    project_code: str
    project_name: str
    owner_unit_id: int
    owner_unit_code: str
    owner_unit_name: str
    owner_structure: str
    stage: str
    procedure: str | None
    location: str
    lat: float | None
    lon: float | None
    scale: str
    responsible: str
    decision_number: str
    decision_date: date | None
    planned_start: date | None
    planned_finish: date | None
    started_on: date | None
    finished_on: date | None
    physical_percent: int
    illustrative: bool
    version: int
    updated_at: datetime
    total_investment: int | None
    contracted: int
    disbursed: int
    allocated: int
    available: int
    advanced: int
    paid: int
    settled: int

    @property
    def late(self) -> bool:
        """Past its planned finish and not completed."""
        return self.days_late(today()) > 0

    def days_late(self, on: date) -> int:
        """Days past its planned finish on a day, 0 for what is in time or completed."""
        if self.stage not in _UNFINISHED or self.planned_finish is None:
            return 0
        return max(0, (on - self.planned_finish).days)


@dataclass(frozen=True, slots=True)
class WorkFilter:
    """What a list of works is narrowed to; None leaves it open."""

    unit: str | None = None
    stage: str | None = None
    code: str | None = None
    procedure: str | None = None
    program_code: str | None = None
    project_code: str | None = None
    year: int | None = None
    q: str | None = None
    updated_since: datetime | None = None
    as_of: date | None = None


_EDITABLE = (
    "code", "name", "stage", "procedure", "location", "lat", "lon", "scale", "responsible", "decision_number",
    "decision_date", "planned_start", "planned_finish", "started_on", "finished_on", "physical_percent",
)  # fmt: skip


_MONEY = ("allocated", "available", "advanced", "paid", "settled")


def _money() -> sa.Subquery:
    """Over all years: what was given to each work's lines (carried money counts once), and where it stands."""
    totals = (sa.cast(sa.func.sum(getattr(Balance, name)), sa.BigInteger).label(name) for name in _MONEY)
    return (
        sa.select(BudgetLine.work_id, *totals)
        .join(Balance, Balance.budget_line_id == BudgetLine.id)
        .where(BudgetLine.work_id.is_not(None))
        .group_by(BudgetLine.work_id)
        .subquery("money")
    )


def _works() -> sa.Select[*tuple[Any, ...]]:
    money = _money()
    return (
        sa.select(
            Work.id, Work.code, Work.name, Project.code, Project.name, Unit.id, Unit.code, Unit.name,
            Unit.structure, Work.stage, Work.procedure, Work.location, Work.lat, Work.lon, Work.scale,
            Work.responsible, Work.decision_number, Work.decision_date, Work.planned_start, Work.planned_finish,
            Work.started_on, Work.finished_on, Work.physical_percent, Work.illustrative, Work.version,
            Work.updated_at, WorkBalance.total_investment, WorkBalance.contracted, WorkBalance.disbursed,
            *(sa.func.coalesce(money.c[name], 0) for name in _MONEY),
        )
        .select_from(Work)
        .join(WorkBalance, WorkBalance.work_id == Work.id)
        .join(Project, Project.id == Work.project_id)
        .join(Unit, Unit.id == Work.owner_unit_id)
        .outerjoin(money, money.c.work_id == Work.id)
    )  # fmt: skip


def _conditions(session: Session, actor: Actor, wanted: WorkFilter) -> Iterator[sa.ColumnElement[bool]]:
    yield in_scope(actor, Work.owner_unit_id)
    if wanted.unit is not None:
        unit = resolve(session, actor, wanted.unit, as_of=wanted.as_of, year=wanted.year)
        yield under(unit.id, Work.owner_unit_id)
    for column, value in (
        (Work.stage, wanted.stage),
        (Work.code, wanted.code),
        (Work.procedure, wanted.procedure),
    ):
        if value is not None:
            yield column == value
    if wanted.program_code is not None:
        yield within(wanted.program_code)
    if wanted.project_code is not None:
        yield within(wanted.project_code)
    if wanted.year is not None:
        yield sa.exists().where(BudgetLine.work_id == Work.id, BudgetLine.year == wanted.year)
    for word in fold(wanted.q or "").split():
        yield Work.search.contains(word, autoescape=True)
    if wanted.updated_since is not None:
        yield Work.updated_at >= wanted.updated_since


def works(
    actor: Actor,
    wanted: WorkFilter,
    *,
    after: tuple[datetime, uuid.UUID] | None = None,
    by_code: bool = False,
    offset: int = 0,
    limit: int = 50,
) -> list[WorkView]:
    """Works in the order in which they changed last (`after`: the last one seen), or by code for people."""
    require(actor, "read")
    with db.transaction() as session:
        query = _works().where(*_conditions(session, actor, wanted))
        if after is not None:
            last = sa.tuple_(sa.literal(after[0], UtcDateTime), sa.literal(after[1], sa.Uuid))
            query = query.where(sa.tuple_(Work.updated_at, Work.id) > last)
        order = (Unit.sort_key, Work.code, Work.id) if by_code else (Work.updated_at, Work.id)
        return [WorkView(*row) for row in session.execute(query.order_by(*order).offset(offset).limit(limit))]


def most_pressing(
    session: Session, actor: Actor, unit: UnitView, limit: int, *, on: date, late_only: bool = False
) -> tuple[list[WorkView], int]:
    """(a unit's works, those late on a day first, then those still to be finished; how many works there are)."""
    unfinished = Work.stage.in_(_UNFINISHED)
    late = sa.and_(unfinished, Work.planned_finish < on)
    query = (
        _works()
        .add_columns(sa.func.count().over())
        .where(in_scope(actor, Work.owner_unit_id), under(unit.id, Work.owner_unit_id))
        .order_by(
            sa.case((late, 0), (unfinished, 1), else_=2),
            Work.planned_finish,
            Unit.sort_key,
            Work.code,
            Work.id,
        )
        .limit(limit)
    )
    rows = session.execute(query.where(late) if late_only else query).all()
    return [WorkView(*row[:-1]) for row in rows], rows[0][-1] if rows else 0


@dataclass(frozen=True, slots=True)
class WorksTotal:
    """Works together, in đồng; `total_investment` of those that have one approved."""

    count: int
    total_investment: int
    contracted: int
    disbursed: int
    allocated: int
    available: int
    advanced: int
    paid: int
    settled: int


def total(actor: Actor, wanted: WorkFilter) -> WorksTotal:
    """All works under a filter together."""
    require(actor, "read")
    with db.transaction() as session:
        rows = _works().where(*_conditions(session, actor, wanted)).subquery()
        columns = list(rows.c)[-8:]  # those of WorksTotal, which end the selection
        sums = (sa.cast(sa.func.coalesce(sa.func.sum(c), 0), sa.BigInteger) for c in columns)
        values: list[Any] = list(session.execute(sa.select(sa.func.count(), *sums).select_from(rows)).one())
        return WorksTotal(*values)


def get(actor: Actor, work_id: uuid.UUID) -> WorkView:
    require(actor, "read")
    with db.transaction() as session:
        return _one(session, actor, work_id)


def _one(session: Session, actor: Actor, work_id: uuid.UUID) -> WorkView:
    row = session.execute(
        _works().where(Work.id == work_id, in_scope(actor, Work.owner_unit_id))
    ).one_or_none()
    if row is None:
        raise NotFound()
    return WorkView(*row)


def hamlets(actor: Actor, work_id: uuid.UUID) -> list[tuple[str, str]]:
    """(code, name) of the hamlets that a work serves."""
    require(actor, "read")
    with db.transaction() as session:
        query = (
            sa.select(Unit.code, Unit.name)
            .join(WorkHamlet, WorkHamlet.unit_id == Unit.id)
            .join(Work, Work.id == WorkHamlet.work_id)
            .where(Work.id == work_id, in_scope(actor, Work.owner_unit_id))
            .order_by(Unit.sort_key)
        )
        return [(code, name) for code, name in session.execute(query)]


def create(actor: Actor, new: NewWork, *, illustrative: bool = False) -> tuple[WorkView, bool]:
    """Register a work; (the work, whether it is new). Raises Conflict when its owner has that code already."""
    require(actor, "work.edit")
    _check({name: getattr(new, name) for name in (*_EDITABLE, "total_investment")})
    try:
        return _create(actor, new, illustrative)
    except IntegrityError:
        return _create(actor, new, illustrative)  # somebody has just made it: look again


def _create(actor: Actor, new: NewWork, illustrative: bool) -> tuple[WorkView, bool]:
    with db.transaction(write=True) as session:
        body = new.body_hash()
        stored = session.execute(sa.select(Work.body_hash).where(Work.id == new.id)).scalar_one_or_none()
        if stored is not None:
            if stored != body:
                raise IdTaken()
            return _one(session, actor, new.id), False
        owner = resolve(session, actor, new.owner_unit_code, field="owner_unit_code")
        _refuse_code(session, owner.id, new.code, None)
        now = utcnow()
        session.execute(
            sa.insert(Work).values(
                {name: getattr(new, name) for name in _EDITABLE}
                | {
                    "id": new.id, "body_hash": body, "created_at": now, "created_by": actor.ref,
                    "updated_at": now, "version": 1, "project_id": _project(session, new.project_code),
                    "owner_unit_id": owner.id, "illustrative": illustrative, **_keys(new.name, new.code),
                }
            )
        )  # fmt: skip
        session.execute(
            sa.insert(WorkBalance).values(
                work_id=new.id, total_investment=new.total_investment, contracted=0, disbursed=0
            )
        )
        _set_hamlets(session, owner, new.id, new.hamlets)
        audit.record(session, actor, "work.create", "work", new.id, owner.id, code=new.code, name=new.name)
        return _one(session, actor, new.id), True


def _keys(name: str, code: str) -> dict[str, str]:
    return {"search": f"{fold(name)} {fold(code)}", "sort_key": sort_key(name)}


def _project(session: Session, code: str) -> int:
    found = session.execute(sa.select(Project.id).where(Project.code == code)).scalar_one_or_none()
    if found is None:
        raise NotFound(N_("Không có dự án {code}."), field="project_code", code=code)
    return found


def _refuse_code(session: Session, owner_id: int, code: str, but: uuid.UUID | None) -> None:
    twin = session.execute(
        sa.select(Work.id).where(Work.owner_unit_id == owner_id, Work.code == code, Work.id != but)
    ).first()
    if twin is not None:
        raise Conflict(N_("Chủ đầu tư này đã có công trình mã {code}."), code=code)


def _set_hamlets(session: Session, owner: UnitView, work_id: uuid.UUID, codes: tuple[str, ...]) -> None:
    session.execute(sa.delete(WorkHamlet).where(WorkHamlet.work_id == work_id))
    for code in dict.fromkeys(codes):
        bare, _, exact = code.partition("@")
        hamlet = session.execute(
            sa.select(Unit.id)
            .where(Unit.code == bare, Unit.level == "hamlet", under(owner.id, Unit.id))
            .where(Unit.structure == (exact or Unit.structure))
            .order_by(sa.case((Unit.structure == owner.structure, 0), else_=1))
            .limit(1)
        ).scalar_one_or_none()
        if hamlet is None:
            raise NotFound(N_("Không có thôn {code} trong đơn vị chủ đầu tư."), field="hamlets", code=code)
        session.execute(sa.insert(WorkHamlet).values(work_id=work_id, unit_id=hamlet))


def _check(values: dict[str, Any]) -> None:
    faults = []
    if values.get("stage", STAGES[0]) not in STAGES:
        faults.append(FieldError("stage", N_("Không có giai đoạn này.")))
    if values.get("procedure") not in (None, *PROCEDURES):
        faults.append(FieldError("procedure", N_("Thủ tục là ordinary hoặc special.")))
    if not 0 <= values.get("physical_percent", 0) <= 100:
        faults.append(FieldError("physical_percent", N_("Khối lượng từ 0 đến 100 %.")))
    total = values.get("total_investment")
    if total is not None and not 0 < total <= MAX_AMOUNT:
        message = N_("Số tiền phải là số đồng nguyên, lớn hơn 0 và không quá {most:money}.")
        faults.append(FieldError("total_investment", message, {"most": MAX_AMOUNT}))
    for first, second in (("planned_start", "planned_finish"), ("started_on", "finished_on")):
        start, finish = values.get(first), values.get(second)
        if start is not None and finish is not None and finish < start:
            faults.append(FieldError(second, N_("Ngày kết thúc không trước ngày bắt đầu.")))
    for field in ("started_on", "finished_on"):
        day = values.get(field)
        if day is not None and day > today():
            message = N_("Ngày thực tế không được sau hôm nay {today:date}.")
            faults.append(FieldError(field, message, {"today": today()}))
    if faults:
        raise Invalid(*faults)


def update(actor: Actor, work_id: uuid.UUID, version: int, changes: dict[str, Any]) -> WorkView:
    """Change a work. The approved total never falls below contracts or disbursement (RuleBroken `work_total`).

    `changes` uses the names of NewWork, but id and owner. Raises Stale when somebody changed it since.
    """
    require(actor, "work.edit")
    with db.transaction(write=True) as session:
        work = _one(session, actor, work_id)
        if work.version != version:
            raise Stale(work)
        if not changes:
            return work
        _check({name: getattr(work, name) for name in (*_EDITABLE, "total_investment")} | changes)
        values = {name: changes[name] for name in _EDITABLE if name in changes}
        if "project_code" in changes:
            values["project_id"] = _project(session, changes["project_code"])
        if "code" in changes:
            _refuse_code(session, work.owner_unit_id, changes["code"], work_id)
        if (
            "total_investment" in changes
        ):  # the balance before the work: the order in which contracts lock them
            _approve(session, work_id, changes["total_investment"])
        values |= _keys(changes.get("name", work.name), changes.get("code", work.code))
        changed = session.execute(
            sa.update(Work)
            .where(Work.id == work_id, Work.version == version)
            .values(**values, version=version + 1, updated_at=utcnow())
            .returning(Work.id)
        ).scalar_one_or_none()
        if changed is None:
            raise Stale(_one(session, actor, work_id))
        if "hamlets" in changes:
            owner = resolve(session, actor, f"{work.owner_unit_code}@{work.owner_structure}")
            _set_hamlets(session, owner, work_id, tuple(changes["hamlets"]))
        audit.record(session, actor, "work.update", "work", work_id, work.owner_unit_id, **changes)
        return _one(session, actor, work_id)


def _approve(session: Session, work_id: uuid.UUID, total: int | None) -> None:
    held = session.execute(
        sa.select(WorkBalance.contracted, WorkBalance.disbursed)
        .where(WorkBalance.work_id == work_id)
        .with_for_update()
    ).one()
    bound = max(held.contracted, held.disbursed)
    if total is not None and total < bound:
        raise RuleBroken(
            "work_total",
            N_("Tổng mức đầu tư {asked:money} thấp hơn phần đã ký hợp đồng hoặc giải ngân {held:money}."),
            asked=total, held=bound,
        )  # fmt: skip
    session.execute(
        sa.update(WorkBalance).where(WorkBalance.work_id == work_id).values(total_investment=total)
    )
