"""What a payment of a model under way still lacks, by name (thiếu …): papers of the model, what was handed over."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.domain.support.flow import SUBJECT, UNDER_WAY
from app.domain.support.proof import proved
from app.domain.support.views import ModelView
from app.errors import Fact
from app.i18n import N_, translate
from app.models.documents import Attachment, Document
from app.models.support import Delivery, SupportMember


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


@dataclass(frozen=True, slots=True)
class Handed:
    """What a model handed over, withdrawn deliveries left out: how many, those without proof, its households, those of
    them that received nothing."""

    made: int = 0
    unproved: int = 0
    households: int = 0
    without: int = 0


def missing_of(
    session: Session,
    models: Sequence[ModelView],
    handed: Mapping[uuid.UUID, Handed] | None = None,
) -> dict[uuid.UUID, tuple[Missing, ...]]:
    """What the payment of each model under way lacks, until it is closed; of others nothing. Two statements, none of no
    such model.

    `handed` by model spares one of them.
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
        found[id_] = tuple(_missing(kinds, counts.get(id_, Handed())))
    return found


def _handed(session: Session, ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, Handed]:
    standing = sa.and_(
        Delivery.model_id == SupportMember.model_id, Delivery.household_id == SupportMember.household_id,
        Delivery.withdrawn_at.is_(None),
    )  # fmt: skip
    query: sa.Select[*tuple[Any, ...]] = (
        sa.select(
            SupportMember.model_id, sa.func.count(Delivery.id),
            sa.func.sum(sa.case((sa.or_(Delivery.id.is_(None), proved()), 0), else_=1)),
            sa.func.count(SupportMember.household_id.distinct()),
            sa.func.sum(sa.case((Delivery.id.is_(None), 1), else_=0)),
        )
        .select_from(SupportMember)
        .outerjoin(Delivery, standing)
        .where(SupportMember.model_id.in_(ids))
        .group_by(SupportMember.model_id)
    )  # fmt: skip
    return {id_: Handed(*(int(count) for count in counts)) for id_, *counts in session.execute(query)}


def _missing(kinds: set[str], handed: Handed) -> Iterator[Missing]:
    for paper in PAPERS:
        if paper.kind not in kinds:
            yield Missing(paper.kind, paper.name, lacks=(paper.kind,))
    if not handed.made:
        yield Missing("delivered", N_("Chưa ghi cấp phát cho hộ nào"))
    elif handed.without:
        words = N_("Cấp phát: còn {without:number}/{households:number} hộ chưa nhận")
        yield Missing("delivered", words, facts={"without": handed.without, "households": handed.households})
    if handed.unproved:
        words = N_("Chữ ký nhận hoặc ảnh bàn giao: còn {unproved:number} trong {made:number} lần cấp phát")
        yield Missing("proof", words, facts={"unproved": handed.unproved, "made": handed.made})
