"""Official documents, their files, what they are attached to, and uploads under way."""

from __future__ import annotations

import uuid
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, ClientMade, Editable, Folded, Id, Moment

SUBJECTS = (
    "work", "step", "contract", "acceptance", "payment_dossier", "settlement", "progress", "clearance_household",
    "obstacle", "line", "entry", "assessment", "target", "plan",
    "support_model", "delivery", "visit",
    "committee", "meeting", "directive", "inspection", "finding", "outreach", "observation",
)  # fmt: skip


class DocumentKind(Editable, Base):
    """A kind of document (loại văn bản), which steps of a procedure ask for by its code."""

    __tablename__ = "document_kinds"

    code: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(200))
    name_en: Mapped[str] = mapped_column(sa.String(200))
    position: Mapped[int]


class Document(ClientMade, Editable, Base):
    """An official document: number and sign, date, issuer, kind, summary. A photo has no number."""

    __tablename__ = "documents"
    __table_args__ = (sa.Index("ix_documents_updated_at_id", "updated_at", "id"),)

    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("units.id"), index=True)
    number: Mapped[str] = mapped_column(sa.String(120), default="")
    date: Mapped[date]
    issuer: Mapped[str] = mapped_column(sa.String(200), default="")
    kind: Mapped[str] = mapped_column(sa.ForeignKey("document_kinds.code"))
    summary: Mapped[str] = mapped_column(sa.String(1000), default="")
    personal: Mapped[bool] = mapped_column(default=False)  # names persons: shown to roles that need it
    illustrative: Mapped[bool] = mapped_column(default=False)
    search: Mapped[Folded]


class DocumentFile(Base):
    """A file of a document; its content stands under its SHA-256 in the data directory."""

    __tablename__ = "document_files"
    __table_args__ = (
        sa.UniqueConstraint("document_id", "sha256"),
        sa.CheckConstraint("size > 0", name="size"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    document_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("documents.id"), index=True)
    name: Mapped[str] = mapped_column(sa.String(200))
    size: Mapped[int] = mapped_column(sa.BigInteger)  # bytes
    sha256: Mapped[str] = mapped_column(sa.String(64), index=True)
    media_type: Mapped[str] = mapped_column(sa.String(100))
    taken_at: Mapped[Moment | None]  # of a photo, as its camera says
    lat: Mapped[float | None]  # WGS 84, degrees
    lon: Mapped[float | None]
    created_at: Mapped[Moment]
    created_by: Mapped[str] = mapped_column(sa.String(80))


class Attachment(Base):
    """A document attached to something: a work, a step, an entry …; `subject_id` is that row's id."""

    __tablename__ = "attachments"
    __table_args__ = (
        sa.CheckConstraint(
            "subject_kind IN (" + ", ".join(f"'{s}'" for s in SUBJECTS) + ")", name="subject_kind"
        ),
        sa.Index("ix_attachments_subject", "subject_kind", "subject_id"),
    )

    document_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("documents.id"), primary_key=True)
    subject_kind: Mapped[str] = mapped_column(sa.String(24), primary_key=True)
    subject_id: Mapped[uuid.UUID] = mapped_column(sa.Uuid, primary_key=True)
    created_at: Mapped[Moment]
    created_by: Mapped[str] = mapped_column(sa.String(80))


class Upload(Base):
    """A file on its way, sent in pieces that can go on after a break; taken up by a document, or dropped."""

    __tablename__ = "uploads"

    id: Mapped[Id]
    owner: Mapped[str] = mapped_column(sa.String(80))  # the actor that sends it; nobody else sees it
    name: Mapped[str] = mapped_column(sa.String(200))
    size: Mapped[int] = mapped_column(sa.BigInteger)  # bytes announced
    received: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    created_at: Mapped[Moment]
    updated_at: Mapped[Moment] = mapped_column(index=True)
