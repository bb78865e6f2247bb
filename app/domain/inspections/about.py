"""What a line of a checklist or a finding is about: works, lines, criteria, models, directives, plans, by name."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.domain.access import Actor, under
from app.domain.documents.subjects import subjects
from app.errors import NotFound
from app.i18n import N_
from app.models.criteria import Criterion
from app.models.oversight import FINDING_SUBJECTS
from app.models.territory import UnitScope

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
    """Those of these things that the reader may see, by name: at most a statement a kind."""
    found: dict[Key, About] = {}
    ids = [(kind, uuid.UUID(id_)) for kind, id_ in keys if kind and kind != CRITERION]
    for (kind, id_), view in subjects(session, actor, ids).items():
        found[kind, str(id_)] = About(kind, str(id_), view.name, view.name_en)
    numbers = {int(id_) for kind, id_ in keys if kind == CRITERION}
    for number, name, name_en in _criteria(session, numbers) if numbers else ():
        found.setdefault((CRITERION, str(number)), About(CRITERION, str(number), name, name_en))
    return found


def _criteria(session: Session, numbers: Collection[int]) -> list[sa.Row[int, str, str]]:
    """Names of a commune's criteria; the sets number the same things alike, and the latest says how they are called."""
    return list(
        session.execute(
            sa.select(Criterion.number, Criterion.name, Criterion.name_en)
            .where(Criterion.number.in_(numbers))
            .order_by(Criterion.set_id.desc())
        )
    )


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
