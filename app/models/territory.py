"""Administrative units of both structures, what became of them, and whose rows count under whom."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Folded, Moment


class Unit(Base):
    """A unit is its structure and code: 20770 is one commune in `legacy` and another in `2025`."""

    __tablename__ = "units"
    __table_args__ = (
        sa.UniqueConstraint("structure", "code"),
        sa.CheckConstraint("structure IN ('legacy', '2025')", name="structure"),
        sa.CheckConstraint("level IN ('nation', 'province', 'district', 'commune', 'hamlet')", name="level"),
        sa.Index("ix_units_sort_key", "sort_key"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    structure: Mapped[str] = mapped_column(sa.String(8))
    code: Mapped[str] = mapped_column(sa.String(12))
    level: Mapped[str] = mapped_column(sa.String(8))
    name: Mapped[str] = mapped_column(sa.String(120))
    parent_id: Mapped[int | None] = mapped_column(sa.ForeignKey("units.id"), index=True)
    valid_from: Mapped[date | None]  # null: in force before this book begins
    valid_to: Mapped[date | None]
    lat: Mapped[float | None]
    lon: Mapped[float | None]
    area_km2: Mapped[float | None]
    # Of a province: the region by whose thresholds its communes go; null where it lies in several.
    region: Mapped[str | None] = mapped_column(sa.String(20))
    search: Mapped[Folded]
    sort_key: Mapped[Folded]
    # Whether what a client or a checker records here still needs a second person.
    requires_checker: Mapped[bool] = mapped_column(default=False)
    illustrative: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)
    updated_at: Mapped[Moment]


class UnitSuccession(Base):
    """Which unit became which, whole or in part."""

    __tablename__ = "unit_successions"
    __table_args__ = (sa.CheckConstraint("extent IN ('whole', 'main part', 'part')", name="extent"),)

    old_id: Mapped[int] = mapped_column(sa.ForeignKey("units.id"), primary_key=True)
    new_id: Mapped[int] = mapped_column(sa.ForeignKey("units.id"), primary_key=True, index=True)
    extent: Mapped[str] = mapped_column(sa.String(9))


class UnitScope(Base):
    """`unit_id`'s rows count under `ancestor_id`: itself, its subtree, and what these took over.

    The closure of the tree, kept beside it because every list and every permission asks for it.
    """

    __tablename__ = "unit_scope"

    ancestor_id: Mapped[int] = mapped_column(sa.ForeignKey("units.id"), primary_key=True)
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("units.id"), primary_key=True, index=True)
