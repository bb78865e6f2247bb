"""The demonstration's support models: cattle that run on two programs, goats that wait for the district, two drafts.

That the commune raised cattle and goats on such money, and planted acacia, is likely; every model, amount, animal and
paper here is invented.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from app.domain import support
from app.domain.access import Actor
from app.domain.demo_base import COMMUNE, YEAR, day, id_of, rows
from app.domain.documents import NewDocument, register
from app.domain.ledger.entries import Document
from app.domain.support import NewBudget, NewDelivery, NewInput, NewMember, NewModel, NewVisit
from app.domain.workflow import Order


def load_support(officer: Actor, reviewer: Actor, leader: Actor) -> None:
    """Propose what the files have and take each as far as it stands there; what has happened already is left alone."""
    people = {"appraise": reviewer, "return": reviewer, "approve": leader}
    for row in rows("support-models"):
        key, model_id = row["key"], id_of("support", row["key"])
        support.create(officer, _model(model_id, row), illustrative=True)
        happened = len(support.history(officer, model_id))
        for move in list(_of("support-moves", key))[happened:]:
            on = date.fromisoformat(move["on"])
            document = Document(move["number"], on, move["issuer"]) if move["number"] else None
            order = Order(move["remark"], document, on, day(move["due_on"]))
            support.move(people.get(move["move"], officer), model_id, move["move"], order)
        _hand_over(officer, key, model_id)
        _visit(officer, key, model_id)
        for paper in _of("support-papers", key):
            id_, on = id_of("support-paper", f"{key}/{paper['number']}"), date.fromisoformat(paper["date"])
            new = NewDocument(id_, paper["number"], on, paper["issuer"], paper["kind"], paper["summary"])
            register.create(officer, new, (), ("support_model", model_id), illustrative=True)


def _of(name: str, model: str) -> Iterator[dict[str, str]]:
    return (row for row in rows(name) if row["model"] == model)


def _model(model_id: uuid.UUID, row: dict[str, str]) -> NewModel:
    key = row["key"]
    return NewModel(
        model_id, row["name"], row["project"], COMMUNE, YEAR, row["template"], row["content"], None, row["hamlet"],
        row["group"], id_of("folk", row["head"]) if row["head"] else None, row["responsible"],
        day(row["starts_on"]), day(row["ends_on"]), None, int(row["household_share"]),
        tuple(
            NewMember(id_of("folk", m["household"]), int(m["income_before"]) if m["income_before"] else None)
            for m in _of("support-members", key)
        ),
        tuple(
            NewInput(i["kind"], i["measure"], Decimal(i["quantity"]), int(i["unit_price"]))
            for i in _of("support-inputs", key)
        ),
        tuple(NewBudget(id_of("line", b["line"]), int(b["amount"])) for b in _of("support-budgets", key)),
    )  # fmt: skip


def _hand_over(officer: Actor, key: str, model_id: uuid.UUID) -> None:
    inputs = {given.kind: given.id for given in support.whole(officer, model_id).inputs}
    new = [
        NewDelivery(
            id_of("delivery", f"{key}/{row['key']}"), id_of("folk", row["household"]), inputs[row["kind"]],
            Decimal(row["quantity"]), date.fromisoformat(row["on"]), row["signed"] == "yes",
        )
        for row in _of("support-deliveries", key)
    ]  # fmt: skip
    if new:
        support.deliver_all(officer, model_id, new, illustrative=True)


def _visit(officer: Actor, key: str, model_id: uuid.UUID) -> None:
    for row in _of("support-visits", key):
        new = NewVisit(
            id_of("visit", f"{key}/{row['key']}"), id_of("folk", row["household"]), date.fromisoformat(row["on"]),
            int(row["alive"]), int(row["dead"]), int(row["sold"]), int(row["sick"]), int(row["born"]),
            income=int(row["income"]) if row["income"] else None, note=row["note"],
        )  # fmt: skip
        support.visit(officer, model_id, new, illustrative=True)
