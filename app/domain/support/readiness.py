"""What a payment of a model under way still lacks, by name (thiếu …): papers of the model, what was handed over."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.domain.support.flow import SUBJECT, UNDER_WAY
from app.domain.support.proof import proved
from app.domain.support.views import ModelView
from app.errors import Fact
from app.i18n import N_, translate
from app.models.documents import Attachment, Document
from app.models.support import Delivery


@dataclass(frozen=True, slots=True)
class Paper:
    """A kind of document that a payment stands on."""

    kind: str
    name: str


BASIS: Final = N_("Căn cứ Thông tư 55/2023/TT-BTC; từng loại giấy tờ chờ xác nhận theo hướng dẫn của tỉnh.")
PAPERS: Final = (
    Paper("group_list", N_("Danh sách tổ nhóm, hộ tham gia")),
    Paper("support_acceptance", N_("Biên bản nghiệm thu, bàn giao")),
    Paper("invoice", N_("Hóa đơn")),
)


@dataclass(frozen=True, slots=True)
class Missing:
    """One thing that a payment lacks: the rule that asks for it; `lacks` are kinds of documents."""

    rule: str
    name: str
    facts: Mapping[str, Fact] = field(default_factory=dict)
    lacks: tuple[str, ...] = ()

    def said(self, lang: str) -> str:
        """It in a reader's language."""
        return translate(lang, self.name, **self.facts)

    def row(self) -> dict[str, object]:
        """It as clients are given it."""
        return {"rule": self.rule, "name": self.said("vi"), "documents": list(self.lacks)}


def missing_of(
    session: Session,
    models: Sequence[ModelView],
    handed: Mapping[uuid.UUID, tuple[int, int]] | None = None,
) -> dict[uuid.UUID, tuple[Missing, ...]]:
    """What the payment of each model under way lacks, until it is closed; of others nothing. Two statements, none of no
    such model.

    `handed`, (deliveries, those without proof) by model, spares one of them.
    """
    ids = [model.id for model in models if model.state in UNDER_WAY]
    found: dict[uuid.UUID, tuple[Missing, ...]] = {model.id: () for model in models}
    if not ids:
        return found
    papers = (
        sa.select(Attachment.subject_id, Document.kind)
        .join(Document, Document.id == Attachment.document_id)
        .where(Attachment.subject_kind == SUBJECT, Attachment.subject_id.in_(ids))
    )
    there = {(model_id, kind) for model_id, kind in session.execute(papers)}
    counts = _handed(session, ids) if handed is None else handed
    for id_ in ids:
        kinds = {kind for model_id, kind in there if model_id == id_}
        found[id_] = tuple(_missing(kinds, *counts.get(id_, (0, 0))))
    return found


def _handed(session: Session, ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, tuple[int, int]]:
    unproved = sa.func.sum(sa.case((proved(), 0), else_=1))
    query = (
        sa.select(Delivery.model_id, sa.func.count(), unproved)
        .where(Delivery.model_id.in_(ids), Delivery.withdrawn_at.is_(None))
        .group_by(Delivery.model_id)
    )
    return {id_: (int(made), int(open_)) for id_, made, open_ in session.execute(query)}


def _missing(kinds: set[str], made: int, unproved: int) -> Iterator[Missing]:
    for paper in PAPERS:
        if paper.kind not in kinds:
            yield Missing(paper.kind, paper.name, lacks=(paper.kind,))
    if not made:
        yield Missing("delivered", N_("Chưa ghi cấp phát cho hộ nào"))
    elif unproved:
        words = N_("Chữ ký nhận hoặc ảnh bàn giao: còn {unproved:number} trong {made:number} lần cấp phát")
        yield Missing("proof", words, facts={"unproved": unproved, "made": made})
