"""A plan as it was sent, kept for good; and what two of its versions say otherwise."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, Literal

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import db
from app.clock import today, utcnow
from app.domain import tasks
from app.domain.access import Actor, require
from app.domain.plans.flow import SUBJECT
from app.domain.plans.views import FundView, PlanView, funds_of, one
from app.domain.tasks import TaskView
from app.errors import NotFound
from app.i18n import N_
from app.models.plans import PlanVersion

Json = dict[str, Any]
HEAD: Final = ("title", "responsible", "year")
OF_TASK: Final = (
    "kind", "text", "measure", "quantity", "due_on", "responsible", "work_id", "budget_line_id",
)  # fmt: skip
OF_FUND: Final = ("project_code", "source", "capital_kind", "amount", "budget_line_id", "note")


@dataclass(frozen=True, slots=True)
class VersionView:
    """A version of a plan's text: a dict of what was sent, `number` None for the text as it stands."""

    number: int | None
    content: Json
    at: datetime | None
    by: str


@dataclass(frozen=True, slots=True)
class Change:
    """What became of one thing; `fields` are the names of what is said otherwise."""

    what: Literal["added", "removed", "changed"]
    before: Json | None
    after: Json | None
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Comparison:
    """From one text of a plan to another: what of the head, of the tasks and of the money is said otherwise."""

    before: VersionView
    after: VersionView
    fields: tuple[str, ...]
    items: tuple[Change, ...]
    funds: tuple[Change, ...]

    @property
    def same(self) -> bool:
        return not (self.fields or self.items or self.funds)


def content_of(plan: PlanView, items: Sequence[TaskView], funds: Sequence[FundView]) -> Json:
    """A plan's text as JSON, whole, with the names of what it leads to as they are now."""
    return {
        **{name: _plain(getattr(plan, name)) for name in HEAD},
        "items": [
            {"id": str(task.id), "work_name": task.work_name, "line_name": task.line_name}
            | {name: _plain(getattr(task, name)) for name in OF_TASK}
            for task in items
        ],
        "funds": [
            {"line_name": fund.line_name} | {name: _plain(getattr(fund, name)) for name in OF_FUND}
            for fund in funds
        ],
    }


def _plain(value: object) -> object:
    """As JSON holds it: days and figures as text, so that figures stay exact."""
    if isinstance(value, date):
        return value.isoformat()
    return value if value is None or isinstance(value, int | str) else str(value)


def _now(session: Session, plan: PlanView) -> Json:
    items = tasks.tasks_of(session, SUBJECT, [plan.id], today())[plan.id]
    return content_of(plan, items, funds_of(session, plan.id))


def freeze(session: Session, actor: Actor, plan: PlanView, number: int) -> None:
    """Keep a plan's text, which its caller has locked, as a version."""
    session.execute(
        sa.insert(PlanVersion).values(
            plan_id=plan.id, number=number, content=_now(session, plan), at=utcnow(), by=actor.ref
        )
    )


def versions(actor: Actor, plan_id: uuid.UUID) -> list[VersionView]:
    """Every version of a plan, the newest first."""
    require(actor, "read")
    with db.transaction() as session:
        one(session, actor, plan_id)
        query = _stored(plan_id).order_by(PlanVersion.number.desc())
        return [VersionView(*row) for row in session.execute(query)]


def version(actor: Actor, plan_id: uuid.UUID, number: int) -> VersionView:
    """One version of a plan."""
    require(actor, "read")
    with db.transaction() as session:
        one(session, actor, plan_id)
        return _version(session, plan_id, number)


def _stored(plan_id: uuid.UUID) -> sa.Select[int, Json, datetime, str]:
    return sa.select(PlanVersion.number, PlanVersion.content, PlanVersion.at, PlanVersion.by).where(
        PlanVersion.plan_id == plan_id
    )


def _version(session: Session, plan_id: uuid.UUID, number: int, field: str | None = None) -> VersionView:
    row = session.execute(_stored(plan_id).where(PlanVersion.number == number)).one_or_none()
    if row is None:
        raise NotFound(N_("Kế hoạch không có bản gửi số {number}."), field=field, number=number)
    return VersionView(*row)


def compare(
    actor: Actor, plan_id: uuid.UUID, *, before: int | None = None, after: int | None = None
) -> Comparison:
    """What is said otherwise from a version, by default the one sent last but one or alone, to another, by default the
    text as it stands. NotFound names `from` or `to`; of a plan that was never sent there is nothing to compare."""
    require(actor, "read")
    with db.snapshot() as session:
        plan = one(session, actor, plan_id)
        number = _before(plan, after) if before is None else before
        first = _version(session, plan_id, number, "from")
        if after is None:
            second = VersionView(None, _now(session, plan), None, "")
        else:
            second = _version(session, plan_id, after, "to")
    return compared(first, second)


def _before(plan: PlanView, after: int | None) -> int:
    """The version before another; before the text as it stands the one sent last, or before that where it is the same."""
    if after is not None:
        return max(after - 1, 1)
    return plan.version_number if plan.open else max(plan.version_number - 1, 1)


def compared(first: VersionView, second: VersionView) -> Comparison:
    """From one text to another."""
    a, b = first.content, second.content
    return Comparison(
        first,
        second,
        tuple(name for name in HEAD if a[name] != b[name]),
        (*_changes(a["items"], b["items"], OF_TASK, _task_keys),),
        (*_changes(a["funds"], b["funds"], OF_FUND, _fund_keys),),
    )


def _task_keys(task: Json) -> tuple[object, ...]:
    """By what a task is known again, the surest first: a list that was written anew has other ids."""
    return task["id"], (task["kind"], task["text"])


def _fund_keys(fund: Json) -> tuple[object, ...]:
    where = (fund["project_code"], fund["source"], fund["capital_kind"])
    return (*where, fund["budget_line_id"], fund["note"]), (*where, fund["budget_line_id"]), where


def _changes(
    before: Sequence[Json],
    after: Sequence[Json],
    fields: Sequence[str],
    keys: Callable[[Json], tuple[object, ...]],
) -> Iterable[Change]:
    pairs = _pairs(before, after, keys)
    for number, row in enumerate(after):
        twin = pairs.get(number)
        if twin is None:
            yield Change("added", None, row)
            continue
        different = tuple(name for name in fields if before[twin][name] != row[name])
        if different:
            yield Change("changed", before[twin], row, different)
    for number, row in enumerate(before):
        if number not in set(pairs.values()):
            yield Change("removed", row, None)


def _pairs(
    before: Sequence[Json], after: Sequence[Json], keys: Callable[[Json], tuple[object, ...]]
) -> dict[int, int]:
    """The place in `before` of each row of `after` that was there: first by the surest of its keys."""
    pairs: dict[int, int] = {}
    levels = len(keys(before[0])) if before else 0
    for level in range(levels):
        left: dict[object, list[int]] = {}
        for number, row in enumerate(before):
            if number not in pairs.values():
                left.setdefault(keys(row)[level], []).append(number)
        for number, row in enumerate(after):
            waiting = left.get(keys(row)[level])
            if number not in pairs and waiting:
                pairs[number] = waiting.pop(0)
    return pairs
