"""What changes with the documents behind a thing: what it lacks, and which of them it may not lose."""

from __future__ import annotations

import uuid
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.clock import utcnow
from app.domain.access import Actor, in_scope
from app.domain.documents.views import DocumentView
from app.domain.doing import does
from app.errors import RuleBroken
from app.i18n import N_
from app.models.criteria import Assessment, Indicator
from app.models.documents import Attachment, Document
from app.models.oversight import Finding, Inspection
from app.models.procedures import WorkStep
from app.models.steering import Directive
from app.models.support import SupportModel
from app.models.territory import Unit
from app.models.works import Work

_OF_ITS_OWN: Final[dict[str, type[SupportModel] | type[Directive]]] = {
    "support_model": SupportModel, "directive": Directive,
}  # fmt: skip


def touch(session: Session, kind: str, subject_id: uuid.UUID) -> None:
    """Followers of changes see a step, an assessment, a support model or a directive again, since its documents are a
    part of it; locks it as whoever changes it does: the work, or the unit, first.
    """
    if kind == "step":
        _touch_step(session, subject_id)
    elif kind == "assessment":
        _touch_assessment(session, subject_id)
    elif kind in _OF_ITS_OWN:
        table = _OF_ITS_OWN[kind]
        session.execute(sa.update(table).where(table.id == subject_id).values(updated_at=utcnow()))


def refuse_side(session: Session, actor: Actor, kind: str, subject_id: uuid.UUID) -> None:
    """RuleBroken `inspection_side` for who would add to the evidence of an inspection, or take of it, without being of
    those who inspect; `directive_side` for who has not to do a directive, whose proof it is."""
    if kind == "directive":
        _refuse_giver(session, actor, subject_id)
    if kind not in ("inspection", "finding"):
        return
    query = sa.select(Inspection.id).where(in_scope(actor, Inspection.by_unit_id))
    if kind == "finding":
        query = query.join(Finding, Finding.inspection_id == Inspection.id).where(Finding.id == subject_id)
    else:
        query = query.where(Inspection.id == subject_id)
    if session.execute(query).first() is None:
        message = N_("Giấy tờ của cuộc kiểm tra do đơn vị kiểm tra đính kèm và gỡ.")
        raise RuleBroken("inspection_side", message, asked="attach", held="above")


def refuse_sides(session: Session, actor: Actor, document: DocumentView) -> None:
    """`refuse_side` of all that a document stands behind: whoever may not take it off does not change it either."""
    for kind, subject_id in document.attached_to:
        refuse_side(session, actor, kind, subject_id)


def _refuse_giver(session: Session, actor: Actor, directive_id: uuid.UUID) -> None:
    query = sa.select(Directive.id).join(Unit, Unit.id == Directive.unit_id)
    mine = in_scope(actor, Directive.unit_id)
    if session.execute(query.where(Directive.id == directive_id, mine, does(actor))).first() is None:
        message = N_("Việc này do bên được giao nhiệm vụ làm.")
        raise RuleBroken("directive_side", message, asked="attach", held="assignee")


def _touch_step(session: Session, step_id: uuid.UUID) -> None:
    now, step = utcnow(), WorkStep.id == step_id
    work_id = sa.select(WorkStep.work_id).where(step).scalar_subquery()
    session.execute(sa.update(Work).where(Work.id == work_id).values(updated_at=now))
    session.execute(sa.update(WorkStep).where(step).values(updated_at=now))


def _touch_assessment(session: Session, assessment_id: uuid.UUID) -> None:
    this = Assessment.id == assessment_id
    unit_id = sa.select(Assessment.unit_id).where(this).scalar_subquery()
    session.execute(sa.select(Unit.id).where(Unit.id == unit_id).with_for_update(key_share=True))
    session.execute(sa.update(Assessment).where(this).values(updated_at=utcnow()))


def keep_required(
    session: Session, kind: str, subject_id: uuid.UUID, document_id: uuid.UUID, document_kind: str
) -> None:
    """Raises RuleBroken where a thing would be left without what it requires and that document is: `step_documents`
    of a done step, `evidence_missing` of an indicator that is met; `assessment_state` where the evidence was verified,
    `directive_state` of the proof of what was reported, `inspection_state` of the evidence of what was concluded or
    called off. `touch` comes before.
    """
    if kind == "step":
        _keep_kind(session, subject_id, document_id, document_kind)
    elif kind == "assessment":
        _keep_evidence(session, subject_id, document_id)
    elif kind == "directive":
        _keep_proof(session, subject_id)
    elif kind in ("inspection", "finding"):
        _keep_findings(session, kind, subject_id)


def _keep_findings(session: Session, kind: str, subject_id: uuid.UUID) -> None:
    found = sa.select(Finding.inspection_id).where(Finding.id == subject_id)
    inspection_id = found.scalar_subquery() if kind == "finding" else subject_id
    query = sa.select(Inspection.state).where(Inspection.id == inspection_id)
    state = session.execute(query.with_for_update(key_share=True)).scalar_one()
    if state in ("concluded", "cancelled"):
        message = N_("Cuộc kiểm tra đã kết luận hay đã hủy thì giữ nguyên giấy tờ: chỉ đính kèm thêm.")
        raise RuleBroken("inspection_state", message, asked="detach", held=state)


def _keep_proof(session: Session, directive_id: uuid.UUID) -> None:
    state = session.execute(sa.select(Directive.state).where(Directive.id == directive_id)).scalar_one()
    if state not in ("open", "returned"):
        message = N_("Minh chứng của nhiệm vụ đã báo cáo thì giữ nguyên: bị trả lại rồi mới gỡ được.")
        raise RuleBroken("directive_state", message, asked="detach", held=state)


def _keep_kind(session: Session, step_id: uuid.UUID, document_id: uuid.UUID, kind: str) -> None:
    step = session.execute(
        sa.select(WorkStep.name, WorkStep.required_documents, WorkStep.status).where(WorkStep.id == step_id)
    ).one_or_none()
    if step is None or step.status != "done" or kind not in step.required_documents:
        return
    if not _has_another(session, "step", step_id, document_id, Document.kind == kind):
        raise RuleBroken(
            "step_documents",
            N_("Bước “{step}” đã xong cần văn bản này. Mở lại bước rồi mới gỡ hoặc đổi loại văn bản."),
            step=step.name,
        )


def _keep_evidence(session: Session, assessment_id: uuid.UUID, document_id: uuid.UUID) -> None:
    query = (
        sa.select(Indicator.code, Indicator.evidence_required, Assessment.met, Assessment.verdict)
        .join(Assessment, Assessment.indicator_id == Indicator.id)
        .where(Assessment.id == assessment_id, Assessment.withdrawn_at.is_(None))
    )
    row = session.execute(query).one_or_none()
    if row is None:
        return
    code, required, met, verdict = row
    if verdict:
        message = N_("Đánh giá này đã được thẩm tra: ghi đánh giá mới thay vì sửa.")
        raise RuleBroken("assessment_state", message, asked="detach", held=verdict)
    if met and required and not _has_another(session, "assessment", assessment_id, document_id):
        message = N_(
            "Chỉ tiêu {code} ghi đạt nhờ văn bản này: kèm văn bản khác, hoặc sửa đánh giá trước khi gỡ."
        )
        raise RuleBroken("evidence_missing", message, code=code, asked=1, held=0)


def _has_another(
    session: Session, kind: str, subject_id: uuid.UUID, document_id: uuid.UUID, *where: sa.ColumnElement[bool]
) -> bool:
    query = (
        sa.select(Document.id)
        .join(Attachment, Attachment.document_id == Document.id)
        .where(
            Attachment.subject_kind == kind, Attachment.subject_id == subject_id, Document.id != document_id, *where
        )
    )  # fmt: skip
    return session.execute(query).first() is not None
