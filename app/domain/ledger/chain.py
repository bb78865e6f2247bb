"""The hash chain of each unit's book: every entry is sealed with the one before it."""

from __future__ import annotations

import hashlib
import json
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa

from app import db
from app.db import Executor
from app.models.ledger import ChainHead, ChainLink

# The columns of an entry that its seal covers, in this order: all that it says, and when and by whom.
SEALED: Final = (
    "id", "budget_line_id", "to_budget_line_id", "kind", "base_kind", "sign", "amount", "from_pocket",
    "effective_date", "document_number", "document_date", "document_issuer", "memo", "contract_id",
    "no_contract_reason", "reverses_id", "group_id", "recorded_by", "posted_by", "recorded_at", "body_hash",
    "illustrative",
)  # fmt: skip
# And of the line that it stands on (and of the one that money is carried to): what its first entry freezes.
SEALED_LINE: Final = (
    "unit_id", "project_id", "source", "capital_kind", "year", "origin_year", "work_id", "support_model_id",
)  # fmt: skip


_head, _link = ChainHead.__table__, ChainLink.__table__
_LOCK: Final = (
    sa.select(_head.c.unit_id, _head.c.count, _head.c.last_hash, _head.c.last_recorded_at)
    .where(_head.c.unit_id.in_(sa.bindparam("units", expanding=True)))
    .order_by(_head.c.unit_id)
    .with_for_update()
)
_ADD_LINK: Final = sa.insert(_link)  # type: ignore[arg-type]  # a mapped class's table is a Table
_MOVE_HEAD: Final = (
    sa.update(_head)  # type: ignore[arg-type]
    .where(_head.c.unit_id == sa.bindparam("unit"))
    .values(
        {
            c: sa.bindparam(f"new_{c}", type_=_head.c[c].type)
            for c in ("count", "last_hash", "last_recorded_at")
        }
    )
)


def line_key(line: Any) -> list[Any] | None:
    """A line's frozen key as its entries' seals cover it; null where there is no line."""
    return None if line is None else [_canonical(getattr(line, name)) for name in SEALED_LINE]


def seal(previous: str, unit_id: int, number: int, entry: dict[str, Any], keys: list[Any]) -> str:
    """SHA-256 over the hash before, the place in the chain, the entry's own content and its lines' keys."""
    content = [previous, unit_id, number, *(_canonical(entry[column]) for column in SEALED), *keys]
    return hashlib.sha256(json.dumps(content, ensure_ascii=False).encode()).hexdigest()


def _canonical(value: Any) -> Any:
    if value is None or isinstance(value, int | str):
        return value
    if isinstance(value, uuid.UUID):
        return str(value)
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    return value.isoformat()


@dataclass(slots=True)
class Head:
    unit_id: int
    count: int
    last_hash: str
    last_recorded_at: datetime | None


def lock(session: Executor, unit_ids: set[int]) -> dict[int, Head]:
    """The heads of some units' chains, locked, in the order of their ids so that writers never cross."""
    heads = _locked(session, unit_ids)
    missing = unit_ids - heads.keys()
    if missing:
        ensure(session, missing)
        heads = _locked(session, unit_ids)
    return heads


def ensure(session: Executor, unit_ids: set[int]) -> None:
    """Begin the chains of units that have none yet. A unit's first line does, so that posting finds them all:
    writers of several units then lock them in one order."""
    empty = [{"unit_id": u, "count": 0, "last_hash": ""} for u in sorted(unit_ids)]
    db.insert_ignoring(session, _head, empty)  # type: ignore[arg-type]


def _locked(session: Executor, unit_ids: set[int]) -> dict[int, Head]:
    rows = session.execute(_LOCK, {"units": sorted(unit_ids)})
    return {row.unit_id: Head(*row) for row in rows}


def next_moment(session: Executor, heads: list[Head]) -> datetime:
    """The database's clock, and always later than anything in these chains."""
    moment = db.clock(session)
    for head in heads:
        if head.last_recorded_at is not None and head.last_recorded_at >= moment:
            moment = head.last_recorded_at + timedelta(microseconds=1)
    return moment


def append(session: Executor, heads: list[Head], entry: dict[str, Any], keys: list[Any]) -> None:
    """Seal an inserted entry into the chain of each unit that it concerns."""
    for head in heads:
        head.count += 1
        head.last_hash = seal(head.last_hash, head.unit_id, head.count, entry, keys)
        head.last_recorded_at = entry["recorded_at"]
        link = {
            "unit_id": head.unit_id,
            "number": head.count,
            "entry_id": entry["id"],
            "hash": head.last_hash,
        }
        session.execute(_ADD_LINK, link)
        session.execute(
            _MOVE_HEAD,
            {
                "unit": head.unit_id, "new_count": head.count, "new_last_hash": head.last_hash,
                "new_last_recorded_at": head.last_recorded_at,
            },
        )  # fmt: skip
