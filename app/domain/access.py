"""Who may do what, and where: one table, role by action; and the unit's subtree as a condition of queries."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa

from app.errors import Forbidden
from app.i18n import N_
from app.models.territory import UnitScope

_scope = UnitScope.__table__


@dataclass(frozen=True, slots=True)
class Actor:
    """Who is asking: a person or an API client, with one role at one unit."""

    ref: str  # what the books keep: a username, or `client:<client_id>`
    name: str
    role: str
    unit_id: int
    unit_code: str
    unit_name: str
    structure: str
    level: str
    user_id: uuid.UUID | None = None
    personal_data: bool = False

    @property
    def is_client(self) -> bool:
        """Another system, not a person."""
        return self.role.startswith("client:")

    def may(self, action: str) -> bool:
        return self.role in PERMISSIONS[action]

    @property
    def sees_people(self) -> bool:
        """Whether names of persons are shown to this reader, each view being recorded."""
        return self.personal_data if self.is_client else self.may("person.read")


PEOPLE: Final = frozenset(
    {"administrator", "officer", "accountant", "leader", "reviewer", "inspector", "supervisor"}
)
READERS: Final = PEOPLE | {"client:read", "client:write"}
KEEPERS: Final = frozenset({"officer", "accountant", "client:write"})

# The whole table of permissions. A role that is not named may not.
PERMISSIONS: Final[dict[str, frozenset[str]]] = {
    "read": READERS,
    # money
    "line.edit": KEEPERS,
    "ledger.propose": KEEPERS | {"leader"},
    "ledger.post": frozenset({"accountant", "leader", "client:write"}),
    "period.close": frozenset({"accountant", "leader"}),
    "period.open": frozenset({"leader"}),
    "deadline.extend": frozenset({"leader", "reviewer"}),
    # works
    "work.edit": KEEPERS | {"leader"},
    "contract.edit": KEEPERS | {"leader"},
    "document.edit": KEEPERS | {"leader"},
    # what proves something that they write themselves, see `documents.rights`; the register is `document.edit`
    "file.send": KEEPERS | {"leader", "reviewer", "inspector", "supervisor"},
    "step.edit": KEEPERS | {"leader"},
    "step.waive": frozenset({"leader", "client:write"}),
    "stage.override": frozenset({"leader", "client:write"}),
    "clearance.edit": KEEPERS | {"leader"},
    "progress.report": KEEPERS | {"leader"},
    "settlement.propose": KEEPERS | {"leader"},
    "settlement.decide": frozenset({"accountant", "leader", "client:write"}),
    "obstacle.raise": KEEPERS | {"leader", "supervisor"},
    "obstacle.answer": frozenset({"leader", "reviewer", "client:write"}),
    "obstacle.resolve": KEEPERS | {"leader", "reviewer"},
    # criteria, targets, plans: what is appraised is moved on by the unit above alone, see `workflow`
    "assessment.edit": KEEPERS | {"leader"},
    "assessment.verify": frozenset({"leader", "reviewer", "client:write"}),
    "target.edit": KEEPERS | {"leader"},
    "task.report": KEEPERS | {"leader"},
    "plan.edit": KEEPERS | {"leader"},
    "plan.submit": frozenset({"officer", "leader", "client:write"}),
    "plan.appraise": frozenset({"reviewer", "client:write"}),
    "plan.approve": frozenset({"leader", "client:write"}),
    "plan.return": frozenset({"leader", "reviewer", "client:write"}),
    "threshold.edit": frozenset({"administrator", "client:write"}),
    # households, and the models that support them; what is appraised is moved on by the unit above alone
    "household.edit": KEEPERS | {"leader"},
    "support.edit": KEEPERS | {"leader"},
    "support.submit": frozenset({"officer", "leader", "client:write"}),
    "support.appraise": frozenset({"reviewer", "client:write"}),
    "support.approve": frozenset({"leader", "client:write"}),
    "support.return": frozenset({"leader", "reviewer", "client:write"}),
    "support.run": KEEPERS | {"leader"},
    # boards, meetings, directives: who gave a directive accepts it, never who reported it
    "committee.edit": KEEPERS | {"leader"},
    "meeting.edit": KEEPERS | {"leader"},
    "directive.give": frozenset({"officer", "leader", "reviewer", "inspector", "client:write"}),
    "directive.report": KEEPERS | {"leader", "reviewer", "supervisor"},
    "directive.accept": frozenset({"leader", "reviewer", "inspector", "client:write"}),
    # inspections are made by a unit above; its own report is the inspected unit's
    "inspection.edit": frozenset({"leader", "reviewer", "inspector", "client:write"}),
    "inspection.answer": KEEPERS | {"leader"},
    "outreach.edit": KEEPERS | {"leader", "supervisor"},
    "observation.edit": KEEPERS | {"leader", "supervisor"},
    "observation.answer": KEEPERS | {"leader"},
    # names of persons in households; an API client sees them only when it was admitted to them
    "person.read": frozenset({"officer", "accountant", "leader", "inspector"}),
    # catalogue (of the nation: the administrator there) and units
    "catalogue.edit": frozenset({"administrator", "client:write"}),
    "unit.edit": frozenset({"administrator", "leader", "client:write"}),
    # people and systems
    "user.manage": frozenset({"administrator"}),
    "client.manage": frozenset({"administrator"}),
    "audit.read": frozenset({"administrator", "inspector"}),
}


def require(actor: Actor, action: str) -> None:
    """Raise Forbidden unless the actor's role may do it."""
    if not actor.may(action):
        raise Forbidden(N_("Vai trò của bạn không được làm việc này."))


def in_scope(actor: Actor, unit_id: Any) -> sa.ColumnElement[bool]:
    """The condition that a row's unit lies in the actor's subtree, predecessors' rows included."""
    return under(actor.unit_id, unit_id)


def under(ancestor: Any, unit_id: Any) -> sa.ColumnElement[bool]:
    """The condition that a row counts under a unit; `ancestor` is its id, or a bind parameter for one."""
    below = sa.select(_scope.c.unit_id).where(_scope.c.ancestor_id == ancestor)
    condition: sa.ColumnElement[bool] = unit_id.in_(below.correlate(None))
    return condition
