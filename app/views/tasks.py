"""Tasks of a plan or of a target in a form: one row each, read back as they are to stand; and how they are shown."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

from starlette.requests import Request

from app.domain import territory, works
from app.domain.access import Actor
from app.domain.ledger import lines
from app.domain.ledger.lines import LineFilter
from app.domain.tasks import KINDS, MOST, NewProgress, NewTask, OffTrack, TaskView
from app.domain.works import WorkFilter
from app.errors import Fault, NotFound
from app.i18n import N_, Message
from app.reports.labels import TASK_OFF_TRACK
from app.views.forms import Form
from app.views.ledger.common import source_names, take

ROWS: Final = "rows"  # the hidden field that says how many the form has
FIELDS: Final = (
    "id", "kind", "text", "due_on", "responsible", "measure", "quantity", "work_id", "budget_line_id",
)  # fmt: skip
REPORT_FIELDS: Final = ("value", "reported_on", "note")
_EMPTY: Final = 2  # rows to begin with, beside those that stand
_MORE: Final = 3


@dataclass(frozen=True, slots=True)
class TaskRows:
    """What the rows of a form say: tasks, and the row in which each was typed."""

    tasks: tuple[NewTask, ...]
    places: tuple[int, ...]

    def names(self, field: str) -> Mapping[str, str]:
        """The names by which the domain refuses a task, each with the form's own; `field`: the list's name there."""
        return {f"{field}.{i}.{name}": key(row, name) for i, row in enumerate(self.places) for name in FIELDS}

    def refused(
        self,
        form: Form,
        fault: Fault,
        field: str,
        known: Sequence[str],
        also: Mapping[str, str] | None = None,
    ) -> int:
        """What a fault says beside the row or the field that it is about (`also`: fields that the form names in its
        own way); the answer's status."""
        names = {**self.names(field), **(also or {})}
        status = take(form, fault, names, (*known, *names.values()))
        return 422 if status == 404 else status


def key(row: int, name: str) -> str:
    """A row's field in the form."""
    return f"t{row}_{name}"


def filled(tasks: Sequence[TaskView | NewTask]) -> Form:
    """A form with a row for each of these tasks and a few empty ones."""
    form = Form(**{ROWS: min(len(tasks) + _EMPTY, MOST)})
    for row, task in enumerate(tasks):
        form.values |= Form(**{key(row, name): getattr(task, name) for name in FIELDS}).values
    return form


def rows_of(form: Form) -> int:
    """How many rows a form has room for."""
    typed = form.get(ROWS)
    return min(int(typed), MOST) if typed.isascii() and typed.isdecimal() and len(typed) < 4 else _EMPTY


def more_rows(form: Form) -> bool:
    """Whether more rows were asked for instead of saving; they are there then."""
    if not form.flag("more"):
        return False
    form.values[ROWS] = str(min(rows_of(form) + _MORE, MOST))
    return True


def read(form: Form) -> TaskRows:
    """The tasks that a form says, what is wrong noted beside its field; a row without text is left out."""
    found: list[tuple[int, NewTask]] = []
    for row in range(rows_of(form)):
        if not form.get(key(row, "text")).strip():
            continue
        text = form.text(key(row, "text"), longest=1000) or ""
        found.append((
            row,
            NewTask(
                text, form.id(key(row, "id"), required=False), form.choice(key(row, "kind"), KINDS, required=False) or "task",
                form.text(key(row, "measure"), required=False, longest=60) or "",
                form.figure(key(row, "quantity"), required=False), form.day(key(row, "due_on"), required=False),
                form.text(key(row, "responsible"), required=False, longest=200) or "",
                form.id(key(row, "work_id"), required=False), form.id(key(row, "budget_line_id"), required=False),
            ),
        ))  # fmt: skip
    return TaskRows(tuple(task for _, task in found), tuple(row for row, _ in found))


@dataclass(frozen=True, slots=True)
class Ties:
    """To what a task may be tied, for selects: (id, words)."""

    works: list[tuple[str, str]]
    lines: list[tuple[str, str]]


def ids(form: Form, fields: Iterable[str]) -> list[uuid.UUID]:
    """What these fields of a form name, each once; what is no id is left out."""
    found = []
    for field in fields:
        with suppress(ValueError):
            found.append(uuid.UUID(form.get(field)))
    return list(dict.fromkeys(found))


def ties(
    request: Request,
    actor: Actor,
    unit_code: str,
    form: Form,
    year: int | None = None,
    more_lines: Iterable[uuid.UUID] = (),
) -> Ties:
    """The works of a unit, of a hamlet those of its commune, and its budget lines (of a year); and those that the rows of a form name already (beside them
    `more_lines`), of whatever unit and year: a tie that is not offered would be lost on saving."""
    unit, sources = territory.find(actor, unit_code), source_names(request, actor)
    if unit.level == "hamlet":
        *_, unit, _ = territory.path(actor, unit)
    book = lines.lines(actor, LineFilter(unit=unit.exact_code, year=year), by_project=True, limit=200)
    found = works.works(actor, WorkFilter(unit=unit), by_code=True, limit=200)
    rows = range(rows_of(form))
    for id_ in set(ids(form, (key(row, "work_id") for row in rows))) - {w.id for w in found}:
        with suppress(NotFound):
            found.append(works.get(actor, id_))
    named = {*ids(form, (key(row, "budget_line_id") for row in rows)), *more_lines}
    for id_ in named - {b.id for b in book}:
        with suppress(NotFound):
            book.append(lines.get(actor, id_))
    return Ties(
        [(str(w.id), w.name) for w in found],
        [(str(b.id), _line(b, sources)) for b in book],
    )


def _line(line: lines.LineView, sources: Mapping[str, str]) -> str:
    named = " · ".join(filter(None, (line.project_code, line.work_name or line.note)))
    return f"{named} · {sources.get(line.source, line.source)} · {line.year}"


def reported(form: Form) -> NewProgress | None:
    """What the form of a report says; None after noting what is wrong."""
    id_, value, day = form.id("id"), form.figure("value"), form.day("reported_on")
    note = form.text("note", required=False) or ""
    if id_ is None or value is None or day is None or not form.ok:
        return None
    return NewProgress(id_, value, day, note)


def shown(tasks: Sequence[TaskView]) -> list[dict[str, Any]]:
    """Tasks as `tasks/parts.html` shows them: how far each has come, and why it is off track."""
    return [
        {
            "of": task, "state": _state(task), "off": [off_track(off) for off in task.off_track],
            "value": _value(task),
        }
        for task in tasks
    ]  # fmt: skip


def off_track(off: OffTrack) -> Message:
    """Why a task is off track, in words."""
    return Message(TASK_OFF_TRACK[off.code], {"figure": off.figure})


def _state(task: TaskView) -> str:
    """How a step of `ui.steps` is drawn."""
    if task.done:
        return "ok"
    return "bad" if task.off_track else "open"


def _value(task: TaskView) -> Message:
    if task.value is None:
        return Message(N_("chưa báo cáo"))
    if task.quantity is None:
        return Message(N_("{value:number} %"), {"value": task.value})
    facts = {"value": task.value, "all": task.quantity, "measure": task.measure}
    return Message(N_("{value:number}/{all:number} {measure}"), facts)
