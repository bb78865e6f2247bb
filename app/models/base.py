"""What every mapping stands on: the declarative base, column types, and columns that many tables share."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated

import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from app.db import ByteOrdered, ExactThousandths, UtcDateTime

# Whole đồng. 2**53 - 1 bounds every sum, so that JSON clients never round one.
MAX_DONG = 9_007_199_254_740_991
MAX_AMOUNT = 999_999_999_999_999

Dong = Annotated[int, mapped_column(sa.BigInteger)]
Thousandths = Annotated[Decimal, mapped_column(ExactThousandths)]
Moment = Annotated[datetime, mapped_column(UtcDateTime)]
Folded = Annotated[str, mapped_column(ByteOrdered)]
Id = Annotated[uuid.UUID, mapped_column(sa.Uuid, primary_key=True)]


class Base(DeclarativeBase):
    metadata = sa.MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class ClientMade:
    """A row that a client may create in the field: its own id, and the hash of what created it."""

    id: Mapped[Id]
    body_hash: Mapped[str] = mapped_column(sa.String(64))
    created_at: Mapped[Moment]
    created_by: Mapped[str] = mapped_column(sa.String(80))


class Editable:
    """A row that people change: its version is its ETag, the moment feeds `updated_since`."""

    version: Mapped[int] = mapped_column(default=1)
    updated_at: Mapped[Moment]


class Dated:
    """A catalogue row with validity; an open end is null."""

    valid_from: Mapped[date]
    valid_to: Mapped[date | None]


class Sourced(Dated):
    """A rule's parameter: where it stands, and whether that is certain."""

    source: Mapped[str]
    certainty: Mapped[str] = mapped_column(sa.String(8), default="sure")  # sure | confirm


class OfficialDocument:
    """The document that a change of money stands on: number and sign, date, issuer."""

    document_number: Mapped[str] = mapped_column(sa.String(120))
    document_date: Mapped[date]
    document_issuer: Mapped[str] = mapped_column(sa.String(200))
