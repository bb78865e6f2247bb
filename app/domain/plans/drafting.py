"""Drafting a plan, from nothing or from an earlier one, and changing its text until it is sent."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app import db
from app.clock import today, utcnow
from app.domain import audit, tasks
from app.domain.access import Actor, require
from app.domain.ledger.entries import hash_body
from app.domain.ledger.lines import FIRST_YEAR, LAST_YEAR
from app.domain.plans import funding
from app.domain.plans.flow import DRAFT, PLAN_FLOW, SUBJECT
from app.domain.plans.funding import NewFund
from app.domain.plans.views import KINDS, MODEL_HAMLET, PERIOD, PlanView, funds_of, one
from app.domain.sides import refuse_above
from app.domain.tasks import NewTask, TaskView
from app.domain.territory import LEGACY, TWO_TIERS, UnitView, resolve
from app.errors import FieldError, IdTaken, Invalid, NotFound, RuleBroken, Stale
from app.i18n import N_, translate
from app.models.plans import Plan
from app.models.programs import Program
from app.text import fold

EDITABLE: Final = ("title", "responsible", "year", "due_on")
LISTS: Final = ("items", "funds")
NTM: Final = "NTM"  # whose model hamlets they are
_TITLES: Final = {
    "year": N_("Kế hoạch năm {year} thực hiện Chương trình {program}, {unit}"),
    "period": N_("Kế hoạch giai đoạn {first}-{last} thực hiện Chương trình {program}, {unit}"),
    "model_hamlet": N_("Kế hoạch xây dựng nông thôn mới kiểu mẫu {unit} năm {year}"),
}


@dataclass(frozen=True, slots=True)
class NewPlan:
    """A plan as it is drafted. `title` is made where none is given; `start_from`: a plan whose tasks that are not done,
    and whose money, are taken over where no `items`, no `funds` are given. `due_on`: when it is to be sent."""

    id: uuid.UUID
    kind: str
    unit_code: str
    program_code: str | None = None
    year: int | None = None
    title: str = ""
    responsible: str = ""
    due_on: date | None = None
    start_from: uuid.UUID | None = None
    items: tuple[NewTask, ...] = ()
    funds: tuple[NewFund, ...] = ()

    def body_hash(self) -> str:
        plain = [getattr(self, name) for name in self.__slots__ if name not in LISTS]
        return hash_body(*plain, [t.facts() for t in self.items], [f.facts() for f in self.funds])


def create(actor: Actor, new: NewPlan, *, illustrative: bool = False) -> tuple[PlanView, bool]:
    """Draft a plan; (the plan, whether it is new).

    The same body again gives back the same row; another body under its id raises IdTaken.
    """
    require(actor, "plan.edit")
    _check(new.kind, {"title": new.title, "responsible": new.responsible, "year": new.year})
    try:
        return _create(actor, new, illustrative)
    except IntegrityError:
        return _create(actor, new, illustrative)  # somebody has just made it: look again


def _create(actor: Actor, new: NewPlan, illustrative: bool) -> tuple[PlanView, bool]:
    with db.transaction(write=True) as session:
        body = new.body_hash()
        stored = session.execute(sa.select(Plan.body_hash).where(Plan.id == new.id)).scalar_one_or_none()
        if stored is not None:
            if stored != body:
                raise IdTaken()
            return one(session, actor, new.id), False
        unit = unit_meant(session, actor, new.unit_code, new.year)
        _check_level(new.kind, unit)
        refuse_above(actor, PLAN_FLOW.own, unit.level, "create")
        program = _program(session, new)
        title = new.title.strip() or _title(new, unit, program)
        items, funds, earlier = new.items, new.funds, None
        if new.start_from is not None:
            earlier, copied, money = _earlier(session, actor, new.start_from, new.year)
            items, funds = items or copied, funds or money
        now = utcnow()
        session.execute(
            sa.insert(Plan).values(
                id=new.id, unit_id=unit.id, kind=new.kind, program_id=program.id, year=new.year, title=title,
                responsible=new.responsible, state=DRAFT, due_on=new.due_on, from_plan_id=earlier,
                illustrative=illustrative, search=_search(title, new.responsible), body_hash=body,
                created_at=now, created_by=actor.ref, updated_at=now, version=1,
            )
        )  # fmt: skip
        tasks.replace_all(session, actor, (SUBJECT, new.id), items)
        funding.replace_all(session, actor, new.id, funds)
        audit.record(
            session, actor, "plan.create", SUBJECT, new.id, unit.id, kind=new.kind, program=program.code,
            year=new.year,
        )  # fmt: skip
        return one(session, actor, new.id), True


def unit_meant(
    session: Session, actor: Actor, code: str, year: int | None, *, as_of: date | None = None
) -> UnitView:
    """The unit of a plan. A bare code is read on `as_of`, else at the end of the plan's year; where none is in sight
    then, in the structure beside it: a hamlet of 2023 plans for 2025 all the same. NotFound names `unit_code`."""
    try:
        return resolve(session, actor, code, year=year, as_of=as_of, field="unit_code")
    except NotFound:
        if "@" in code:
            raise
    for structure in (actor.structure, TWO_TIERS, LEGACY):
        try:
            return resolve(session, actor, f"{code}@{structure}")
        except NotFound:
            continue
    raise NotFound(N_("Không có đơn vị {code} trong phạm vi của bạn."), field="unit_code", code=code)


def _check_level(kind: str, unit: UnitView) -> None:
    if (unit.level == "hamlet") == (kind == MODEL_HAMLET):
        return
    message = (
        N_("Kế hoạch thôn kiểu mẫu lập cho một thôn.")
        if kind == MODEL_HAMLET
        else N_("Kế hoạch của thôn chỉ có loại thôn kiểu mẫu.")
    )
    raise Invalid.field("unit_code", message)


def _program(session: Session, new: NewPlan) -> sa.Row[int, str, str, int, int]:
    code = new.program_code or (NTM if new.kind == MODEL_HAMLET else None)
    if code is None:
        raise Invalid.field("program_code", N_("Chưa chọn"))
    row = session.execute(
        sa.select(Program.id, Program.code, Program.short_name, Program.period_from, Program.period_to).where(
            Program.code == code
        )
    ).one_or_none()
    if row is None:
        raise NotFound(N_("Không có chương trình {code}."), field="program_code", code=code)
    return row


def _title(new: NewPlan, unit: UnitView, program: Any) -> str:
    """What a plan is called where nobody named it, in Vietnamese as its officials would."""
    return translate(
        "vi", _TITLES[new.kind], unit=unit.name, year=str(new.year), program=program.short_name,
        first=str(program.period_from), last=str(program.period_to),
    )  # fmt: skip


def _search(title: str, responsible: str) -> str:
    return fold(f"{title} {responsible}")


def _earlier(
    session: Session, actor: Actor, plan_id: uuid.UUID, year: int | None
) -> tuple[uuid.UUID, tuple[NewTask, ...], tuple[NewFund, ...]]:
    """What goes on of an earlier plan; NotFound names `start_from`. A line and a day of its own year do not go on."""
    try:
        earlier = one(session, actor, plan_id)
    except NotFound:
        raise NotFound(N_("Không có kế hoạch này trong phạm vi của bạn."), field="start_from") from None
    standing = tasks.tasks_of(session, SUBJECT, [plan_id], today())[plan_id]
    items = tuple(_carried(task, year) for task in standing if not task.done)
    money: dict[object, NewFund] = {}
    for fund in funds_of(session, plan_id):
        key = (fund.project_code, fund.source, fund.capital_kind)
        what = key if fund.project_code else (*key, fund.note)  # of no project: told apart by its note alone
        before = money.get(what)
        amount = fund.amount + (before.amount if before else 0)
        money[what] = NewFund(amount, *key, note=before.note if before else fund.note)
    return earlier.id, items, tuple(money.values())


def _carried(task: TaskView, year: int | None) -> NewTask:
    goes_on = task.due_on is not None and (year is None or task.due_on.year >= year)
    return NewTask(
        task.text, None, task.kind, task.measure, task.quantity, task.due_on if goes_on else None,
        task.responsible, task.work_id,
    )  # fmt: skip


def update(actor: Actor, plan_id: uuid.UUID, version: int, changes: dict[str, Any]) -> PlanView:
    """Change `title`, `responsible`, `year`, `due_on`; `items` and `funds` are whole lists. Raises Stale when somebody
    changed it since, RuleBroken `plan_state` once it was sent."""
    require(actor, "plan.edit")
    with db.transaction(write=True) as session:
        standing = one(session, actor, plan_id, lock=True)
        refuse_above(actor, PLAN_FLOW.own, standing.level, "update")
        if standing.version != version:
            raise Stale(standing)
        if not changes:
            return standing
        if not standing.open:
            message = N_("Kế hoạch đã gửi: chỉ sửa được khi là dự thảo hay bị trả lại.")
            raise RuleBroken("plan_state", message, asked="update", held=standing.state)
        values = {name: changes[name] for name in EDITABLE if name in changes}
        whole = {name: getattr(standing, name) for name in EDITABLE} | values
        _check(standing.kind, whole, titled=True)
        session.execute(
            sa.update(Plan)
            .where(Plan.id == plan_id)
            .values(
                **values, search=_search(whole["title"], whole["responsible"]), version=version + 1,
                updated_at=utcnow(),
            )
        )  # fmt: skip
        if "items" in changes:
            tasks.replace_all(session, actor, (SUBJECT, plan_id), changes["items"])
        if "funds" in changes:
            funding.replace_all(session, actor, plan_id, changes["funds"])
        audit.record(
            session, actor, "plan.update", SUBJECT, plan_id, standing.unit_id, fields=sorted(changes)
        )
        return one(session, actor, plan_id)


def _check(kind: str, values: dict[str, Any], *, titled: bool = False) -> None:
    """Raises Invalid for what no database is needed to see, naming each."""
    faults = []
    if kind not in KINDS:
        faults.append(FieldError("kind", N_("Không có trong danh sách")))
    if titled and not values["title"].strip():
        faults.append(FieldError("title", N_("Chưa điền")))
    for name, longest in (("title", 300), ("responsible", 200)):
        if len(values[name]) > longest:
            message = N_("Dài quá {longest:number} ký tự")
            faults.append(FieldError(name, message, {"longest": longest}))
    faults += _faults_of_year(kind, values["year"])
    if faults:
        raise Invalid(*faults)


def _faults_of_year(kind: str, year: int | None) -> Sequence[FieldError]:
    if kind == PERIOD:
        return [] if year is None else [FieldError("year", N_("Kế hoạch giai đoạn không ghi năm."))]
    if year is None:
        return [FieldError("year", N_("Ghi năm của kế hoạch."))]
    if FIRST_YEAR <= year <= LAST_YEAR:
        return []
    facts = {"first": FIRST_YEAR, "last": LAST_YEAR}
    return [FieldError("year", N_("Năm từ {first} đến {last}."), facts)]
