"""What proves that a household received something: its signature, or a picture of it."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa

from app.models.documents import Attachment, DocumentFile
from app.models.support import Delivery

DELIVERY: Final = "delivery"  # what documents are attached to


def proved() -> sa.ColumnElement[bool]:
    """The condition that a delivery was signed for, or has a document with a file (a photo, a scan) attached to it."""
    pictures = (
        sa.select(Attachment.document_id)
        .join(DocumentFile, DocumentFile.document_id == Attachment.document_id)
        .where(Attachment.subject_kind == DELIVERY, Attachment.subject_id == Delivery.id)
    )
    return sa.or_(Delivery.signed, pictures.exists())
