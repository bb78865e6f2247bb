"""Rural criteria as data (tiêu chí nông thôn mới): sets, thresholds, assessments, what came of them, and targets."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, ClientMade, Editable, Moment, Sourced, Thousandths

SET_LEVELS = ("commune", "advanced_commune", "hamlet")
INDICATOR_KINDS = ("judgment", "percent", "percent_max", "amount")
RECOGNITIONS = ("commune", "advanced_commune", "model_hamlet")


class Region(Base):
    """A region (vùng) by which thresholds differ; provinces of both structures lie in one, or in none for certain."""

    __tablename__ = "regions"

    code: Mapped[str] = mapped_column(sa.String(20), primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(120))
    name_en: Mapped[str] = mapped_column(sa.String(120))
    position: Mapped[int]


class CriteriaSet(Sourced, Base):
    """A set of criteria (bộ tiêu chí) with its validity: of the nation, of a region, or of one province.

    A set is never changed: what a later decision says is a set of its own beside it.
    """

    __tablename__ = "criteria_sets"
    __table_args__ = (
        sa.CheckConstraint("level IN ('commune', 'advanced_commune', 'hamlet')", name="level"),
        sa.CheckConstraint("region IS NULL OR unit_id IS NULL", name="one_place"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(sa.String(40), unique=True)
    name: Mapped[str] = mapped_column(sa.String(300))
    name_en: Mapped[str] = mapped_column(sa.String(300))
    level: Mapped[str] = mapped_column(sa.String(20))
    region: Mapped[str | None] = mapped_column(sa.ForeignKey("regions.code"))
    unit_id: Mapped[int | None] = mapped_column(sa.ForeignKey("units.id"))  # the province whose set it is
    illustrative: Mapped[bool] = mapped_column(default=False)
    body_hash: Mapped[str] = mapped_column(sa.String(64))
    created_at: Mapped[Moment]
    created_by: Mapped[str] = mapped_column(sa.String(80))


class Criterion(Base):
    """A criterion (tiêu chí) of a set, in one of its groups."""

    __tablename__ = "criteria"
    __table_args__ = (sa.UniqueConstraint("set_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    set_id: Mapped[int] = mapped_column(sa.ForeignKey("criteria_sets.id"))
    number: Mapped[int]
    name: Mapped[str] = mapped_column(sa.String(300))
    name_en: Mapped[str] = mapped_column(sa.String(300), default="")
    group: Mapped[str] = mapped_column(sa.String(200), default="")


class Indicator(Base):
    """An indicator (chỉ tiêu) of a criterion; what it must reach stands in `thresholds`.

    `judgment` is met or not by evidence; of `percent` and `amount` a value at least, of `percent_max` at most the
    threshold is met.
    """

    __tablename__ = "indicators"
    __table_args__ = (
        sa.UniqueConstraint("criterion_id", "code"),
        sa.CheckConstraint("kind IN ('judgment', 'percent', 'percent_max', 'amount')", name="kind"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    criterion_id: Mapped[int] = mapped_column(sa.ForeignKey("criteria.id"))
    code: Mapped[str] = mapped_column(sa.String(12))
    position: Mapped[int]
    name: Mapped[str] = mapped_column(sa.String(600))
    kind: Mapped[str] = mapped_column(sa.String(12))
    unit: Mapped[str] = mapped_column(sa.String(60), default="")  # of the value: %, m²/người …
    evidence_required: Mapped[bool] = mapped_column(default=False)  # met only with a document behind it
    source: Mapped[str] = mapped_column(sa.Text)
    certainty: Mapped[str] = mapped_column(sa.String(8), default="sure")  # of its wording: sure | confirm


class Threshold(Sourced, Base):
    """What an indicator must reach: in the nation, in a region, or in one province. A null value: none is known.

    Rows are added, never changed: a later one of the same place stands instead from its `valid_from` on.
    """

    __tablename__ = "thresholds"
    __table_args__ = (sa.CheckConstraint("region IS NULL OR unit_id IS NULL", name="one_place"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    indicator_id: Mapped[int] = mapped_column(sa.ForeignKey("indicators.id"), index=True)
    region: Mapped[str | None] = mapped_column(sa.ForeignKey("regions.code"))
    unit_id: Mapped[int | None] = mapped_column(sa.ForeignKey("units.id"))
    value: Mapped[Thousandths | None]
    created_at: Mapped[Moment]
    created_by: Mapped[str] = mapped_column(sa.String(80))


class Assessment(ClientMade, Editable, Base):
    """What an indicator came to in a unit on a day. The latest that was not withdrawn stands.

    `met` follows from `value` and the `threshold` of that day, both kept here; without a threshold it is judged.
    """

    __tablename__ = "assessments"
    __table_args__ = (
        sa.CheckConstraint("verdict IN ('', 'agreed', 'disputed')", name="verdict"),
        sa.CheckConstraint("(verdict = '') = (verified_on IS NULL)", name="verified_on"),
        sa.Index("ix_assessments_unit_id_indicator_id_assessed_on", "unit_id", "indicator_id", "assessed_on"),
        sa.Index("ix_assessments_updated_at_id", "updated_at", "id"),
    )

    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("units.id"))
    indicator_id: Mapped[int] = mapped_column(sa.ForeignKey("indicators.id"), index=True)
    assessed_on: Mapped[date]
    value: Mapped[Thousandths | None]
    threshold: Mapped[Thousandths | None]
    met: Mapped[bool]
    note: Mapped[str] = mapped_column(sa.String(2000), default="")
    assessor: Mapped[str] = mapped_column(sa.String(200), default="")
    verifier: Mapped[str] = mapped_column(sa.String(200), default="")  # the agency in charge
    verdict: Mapped[str] = mapped_column(sa.String(8), default="")
    verdict_note: Mapped[str] = mapped_column(sa.String(2000), default="")
    verified_on: Mapped[date | None]
    verified_by: Mapped[str] = mapped_column(sa.String(80), default="")
    withdrawn_at: Mapped[Moment | None]
    withdrawn_reason: Mapped[str] = mapped_column(sa.String(1000), default="")
    illustrative: Mapped[bool] = mapped_column(default=False)


class CriterionSpell(Base):
    """From `since` until before `until` a criterion was met in a unit, or not; `lost`: not, and it had been.

    Worked out from the assessments in the transaction that changes them, so that many units can be counted at once.
    """

    __tablename__ = "criterion_spells"
    __table_args__ = (sa.Index("ix_criterion_spells_criterion_id_since", "criterion_id", "since"),)

    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("units.id"), primary_key=True)
    criterion_id: Mapped[int] = mapped_column(sa.ForeignKey("criteria.id"), primary_key=True)
    since: Mapped[date] = mapped_column(primary_key=True)
    until: Mapped[date | None]
    met: Mapped[bool]
    lost: Mapped[bool]
    illustrative: Mapped[bool] = mapped_column(default=False)  # some assessment behind it is


class Target(ClientMade, Editable, Base):
    """What a unit is to reach by a day: one criterion of a set, or a recognition. Dropped with a reason, never deleted."""

    __tablename__ = "targets"
    __table_args__ = (
        sa.CheckConstraint("(criterion_id IS NULL) = (recognition IS NOT NULL)", name="one_aim"),
        sa.CheckConstraint(
            "recognition IS NULL OR recognition IN ('commune', 'advanced_commune', 'model_hamlet')",
            name="recognition",
        ),
        sa.Index("ix_targets_updated_at_id", "updated_at", "id"),
    )

    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("units.id"), index=True)
    set_id: Mapped[int] = mapped_column(sa.ForeignKey("criteria_sets.id"))
    criterion_id: Mapped[int | None] = mapped_column(sa.ForeignKey("criteria.id"))
    recognition: Mapped[str | None] = mapped_column(sa.String(20))
    due_on: Mapped[date]
    responsible: Mapped[str] = mapped_column(sa.String(200), default="")
    basis: Mapped[str] = mapped_column(sa.String(500), default="")  # the document that sets it, in words
    note: Mapped[str] = mapped_column(sa.String(2000), default="")
    # Of a commune's recognition, when and by which decision; that of a hamlet is a move of its plan.
    recognised_on: Mapped[date | None]
    recognised_by: Mapped[str] = mapped_column(sa.String(300), default="")
    dropped_on: Mapped[date | None]
    dropped_reason: Mapped[str] = mapped_column(sa.String(1000), default="")
    illustrative: Mapped[bool] = mapped_column(default=False)
