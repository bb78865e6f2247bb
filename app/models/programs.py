"""The catalogue: programs, their projects and sub-projects, funding sources, and the law's parameters."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Dated, Editable, Folded, Sourced

CAPITAL_KINDS = ("investment", "recurrent")


class Program(Dated, Editable, Base):
    """A national target program (chương trình MTQG) of one period."""

    __tablename__ = "programs"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(sa.String(20), unique=True)
    name: Mapped[str] = mapped_column(sa.Text)
    short_name: Mapped[str] = mapped_column(sa.String(120))
    period_from: Mapped[int]
    period_to: Mapped[int]
    decision: Mapped[str] = mapped_column(sa.String(200))
    position: Mapped[int]


class Project(Dated, Editable, Base):
    """A project or sub-project; lines stand on the leaves only."""

    __tablename__ = "projects"

    id: Mapped[int] = mapped_column(primary_key=True)
    program_id: Mapped[int] = mapped_column(sa.ForeignKey("programs.id"), index=True)
    parent_id: Mapped[int | None] = mapped_column(sa.ForeignKey("projects.id"), index=True)
    code: Mapped[str] = mapped_column(sa.String(20), unique=True)
    name: Mapped[str] = mapped_column(sa.Text)
    search: Mapped[Folded]
    position: Mapped[int]


class FundingSource(Editable, Base):
    """A funding source (nguồn vốn)."""

    __tablename__ = "funding_sources"

    code: Mapped[str] = mapped_column(sa.String(20), primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(120))
    name_en: Mapped[str] = mapped_column(sa.String(120))
    position: Mapped[int]


class Parameter(Sourced, Editable, Base):
    """One value of the law with its validity and source; a missing value is null, and pages say so."""

    __tablename__ = "parameters"
    __table_args__ = (sa.UniqueConstraint("key", "valid_from"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(sa.String(60))
    value: Mapped[str | None] = mapped_column(sa.String(60))
    name: Mapped[str] = mapped_column(sa.Text)
