"""What happens to a model: sent, appraised, approved, returned, begun, evaluated, closed; and what may happen next."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import db
from app.clock import utcnow
from app.domain import audit, workflow
from app.domain.access import Actor, require
from app.domain.support import parts
from app.domain.support.flow import SUBJECT, SUPPORT_FLOW
from app.domain.support.views import ModelView, budgets_of, inputs_of, members_of, one
from app.domain.workflow import Move, MoveView, Order
from app.errors import FieldError, Invalid, NotFound, PreconditionRequired, RuleBroken, Stale
from app.i18n import N_
from app.models.support import SupportMember, SupportModel

EVALUATE: Final = "evaluate"
LONGEST: Final = 4000


def move(actor: Actor, model_id: uuid.UUID, name: str, order: Order, *, seen: int | None = None) -> ModelView:
    """Move a model; the same move again by the same hand changes nothing. `evaluate` has a function of its own.

    `seen` is the version that the mover has read: Stale when it was changed meanwhile. What is sent is whole (Invalid)
    and paid for (RuleBroken `support_budget`, `line_drawn`) by people who may take part (`member_status`). RuleBroken
    `own_support` for who stands on the wrong side, `support_state` from a state that does not allow it; further
    refusals are those of `workflow.move`. Who takes part and what lines have is looked at again when it is approved and
    when it begins.
    """
    require(actor, SUPPORT_FLOW.named(name).action)
    with db.transaction(write=True) as session:
        standing = one(session, actor, model_id, lock=True)
        state = workflow.move(session, actor, SUPPORT_FLOW, standing.thing, name, order, None)
        if state is None:
            return standing
        if seen is not None and seen != standing.version:
            raise Stale(standing)
        if name == "submit":
            _refuse_unfit(session, actor, standing)
        elif name in ("approve", "start"):
            _refuse_changed(session, actor, standing)
        _store(session, actor, standing, name, state, order, {})
        return one(session, actor, model_id)


def _store(
    session: Session,
    actor: Actor,
    standing: ModelView,
    name: str,
    state: str,
    order: Order,
    facts: Mapping[str, Any],
    **values: Any,
) -> None:
    """Write where a model stands, with `values`; `facts` go on record beside that."""
    session.execute(
        sa.update(SupportModel)
        .where(SupportModel.id == standing.id)
        .values(**values, state=state, due_on=order.due_on, version=standing.version + 1, updated_at=utcnow())
    )
    audit.record(
        session, actor, f"support.{name}", SUBJECT, standing.id, standing.unit_id, state=state, due_on=order.due_on,
        **facts,
    )  # fmt: skip


def _refuse_unfit(session: Session, actor: Actor, standing: ModelView) -> None:
    """Refuse a text that cannot be sent."""
    id_ = standing.id
    members, inputs = members_of(session, [id_])[id_], inputs_of(session, [id_])[id_]
    budget = budgets_of(session, [id_])[id_]
    lacking = [
        (not standing.group_name.strip(), "group_name", N_("Ghi tên tổ, nhóm cộng đồng.")),
        (not members, "members", N_("Chọn ít nhất một hộ tham gia.")),
        (standing.head_id is None, "head_id", N_("Chọn tổ trưởng.")),
        (not inputs, "inputs", N_("Ghi ít nhất một thứ được hỗ trợ.")),
        (
            standing.livestock and bool(inputs) and not any(given.heads for given in inputs),
            "inputs",
            N_("Mô hình chăn nuôi có ít nhất một loại con giống tính bằng “con”."),
        ),
    ]
    faults = [FieldError(field, message) for is_lacking, field, message in lacking if is_lacking]
    if faults:
        raise Invalid(*faults)
    ids = [member.household_id for member in members]
    parts.check_members(session, actor, standing.unit_id, standing.year, ids)
    asked = sum(given.amount for given in inputs)
    held = sum(drawn.amount for drawn in budget) + standing.household_share
    if asked != held:
        raise RuleBroken(
            "support_budget",
            N_("Các thứ hỗ trợ cộng lại {asked:money}, nguồn vốn và phần hộ góp cộng lại {held:money}: phải bằng nhau."),
            asked=asked, held=held,
        )  # fmt: skip
    parts.refuse_overdrawn(session, [drawn.budget_line_id for drawn in budget])


def _refuse_changed(session: Session, actor: Actor, standing: ModelView) -> None:
    """What households count as, and what the lines have, may have changed since the model was sent."""
    id_ = standing.id
    ids = [member.household_id for member in members_of(session, [id_])[id_]]
    parts.check_members(session, actor, standing.unit_id, standing.year, ids)
    parts.refuse_overdrawn(session, [row.budget_line_id for row in budgets_of(session, [id_])[id_]])


def evaluate(
    actor: Actor,
    model_id: uuid.UUID,
    text: str,
    incomes: Mapping[uuid.UUID, int | None],
    order: Order,
    *,
    seen: int | None = None,
) -> ModelView:
    """Say what came of a model that runs; `incomes` of its households in đồng a year, as far as they are known: None is
    known no more, a household that is not named keeps what stands.

    The same again changes nothing. Until the model is closed, something else puts right what was said: `seen` is the
    version that whoever does so has read (PreconditionRequired without, Stale when it was changed meanwhile). NotFound
    names `members.0.household_id` for a household that is not of the model.
    """
    require(actor, SUPPORT_FLOW.named(EVALUATE).action)
    _check_evaluation(text, incomes)
    with db.transaction(write=True) as session:
        standing = one(session, actor, model_id, lock=True)
        held = {m.household_id: m.income_after for m in members_of(session, [model_id])[model_id]}
        for number, household_id in enumerate(incomes):
            if household_id not in held:
                message = N_("Hộ này không thuộc mô hình.")
                raise NotFound(message, field=f"members.{number}.household_id")
        changed = {id_: amount for id_, amount in incomes.items() if held[id_] != amount}
        anew = text != standing.evaluation or bool(changed)
        state = workflow.move(session, actor, SUPPORT_FLOW, standing.thing, EVALUATE, order, None, anew=anew)
        if state is None:
            return standing
        corrects = standing.state == state
        if corrects and seen is None:
            raise PreconditionRequired(
                N_("Mô hình đã có đánh giá: gửi kèm phiên bản đã đọc (If-Match) để sửa đánh giá ấy.")
            )
        if seen is not None and seen != standing.version:
            raise Stale(standing)
        for household_id, amount in changed.items():
            session.execute(
                sa.update(SupportMember)
                .where(SupportMember.model_id == model_id, SupportMember.household_id == household_id)
                .values(income_after=amount)
            )
        facts = {"corrects": True, "incomes": len(changed)} if corrects else {}
        _store(session, actor, standing, EVALUATE, state, order, facts, evaluation=text)
        return one(session, actor, model_id)


def _check_evaluation(text: str, incomes: Mapping[uuid.UUID, int | None]) -> None:
    faults = [] if text.strip() else [FieldError("evaluation", N_("Ghi đánh giá kết quả mô hình."))]
    if len(text) > LONGEST:
        message = N_("Dài quá {longest:number} ký tự")
        faults.append(FieldError("evaluation", message, {"longest": LONGEST}))
    for number, amount in enumerate(incomes.values()):
        if amount is not None:
            faults += parts.money_faults(f"members.{number}.income_after", amount, least=0)
    if faults:
        raise Invalid(*faults)


def open_moves(actor: Actor, model: ModelView) -> list[Move]:
    """The moves of a model that are open to the actor now."""
    return workflow.open_moves(actor, SUPPORT_FLOW, model.thing)


def history(actor: Actor, model_id: uuid.UUID) -> list[MoveView]:
    """What happened to a model, in order."""
    require(actor, "read")
    with db.transaction() as session:
        one(session, actor, model_id)
        return workflow.history(session, SUPPORT_FLOW, [model_id])[model_id]
