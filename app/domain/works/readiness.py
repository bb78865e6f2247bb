"""What still bars a work's next stage, by name (thiếu …): steps and their documents, land, settlement, money.

Which step bars which stage is data of the procedure (its `gate`). What stands here besides are rules that no
document shows: land that is not handed over, volume that is not reached, money that must come back.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final, Protocol

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.domain.works.clearance import ClearanceSummary, summaries
from app.domain.works.steps import MAIN, OPEN, StepView, steps_of
from app.errors import Fact
from app.i18n import N_, translate
from app.models.clearance import ClearanceHousehold
from app.models.procedures import WorkStep
from app.models.works import Work

# The stages that something can bar, in the order in which a work enters them.
GATES: Final = ("construction", "completed", "handed_over", "settled")
NEXT: Final[Mapping[str, str]] = {
    "preparation": "construction", "suspended": "construction", "construction": "completed",
    "completed": "handed_over", "handed_over": "settled",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Missing:
    """One thing that is missing: the rule that asks for it, and the step that it belongs to.

    `name` is a step's name (with `name_en`) or a message id with `facts`; `lacks` are kinds of documents.
    """

    rule: str
    name: str
    step_code: str | None = None
    name_en: str | None = None
    facts: Mapping[str, Fact] = field(default_factory=dict)
    lacks: tuple[str, ...] = ()
    step_id: uuid.UUID | None = None
    due_on: date | None = None
    who: str = ""

    def said(self, lang: str) -> str:
        """It in a reader's language."""
        if self.name_en is not None:
            return self.name_en if lang == "en" and self.name_en else self.name
        return translate(lang, self.name, **self.facts)

    def row(self) -> dict[str, object]:
        """It as clients are given it, in a work and in a refusal alike."""
        return {
            "rule": self.rule, "name": self.said("vi"), "step_code": self.step_code, "documents": list(self.lacks),
        }  # fmt: skip


class Standing(Protocol):
    """What of a work decides whether it may go on; money in đồng."""

    @property
    def id(self) -> uuid.UUID: ...
    @property
    def stage(self) -> str: ...
    @property
    def procedure(self) -> str | None: ...
    @property
    def physical_percent(self) -> int: ...
    @property
    def disbursed(self) -> int: ...
    @property
    def advanced(self) -> int: ...
    @property
    def settled_value(self) -> int | None: ...


def missing_of(session: Session, works: Sequence[Standing]) -> dict[uuid.UUID, tuple[Missing, ...]]:
    """What bars the next stage of each work that something bars: two statements."""
    found = {}
    asked = [w for w in works if w.stage in NEXT]
    for work, of_work, clearance in _together(session, asked, {NEXT[w.stage] for w in asked}):
        missing = missing_with(work, of_work, clearance)
        if missing:
            found[work.id] = missing
    return found


def missing_with(
    work: Standing, main: Sequence[StepView], clearance: ClearanceSummary | None
) -> tuple[Missing, ...]:
    """What bars the next stage of a work whose steps and clearance are known already."""
    return tuple(_at(NEXT[work.stage], work, main, clearance)) if work.stage in NEXT else ()


def whole(session: Session, work: Standing) -> dict[str, tuple[Missing, ...]]:
    """What bars each stage that a work has not entered yet, by stage."""
    for each, of_work, clearance in _together(session, [work], GATES):
        return {gate: tuple(_at(gate, each, of_work, clearance)) for gate in ahead(work.stage)}
    return {}


def bars(session: Session, work: Standing, gate: str) -> list[Missing]:
    """What would bar one stage, whichever stage the work is in."""
    return [
        m
        for each, of_work, land in _together(session, [work], [gate])
        for m in _at(gate, each, of_work, land)
    ]


def ahead(stage: str) -> tuple[str, ...]:
    """The stages that a work has still to enter; none of one that is cancelled or settled."""
    return GATES[GATES.index(NEXT[stage]) :] if stage in NEXT else ()


def between(stage: str, wanted: str) -> tuple[str, ...]:
    """The gates that a work passes on its way to a later stage, that stage's own last."""
    return tuple(g for g in ahead(stage) if GATES.index(g) <= GATES.index(wanted)) if wanted in GATES else ()


def _together(
    session: Session, works: Sequence[Standing], gates: Collection[str]
) -> Iterator[tuple[Standing, list[StepView], ClearanceSummary | None]]:
    ids = [work.id for work in works]
    of_works = steps_of(session, ids, bars=gates)
    clearances = summaries(session, ids) if ids else {}
    for work in works:
        yield work, of_works.get(work.id, []), clearances.get(work.id)


def _at(
    gate: str, work: Standing, of_work: Sequence[StepView], clearance: ClearanceSummary | None
) -> Iterator[Missing]:
    """What bars one stage."""
    if work.procedure is None and gate == "construction":
        yield Missing("procedure", N_("Chưa chọn thủ tục"))
    for step in of_work:
        if step.gate == gate and not step.settled:
            yield Missing(
                "step", step.name, step.code, name_en=step.name_en, lacks=step.lacks, step_id=step.id,
                due_on=step.due_on, who=step.approves or step.prepares,
            )  # fmt: skip
    if gate == "construction" and clearance is not None and clearance.waiting:
        facts = {"waiting": clearance.waiting, "all": clearance.households, "unpaid": clearance.unpaid}
        words = N_(
            "Bàn giao mặt bằng: còn {waiting:number} trong {all:number} hộ, {unpaid:money} chưa chi trả"
        )
        yield Missing("clearance", words, "clearance", facts=facts)
    if gate == "completed" and work.physical_percent < 100:
        words = N_("Khối lượng mới đạt {done:number} %")
        yield Missing("physical", words, facts={"done": work.physical_percent})
    if gate == "settled":
        yield from _unsettled(work)


def _unsettled(work: Standing) -> Iterator[Missing]:
    """What money bars the settlement: no value approved, paid past it, advances that are not recovered."""
    if work.settled_value is None:
        yield Missing("settlement", N_("Giá trị quyết toán được duyệt"))
    elif work.disbursed > work.settled_value:
        words = N_("Thu hồi {over:money} đã giải ngân quá giá trị quyết toán")
        yield Missing("overpaid", words, facts={"over": work.disbursed - work.settled_value})
    if work.advanced:
        words = N_("Thu hồi hết tạm ứng, còn {held:money}")
        yield Missing("advance", words, facts={"held": work.advanced})


def unready() -> sa.ColumnElement[bool]:
    """The condition that a work has not broken ground (or stopped) and something bars it: `missing_of` in SQL."""
    open_step = sa.exists().where(
        WorkStep.work_id == Work.id, WorkStep.track == MAIN, WorkStep.gate == "construction",
        WorkStep.status == OPEN,
    )  # fmt: skip
    waiting = sa.exists().where(
        ClearanceHousehold.work_id == Work.id, ClearanceHousehold.handed_over_on.is_(None)
    )
    return sa.and_(
        Work.stage.in_([stage for stage, gate in NEXT.items() if gate == "construction"]),
        sa.or_(Work.procedure.is_(None), open_step, waiting),
    )
