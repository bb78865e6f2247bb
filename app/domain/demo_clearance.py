"""The demonstration's site clearance: plans of compensation, the households, the voucher that paid one of them."""

from __future__ import annotations

from decimal import Decimal

from app.domain.access import Actor
from app.domain.demo_base import day, id_of, rows
from app.domain.works import clearance, clearance_editing, clearance_payments
from app.domain.works.areas import to_dm2
from app.domain.works.clearance_editing import NewHousehold
from app.domain.works.clearance_households import HouseholdView


def load_clearances(officer: Actor) -> None:
    """Record each plan, household and payment that is missing. Works and vouchers come before."""
    for row in rows("clearances"):
        found = clearance.begin(officer, id_of("work", row["work"]))
        if found.figures.plan_amount is None:
            plan = {"plan_amount": int(row["plan_amount"]), "note": row["note"]}
            clearance.update(officer, found.work_id, found.version, plan)
    for row in rows("clearance-households"):
        household, new = clearance_editing.create(officer, _household(row), illustrative=True)
        if row["paid_by"] and (new or not household.payments):
            _pay(officer, household, row["paid_by"])


def _household(row: dict[str, str]) -> NewHousehold:
    return NewHousehold(
        id=id_of("household", f"{row['work']}:{row['code']}"), work_id=id_of("work", row["work"]),
        code=row["code"], head_name=row["head_name"], hamlet_code=row["hamlet"], parcels=row["parcels"],
        area_dm2=to_dm2(Decimal(row["area_m2"])), assets=row["assets"], form=row["form"],
        compensation_due=int(row["compensation_due"]), handed_over_on=day(row["handed_over_on"]),
        note=row["note"],
    )  # fmt: skip


def _pay(officer: Actor, household: HouseholdView, voucher: str) -> None:
    """Tie what the household is due to the payment of that number, once it is posted."""
    for entry in clearance_payments.entries(officer, household.work_id):
        if entry.document_number == voucher and entry.rest >= household.unpaid:
            clearance_payments.pay(officer, household.work_id, household.id, entry.id, household.unpaid)
            return
