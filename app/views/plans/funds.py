"""The money of a plan in a form: one row each, read back as it is to stand."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from app.domain.plans import FundView, NewFund
from app.domain.plans.funding import MOST
from app.reports.labels import CAPITAL_KINDS
from app.views import tasks as task_rows
from app.views.forms import Form
from app.views.ledger.common import whole

ROWS: Final = "fund_rows"  # the hidden field that says how many the form has
FIELDS: Final = ("project_code", "source", "capital_kind", "amount", "budget_line_id", "note")
_EMPTY: Final = 2  # rows to begin with, beside those that stand
_MORE: Final = 3


@dataclass(frozen=True, slots=True)
class FundRows:
    """What the rows of a form say: money, and the row in which each was typed."""

    funds: tuple[NewFund, ...]
    places: tuple[int, ...]

    def names(self) -> Mapping[str, str]:
        """The names by which the domain refuses a row, each with the form's own."""
        names = {f"funds.{i}": key(row, "amount") for i, row in enumerate(self.places)}
        return names | {
            f"funds.{i}.{name}": key(row, name) for i, row in enumerate(self.places) for name in FIELDS
        }


def key(row: int, name: str) -> str:
    """A row's field in the form."""
    return f"f{row}_{name}"


def filled(funds: Sequence[FundView | NewFund]) -> Form:
    """A form with a row for each of these and a few empty ones."""
    form = Form(**{ROWS: min(len(funds) + _EMPTY, MOST)})
    for row, fund in enumerate(funds):
        form.values |= _row(row, fund)
    return form


def _row(row: int, fund: FundView | NewFund) -> dict[str, str]:
    """Of a budget line the rest follows from it, and stands nowhere else."""
    names = ("amount", "budget_line_id", "note") if fund.budget_line_id else FIELDS
    return Form(**{key(row, name): getattr(fund, name) for name in names}).values


def rows_of(form: Form) -> int:
    """How many rows a form has room for."""
    return min(whole(form.get(ROWS)) or _EMPTY, MOST)


def more_rows(form: Form) -> bool:
    """Whether more rows were asked for instead of saving; they are there then."""
    if not form.flag("more_funds"):
        return False
    form.values[ROWS] = str(min(rows_of(form) + _MORE, MOST))
    return True


def add(form: Form, funds: Sequence[NewFund]) -> int:
    """Put these into empty rows, without those whose project, source and kind a row has already; how many were put."""
    standing = {_key_of(form, row) for row in range(rows_of(form))}
    empty = [row for row in range(MOST) if not _says(form, row)]
    new = [f for f in funds if (f.project_code, f.source, f.capital_kind) not in standing]
    put = list(zip(empty, new, strict=False))
    for row, fund in put:
        form.values |= _row(row, fund)
    last = max((row for row, _ in put), default=-1)
    form.values[ROWS] = str(min(max(rows_of(form), last + 1 + _EMPTY), MOST))
    return len(put)


def lines_of(form: Form) -> list[uuid.UUID]:
    """The budget lines that rows name."""
    return task_rows.ids(form, (key(row, "budget_line_id") for row in range(rows_of(form))))


def _key_of(form: Form, row: int) -> tuple[str, ...]:
    return tuple(form.get(key(row, name)) for name in FIELDS[:3])


def _says(form: Form, row: int) -> bool:
    """Whether a row says anything."""
    return any(form.get(key(row, name)).strip() for name in FIELDS)


def read(form: Form) -> FundRows:
    """The money that a form says, what is wrong noted beside its field; an empty row is left out."""
    found: list[tuple[int, NewFund]] = []
    for row in range(rows_of(form)):
        if not _says(form, row):
            continue
        line_id = form.id(key(row, "budget_line_id"), required=False)
        own = line_id is None
        fund = NewFund(
            form.amount(key(row, "amount")) or 0,
            (form.text(key(row, "project_code"), required=False, longest=40) if own else None),
            (form.text(key(row, "source"), longest=40) if own else None),
            (form.choice(key(row, "capital_kind"), CAPITAL_KINDS) if own else None),
            line_id,
            form.text(key(row, "note"), required=False, longest=500) or "",
        )
        found.append((row, fund))
    return FundRows(tuple(fund for _, fund in found), tuple(row for row, _ in found))
