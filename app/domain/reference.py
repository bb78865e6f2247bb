"""Loading the catalogue that ships with the product: units, programs, sources, the law's parameters.

Safe to repeat: what stands is kept, so that what an administrator has changed since stays changed.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import db
from app.clock import utcnow
from app.domain.criteria import catalogue
from app.domain.territory import LEGACY, NATION, TWO_TIERS, TWO_TIERS_FROM, new_unit
from app.domain.works.steps import start_missing
from app.i18n import N_
from app.models.base import Base
from app.models.documents import DocumentKind
from app.models.procedures import Procedure, ProcedureStep
from app.models.programs import FundingSource, Parameter, Program, Project
from app.models.support import ModelTemplate
from app.models.territory import Unit, UnitScope, UnitSuccession
from app.text import fold

DATA: Final = Path(__file__).resolve().parent.parent / "reference"
Progress = Callable[[str], None]
_CHUNK = 5_000


def load(progress: Progress = lambda _step: None) -> None:
    """Load everything; `progress` is told each step in Vietnamese."""
    with db.transaction(write=True) as session:
        progress(N_("Đơn vị hành chính"))
        _load_units(session)
        progress(N_("Kế thừa giữa hai cấu trúc, phạm vi"))
        _load_succession(session)
        rebuild_scope(session)
        progress(N_("Chương trình, dự án, nguồn vốn, tham số"))
        load_catalogue(session)


def _rows(name: str) -> Iterator[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _insert(session: Session, model: type[Base], rows: list[dict[str, Any]]) -> None:
    for start in range(0, len(rows), _CHUNK):
        session.execute(sa.insert(model), rows[start : start + _CHUNK])


def _unit_ids(session: Session) -> dict[tuple[str, str], int]:
    return {(s, c): i for s, c, i in session.execute(sa.select(Unit.structure, Unit.code, Unit.id))}


def _load_units(session: Session) -> None:
    ids = _unit_ids(session)
    last_legacy = TWO_TIERS_FROM - timedelta(days=1)
    validity = {LEGACY: (None, last_legacy), TWO_TIERS: (TWO_TIERS_FROM, None)}
    for structure, (start, end) in validity.items():
        if (structure, NATION) not in ids:
            row = new_unit(
                structure=structure, level="nation", code=NATION, name="Việt Nam", parent_id=None,
                valid_from=start, valid_to=end,
            )  # fmt: skip
            ids[structure, NATION] = session.execute(
                sa.insert(Unit).values(row).returning(Unit.id)
            ).scalar_one()
    source = list(_rows("territory/units.csv"))
    for level in ("province", "district", "commune"):
        new = []
        for row in source:
            structure, code = row["structure"], row["code"]
            if row["level"] != level or (structure, code) in ids:
                continue
            start, end = validity[structure]
            new.append(
                new_unit(
                    structure=structure, level=level, code=code, name=row["name_vi"],
                    parent_id=ids[structure, row["parent_code"] or NATION], valid_from=start, valid_to=end,
                    lat=_number(row["lat"]), lon=_number(row["lon"]), area_km2=_number(row["area_km2"]),
                )
            )  # fmt: skip
        _insert(session, Unit, new)
        if new:
            ids = _unit_ids(session)


def _number(text: str) -> float | None:
    return float(text) if text else None


def _load_succession(session: Session) -> None:
    """Communes as given; provinces as their communes went, since each went whole into one."""
    ids = _unit_ids(session)
    known = set(session.execute(sa.select(UnitSuccession.old_id, UnitSuccession.new_id)))
    parent = dict(session.execute(sa.select(Unit.id, Unit.parent_id)).all())
    level = dict(session.execute(sa.select(Unit.id, Unit.level)).all())
    rows: dict[tuple[int, int], str] = {}
    provinces: dict[int, Counter[int]] = {}
    for row in _rows("territory/succession-2025.csv"):
        old, new = ids[LEGACY, row["old_code"]], ids[TWO_TIERS, row["new_code"]]
        rows[old, new] = row["extent"]
        if row["extent"] != "part":
            province = old
            while level[province] != "province":
                province = parent[province] or 0
            provinces.setdefault(province, Counter())[parent[new] or 0] += 1
    for old, successors in provinces.items():
        rows[old, successors.most_common(1)[0][0]] = "whole" if len(successors) == 1 else "main part"
    _insert(
        session,
        UnitSuccession,
        [
            {"old_id": old, "new_id": new, "extent": extent}
            for (old, new), extent in rows.items()
            if (old, new) not in known
        ],
    )


def rebuild_scope(session: Session) -> None:
    """Work out anew whose rows count under whom.

    In its own structure a unit counts under its ancestors. A legacy unit counts also under the unit of two
    tiers that took it over (whole or its main part), and under that one's ancestors; a district without a
    successor of its own counts where its province went, a hamlet where its commune went.
    """
    units = session.execute(sa.select(Unit.id, Unit.structure, Unit.parent_id)).all()
    parent = {unit: above for unit, _, above in units}
    successor = dict(
        session.execute(
            sa.select(UnitSuccession.old_id, UnitSuccession.new_id).where(UnitSuccession.extent != "part")
        ).all()
    )
    roots = {s: u for u, s, above in units if above is None}
    if LEGACY in roots:
        successor[roots[LEGACY]] = roots[TWO_TIERS]

    def upwards(unit: int | None) -> Iterator[int]:
        while unit is not None:
            yield unit
            unit = parent[unit]

    scope: set[tuple[int, int]] = set()
    for unit, structure, _ in units:
        scope.update((above, unit) for above in upwards(unit))
        if structure == LEGACY:
            home = next(successor[above] for above in upwards(unit) if above in successor)
            scope.update((above, unit) for above in upwards(home))
    known = set(session.execute(sa.select(UnitScope.ancestor_id, UnitScope.unit_id)))
    for ancestor, unit in known - scope:
        session.execute(
            sa.delete(UnitScope).where(UnitScope.ancestor_id == ancestor, UnitScope.unit_id == unit)
        )
    _insert(session, UnitScope, [{"ancestor_id": a, "unit_id": u} for a, u in sorted(scope - known)])


def load_catalogue(session: Session) -> None:
    """Sources, the law's parameters, kinds of documents, common models, procedures, programs, their projects, criteria."""
    now = utcnow()
    dated = {"version": 1, "updated_at": now}
    sources = [{**row, "position": i, **dated} for i, row in enumerate(_rows("funding-sources.csv"), start=1)]
    db.insert_ignoring(session, _table(FundingSource), sources)
    parameters = [
        {**row, "value": row["value"] or None, **_validity(row), **dated} for row in _rows("parameters.csv")
    ]
    db.insert_ignoring(session, _table(Parameter), parameters)

    kinds = [{**row, "position": i, **dated} for i, row in enumerate(_rows("document-kinds.csv"), start=1)]
    db.insert_ignoring(session, _table(DocumentKind), kinds)
    templates = [
        {**row, "livestock": row["livestock"] == "yes", "inputs": _inputs(row["inputs"]), "position": i}
        for i, row in enumerate(_rows("model-templates.csv"), start=1)
    ]
    db.insert_ignoring(session, _table(ModelTemplate), templates)
    _load_procedures(session)
    start_missing(session)
    _load_programs(session)
    catalogue.load(session, _rows)


def _inputs(text: str) -> list[dict[str, str]]:
    """What a common model gives, `kind:measure` between bars; prices are never part of it."""
    pairs = (part.rpartition(":") for part in text.split("|"))
    return [{"kind": kind, "measure": measure} for kind, _, measure in pairs]


def _load_procedures(session: Session) -> None:
    """The first version of each template; later ones are an administrator's."""
    known = set(session.execute(sa.select(Procedure.code)).scalars())
    steps = list(_rows("procedure-steps.csv"))
    for head in _rows("procedures.csv"):
        if head["code"] in known:
            continue
        values = head | {"number": int(head["number"]), "created_at": utcnow(), "created_by": "system"}
        made = session.execute(
            sa.insert(Procedure).values(values | _validity(head)).returning(Procedure.id)
        ).scalar_one()
        rows: list[dict[str, Any]] = [
            {
                **{k: v for k, v in row.items() if k != "procedure"},
                "procedure_id": made,
                "position": position,
                "source": head["source"],
                "days": None,
                "after": row["after"].split(),
                "required_documents": row["required_documents"].split(),
            }
            for position, row in enumerate((s for s in steps if s["procedure"] == head["code"]), start=1)
        ]
        _insert(session, ProcedureStep, rows)


def _load_programs(session: Session) -> None:
    dated = {"version": 1, "updated_at": utcnow()}
    tree = list(_rows("programs/programs-2021-2025.csv"))
    names = {row["code"]: row["name_vi"] for row in tree}
    known = set(session.execute(sa.select(Program.code)).scalars())
    heads = list(_rows("programs/programs.csv"))
    _insert(
        session,
        Program,
        [
            {
                **row, "name": names[row["code"]], "period_from": int(row["period_from"]),
                "period_to": int(row["period_to"]), "position": i, **_validity(row), **dated,
            }
            for i, row in enumerate(heads, start=1)
            if row["code"] not in known
        ],
    )  # fmt: skip
    programs = dict(session.execute(sa.select(Program.code, Program.id)).all())
    head_of = {row["code"]: row for row in heads}
    projects = dict(session.execute(sa.select(Project.code, Project.id)).all())
    for position, row in enumerate(tree, start=1):
        code, above = row["code"], row["parent_code"]
        if not above or code in projects:
            continue
        program = code.split(".")[0]
        projects[code] = session.execute(
            sa.insert(Project)
            .values(
                program_id=programs[program], parent_id=projects.get(above), code=code, name=row["name_vi"],
                search=f"{fold(row['name_vi'])} {code.lower()}", position=position,
                **_validity(head_of[program]), **dated,
            )
            .returning(Project.id)
        ).scalar_one()  # fmt: skip


def _table(model: type[Base]) -> sa.Table:
    assert isinstance(model.__table__, sa.Table)  # noqa: S101 - a mapped class stands on a table
    return model.__table__


def _validity(row: dict[str, str]) -> dict[str, date | None]:
    end = row["valid_to"]
    return {
        "valid_from": date.fromisoformat(row["valid_from"]),
        "valid_to": date.fromisoformat(end) if end else None,
    }
