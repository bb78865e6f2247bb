"""The demonstration's boards and agencies.

That xã Sông Trà has both boards, which departments of the district guide it, and decision 534/QĐ-UBND are facts. Who is
on the boards, what each answers for and which agencies that decision names are invented: the source does not say.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection
from datetime import date
from typing import Final

from app.domain import agencies, boards
from app.domain.access import Actor
from app.domain.agencies import NewAgency, NewCharge, charges
from app.domain.boards import NewAssignment, NewCommittee, NewMember
from app.domain.demo_base import COMMUNE, actor, day, id_of, rows
from app.domain.ledger.entries import Document

_CHARGED: Final = Document("534/QĐ-UBND", date(2022, 8, 9), "UBND huyện Hiệp Đức")
_CONTENT: Final = (
    "Phối hợp, hỗ trợ, hướng dẫn xã Sông Trà triển khai các Chương trình MTQG giai đoạn 2021-2025"
)


def load_boards(officer: Actor) -> None:
    """Set both boards up with their members and what each answers for; what stands already is left alone.

    Members come without accounts, which do not exist yet: see `tie_accounts`.
    """
    for row in rows("boards"):
        decision = Document(row["number"], date.fromisoformat(row["date"]), row["issuer"])
        new = NewCommittee(
            id_of("board", row["key"]), COMMUNE, row["kind"], row["name"], tuple(row["programs"].split()), decision,
            meeting_day=int(row["meeting_day"]) if row["meeting_day"] else None,
        )  # fmt: skip
        boards.create(officer, new, illustrative=True)
    for row in rows("board-members"):
        member = NewMember(
            _member(row["board"], row["key"]), row["person"], row["role"], row["title"], None, day(row["from_on"])
        )  # fmt: skip
        boards.add(officer, id_of("board", row["board"]), member)
    for row in rows("board-assignments"):
        to = _member(row["board"], row["member"])
        given = NewAssignment(
            uuid.uuid5(to, f"{row['kind']}:{row['key']}"), (row["kind"], _key(row)), row["note"],
            date.fromisoformat(row["from_on"]),
        )  # fmt: skip
        boards.assign(officer, id_of("board", row["board"]), to, given)
    _leave(officer)


def _member(board: str, key: str) -> uuid.UUID:
    return id_of("board-member", f"{board}/{key}")


def _key(row: dict[str, str]) -> str:
    """A work's and a task's id for what the file calls them; other things are called by their codes."""
    kind = {"work": "work", "task": "plan-task"}.get(row["kind"])
    return str(id_of(kind, row["key"])) if kind is not None else row["key"]


def _leave(officer: Actor) -> None:
    """Who left handed nothing over: that is the gap which the pages show."""
    for row in rows("board-members"):
        board, member = id_of("board", row["board"]), _member(row["board"], row["key"])
        if row["left_on"] and boards.get(officer, board).member(member).to_on is None:
            boards.leave(officer, board, member, date.fromisoformat(row["left_on"]), {})


def tie_accounts(officer: Actor, made: Collection[str]) -> None:
    """Give members the accounts of people who were made just now."""
    for row in rows("board-members"):
        if row["username"] in made:
            board = boards.get(officer, id_of("board", row["board"]))
            member = _member(row["board"], row["key"])
            boards.change(officer, board.id, member, board.version, {"username": row["username"]})


def load_agencies(officer: Actor) -> None:
    """The district's departments, in charge of the commune by decision, and the commune's Fatherland Front."""
    district = actor("lanhdaohuyen")
    for row in rows("agencies"):
        ours = row["unit"] == COMMUNE
        id_ = id_of("agency", row["key"])
        new = NewAgency(id_, row["unit"], row["name"], row["short_name"])
        agencies.create(officer if ours else district, new)
        if not ours:
            charge = NewCharge(id_of("agency-charge", row["key"]), id_, COMMUNE, _CHARGED, _CONTENT)
            charges.create(district, charge, illustrative=True)
