"""One box that finds lines, works, entries by their document's number, contracts, documents, units, households and people."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from app.domain import documents, households, territory, works
from app.domain.access import Actor, require
from app.domain.documents import DocumentFilter, DocumentView
from app.domain.households import HouseholdFilter, HouseholdView
from app.domain.identity import people
from app.domain.identity.people import UserView
from app.domain.ledger import lines
from app.domain.ledger.lines import LineFilter, LineView
from app.domain.ledger.views import EntryFilter, ListedEntry, entries
from app.domain.territory import UnitView
from app.domain.works import WorkFilter, WorkView, contracts
from app.domain.works.contracts import ContractView
from app.text import fold

EACH: Final = 8
LONGEST: Final = 100


@dataclass(frozen=True, slots=True)
class Found:
    """What was found, in the actor's scope, at most `EACH` of a kind."""

    works: list[WorkView] = field(default_factory=list)
    lines: list[LineView] = field(default_factory=list)
    entries: list[ListedEntry] = field(default_factory=list)
    contracts: list[ContractView] = field(default_factory=list)
    documents: list[DocumentView] = field(default_factory=list)
    units: list[UnitView] = field(default_factory=list)
    households: list[HouseholdView] = field(default_factory=list)
    people: list[UserView] = field(default_factory=list)

    @property
    def any(self) -> bool:
        return any(getattr(self, name) for name in self.__slots__)


def search(actor: Actor, q: str) -> Found:
    """Find by words without diacritics; entries by how their document's number begins. One bounded query a kind.

    Households by name only for who sees names, which is put on record as on any page.
    """
    require(actor, "read")
    words = fold(q[:LONGEST])
    if not words:
        return Found()
    return Found(
        works=works.works(actor, WorkFilter(q=words), by_code=True, limit=EACH),
        lines=lines.lines(actor, LineFilter(q=words), by_project=True, limit=EACH),
        entries=entries(actor, EntryFilter(document=words), newest_first=True, limit=EACH),
        contracts=contracts.contracts(actor, q=words, limit=EACH),
        documents=documents.documents(actor, DocumentFilter(q=words), newest_first=True, limit=EACH),
        units=territory.units(actor, q=words, limit=EACH),
        households=households.households(
            actor, HouseholdFilter(q=words), purpose="page", by_code=True, limit=EACH
        ),
        people=people.users(actor, q=words, limit=EACH),
    )
