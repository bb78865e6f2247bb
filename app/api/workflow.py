"""What moves of anything that is appraised have in common: their bodies, and what clients are given of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field
from typing_extensions import TypedDict

from app.api.shapes import Document, DocumentBody, DocumentOrId, document
from app.domain.workflow import MoveView, Order
from app.web.schema import Body, IsoDate, Text

Due = Annotated[IsoDate | None, Field(description="Hạn của bước tiếp theo · when the next move is due")]


class MoveBody(Body):
    """Không bắt buộc ô nào; `document` là số, ngày, nơi ban hành hoặc mã văn bản · nothing is required."""

    remark: Annotated[str, Text(4000, least=0, lines=True)] = ""
    document: Annotated[DocumentBody | UUID, DocumentOrId()] | None = None
    on: Annotated[IsoDate | None, Field(description="Mặc định hôm nay · by default today")] = None
    due_on: Due = None

    def order(self) -> Order:
        typed = self.document
        return Order(
            self.remark, typed.entered() if isinstance(typed, DocumentBody) else typed, self.on, self.due_on
        )


class RemarkedMoveBody(MoveBody):
    """Phải có ý kiến · with words."""

    remark: Annotated[str, Text(4000, lines=True)]


class Words(TypedDict):
    """Words that came with a move; what is moved adds which move it was."""

    text: str
    on: date
    by: str
    unit_code: str


class Made(TypedDict):
    """A move that was made; what is moved adds which, from which state to which."""

    version: int | None
    remark: str
    document: Document | None
    document_id: UUID | None
    on: date
    due_on: date | None
    at: datetime
    by: str
    unit_code: str


class Remark(Words):
    move: str


class Event(Made):
    move: str
    from_state: str
    to_state: str


def remarks(events: Sequence[MoveView]) -> list[Remark]:
    """The words of those moves that came with any."""
    return [
        {"move": v.move, "text": v.remark, "on": v.on, "by": v.by, "unit_code": v.unit_code}
        for v in events
        if v.remark
    ]


def event(v: MoveView) -> Event:
    return {
        "move": v.move, "from_state": v.from_state, "to_state": v.to_state, "version": v.version,
        "remark": v.remark, "document": document(v.document) if v.document else None,
        "document_id": v.document_id, "on": v.on, "due_on": v.due_on, "at": v.at, "by": v.by,
        "unit_code": v.unit_code,
    }  # fmt: skip
