"""What moves of anything that is appraised have in common: their bodies."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.api.shapes import DocumentBody, DocumentOrId
from app.domain.workflow import Order
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
