"""What a line of a checklist or a finding is about: works, lines, criteria, models, directives, plans, by name."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import db
from app.domain.access import Actor, in_scope, require, under
from app.domain.criteria.views import COMMUNE
from app.domain.documents.subjects import names, subjects
from app.errors import NotFound
from app.i18n import N_
from app.models.criteria import CriteriaSet, Criterion
from app.models.ledger import BudgetLine
from app.models.oversight import FINDING_SUBJECTS
from app.models.plans import Plan
from app.models.programs import Project
from app.models.support import SupportModel
from app.models.territory import UnitScope
from app.models.works import Work

SUBJECTS: Final = FINDING_SUBJECTS
CRITERION: Final = "criterion"
Key = tuple[str, str]  # (kind, id): a UUID, or a criterion's number


@dataclass(frozen=True, slots=True)
class About:
    """Something that an inspection looked at; `id` is a criterion's number, of all else a UUID."""

    kind: str
    id: str
    name: str
    name_en: str = ""

    def named(self, lang: str) -> str:
        return self.name_en if lang == "en" and self.name_en else self.name


def named(session: Session, actor: Actor, keys: Collection[Key]) -> dict[Key, About]:
    """Those of these things that the reader may see, by name: at most two statements."""
    found: dict[Key, About] = {}
    ids = [(kind, uuid.UUID(id_)) for kind, id_ in keys if kind and kind != CRITERION]
    for (kind, id_), name in names(session, actor, ids).items():
        found[kind, str(id_)] = About(kind, str(id_), name)
    numbers = {int(id_) for kind, id_ in keys if kind == CRITERION}
    for number, name, name_en in _criteria(session, numbers) if numbers else ():
        found.setdefault((CRITERION, str(number)), About(CRITERION, str(number), name, name_en))
    return found


def _criteria(session: Session, numbers: Collection[int]) -> list[sa.Row[int, str, str]]:
    """Names of a commune's criteria; the sets number the same things alike, and the latest says how they are called."""
    return list(
        session.execute(
            sa.select(Criterion.number, Criterion.name, Criterion.name_en)
            .join(CriteriaSet, CriteriaSet.id == Criterion.set_id)
            .where(Criterion.number.in_(numbers), CriteriaSet.level == COMMUNE)
            .order_by(Criterion.set_id.desc())
        )
    )


def offered(actor: Actor, unit_id: int, year: int) -> list[About]:
    """What of an inspected unit a finding may be about: its works, its lines and models of a year, its plans, the
    criteria of a commune: two statements."""
    require(actor, "read")
    line = Project.code + sa.literal(" · ") + sa.func.coalesce(Work.name, Project.name)
    of_unit: list[tuple[str, sa.Select[Any, Any], Any]] = [
        ("work", sa.select(Work.id, Work.name), Work.owner_unit_id),
        (
            "line",
            sa.select(BudgetLine.id, line)
            .join(Project, Project.id == BudgetLine.project_id)
            .outerjoin(Work, Work.id == BudgetLine.work_id)
            .where(BudgetLine.year == year),
            BudgetLine.unit_id,
        ),
        ("plan", sa.select(Plan.id, Plan.title), Plan.unit_id),
        ("support_model", sa.select(SupportModel.id, SupportModel.name), SupportModel.unit_id),
    ]
    parts = [
        sa.select(sa.literal(kind).label("kind"), *query.where(in_scope(actor, unit), under(unit_id, unit)).subquery().c)
        for kind, query, unit in of_unit
    ]  # fmt: skip
    with db.transaction() as session:
        rows = session.execute(sa.union_all(*parts)).all()
        criteria = _criteria(session, range(1, 100))
    found = [About(kind, str(id_), name[:120]) for kind, id_, name in rows]
    seen: dict[int, About] = {}
    for number, name, name_en in criteria:
        seen.setdefault(number, About(CRITERION, str(number), name, name_en))
    return [*sorted(found, key=lambda one: (one.kind, one.name)), *(seen[n] for n in sorted(seen))]


def checked(session: Session, actor: Actor, unit_id: int, kind: str, id_: str, field: str) -> Key:
    """What is about something of the inspected unit, as it is kept; NotFound names `field` for all else."""
    if not kind and not id_:
        return "", ""
    if kind == CRITERION and id_.isascii() and id_.isdecimal() and len(id_) < 4:
        if _criteria(session, [int(id_)]):
            return kind, str(int(id_))
    elif kind in SUBJECTS:
        with suppress(ValueError):
            key = (kind, uuid.UUID(id_))
            view = subjects(session, actor, [key]).get(key)
            if view is not None and _lies_under(session, unit_id, view.unit_id):
                return kind, str(view.id)
    raise NotFound(N_("Không có nội dung này ở đơn vị được kiểm tra."), field=field)


def _lies_under(session: Session, unit_id: int, of_subject: int) -> bool:
    query = sa.select(UnitScope.unit_id).where(
        UnitScope.unit_id == of_subject, under(unit_id, UnitScope.unit_id)
    )
    return session.execute(query.limit(1)).first() is not None
