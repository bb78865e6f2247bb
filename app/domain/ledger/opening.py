"""Opening a year: the lines of the last one copied, and its rest carried over or lapsed, in bulk."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import db
from app.domain.access import Actor, require
from app.domain.ledger.entries import Document, EntryView, NewEntry, hash_body
from app.domain.ledger.line_keys import NewLine, add, with_key
from app.domain.ledger.lines import LineFilter, LineView, lines
from app.domain.ledger.posting import MAX_BATCH, record_all
from app.domain.ledger.views import stored_views
from app.domain.territory import find
from app.errors import IdTaken, Invalid, NotFound
from app.i18n import N_
from app.models.ledger import BudgetLine, Proposal

CHOICES = ("carry_over", "lapse", "leave")


@dataclass(frozen=True, slots=True)
class Opening:
    """What opening a year would do with a unit's own lines of the year before."""

    year: int
    to_copy: list[LineView]  # lines without a counterpart in the new year
    with_rest: list[LineView]  # lines that still hold money


def _own_lines(actor: Actor, unit_code: str, year: int) -> tuple[int, list[LineView]]:
    unit = find(actor, unit_code, year=year)
    found = lines(actor, LineFilter(unit=unit.exact_code, year=year), by_project=True, limit=5_000)
    return unit.id, [x for x in found if (x.unit_code, x.unit_structure) == (unit.code, unit.structure)]


def preview(actor: Actor, unit_code: str, year: int) -> Opening:
    """What there is to copy and to decide before `year` opens."""
    require(actor, "line.edit")
    unit_id, before = _own_lines(actor, unit_code, year - 1)
    with db.transaction() as session:
        keys = _keys(session, unit_id, year - 1)
        to_copy = [x for x in before if with_key(session, _fresh(keys[x.id], year)) is None]
    return Opening(year, to_copy, [x for x in before if x.available > 0])


def _keys(session: Session, unit_id: int, year: int) -> dict[uuid.UUID, dict[str, Any]]:
    """Every line's key as columns, for a unit's own lines of a year."""
    names = (
        "unit_id", "project_id", "source", "capital_kind", "year", "origin_year", "work_id", "support_model_id",
    )  # fmt: skip
    rows = session.execute(
        sa.select(BudgetLine.id, *(getattr(BudgetLine, n) for n in names)).where(
            BudgetLine.unit_id == unit_id, BudgetLine.year == year
        )
    ).mappings()
    return {row["id"]: {n: row[n] for n in names} for row in rows}


def _fresh(key: dict[str, Any], year: int) -> dict[str, Any]:
    """The next year's own line on the same purpose."""
    return key | {"year": year, "origin_year": year}


def _carried(key: dict[str, Any], year: int) -> dict[str, Any]:
    """The next year's line for money that keeps its year of origin."""
    return key | {"year": year}


def open_year(
    actor: Actor,
    id_: uuid.UUID,
    unit_code: str,
    year: int,
    document: Document,
    effective_date: date,
    choices: Mapping[uuid.UUID, str],
) -> list[EntryView]:
    """Copy the lines of the year before and propose what was chosen for each line that still holds money.

    `choices` says `carry_over`, `lapse` or `leave` by line. The entries wait for a checker, together; sent
    twice (the same `id_`) they are proposed once. Raises Invalid or what recording them raises.
    """
    require(actor, "line.edit")
    wrong = next((c for c in choices.values() if c not in CHOICES), None)
    if wrong is not None:
        raise Invalid.field("choices", N_("Chọn chuyển nguồn, hủy dự toán hoặc để lại cho từng dòng."))
    body = hash_body(
        unit_code, year, document.number, document.date, document.issuer, effective_date,
        sorted((str(line), choice) for line, choice in choices.items()),
    )  # fmt: skip
    stands = _proposed(id_, body)
    if stands:
        return stands
    unit_id, before = _own_lines(actor, unit_code, year - 1)
    by_id = {x.id: x for x in before}
    unknown = choices.keys() - by_id.keys()
    if unknown:
        raise NotFound(field="choices")
    moving = [(by_id[i], c) for i, c in choices.items() if c != "leave" and by_id[i].available > 0]
    if len(moving) > MAX_BATCH:
        raise Invalid.field("choices", N_("Mỗi lần ghi từ 1 đến {most:number} bút toán."), most=MAX_BATCH)
    with db.transaction() as session:
        keys = _keys(session, unit_id, year - 1)
        wanted = [(line, _fresh(keys[line.id], year)) for line in before]
        wanted += [(line, _carried(keys[line.id], year)) for line, choice in moving if choice == "carry_over"]
        made = {(line.id, key["origin_year"]): _new_line(id_, line, key) for line, key in wanted}
        targets = {
            line.id: with_key(session, key) or made[line.id, key["origin_year"]].id
            for line, key in wanted
            if key["origin_year"] == line.origin_year
        }

    def prepare(session: Session) -> None:
        for line, key in wanted:
            if with_key(session, key) is None:
                add(session, actor, key, made[line.id, key["origin_year"]], line.illustrative)

    entries = [
        NewEntry(
            uuid.uuid5(id_, f"{choice}:{line.id}"), line.id, choice, line.available, effective_date, document,
            to_budget_line_id=targets[line.id] if choice == "carry_over" else None,
        )
        for line, choice in moving
    ]  # fmt: skip
    if not entries:
        with db.transaction(write=True) as session:
            prepare(session)
        return []
    return record_all(actor, entries, propose=True, group_id=id_, body_hash=body, prepare=prepare)[0]


def _proposed(id_: uuid.UUID, body: str) -> list[EntryView]:
    """What this opening proposed when it was sent before: what the lines hold may have changed since."""
    with db.transaction() as session:
        query = sa.select(Proposal.id).where(Proposal.group_id == id_).order_by(Proposal.position)
        ids = session.execute(query).scalars().all()
        found = {view.id: (view, stored) for view, stored in stored_views(session, ids)}
    if any(stored != body for _, stored in found.values()):
        raise IdTaken()
    return [found[i][0] for i in ids]


def _new_line(opening: uuid.UUID, line: LineView, key: dict[str, Any]) -> NewLine:
    """The line that stands for a key in the new year; its id follows from the opening's."""
    return NewLine(
        uuid.uuid5(opening, f"line:{line.id}:{key['origin_year']}"), f"{line.unit_code}@{line.unit_structure}",
        line.project_code, line.source, line.capital_kind, key["year"], key["origin_year"], line.work_id,
        line.support_model_id,
    )  # fmt: skip
