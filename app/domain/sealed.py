"""Texts that identify a person (numbers of papers, phones), sealed at rest with keys from the environment.

`MTQG_PERSONAL_KEYS` holds Fernet keys separated by commas: the first seals, every one opens. What is sealed or
opened here never goes into logs, the record of changes, exports or search.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import sqlalchemy as sa
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from sqlalchemy.orm import Session

from app import db
from app.errors import RuleBroken
from app.i18n import N_, Message
from app.models.households import Household
from app.settings import settings

SEALED: Final = ("identity_number", "phone")
NO_KEY: Final = N_(
    "Chưa có khóa niêm phong nên không nhận số giấy tờ, điện thoại. Quản trị viên đặt MTQG_PERSONAL_KEYS rồi khởi động lại."
)
_CHUNK: Final = 500


@lru_cache(maxsize=8)
def _boxes(keys: Sequence[str]) -> tuple[Fernet, MultiFernet]:
    """(what seals, what opens)."""
    boxes = [Fernet(key) for key in keys]
    return boxes[0], MultiFernet(boxes)


def has_key() -> bool:
    """Whether this process can seal."""
    return bool(settings().sealing_keys)


def seal(text: str) -> str:
    """The text as it is kept. RuleBroken `no_personal_key` where the administrator has set no key."""
    if not has_key():
        raise RuleBroken("no_personal_key", NO_KEY)
    return _boxes(settings().sealing_keys)[0].encrypt(text.encode()).decode()


def unseal(sealed: str | None) -> str | None:
    """What was sealed; None for nothing, and where none of the keys opens it."""
    if sealed is None or not has_key():
        return None
    try:
        return _boxes(settings().sealing_keys)[1].decrypt(sealed.encode()).decode()
    except InvalidToken:
        return None


@dataclass(frozen=True, slots=True)
class Resealed:
    """How many households' texts were sealed anew, stood under the first key already, or no key opens."""

    anew: int
    current: int
    closed: int


def reseal(progress: Callable[[Message], None] = lambda _step: None) -> Resealed:
    """Seal everything with the first key, some hundreds of households at a time; safe to repeat and to break off.

    What no key opens is left as it is. RuleBroken `no_personal_key` without a key.
    """
    seal("")  # refuses before anything is read
    last, anew, current, closed = uuid.UUID(int=0), 0, 0, 0
    while True:
        with db.transaction(write=True) as session:
            rows = _next(session, last)
            for row in rows:
                values, lost = _anew({name: getattr(row, name) for name in SEALED})
                if values:
                    session.execute(sa.update(Household).where(Household.id == row.id).values(values))
                anew, current, closed = (
                    anew + bool(values),
                    current + (not values and not lost),
                    closed + lost,
                )
        if not rows:
            return Resealed(anew, current, closed)
        last = rows[-1].id
        progress(Message(N_("{n:number} hộ đã xem"), {"n": anew + current + closed}))


def _next(session: Session, last: uuid.UUID) -> Sequence[sa.Row[uuid.UUID, str | None, str | None]]:
    """The households with sealed texts behind `last`, locked."""
    query = (
        sa.select(Household.id, Household.identity_number, Household.phone)
        .where(
            Household.id > last,
            sa.or_(Household.identity_number.is_not(None), Household.phone.is_not(None)),
        )
        .order_by(Household.id)
        .limit(_CHUNK)
        .with_for_update()
    )
    return session.execute(query).all()


def _anew(texts: dict[str, str | None]) -> tuple[dict[str, str], bool]:
    """(texts that the first key has not sealed, sealed by it; whether no key opens one of them)."""
    first, _ = _boxes(settings().sealing_keys)
    found, lost = {}, False
    for name, sealed in texts.items():
        if sealed is None:
            continue
        try:
            first.decrypt(sealed.encode())
        except InvalidToken:
            text = unseal(sealed)
            if text is None:
                lost = True
            else:
                found[name] = seal(text)
    return found, lost
