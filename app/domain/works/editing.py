"""Registering a work and changing it, within what is contracted and disbursed."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app import db
from app.clock import today, utcnow
from app.domain import audit
from app.domain.access import Actor, require, under
from app.domain.ledger.entries import hash_body
from app.domain.territory import UnitView, resolve
from app.domain.works import stages, steps
from app.domain.works.places import audited, place_faults
from app.domain.works.register import WorkView, one
from app.errors import Conflict, FieldError, IdTaken, Invalid, NotFound, RuleBroken, Stale
from app.i18n import N_
from app.models.base import MAX_AMOUNT
from app.models.procedures import WorkStep
from app.models.programs import Project
from app.models.progress import Obstacle
from app.models.territory import Unit
from app.models.works import PROCEDURES, STAGES, Work, WorkBalance, WorkHamlet
from app.text import fold, sort_key


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
    path: tuple[tuple[float, float], ...] | None = None  # [lon, lat] of each corner of a line, WGS 84
    override_reason: str = ""  # why it is registered in a later stage while something is missing

    def body_hash(self) -> str:
        """Fields that came later count only where they are used: what was sent before hashes as it did."""
        late = ("path", "override_reason")
        values = [getattr(self, name) for name in self.__slots__ if name not in late]
        return hash_body(*values, *(f"{name}={getattr(self, name)}" for name in late if getattr(self, name)))


EDITABLE: Final[tuple[str, ...]] = (
    "code", "name", "stage", "procedure", "location", "lat", "lon", "scale", "responsible", "decision_number",
    "decision_date", "planned_start", "planned_finish", "started_on", "finished_on", "physical_percent", "path",
)  # fmt: skip


def create(actor: Actor, new: NewWork, *, illustrative: bool = False) -> tuple[WorkView, bool]:
    """Register a work; (the work, whether it is new). It takes the steps of its procedure as in force today.

    Raises Conflict when its owner has that code already, StageBarred for a later stage that something bars.
    """
    require(actor, "work.edit")
    _check({name: getattr(new, name) for name in (*EDITABLE, "total_investment")})
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
            return one(session, actor, new.id), False
        owner = resolve(session, actor, new.owner_unit_code, field="owner_unit_code")
        _refuse_code(session, owner.id, new.code, None)
        now = utcnow()
        session.execute(
            sa.insert(Work).values(
                {name: getattr(new, name) for name in EDITABLE}
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
        if new.procedure is not None:
            steps.start(session, new.id, new.procedure)
        audit.record(session, actor, "work.create", "work", new.id, owner.id, code=new.code, name=new.name)
        stages.begin_late(session, actor, one(session, actor, new.id), owner.id, new.override_reason.strip())
        return one(session, actor, new.id), True


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
    faults += place_faults(values)
    if faults:
        raise Invalid(*faults)


def update(actor: Actor, work_id: uuid.UUID, version: int, changes: dict[str, Any]) -> WorkView:
    """Change a work. The approved total never falls below contracts or disbursement (RuleBroken `work_total`).

    `changes` uses the names of NewWork, but id and owner. A stage is entered only when nothing is missing
    (StageBarred), or with `override_reason` by who may. Raises Stale when somebody changed it since.
    """
    require(actor, "work.edit")
    with db.transaction(write=True) as session:
        unit_id = steps.unit_of(session, actor, work_id, lock=True)
        work = one(session, actor, work_id)
        if work.version != version:
            raise Stale(work)
        if not changes:
            return work
        _check({name: getattr(work, name) for name in (*EDITABLE, "total_investment")} | changes)
        values = {name: changes[name] for name in EDITABLE if name in changes}
        if "project_code" in changes:
            values["project_id"] = _project(session, changes["project_code"])
        if "code" in changes:
            _refuse_code(session, work.owner_unit_id, changes["code"], work_id)
        if "total_investment" in changes:
            _approve(session, work_id, changes["total_investment"])
        _take_procedure(session, work, changes)
        values |= _enter_stage(session, actor, work, changes)
        values |= _keys(changes.get("name", work.name), changes.get("code", work.code))
        session.execute(
            sa.update(Work)
            .where(Work.id == work_id)
            .values(**values, version=version + 1, updated_at=utcnow())
        )
        if "hamlets" in changes:
            owner = resolve(session, actor, f"{work.owner_unit_code}@{work.owner_structure}")
            _set_hamlets(session, owner, work_id, tuple(changes["hamlets"]))
        audit.record(session, actor, "work.update", "work", work_id, unit_id, **audited(changes))
        return one(session, actor, work_id)


def _take_procedure(session: Session, work: WorkView, changes: dict[str, Any]) -> None:
    """Another procedure brings its own steps, as long as those of the old one have not begun.

    Obstacles about a step that goes are about the work from then on.
    """
    wanted = changes.get("procedure", work.procedure)
    if wanted == work.procedure:
        return
    stages.refuse_running(session, work.id)
    old = sa.and_(WorkStep.work_id == work.id, WorkStep.track == steps.MAIN)
    session.execute(
        sa.update(Obstacle)
        .where(Obstacle.subject_kind == "step", Obstacle.subject_id.in_(sa.select(WorkStep.id).where(old)))
        .values(
            subject_kind="work", subject_id=work.id, version=Obstacle.version + 1, updated_at=utcnow()
        )
    )  # fmt: skip
    session.execute(sa.delete(WorkStep).where(old))
    if wanted is not None:
        steps.start(session, work.id, wanted)


def _enter_stage(session: Session, actor: Actor, work: WorkView, changes: dict[str, Any]) -> dict[str, date]:
    """Judge a change of stage; the real days that it tells of, and its own."""
    reason, wanted = stages.reason_of(changes), changes.get("stage", work.stage)
    if wanted == work.stage:
        return {}
    judged = ("procedure", "physical_percent")
    as_it_will_be = replace(work, **{name: changes[name] for name in judged if name in changes})
    stages.enter(session, actor, as_it_will_be, work.owner_unit_id, wanted, reason)
    known = {name: changes.get(name, getattr(work, name)) for name in ("started_on", "finished_on")}
    return stages.days_of(session, work.id, wanted, known) | {"stage_on": today()}


def _approve(session: Session, work_id: uuid.UUID, total: int | None) -> None:
    held = session.execute(
        sa.select(WorkBalance.contracted, WorkBalance.disbursed, WorkBalance.settled_value)
        .where(WorkBalance.work_id == work_id)
        .with_for_update()
    ).one()
    bound = max(held.contracted, held.disbursed, held.settled_value or 0)
    if total is not None and total < bound:
        raise RuleBroken(
            "work_total",
            N_("Tổng mức đầu tư {asked:money} thấp hơn phần đã ký hợp đồng, giải ngân hoặc quyết toán {held:money}."),
            asked=total, held=bound,
        )  # fmt: skip
    session.execute(
        sa.update(WorkBalance).where(WorkBalance.work_id == work_id).values(total_investment=total)
    )
