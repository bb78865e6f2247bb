"""What members answer for: looked up for a board, and listed so that a person can tick it."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.domain.access import under
from app.domain.boards.views import SUBJECT_KINDS, CommitteeView, Key
from app.domain.criteria.sets import holds_in, in_force, place_of
from app.domain.plans.flow import APPROVED, RECOGNISED
from app.domain.targets.views import DROPPED, REACHED, state_on
from app.errors import Invalid, NotFound
from app.i18n import N_
from app.models.criteria import CriteriaSet, Criterion, Target
from app.models.plans import Plan, Task
from app.models.programs import Program, Project
from app.models.territory import Unit
from app.models.works import Work
from app.text import sort_key

COMMUNE: Final = "commune"
OVER: Final = ("handed_over", "settled", "cancelled")  # stages of works that nobody has to drive any more
LONGEST_TEXT: Final = 300
Value = int | uuid.UUID
Rows = Iterable[tuple[str, Value]]


@dataclass(frozen=True, slots=True)
class Thing:
    """What a member of a board may answer for. `needed`: somebody has to.

    `key` as an assignment has it; `note`: what tells it from others of its name.
    """

    kind: str
    key: str
    name: str
    name_en: str
    note: str
    needed: bool

    @property
    def subject(self) -> Key:
        return self.kind, self.key

    def named(self, lang: str) -> str:
        return self.name_en if lang == "en" and self.name_en else self.name


# --- looked up -----------------------------------------------------------------------------------------


def canonical(board: CommitteeView, subject: Key) -> Key:
    """A subject as an assignment has it: a bare code of a hamlet is of the structure of the board's unit."""
    kind, key = subject
    if kind == "hamlet" and "@" not in key:
        return kind, f"{key}@{board.unit_structure}"
    if kind in ("work", "task"):
        return kind, key.lower()
    return subject


def find(
    session: Session, board: CommitteeView, keys: Sequence[Key], *, field: str = "subject"
) -> dict[Key, dict[str, Value]]:
    """The column of an assignment for each of these: at most one statement a kind.

    NotFound names `field` where one does not lie in the scope of the board's unit, Invalid for a program, or a project
    of a program, that is not the board's, and for a kind that there is not.
    """
    wanted: dict[str, list[str]] = defaultdict(list)
    for kind, key in keys:
        if kind not in SUBJECT_KINDS:
            raise Invalid.field(field, N_("Không phân công được loại việc này."))
        wanted[kind].append(key)
    found: dict[Key, dict[str, Value]] = {}
    for kind, asked in wanted.items():
        for key, value in _FINDERS[kind](session, board, asked):
            found[kind, key] = {f"{kind}_id": value}
    for kind, key in keys:
        if (kind, key) in found:
            continue
        if kind in ("program", "project"):
            raise Invalid.field(field, N_("Chương trình, dự án này không có, hoặc không thuộc ban."))
        raise NotFound(N_("Không có nội dung này trong phạm vi của đơn vị."), field=field)
    return found


def _programs(session: Session, board: CommitteeView, keys: list[str]) -> Rows:
    mine = [key for key in keys if key in board.programs]
    query = sa.select(Program.code, Program.id).where(Program.code.in_(mine))
    return session.execute(query).all()


def _projects(session: Session, board: CommitteeView, keys: list[str]) -> Rows:
    query = (
        sa.select(Project.code, Project.id)
        .join(Program, Program.id == Project.program_id)
        .where(Project.code.in_(keys), Program.code.in_(board.programs))
    )
    return session.execute(query).all()


def _criteria(session: Session, board: CommitteeView, keys: list[str]) -> Rows:
    asked = [key.rpartition("/") for key in keys]
    query = (
        sa.select(CriteriaSet.code, Criterion.number, Criterion.id)
        .join(Criterion, Criterion.set_id == CriteriaSet.id)
        .where(
            CriteriaSet.code.in_([code for code, _, _ in asked]),
            Criterion.number.in_([int(number) for _, _, number in asked if _is_small(number)]),
            *holds_in(CriteriaSet, place_of(board.unit_id)),
        )
    )
    return [(f"{code}/{number}", id_) for code, number, id_ in session.execute(query)]


def _is_small(number: str) -> bool:
    return number.isascii() and number.isdigit() and len(number) < 4


def _ids(keys: list[str]) -> list[uuid.UUID]:
    found = []
    for key in keys:
        try:
            found.append(uuid.UUID(key))
        except ValueError:
            continue
    return found


def _works(session: Session, board: CommitteeView, keys: list[str]) -> Rows:
    query = sa.select(Work.id).where(Work.id.in_(_ids(keys)), under(board.unit_id, Work.owner_unit_id))
    return [(str(id_), id_) for id_ in session.execute(query).scalars()]


def _tasks(session: Session, board: CommitteeView, keys: list[str]) -> Rows:
    owner = sa.func.coalesce(Plan.unit_id, Target.unit_id)
    query = (
        sa.select(Task.id)
        .outerjoin(Plan, Plan.id == Task.plan_id)
        .outerjoin(Target, Target.id == Task.target_id)
        .where(Task.id.in_(_ids(keys)), sa.not_(Task.removed), under(board.unit_id, owner))
    )
    return [(str(id_), id_) for id_ in session.execute(query).scalars()]


def _hamlets(session: Session, board: CommitteeView, keys: list[str]) -> Rows:
    name = Unit.code + sa.literal("@") + Unit.structure
    query = sa.select(name, Unit.id).where(
        name.in_(keys), Unit.level == "hamlet", under(board.unit_id, Unit.id)
    )
    return session.execute(query).all()


_FINDERS: Final[dict[str, Callable[[Session, CommitteeView, list[str]], Rows]]] = {
    "program": _programs, "project": _projects, "criterion": _criteria, "work": _works, "hamlet": _hamlets,
    "task": _tasks,
}  # fmt: skip


# --- listed --------------------------------------------------------------------------------------------


def things(session: Session, board: CommitteeView, programs: Iterable[str], day: date) -> list[Thing]:
    """What there is to answer for in the unit of a board on a day, by kind: `programs` with their projects, criteria of
    the set in force and those that are to be reached, running works of these programs, hamlets, tasks of approved
    plans. Two statements.
    """
    codes = list(programs)
    head = in_force(session, place_of(board.unit_id), day, COMMUNE)
    parts = [
        _all_programs(codes), _all_projects(codes), _all_criteria(board, head.id if head else None, day),
        _all_works(board, codes), _all_tasks(board, day),
    ]  # fmt: skip
    if board.unit_level == COMMUNE:
        parts.append(_all_hamlets(board))
    rows = session.execute(sa.union_all(*parts)).all()
    kinds = list(SUBJECT_KINDS)
    return [
        _thing(row)
        for row in sorted(rows, key=lambda row: (kinds.index(row.kind), row.position, sort_key(row.name)))
    ]


def _thing(row: Any) -> Thing:
    key = str(uuid.UUID(row.key)) if row.kind in ("work", "task") else row.key
    return Thing(row.kind, key, row.name, row.name_en or "", row.note, bool(row.needed))


def _part(
    kind: str,
    key: Any,
    name: Any,
    position: Any,
    *,
    english: Any = None,
    note: Any = None,
    needed: Any = None,
) -> sa.Select[*tuple[Any, ...]]:
    return sa.select(
        sa.literal(kind).label("kind"), sa.cast(key, sa.String).label("key"), sa.cast(name, sa.Text).label("name"),
        sa.cast(sa.literal("") if english is None else english, sa.Text).label("name_en"),
        sa.cast(sa.literal("") if note is None else note, sa.Text).label("note"),
        sa.cast(position, sa.Integer).label("position"),
        (sa.literal(1) if needed is None else needed).label("needed"),
    )  # fmt: skip


def _all_programs(codes: list[str]) -> sa.Select[*tuple[Any, ...]]:
    return _part("program", Program.code, Program.short_name, Program.position).where(Program.code.in_(codes))


def _all_projects(codes: list[str]) -> sa.Select[*tuple[Any, ...]]:
    position = Program.position * 1000 + Project.position
    return (
        _part("project", Project.code, Project.name, position, note=Project.code, needed=sa.literal(0))
        .join(Program, Program.id == Project.program_id)
        .where(Program.code.in_(codes))
    )


def _all_criteria(board: CommitteeView, set_id: int | None, day: date) -> sa.Select[*tuple[Any, ...]]:
    to_reach = (
        sa.select(Target.id)
        .join(Unit, Unit.id == Target.unit_id)
        .where(Target.criterion_id == Criterion.id, _own(board, Target.unit_id, "hamlet"))
        .where(state_on(day).not_in((DROPPED, REACHED)))
        .correlate(Criterion)
        .exists()
    )
    number = sa.cast(Criterion.number, sa.String)
    return (
        _part(
            "criterion", CriteriaSet.code + "/" + number, number + ". " + Criterion.name, Criterion.number,
            english=sa.case((Criterion.name_en != "", number + ". " + Criterion.name_en), else_=""),
            needed=sa.case((to_reach, 1), else_=0),
        )
        .join(CriteriaSet, CriteriaSet.id == Criterion.set_id)
        .where(sa.or_(Criterion.set_id == set_id if set_id is not None else sa.false(), to_reach))
    )  # fmt: skip


def _all_works(board: CommitteeView, codes: list[str]) -> sa.Select[*tuple[Any, ...]]:
    return (
        _part("work", Work.id, Work.name, sa.literal(0), note=Work.code)
        .join(Unit, Unit.id == Work.owner_unit_id)
        .join(Project, Project.id == Work.project_id)
        .join(Program, Program.id == Project.program_id)
        .where(_own(board, Work.owner_unit_id), Work.stage.not_in(OVER), Program.code.in_(codes))
    )


def _all_hamlets(board: CommitteeView) -> sa.Select[*tuple[Any, ...]]:
    """A hamlet that stands in both structures once, as it is in that of the unit."""
    other = sa.case((Unit.structure == board.unit_structure, 0), else_=1)
    same = sa.func.row_number().over(partition_by=Unit.code, order_by=other)
    found = (
        sa.select(Unit.code, Unit.structure, Unit.name, Unit.sort_key, same.label("same"))
        .where(Unit.level == "hamlet", under(board.unit_id, Unit.id))
        .subquery()
    )
    return _part(
        "hamlet", found.c.code + "@" + found.c.structure, found.c.name, sa.literal(0)
    ).where(found.c.same == 1)  # fmt: skip


def _all_tasks(board: CommitteeView, day: date) -> sa.Select[*tuple[Any, ...]]:
    """Of a year's plan while that year is not over."""
    return (
        _part("task", Task.id, sa.func.substr(Task.text, 1, LONGEST_TEXT), Task.position, note=Plan.title)
        .join(Plan, Plan.id == Task.plan_id)
        .join(Unit, Unit.id == Plan.unit_id)
        .where(
            sa.not_(Task.removed), Plan.state.in_((APPROVED, RECOGNISED)), _own(board, Plan.unit_id, "hamlet"),
            sa.or_(Plan.year.is_(None), Plan.year >= day.year),
        )
    )  # fmt: skip


def _own(board: CommitteeView, unit_id: Any, *more: str) -> sa.ColumnElement[bool]:
    """The condition that a row, joined to its unit, is of the board's own unit or of one that it took over, not of those
    below it; `more`: levels below that a commune answers for."""
    levels = (board.unit_level, *(more if board.unit_level == COMMUNE else ()))
    return sa.and_(Unit.level.in_(levels), under(board.unit_id, unit_id))
