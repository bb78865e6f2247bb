"""Types that several resources share, on the way in and on the way out."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal, get_args
from uuid import UUID

from pydantic import Field, GetCoreSchemaHandler, GetJsonSchemaHandler, ValidatorFunctionWrapHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticKnownError, core_schema
from typing_extensions import TypedDict

from app.api import examples
from app.api.operations import closed
from app.domain.ledger import entries
from app.i18n import N_
from app.web.schema import FIRST_YEAR, LAST_YEAR, Body, IsoDate, ListQuery, Text, refuse

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


def figure(value: Decimal | None) -> int | float | None:
    """A figure as a JSON number, whole where it is whole."""
    if value is None:
        return None
    return int(value) if value == int(value) else float(value)


def one_of(choices: Any) -> Any:
    """Metadata of a shape's text: it is one of these literals (the domain keeps plain text)."""
    return Field(json_schema_extra={"enum": list(get_args(choices))})


@dataclass(frozen=True, slots=True)
class KindAndId:
    """Metadata of a query's `kind:id`, read as both; `kinds` is the Literal of what is allowed."""

    kinds: Any

    def __get_pydantic_core_schema__(self, _source: object, _handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(self._read)

    def __get_pydantic_json_schema__(self, _schema: CoreSchema, _handler: object) -> JsonSchemaValue:
        kinds = "|".join(sorted(get_args(self.kinds)))
        example = f"work:{examples.NEW_WORK['id']}"
        return {"type": "string", "pattern": f"^({kinds}):[0-9a-fA-F-]{{36}}$", "examples": [example]}

    def _read(self, value: object) -> tuple[str, UUID]:
        kind, _, id_ = value.partition(":") if isinstance(value, str) else ("", "", "")
        if kind in get_args(self.kinds):
            with suppress(ValueError):
                return kind, UUID(id_)
        raise refuse(N_("Viết loại và mã của nội dung, ví dụ work:01890a5d-ac96-774b-bcce-b302099a8070."))


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


@dataclass(frozen=True, slots=True)
class DocumentOrId:
    """Metadata of a body's document: typed in (`DocumentBody`), or the id of one that is in the register."""

    def __get_pydantic_core_schema__(self, _source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_wrap_validator_function(self._read, handler.generate_schema(DocumentBody))

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        return {"anyOf": [handler(schema), {"type": "string", "format": "uuid"}]}

    def _read(self, value: object, typed: ValidatorFunctionWrapHandler) -> object:
        if not isinstance(value, str):
            return typed(value)
        try:
            return UUID(value)
        except ValueError:
            raise PydanticKnownError("uuid_type") from None


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
