"""Types that several resources share, on the way in and on the way out."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal, get_args

from pydantic import Field
from typing_extensions import TypedDict

from app.api.operations import closed
from app.domain.ledger import entries
from app.web.schema import FIRST_YEAR, LAST_YEAR, Body, IsoDate, ListQuery, Text

Dong = Annotated[int, Field(description="đồng")]
Code = Annotated[str, Text(40)]
UnitCode = Annotated[
    str,
    Text(40),
    Field(
        description="Mã đơn vị, `@legacy` hoặc `@2025` khi cần đúng cấu trúc · code of a unit, exact with @",
        examples=["20770@legacy"],
    ),
]
CapitalKind = Literal["investment", "recurrent"]
Structure = Literal["legacy", "2025"]
Level = Literal["nation", "province", "district", "commune", "hamlet"]
QueryYear = Annotated[int, Field(ge=FIRST_YEAR, le=LAST_YEAR, examples=[2023])]
QueryText = Annotated[str, Field(max_length=200)]
QueryCode = Annotated[str, Field(max_length=40)]


def one_of(choices: Any) -> Any:
    """Metadata of a shape's text: it is one of these literals (the domain keeps plain text)."""
    return Field(json_schema_extra={"enum": list(get_args(choices))})


@closed
class Document(TypedDict):
    """The official document that a change of money stands on."""

    number: str
    date: date
    issuer: str


class DocumentBody(Body):
    """Số và ký hiệu, ngày, nơi ban hành · number, date, issuer."""

    number: Annotated[str, Text(120)]
    date: IsoDate
    issuer: Annotated[str, Text(200)]

    def entered(self) -> entries.Document:
        return entries.Document(self.number, self.date, self.issuer)


def document(stored: entries.Document) -> Document:
    return {"number": stored.number, "date": stored.date, "issuer": stored.issuer}


class UnitQuery(ListQuery):
    """What lists that lie under a unit take; a bare code is read on `as_of`, else at the end of `year`."""

    unit: Annotated[
        QueryCode | None,
        Field(
            description="Đơn vị và cấp dưới, kể cả đơn vị cũ đã nhập vào · the unit's subtree with its predecessors' rows",
            examples=["20770"],
        ),
    ] = None
    year: QueryYear | None = None
    as_of: Annotated[
        IsoDate | None,
        Field(description="Ngày để hiểu mã đơn vị · the day on which a bare unit code is read"),
    ] = None
