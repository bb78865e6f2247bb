"""Writing the tasks of a plan or of a target, and reporting how far one has come."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, aliased
from uuid_utils.compat import uuid7

from app import db
from app.clock import today, utcnow
from app.domain import audit
from app.domain.access import Actor, in_scope, require, under
from app.domain.ledger.entries import hash_body
from app.domain.tasks.views import KINDS, OWNERS, WHOLE, NewTask, Owner, ProgressView, plain
from app.errors import FieldError, IdTaken, Invalid, NotFound, RuleBroken
from app.i18n import N_
from app.models.criteria import Target
from app.models.ledger import BudgetLine
from app.models.plans import Task, TaskProgress
from app.models.territory import Unit, UnitScope
from app.models.works import Work

_scope = aliased(UnitScope)
MOST: Final = 200
LARGEST: Final = Decimal("999999999999.999")


def replace_all(
    session: Session, actor: Actor, owner: Owner, wanted: Sequence[NewTask], *, field: str = "items"
) -> None:
    """Let these, in this order, be an owner's tasks, in the transaction of the caller, who has looked at its rights and
    holds the owner's lock.

    A task that is not among them is taken out and keeps what was reported of it; named again, it is back. Invalid
    names `items.3.text` and the like, NotFound `items.3.work_id` for a work or line out of the actor's scope; IdTaken
    for the id of another owner's task. `field`: how the list is called there.
    """
    faults = [*_faults(wanted, field)]
    if faults:
        raise Invalid(*faults)
    column = OWNERS[owner[0]][1]
    ids = [task.id or uuid7() for task in wanted]
    standing = _standing(session, column, owner[1], ids)
    _refuse_out_of_scope(session, actor, owner, wanted, standing, field)
    gone = [id_ for id_, its in standing.items() if id_ not in set(ids) and not its["removed"]]
    if gone:
        session.execute(sa.update(Task).where(Task.id.in_(gone)).values(removed=True))
    rows = [
        {
            "id": id_, column.key: owner[1], "position": position, "kind": task.kind, "text": task.text,
            "measure": task.measure, "quantity": task.quantity, "due_on": task.due_on,
            "responsible": task.responsible, "work_id": task.work_id, "budget_line_id": task.budget_line_id,
            "removed": False,
        }
        for position, (id_, task) in enumerate(zip(ids, wanted, strict=True))
    ]  # fmt: skip
    new = [row for row in rows if row["id"] not in standing]
    if new:
        session.execute(sa.insert(Task), new)
    kept = [row for row in rows if row["id"] in standing]
    if kept:
        session.execute(sa.update(Task), kept)  # by primary key, many at once


def _standing(
    session: Session, column: Any, owner_id: uuid.UUID, ids: Sequence[uuid.UUID]
) -> dict[uuid.UUID, dict[str, Any]]:
    """The owner's tasks by id, those taken out among them. IdTaken when one of `ids` is another's."""
    query = sa.select(Task.id, column, Task.work_id, Task.budget_line_id, Task.removed).where(
        sa.or_(column == owner_id, Task.id.in_(ids))
    )
    found = {}
    for id_, owner, work_id, line_id, removed in session.execute(query):
        if owner != owner_id:
            raise IdTaken()
        found[id_] = {"work_id": work_id, "budget_line_id": line_id, "removed": removed}
    return found


def _refuse_out_of_scope(
    session: Session,
    actor: Actor,
    owner: Owner,
    wanted: Sequence[NewTask],
    standing: dict[uuid.UUID, dict[str, Any]],
    field: str,
) -> None:
    """NotFound for a work or line that was not in the task before and is not in the actor's scope, or is another unit's
    than the owner's: of one above it or below, so that whoever reads the task may open what it is tied to or knows of it.
    """
    keeper = _keeper(owner)
    for name, model, unit in (
        ("work_id", Work, Work.owner_unit_id),
        ("budget_line_id", BudgetLine, BudgetLine.unit_id),
    ):
        known = {its[name] for its in standing.values()}
        asked = {id_ for task in wanted if (id_ := getattr(task, name)) is not None} - known
        if not asked:
            continue
        near = sa.or_(
            under(keeper, unit), keeper.in_(sa.select(_scope.unit_id).where(_scope.ancestor_id == unit))
        )
        query = sa.select(model.id).where(model.id.in_(asked), in_scope(actor, unit), near)
        missing = asked - set(session.execute(query).scalars())
        for number, task in enumerate(wanted):
            if getattr(task, name) in missing:
                message = N_("Không có công trình hay dòng vốn này trong phạm vi của bạn.")
                raise NotFound(message, field=f"{field}.{number}.{name}")


def _keeper(owner: Owner) -> sa.ScalarSelect[int]:
    """The unit whose tasks these are; of a hamlet its commune."""
    model = OWNERS[owner[0]][0]
    place = sa.case((Unit.level == "hamlet", Unit.parent_id), else_=Unit.id)
    return (
        sa.select(place).join(model, model.unit_id == Unit.id).where(model.id == owner[1]).scalar_subquery()
    )


def _faults(wanted: Sequence[NewTask], field: str) -> Iterator[FieldError]:
    """What is wrong with a list of tasks, each named by its place in it."""
    if len(wanted) > MOST:
        yield FieldError(field, N_("Không quá {most:number} dòng"), {"most": MOST})
    seen: set[uuid.UUID] = set()
    for number, task in enumerate(wanted):
        at = f"{field}.{number}"
        if task.id is not None and task.id in seen:
            yield FieldError(f"{at}.id", N_("Trùng với một dòng ở trên"))
        if task.id is not None:
            seen.add(task.id)
        if task.kind not in KINDS:
            yield FieldError(f"{at}.kind", N_("Không có trong danh sách"))
        for name, longest in (("text", 1000), ("measure", 60), ("responsible", 200)):
            if len(getattr(task, name)) > longest:
                message = N_("Dài quá {longest:number} ký tự")
                yield FieldError(f"{at}.{name}", message, {"longest": longest})
        if not task.text.strip():
            yield FieldError(f"{at}.text", N_("Chưa điền"))
        if task.quantity is None:
            continue
        if fault := figure_fault(task.quantity, positive=True):
            yield FieldError(f"{at}.quantity", fault)
        if not task.measure.strip():
            yield FieldError(f"{at}.measure", N_("Ghi đơn vị tính của khối lượng."))


def figure_fault(value: Decimal, *, positive: bool = False) -> str | None:
    """What is wrong with a figure, which has at most three decimal places; None if nothing is."""
    if not value.is_finite() or value < 0 or (positive and value == 0):
        return N_("Phải lớn hơn 0") if positive else N_("Không được âm")
    if value > LARGEST or value * 1000 != int(value * 1000):
        return N_("Quá lớn, hoặc quá ba chữ số thập phân")
    return None


@dataclass(frozen=True, slots=True)
class NewProgress:
    """How far a task had come, by default today: `value` in its measure or, without a quantity, in percent."""

    id: uuid.UUID
    value: Decimal
    reported_on: date | None = None
    note: str = ""

    def body_hash(self, task_id: uuid.UUID) -> str:
        return hash_body(task_id, *(plain(getattr(self, name)) for name in self.__slots__))


def report(actor: Actor, owner: Owner, task_id: uuid.UUID, new: NewProgress) -> tuple[ProgressView, bool]:
    """Report how far a task has come; (the report, whether it is new). What was reported is never changed.

    The same body again gives back the same report; another body under its id raises IdTaken. Invalid for a day to
    come and for a value below zero or above 100 percent; NotFound out of scope and for a task that was taken out.
    """
    require(actor, "task.report")
    _check(new)
    try:
        return _report(actor, owner, task_id, new)
    except IntegrityError:
        return _report(actor, owner, task_id, new)  # somebody has just sent it: look again


def _check(new: NewProgress) -> None:
    if (new.reported_on or today()) > today():
        message = N_("Ngày báo cáo không được sau hôm nay {today:date}.")
        raise Invalid.field("reported_on", message, today=today())
    if fault := figure_fault(new.value):
        raise Invalid.field("value", fault)
    if len(new.note) > 2000:
        raise Invalid.field("note", N_("Dài quá {longest:number} ký tự"), longest=2000)


def _report(actor: Actor, owner: Owner, task_id: uuid.UUID, new: NewProgress) -> tuple[ProgressView, bool]:
    model, column = OWNERS[owner[0]]
    with db.transaction(write=True) as session:
        query = (
            sa.select(Task.quantity, Task.removed, model.unit_id)
            .join(model, model.id == column)
            .where(Task.id == task_id, model.id == owner[1], in_scope(actor, model.unit_id))
        )
        found = session.execute(query).one_or_none()
        if found is None:
            raise NotFound()
        quantity, removed, unit_id = found
        body, stored = new.body_hash(task_id), session.get(TaskProgress, new.id)
        if stored is not None:
            if stored.body_hash != body:
                raise IdTaken()
            return _view(stored), False
        if removed:
            raise NotFound()
        if owner[0] == "target":
            _refuse_dropped(session, owner[1])
        if quantity is None and new.value > WHOLE:
            raise Invalid.field("value", N_("Không quá 100 %"))
        made = TaskProgress(
            id=new.id, task_id=task_id, reported_on=new.reported_on or today(), value=new.value, note=new.note,
            body_hash=body, created_at=utcnow(), created_by=actor.ref,
        )  # fmt: skip
        session.add(made)
        # Who follows changes sees the owner again: how far its tasks are is a part of it.
        session.execute(sa.update(model).where(model.id == owner[1]).values(updated_at=utcnow()))
        audit.record(
            session, actor, "task.report", owner[0], owner[1], unit_id, task=task_id,
            reported_on=made.reported_on,
        )  # fmt: skip
        session.flush()
        return _view(made), True


def _refuse_dropped(session: Session, target_id: uuid.UUID) -> None:
    """RuleBroken `target_state` for a target that was given up."""
    day = session.execute(sa.select(Target.dropped_on).where(Target.id == target_id)).scalar_one()
    if day is not None:
        message = N_("Chỉ tiêu này đã bỏ từ {day:date}.")
        raise RuleBroken("target_state", message, asked="report", held="dropped", day=day)


def _view(row: TaskProgress) -> ProgressView:
    return ProgressView(
        row.id, row.task_id, row.reported_on, row.value, row.note, row.created_by, row.created_at
    )
