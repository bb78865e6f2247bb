"""What every change of a board has in common: who may make it, its checks, its place in the record."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.clock import utcnow
from app.domain.access import Actor, require
from app.domain.boards.views import CommitteeView, one
from app.domain.ledger.entries import Document
from app.domain.sides import Own, refuse_above
from app.errors import FieldError, Stale
from app.i18n import N_
from app.models.steering import Committee

_DECISION: Final = {"number": 120, "issuer": 200}
OWN: Final = Own("own_board", N_("Ban do đơn vị có ban này ghi, cấp trên chỉ xem."))


def locked(
    session: Session, actor: Actor, committee_id: uuid.UUID, asked: str, version: int | None = None
) -> CommitteeView:
    """A board under its lock, whose unit's own people alone may change it. Stale where `version` is not its own."""
    require(actor, "committee.edit")
    board = one(session, actor, committee_id, lock=True)
    refuse_above(actor, OWN, board.unit_level, asked)
    if version is not None and version != board.version:
        raise Stale(board)
    return board


def touch(session: Session, board: CommitteeView, **values: Any) -> None:
    """Write to a locked board; also without values it has changed: its members belong to it."""
    session.execute(
        sa.update(Committee)
        .where(Committee.id == board.id)
        .values(**values, version=Committee.version + 1, updated_at=utcnow())
    )


def too_long(values: Mapping[str, Any], longest: Mapping[str, int], prefix: str = "") -> Iterator[FieldError]:
    for name, most in longest.items():
        if len(values.get(name) or "") > most:
            yield FieldError(f"{prefix}{name}", N_("Dài quá {longest:number} ký tự"), {"longest": most})


def faults_of_decision(decision: Document) -> Iterator[FieldError]:
    """What is wrong with the decision that something stands on."""
    typed = {"number": decision.number, "issuer": decision.issuer}
    for name, text in typed.items():
        if not text.strip():
            yield FieldError(f"decision.{name}", N_("Chưa điền"))
    yield from too_long(typed, _DECISION, "decision.")


def columns_of(decision: Document) -> dict[str, Any]:
    """A decision as the columns of a table have it."""
    return {
        "document_number": decision.number, "document_date": decision.date, "document_issuer": decision.issuer,
    }  # fmt: skip


def faults_of_term(decision: Document, start: date, end: date | None) -> Iterator[FieldError]:
    """What is wrong with the days from which and to which a decision holds."""
    if start < decision.date:
        message = N_("Không trước ngày {decided:date} của quyết định.")
        yield FieldError("from", message, {"decided": decision.date})
    if end is not None and end < start:
        yield FieldError("to", N_("Ngày kết thúc không trước ngày bắt đầu."))


def outside(board: CommitteeView, day: date, field: str) -> Iterator[FieldError]:
    """The fault of a day on which the board does not stand."""
    if day < board.from_on:
        message = N_("Không trước ngày {start:date} thành lập ban.")
        yield FieldError(field, message, {"start": board.from_on})
    if board.to_on is not None and day > board.to_on:
        message = N_("Ban kết thúc ngày {end:date}.")
        yield FieldError(field, message, {"end": board.to_on})
