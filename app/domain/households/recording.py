"""Recording a household and changing it; what identifies a person is sealed before it is stored."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from app import db
from app.clock import utcnow
from app.domain import audit, personal, sealed
from app.domain.access import Actor, require
from app.domain.households.faults import check
from app.domain.households.statuses import NewStatus, check_statuses, put_status
from app.domain.households.views import (
    LEFT,
    RETURNED,
    SUBJECT,
    HouseholdView,
    MemberView,
    as_seen,
    one,
    search_text,
)
from app.domain.ledger.entries import hash_body
from app.domain.territory import hamlets_of, resolve
from app.errors import Conflict, IdTaken, Invalid, NotFound, RuleBroken, Stale
from app.i18n import N_
from app.models.households import Household, HouseholdEvent, HouseholdMember
from app.models.territory import Unit
from app.text import fold, sort_key

EDITABLE: Final = (
    "code", "head_name", "birth_year", "ethnicity", "hamlet_code", "members", "identity_number", "phone", "note",
    "joined_on", "left_on", "left_reason",
)  # fmt: skip
# What audit rows say of a household: nothing that names a person, no free text.
_TOLD: Final = ("code", "hamlet_code", "joined_on", "left_on")


@dataclass(frozen=True, slots=True)
class NewHousehold:
    """A household as it is recorded; without a `code` it takes the next number of its hamlet."""

    id: uuid.UUID
    unit_code: str
    head_name: str
    hamlet_code: str | None = None
    code: str | None = None
    birth_year: int | None = None
    ethnicity: str = ""
    members: tuple[MemberView, ...] = ()
    identity_number: str | None = None
    phone: str | None = None
    note: str = ""
    joined_on: date | None = None
    left_on: date | None = None
    left_reason: str = ""
    statuses: tuple[NewStatus, ...] = ()

    def body_hash(self) -> str:
        """Of everything but what is sealed: a hash of a number is guessed by trying all numbers."""
        return hash_body(*(getattr(self, name) for name in self.__slots__ if name not in sealed.SEALED))

    def values(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in EDITABLE}


def create(actor: Actor, new: NewHousehold, *, illustrative: bool = False) -> tuple[HouseholdView, bool]:
    """Record a household with the statuses that are given; (the household, whether it is new).

    Raises Conflict when the commune has that code already; RuleBroken `no_personal_key` for a number without a key.
    """
    require(actor, "household.edit")
    check(new.values())
    check_statuses(new.statuses)
    try:
        return _create(actor, new, illustrative)
    except IntegrityError:
        return _create(actor, new, illustrative)  # somebody has just made it: look again


def _create(actor: Actor, new: NewHousehold, illustrative: bool) -> tuple[HouseholdView, bool]:
    with db.transaction(write=True) as session:
        body = new.body_hash()
        stored = session.execute(
            sa.select(Household.body_hash, Household.version, Household.identity_number, Household.phone).where(
                Household.id == new.id
            )
        ).one_or_none()  # fmt: skip
        if stored is not None:
            if stored.body_hash != body or (stored.version == 1 and not _same_numbers(new, stored)):
                raise IdTaken()
            return answer(session, actor, one(session, actor, new.id)), False
        unit_id = commune(session, actor, new.unit_code)
        numbers = Numbers(session, unit_id)
        code = new.code or numbers.following(new.hamlet_code)
        numbers.refuse(code)
        hamlet = hamlet_id(session, unit_id, new.hamlet_code)
        row = row_of(actor, replace(new, code=code), body, unit_id, hamlet, illustrative)
        session.execute(sa.insert(Household).values(row))
        put_members(session, new.id, new.members)
        if new.left_on is not None:
            add_event(session, actor, new.id, LEFT, reason=new.left_reason)
        for status in new.statuses:
            put_status(session, actor, new.id, None, status)
        audit.record(
            session, actor, "household.create", SUBJECT, new.id, unit_id, **told(new.values() | {"code": code}),
            years=[s.year for s in new.statuses],
        )  # fmt: skip
        return answer(session, actor, one(session, actor, new.id)), True


def _same_numbers(new: NewHousehold, stored: Any) -> bool:
    """Whether the numbers that are sent are those that stand; what no key opens counts as the same."""
    return all(
        (getattr(new, name) is None) == (getattr(stored, name) is None)
        and sealed.unseal(getattr(stored, name)) in (None, getattr(new, name))
        for name in sealed.SEALED
    )


def commune(session: Session, actor: Actor, unit_code: str) -> int:
    """The id of the commune that a body names, in whose book households are."""
    unit = resolve(session, actor, unit_code, field="unit_code")
    if unit.level != "commune":
        raise Invalid.field("unit_code", N_("Hộ thuộc một xã, phường: ghi mã xã."))
    return unit.id


def hamlet_id(session: Session, unit_id: int, code: str | None) -> int | None:
    """The id of a hamlet of a commune; NotFound names the field."""
    if code is None:
        return None
    found = {code: id_ for id_, code, _ in hamlets_of(session, unit_id)}.get(code.partition("@")[0])
    if found is None:
        raise NotFound(N_("Không có thôn {code} trong xã."), field="hamlet_code", code=code)
    return found


class Numbers:
    """The codes of a commune's households: `01.012` is the twelfth of the hamlet 01, `00` of no hamlet.

    Nobody else gives codes in this commune until the transaction ends.
    """

    def __init__(self, session: Session, unit_id: int) -> None:
        session.execute(sa.select(Unit.id).where(Unit.id == unit_id).with_for_update(key_share=True))
        codes = session.execute(sa.select(Household.code).where(Household.unit_id == unit_id)).scalars()
        self.codes = set(codes)
        self._last: dict[str, int] = {}

    def following(self, hamlet_code: str | None) -> str:
        """The next number of a hamlet, given away once."""
        head = (hamlet_code or "").partition("@")[0].rpartition(".")[2] or "00"
        if head not in self._last:
            tails = (c.partition(".")[2] for c in self.codes if c.startswith(f"{head}."))
            self._last[head] = max((int(t) for t in tails if t.isascii() and t.isdecimal()), default=0)
        self._last[head] += 1
        return f"{head}.{self._last[head]:03d}"

    def refuse(self, code: str) -> None:
        """Conflict when a household of the commune has that code."""
        if code in self.codes:
            raise Conflict(N_("Xã đã có hộ mã {code}."), code=code)


def row_of(
    actor: Actor,
    new: NewHousehold,
    body: str,
    unit_id: int,
    hamlet: int | None,
    illustrative: bool = False,
) -> dict[str, Any]:
    """The row of a new household that has its code."""
    now = utcnow()
    return {
        **stored_values(new.values()), "id": new.id, "unit_id": unit_id, "hamlet_id": hamlet, "body_hash": body,
        "created_at": now, "created_by": actor.ref, "updated_at": now, "version": 1, "illustrative": illustrative,
        **keys(new.values()),
    }  # fmt: skip


def stored_values(values: Mapping[str, Any]) -> dict[str, Any]:
    """Values as the row keeps them: numbers sealed; members and the hamlet are kept elsewhere."""
    found = {name: value for name, value in values.items() if name not in ("hamlet_code", "members")}
    for name in sealed.SEALED:
        if found.get(name) is not None:
            found[name] = sealed.seal(found[name])
    return found


def keys(values: Mapping[str, Any]) -> dict[str, str]:
    """What a household is found and sorted by."""
    return {
        "search": search_text(values["code"], values["head_name"], values["members"]),
        "name_key": fold(values["head_name"]), "sort_key": sort_key(values["code"]),
    }  # fmt: skip


def put_members(session: Session, household_id: uuid.UUID, members: Sequence[MemberView]) -> None:
    """Let these be a household's members."""
    session.execute(sa.delete(HouseholdMember).where(HouseholdMember.household_id == household_id))
    rows = member_rows(household_id, members)
    if rows:
        session.execute(sa.insert(HouseholdMember), rows)


def member_rows(household_id: uuid.UUID, members: Sequence[MemberView]) -> list[dict[str, Any]]:
    return [
        {
            "id": uuid7(), "household_id": household_id, "position": i, "name": m.name, "birth_year": m.birth_year,
            "relation": m.relation,
        }
        for i, m in enumerate(members)
    ]  # fmt: skip


def add_event(session: Session, actor: Actor, household_id: uuid.UUID, what: str, **more: Any) -> None:
    """Put on record what happened to a household; nobody changes it afterwards."""
    session.execute(
        sa.insert(HouseholdEvent).values(
            household_id=household_id, what=what, at=utcnow(), by=actor.ref, **more
        )
    )


def told(values: Mapping[str, Any]) -> dict[str, Any]:
    """What an audit row says of a household's values."""
    return {name: values[name] for name in _TOLD if name in values}


def answer(session: Session, actor: Actor, found: HouseholdView) -> HouseholdView:
    """What is answered to who wrote; a client sees it at once, on record, a person on the next page."""
    if actor.is_client:
        personal.record_views(session, actor, found.unit_id, SUBJECT, found.id, found.people, "api")
    return as_seen(actor, found)


def update(actor: Actor, household_id: uuid.UUID, version: int, changes: dict[str, Any]) -> HouseholdView:
    """Change a household by the names of NewHousehold; None takes a number away. Raises Stale when it changed since.

    A name that is sent back masked, by one who sees it so, stays what it was. RuleBroken `household_merged` once
    merged.
    """
    require(actor, "household.edit")
    try:
        return _update(actor, household_id, version, dict(changes))
    except Stale as fault:
        current: Any = fault.current
        with db.transaction(write=True) as session:
            raise Stale(answer(session, actor, current)) from None


def _update(actor: Actor, household_id: uuid.UUID, version: int, changes: dict[str, Any]) -> HouseholdView:
    with db.transaction(write=True) as session:
        standing = one(session, actor, household_id, lock=True)
        if standing.version != version:
            raise Stale(standing)
        refuse_merged(standing)
        stored = stored_numbers(session, household_id)
        _unmask(actor, standing, changes)
        current = _current(standing, stored)
        changes = {name: value for name, value in changes.items() if value != current[name]}
        if not changes:
            return answer(session, actor, standing)
        whole = current | changes
        check(whole)
        write(session, actor, standing, changes, whole)
        return answer(session, actor, one(session, actor, household_id))


def refuse_merged(standing: HouseholdView) -> None:
    """RuleBroken `household_merged` for a household that lives on in another."""
    if standing.merged_into_id is not None:
        raise RuleBroken(
            "household_merged",
            N_("Hộ này đã gộp vào hộ khác, không sửa nữa."),
            held=str(standing.merged_into_id),
        )


def stored_numbers(session: Session, household_id: uuid.UUID) -> dict[str, str | None]:
    """The sealed texts of a household, as they are kept."""
    row = session.execute(
        sa.select(Household.identity_number, Household.phone).where(Household.id == household_id)
    ).one()
    return dict(zip(sealed.SEALED, row, strict=True))


def _unmask(actor: Actor, standing: HouseholdView, changes: dict[str, Any]) -> None:
    """Put the names that stand where an actor who sees them masked sends the masks back."""
    if actor.sees_people:
        return
    if changes.get("head_name") == personal.mask_name(standing.head_name):
        changes["head_name"] = standing.head_name
    if "members" in changes:
        changes["members"] = _unmasked(standing.members, changes["members"])


def _unmasked(standing: Sequence[MemberView], sent: Sequence[MemberView]) -> tuple[MemberView, ...]:
    """Members as they were sent, each mask made the name again that it stands for: where year of birth and relation
    agree, else by the mask alone. Invalid where it cannot be told which of several persons is meant."""
    left = [(replace(m, name=personal.mask_name(m.name)), m.name) for m in standing]
    found = list(sent)
    for whole in (True, False):
        for i, member in enumerate(sent):
            if found[i] is not member or personal.MASK not in member.name:
                continue
            meant = [m for m in left if (m[0] == member if whole else m[0].name == member.name)]
            if len({name for _, name in meant}) > sum(m == member for m in sent[i:]):
                message = N_("Nhiều người có tên đã che như nhau: ghi đủ tên của người này.")
                raise Invalid.field(f"members.{i}.name", message)
            if meant:
                left.remove(meant[0])
                found[i] = replace(member, name=meant[0][1])
    return tuple(found)


def _current(standing: HouseholdView, stored: Mapping[str, str | None]) -> dict[str, Any]:
    """A household as it stands by the names of EDITABLE; what no key opens is neither shown nor compared."""
    values = {name: getattr(standing, name) for name in EDITABLE if name not in sealed.SEALED}
    numbers = {name: sealed.unseal(text) for name, text in stored.items()}
    lost = {name: _Lost() for name, text in stored.items() if text is not None and numbers[name] is None}
    return values | numbers | lost


class _Lost:
    """Stands for a number that no key opens: anything sent replaces it."""


def write(
    session: Session,
    actor: Actor,
    standing: HouseholdView,
    changes: Mapping[str, Any],
    whole: Mapping[str, Any],
) -> None:
    """Write checked changes to a locked household, with its event and its row of the record of changes."""
    if "code" in changes:
        Numbers(session, standing.unit_id).refuse(changes["code"])
    values = changed_values(changes, whole)
    if "hamlet_code" in changes:
        values["hamlet_id"] = hamlet_id(session, standing.unit_id, changes["hamlet_code"])
    if "members" in changes:
        put_members(session, standing.id, changes["members"])
    store(session, standing, **values)
    if "left_on" in changes and (standing.left_on is None) != (changes["left_on"] is None):
        what = RETURNED if changes["left_on"] is None else LEFT
        add_event(session, actor, standing.id, what, reason=whole["left_reason"])
    audit.record_all(session, [changed_row(actor, standing, changes)])


def changed_values(changes: Mapping[str, Any], whole: Mapping[str, Any]) -> dict[str, Any]:
    """The columns that changes set, but for the hamlet, with what the household is then found by."""
    return stored_values(changes) | keys(whole)


def changed_row(actor: Actor, standing: HouseholdView, changes: Mapping[str, Any]) -> dict[str, Any]:
    """The row of the record of changes."""
    return audit.row(
        actor,
        "household.update",
        SUBJECT,
        standing.id,
        standing.unit_id,
        fields=sorted(changes),
        **told(changes),
    )


def store(session: Session, standing: HouseholdView, **values: Any) -> None:
    """Write to a locked household."""
    session.execute(
        sa.update(Household)
        .where(Household.id == standing.id)
        .values(**values, version=standing.version + 1, updated_at=utcnow())
    )
