"""The demonstration's criteria: what the commune and its hamlets were assessed at, and what they are to reach.

That 11 of 19 are met, that 6 and 17 are due in 2023 and the hamlets in 2024 and 2025 are facts; which 11, every figure,
every task and the whole set of criteria for hamlets are invented.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from app.domain import targets, tasks
from app.domain.access import Actor
from app.domain.criteria import assessing, defining
from app.domain.criteria.assessing import NewAssessment
from app.domain.criteria.proposed import NewCriterion, NewIndicator, NewSet
from app.domain.demo_base import day, id_of, rows
from app.domain.targets import NewTarget
from app.domain.tasks import NewProgress, NewTask

HAMLET_SET = "THON-KIEU-MAU-MINH-HOA"


def load_criteria(administrator: Actor, officer: Actor, reviewer: Actor) -> None:
    """Load the hamlets' set, assessments with what the district said of them, and targets with their roadmaps."""
    defining.create(administrator, _hamlet_set(), illustrative=True)
    for row in rows("assessments"):
        _load_assessment(officer, reviewer, row)
    _load_targets(officer)


def _hamlet_set() -> NewSet:
    criteria = []
    for number, group in itertools.groupby(rows("hamlet-set"), key=lambda row: row["criterion"]):
        of_one = list(group)
        indicators = tuple(
            NewIndicator(row["code"], row["indicator"], row["kind"], row["unit"], _figure(row["threshold"]))
            for row in of_one
        )
        criteria.append(NewCriterion(int(number), of_one[0]["name"], indicators, of_one[0]["name_en"]))
    return NewSet(
        HAMLET_SET, "Bộ tiêu chí thôn nông thôn mới kiểu mẫu (minh họa)", "hamlet", date(2021, 1, 1), date(2025, 12, 31),
        "Minh họa: phải nạp bộ tiêu chí do UBND tỉnh ban hành", tuple(criteria),
        name_en="Criteria of model hamlets (illustrative)", unit_code="49@legacy", certainty="confirm",
    )  # fmt: skip


def _figure(text: str) -> Decimal | None:
    return Decimal(text) if text else None


def _load_assessment(officer: Actor, reviewer: Actor, row: dict[str, str]) -> None:
    on = date.fromisoformat(row["assessed_on"])
    new = NewAssessment(
        id_of("assessment", f"{row['unit']}/{row['indicator']}/{on}"), row["unit"], row["indicator"], on,
        _figure(row["value"]), {"yes": True, "no": False}.get(row["met"]), row["note"],
    )  # fmt: skip
    made, _ = assessing.create(officer, new, illustrative=True)
    if row["verdict"] and made.changeable:
        agreed, said_on = row["verdict"] == assessing.AGREED, day(row["verified_on"])
        assessing.verify(reviewer, made.id, agreed, row["verdict_note"], on=said_on)


def _load_targets(officer: Actor) -> None:
    roadmap = list(rows("target-tasks"))
    for row in rows("targets"):
        of_one = [task for task in roadmap if task["target"] == row["key"]]
        target_id = id_of("target", row["key"])
        new = NewTarget(
            target_id, row["unit"], date.fromisoformat(row["due_on"]),
            int(row["criterion"]) if row["criterion"] else None, row["recognition"] or None, basis=row["basis"],
            tasks=tuple(_task(task) for task in of_one),
        )  # fmt: skip
        targets.create(officer, new)
        for task in of_one:
            for report in _reports(task):
                tasks.report(officer, ("target", target_id), id_of("task", _key(task)), report)


def _key(row: dict[str, str]) -> str:
    return f"{row['target']}/{row['key']}"


def _task(row: dict[str, str]) -> NewTask:
    return NewTask(
        row["text"], id_of("task", _key(row)), measure=row["measure"], quantity=_figure(row["quantity"]),
        due_on=day(row["due_on"]), responsible=row["responsible"],
        work_id=id_of("work", row["work"]) if row["work"] else None,
        budget_line_id=id_of("line", row["line"]) if row["line"] else None,
    )  # fmt: skip


def _reports(row: dict[str, str]) -> Iterator[NewProgress]:
    for said in filter(None, row["progress"].split("|")):
        on, _, value = said.partition(":")
        yield NewProgress(id_of("task_progress", f"{_key(row)}/{on}"), Decimal(value), day(on))
