"""The demonstration's procedures: each step with invented papers, settled on its day; the stages that follow."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any, Final

from app.domain import demo_scans, documents, works
from app.domain.access import Actor
from app.domain.demo_base import day, id_of, rows
from app.domain.documents import NewDocument, files
from app.domain.works import clearance, readiness, step_editing, steps
from app.domain.works.steps import CLEARANCE, StepView

# The sign of each kind of document, as offices write it; every number ends in MH (minh họa).
_SIGNS: Final = {
    "investment_policy": "NQ-HĐND", "works_list": "NQ-HĐND", "technical_report": "BC", "simple_dossier": "HS",
    "community_opinion": "BB", "publication": "BB", "appraisal_report": "BC-TĐ", "approval_decision": "QĐ-UBND",
    "selection_plan": "KH", "selection_result": "QĐ-UBND", "performance_guarantee": "BL", "start_order": "LKC",
    "clearance_notice": "TB", "clearance_inventory": "BB", "compensation_plan": "PA",
    "compensation_decision": "QĐ-UBND", "land_handover": "BB", "volume_acceptance": "BBNT",
    "community_supervision": "BB", "completion_acceptance": "BBNT", "handover": "BB", "operation_rules": "QC",
    "settlement_report": "BC-QT", "settlement_review": "BC-TT", "settlement_decision": "QĐ-UBND", "warranty": "BH",
}  # fmt: skip
# Papers on which households stand by name.
_PERSONAL: Final = {"clearance_inventory", "compensation_plan", "compensation_receipt"}
_OVERRIDE: Final = {
    "CT-2023-006": "Thi công thân ngầm trước mùa mưa; phần đường dẫn làm khi có mặt bằng",
}


def load_steps(officer: Actor, leader: Actor) -> None:
    """Settle each work's steps as the file has them; what was settled before is left alone."""
    names = {w["code"]: w for w in rows("works")}
    decided = {w["code"]: (w["decision_number"], w["decision_date"]) for w in names.values()}
    signed = {c["work"]: c["code"] for c in rows("contracts")}
    for work, track in {(row["work"], row["track"]) for row in rows("steps")}:
        if track == CLEARANCE:
            clearance.begin(officer, id_of("work", work))
    for number, row in enumerate(rows("steps"), start=1):
        work_id = id_of("work", row["work"])
        step = next(
            s for s in steps.steps(officer, work_id) if (s.track, s.code) == (row["track"], row["step"])
        )
        if step.settled or (step.due_on is not None and not row["done_on"]):
            continue
        if row["waived"]:
            _settle(leader, step, {"status": "waived", "reason": row["waived"]})
        elif row["done_on"]:
            own = {"approval_decision": decided[row["work"]][0], "contract": signed.get(row["work"], "")}
            papers = [
                _paper(
                    officer, row, kind, f"{number:03d}/{_SIGNS.get(kind, 'VB')}-MH", own, names[row["work"]]
                )
                for kind in step.required_documents
            ]
            done = {"status": "done", "done_on": day(row["done_on"]), "documents": papers}
            _settle(officer, step, done)
        else:
            _settle(officer, step, {"due_on": day(row["due_on"])})


def _settle(who: Actor, step: StepView, changes: dict[str, Any]) -> None:
    step_editing.update(who, step.work_id, step.id, step.version, changes)


def _paper(
    officer: Actor, row: dict[str, str], kind: str, number: str, own: dict[str, str], work: dict[str, str]
) -> uuid.UUID:
    """The paper that a step requires, with a page that says it is invented."""
    known = {k.code: k.name for k in documents.kinds(officer)}
    number = own.get(kind) or number
    on = date.fromisoformat(row["done_on"])
    issuer = "UBND xã Sông Trà (minh họa)"
    lines = [known[kind], f"Số {number}", f"ngày {on:%d/%m/%Y}", issuer, work["name"]]
    made, _ = documents.create(
        officer,
        NewDocument(
            id=id_of("document", f"{row['work']}:{row['track']}:{row['step']}:{kind}"), number=number, date=on,
            issuer=issuer, kind=kind, summary=f"{known[kind]}: {work['name']}", personal=kind in _PERSONAL,
        ),
        [files.take(demo_scans.scan(lines), f"{number.replace('/', '-')}.pdf")],
        illustrative=True,
    )  # fmt: skip
    return made.id


def load_stages(officer: Actor, leader: Actor) -> None:
    """Let each work that is still being prepared into the stage that the file has, one stage after the other."""
    for row in rows("works"):
        work = works.get(officer, id_of("work", row["code"]))
        if work.stage == "preparation":
            for stage in _way(row["stage"]):
                work = _enter(officer, leader, work, stage, row)


def _way(stage: str) -> tuple[str, ...]:
    """The stages through which a work comes to one."""
    if stage == "suspended":
        return ("construction", "suspended")
    return readiness.between("preparation", stage)


def _enter(
    officer: Actor, leader: Actor, work: works.WorkView, stage: str, row: dict[str, str]
) -> works.WorkView:
    changes: dict[str, Any] = {"stage": stage}
    field = {"construction": "started_on", "completed": "finished_on"}.get(stage)
    if field and row[field]:
        changes[field] = day(row[field])
    if stage == "completed":
        changes["physical_percent"] = int(row["physical_percent"])
    who = officer
    if work.missing and stage == "construction" and row["code"] in _OVERRIDE:
        who, changes["override_reason"] = leader, _OVERRIDE[row["code"]]
    return works.update(who, work.id, work.version, changes)
