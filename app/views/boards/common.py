"""What pages of boards share: where a member's forms lead, what may be done, the decision of a form."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Final

from starlette.requests import Request

from app.domain import programs
from app.domain.access import Actor
from app.domain.boards import CommitteeView, MemberView
from app.domain.ledger.entries import Document
from app.domain.sides import is_above
from app.reports.boards import ROLES
from app.views.forms import Form
from app.views.ledger.common import named

DECISION_FIELDS: Final = ("decision.number", "decision.date", "decision.issuer")


def may_keep(actor: Actor, board: CommitteeView) -> bool:
    """Whether the reader keeps this board: by right, and not from above."""
    return actor.may("committee.edit") and not is_above(actor, board.unit_level)


def decision_of(form: Form) -> Document | None:
    """The decision that a form names; None once what is wrong with it was noted."""
    number, day = form.text("decision.number", longest=120), form.day("decision.date")
    issuer = form.text("decision.issuer", longest=200)
    return Document(number, day, issuer) if number and day and issuer else None


def decision_values(decision: Document) -> dict[str, object]:
    """A decision as the fields of a form have it."""
    return {
        "decision.number": decision.number, "decision.date": decision.date, "decision.issuer": decision.issuer,
    }  # fmt: skip


def program_names(actor: Actor) -> dict[str, str]:
    """Short names of programs by code, in the catalogue's order."""
    return {program.code: program.short_name for program in programs.programs(actor)}


def members_to_choose(members: Iterable[MemberView], request: Request, day: date) -> list[tuple[str, str]]:
    """Members in term on a day, for a select: name and role."""
    roles = dict(named(request, ROLES))
    return [(str(m.id), f"{m.person}, {roles[m.role].lower()}") for m in members if m.stands(day)]
