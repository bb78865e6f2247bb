"""The kinds of documents (loại văn bản), which steps of procedures ask for by their codes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from app import db
from app.domain.access import Actor, require
from app.models.documents import DocumentKind


@dataclass(frozen=True, slots=True)
class DocumentKindView:
    code: str
    name: str
    name_en: str


def kinds(actor: Actor, *, updated_since: datetime | None = None) -> list[DocumentKindView]:
    """All kinds in the catalogue's order."""
    require(actor, "read")
    query = sa.select(DocumentKind.code, DocumentKind.name, DocumentKind.name_en)
    if updated_since is not None:
        query = query.where(DocumentKind.updated_at >= updated_since)
    with db.transaction() as session:
        rows = session.execute(query.order_by(DocumentKind.position, DocumentKind.code))
        return [DocumentKindView(*row) for row in rows]
