"""What documents are attached to: whose unit it is, and how it is called."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.domain.access import Actor, in_scope
from app.errors import Invalid, NotFound
from app.i18n import N_, format_date
from app.models.clearance import ClearanceHousehold
from app.models.criteria import Assessment, Criterion, Indicator, Target
from app.models.documents import SUBJECTS
from app.models.ledger import BudgetLine, LedgerEntry, Proposal
from app.models.oversight import Finding, Inspection, Observation, Outreach
from app.models.plans import Plan
from app.models.procedures import WorkStep
from app.models.programs import Project
from app.models.progress import Obstacle, ProgressReport
from app.models.steering import Committee, Directive, Meeting
from app.models.support import Delivery, SupportInput, SupportModel, Visit
from app.models.territory import Unit
from app.models.works import Acceptance, Contract, PaymentDossier, Settlement, Work

Key = tuple[str, uuid.UUID]  # (kind, id)
Select = sa.Select[*tuple[Any, ...]]
# Whose papers name persons, unless somebody who may see persons says of a paper that it does not.
OF_PERSONS: Final = ("clearance_household", "support_model", "delivery", "visit")
_DOT: Final = " · "
_DATED: Final = frozenset({"progress", "assessment", "target", "delivery", "visit"})


@dataclass(frozen=True, slots=True)
class SubjectView:
    """Something that has documents: `name` of its own, `within` that of its work or support model where it belongs to
    one.

    A step and a target have a `name_en`; what is named by a day has it last, written YYYY-MM-DD.
    """

    kind: str
    id: uuid.UUID
    unit_id: int
    name: str
    work_id: uuid.UUID | None = None
    within: str = ""
    name_en: str = ""
    model_id: uuid.UUID | None = None

    @property
    def of_persons(self) -> bool:
        """Whether its papers name persons, unless said otherwise."""
        return self.kind in OF_PERSONS

    def named(self, lang: str) -> str:
        """Its name in a reader's language."""
        name = self.name_en if lang == "en" and self.name_en else self.name
        if self.kind not in _DATED:
            return name
        *words, day = name.split(_DOT)
        return _DOT.join([*words, format_date(date.fromisoformat(day), lang)])


def _of_work(model: Any, name: Any, *more: Any) -> Select:
    """A thing with a `work_id`."""
    columns = (model.id, Work.owner_unit_id, name, Work.id, Work.name, *more)
    return sa.select(*columns).join(Work, Work.id == model.work_id)


def _of_contract(model: Any) -> Select:
    name = Contract.code + sa.literal(_DOT) + sa.cast(model.round, sa.String)
    return (
        sa.select(model.id, Work.owner_unit_id, name, Work.id, Work.name)
        .join(Contract, Contract.id == model.contract_id)
        .join(Work, Work.id == Contract.work_id)
    )


def _on_line(model: Any) -> Select:
    return sa.select(
        model.id, BudgetLine.unit_id, model.document_number, sa.null(), sa.literal("")
    ).join(BudgetLine, BudgetLine.id == model.budget_line_id)  # fmt: skip


def _line() -> Select:
    name = Project.code + sa.literal(_DOT) + sa.cast(BudgetLine.year, sa.String)
    return sa.select(BudgetLine.id, BudgetLine.unit_id, name, BudgetLine.work_id, sa.literal("")).join(
        Project, Project.id == BudgetLine.project_id
    )


def _assessment() -> Select:
    name = Indicator.code + sa.literal(_DOT) + sa.cast(Assessment.assessed_on, sa.String)
    return sa.select(Assessment.id, Assessment.unit_id, name, sa.null(), sa.literal("")).join(
        Indicator, Indicator.id == Assessment.indicator_id
    )


def _target() -> Select:
    """Named by its criterion, or for a recognition by the unit that is to be recognised, and by the day it is due."""

    def name(of_criterion: Any) -> sa.ColumnElement[str]:
        numbered = (
            sa.cast(Criterion.number, sa.String) + sa.literal(". ") + sa.func.substr(of_criterion, 1, 90)
        )
        due = sa.cast(Target.due_on, sa.String)
        return sa.func.coalesce(numbered, sa.func.substr(Unit.name, 1, 90)) + sa.literal(_DOT) + due

    english = sa.func.coalesce(sa.func.nullif(Criterion.name_en, ""), Criterion.name)
    columns = (Target.id, Target.unit_id, name(Criterion.name), sa.null(), sa.literal(""), name(english))
    return (
        sa.select(*columns)
        .join(Unit, Unit.id == Target.unit_id)
        .outerjoin(Criterion, Criterion.id == Target.criterion_id)
    )


def _of_model(model: Any, name: Any, day: Any) -> Select:
    """A thing of a support model: its household, which is personal, is not named."""
    named = name + sa.literal(_DOT) + sa.cast(day, sa.String)
    columns = (
        model.id,
        SupportModel.unit_id,
        named,
        sa.null(),
        SupportModel.name,
        sa.literal(""),
        model.model_id,
    )
    return sa.select(*columns).join(SupportModel, SupportModel.id == model.model_id)


def _delivery() -> Select:
    return _of_model(Delivery, sa.func.substr(SupportInput.kind, 1, 90), Delivery.delivered_on).join(
        SupportInput, SupportInput.id == Delivery.input_id
    )


def _plain(model: Any, name: Any) -> Callable[[], Select]:
    """A thing with a `unit_id` and a name of its own."""
    return lambda: sa.select(model.id, model.unit_id, name, sa.null(), sa.literal(""))


def _finding() -> Select:
    columns = (Finding.id, Inspection.unit_id, Finding.text, sa.null(), Inspection.title)
    return sa.select(*columns).join(Inspection, Inspection.id == Finding.inspection_id)


_QUERIES: Final[dict[str, tuple[Callable[[], Select], ...]]] = {
    "work": (lambda: sa.select(Work.id, Work.owner_unit_id, Work.name, Work.id, sa.literal("")),),
    "step": (lambda: _of_work(WorkStep, WorkStep.name, WorkStep.name_en),),
    "contract": (lambda: _of_work(Contract, Contract.code),),
    "acceptance": (lambda: _of_contract(Acceptance),),
    "payment_dossier": (lambda: _of_contract(PaymentDossier),),
    "settlement": (lambda: _of_work(Settlement, Work.name),),
    "progress": (lambda: _of_work(ProgressReport, sa.cast(ProgressReport.reported_on, sa.String)),),
    # The household's name is personal: its number in the plan names it here.
    "clearance_household": (lambda: _of_work(ClearanceHousehold, ClearanceHousehold.code),),
    "obstacle": (
        lambda: sa.select(Obstacle.id, Obstacle.unit_id, Obstacle.text, Obstacle.work_id, sa.literal("")),
    ),
    "line": (_line,),
    "plan": (lambda: sa.select(Plan.id, Plan.unit_id, Plan.title, sa.null(), sa.literal("")),),
    "assessment": (_assessment,),
    "target": (_target,),
    "support_model": (
        lambda: sa.select(
            SupportModel.id, SupportModel.unit_id, SupportModel.name, sa.null(), sa.literal("")
        ),
    ),
    "delivery": (_delivery,),
    "visit": (lambda: _of_model(Visit, sa.func.substr(SupportModel.name, 1, 90), Visit.visited_on),),
    "committee": (_plain(Committee, Committee.name),),
    "meeting": (_plain(Meeting, Meeting.title),),
    "directive": (_plain(Directive, Directive.text),),
    "inspection": (_plain(Inspection, Inspection.title),),
    "finding": (_finding,),
    "outreach": (_plain(Outreach, Outreach.topic),),
    "observation": (_plain(Observation, Observation.text),),
    # A posted entry's proposal stays beside it under the same id.
    "entry": (lambda: _on_line(LedgerEntry), lambda: _on_line(Proposal)),
}
_UNITS: Final[dict[str, tuple[Any, ...]]] = {
    "obstacle": (Obstacle.unit_id,), "line": (BudgetLine.unit_id,), "entry": (BudgetLine.unit_id,) * 2,
    "plan": (Plan.unit_id,), "assessment": (Assessment.unit_id,), "target": (Target.unit_id,),
    "support_model": (SupportModel.unit_id,), "delivery": (SupportModel.unit_id,), "visit": (SupportModel.unit_id,),
    "committee": (Committee.unit_id,), "meeting": (Meeting.unit_id,), "directive": (Directive.unit_id,),
    "inspection": (Inspection.unit_id,), "finding": (Inspection.unit_id,), "outreach": (Outreach.unit_id,),
    "observation": (Observation.unit_id,),
}  # fmt: skip
_IDS: Final[dict[str, tuple[Any, ...]]] = {
    "work": (Work.id,), "step": (WorkStep.id,), "contract": (Contract.id,), "acceptance": (Acceptance.id,),
    "payment_dossier": (PaymentDossier.id,), "settlement": (Settlement.id,), "progress": (ProgressReport.id,),
    "clearance_household": (ClearanceHousehold.id,), "obstacle": (Obstacle.id,), "line": (BudgetLine.id,),
    "entry": (LedgerEntry.id, Proposal.id), "plan": (Plan.id,),
    "assessment": (Assessment.id,), "target": (Target.id,),
    "support_model": (SupportModel.id,), "delivery": (Delivery.id,), "visit": (Visit.id,),
    "committee": (Committee.id,), "meeting": (Meeting.id,), "directive": (Directive.id,),
    "inspection": (Inspection.id,), "finding": (Finding.id,), "outreach": (Outreach.id,), "observation": (Observation.id,),
}  # fmt: skip


def subjects(session: Session, actor: Actor, keys: Iterable[Key]) -> dict[Key, SubjectView]:
    """Those of these things that exist in the actor's scope; one or two statements a kind."""
    wanted: dict[str, list[uuid.UUID]] = {}
    for kind, id_ in keys:
        wanted.setdefault(kind, []).append(id_)
    found: dict[Key, SubjectView] = {}
    for kind, ids in wanted.items():
        places = _UNITS.get(kind, (Work.owner_unit_id,))
        for build, own, unit in zip(_QUERIES[kind], _IDS[kind], places, strict=True):
            for row in session.execute(build().where(own.in_(ids), in_scope(actor, unit))):
                id_, unit_id, name, work_id, within, *more = row
                view = SubjectView(kind, id_, unit_id, str(name)[:120], work_id, within or "", *more)
                found.setdefault((kind, id_), view)
    return found


def names(session: Session, actor: Actor, keys: Iterable[Key]) -> dict[Key, str]:
    """What those of these things that exist in the actor's scope are called: one statement for all kinds."""
    wanted: dict[str, list[uuid.UUID]] = {}
    for kind, id_ in keys:
        wanted.setdefault(kind, []).append(id_)
    parts = []
    for kind, ids in wanted.items():
        build, own, unit = _QUERIES[kind][0], _IDS[kind][0], _UNITS.get(kind, (Work.owner_unit_id,))[0]
        found = list(build().where(own.in_(ids), in_scope(actor, unit)).subquery().c)
        parts.append(sa.select(sa.literal(kind), found[0], sa.cast(found[2], sa.String)))
    rows = session.execute(sa.union_all(*parts)) if parts else ()
    return {(kind, id_): name[:120] for kind, id_, name in rows}


def subject(
    session: Session, actor: Actor, kind: str, subject_id: uuid.UUID, *, field: str = "subject"
) -> SubjectView:
    """One thing that may have documents. Raises Invalid for no such kind, NotFound out of the actor's scope."""
    if kind not in SUBJECTS:
        raise Invalid.field(field, N_("Không đính kèm được văn bản vào loại này."))
    found = subjects(session, actor, [(kind, subject_id)]).get((kind, subject_id))
    if found is None:
        raise NotFound(N_("Không có nội dung này để đính kèm văn bản."), field=field)
    return found


def of_work(session: Session, work_id: uuid.UUID) -> list[Key]:
    """A work and everything of it that documents can be attached to: two statements."""
    parts: list[Select] = [sa.select(sa.literal("work"), Work.id).where(Work.id == work_id)]
    for kind, model in (
        ("step", WorkStep), ("contract", Contract), ("settlement", Settlement), ("progress", ProgressReport),
        ("clearance_household", ClearanceHousehold), ("obstacle", Obstacle), ("line", BudgetLine),
    ):  # fmt: skip
        parts.append(sa.select(sa.literal(kind), model.id).where(model.work_id == work_id))
    for kind, part in (("acceptance", Acceptance), ("payment_dossier", PaymentDossier)):
        parts.append(
            sa.select(sa.literal(kind), part.id)
            .join(Contract, Contract.id == part.contract_id)
            .where(Contract.work_id == work_id)
        )
    for entries in (LedgerEntry, Proposal):
        parts.append(
            sa.select(sa.literal("entry"), entries.id)
            .join(BudgetLine, BudgetLine.id == entries.budget_line_id)
            .where(BudgetLine.work_id == work_id)
        )
    return [(kind, id_) for kind, id_ in session.execute(sa.union(*parts))]
