"""Where a directive comes from and who has to do it: looked up in the scope of whoever asks."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import db
from app.domain.access import Actor, in_scope, require
from app.domain.doing import in_term
from app.domain.sides import Own, refuse_above
from app.domain.territory import resolve
from app.errors import FieldError, Invalid, NotFound, RuleBroken
from app.i18n import N_
from app.models.documents import Document
from app.models.identity import User
from app.models.oversight import Inspection
from app.models.steering import Agency, Committee, CommitteeMember, Directive, Meeting
from app.models.territory import Unit

NUMBER_LONGEST: Final = 120
OWN_MEETING: Final = Own("own_meeting", N_("Cuộc họp do đơn vị có ban này ghi, cấp trên chỉ xem."))
_DOCUMENT_TITLE: Final = sa.func.coalesce(sa.func.nullif(Document.number, ""), Document.summary)


@dataclass(frozen=True, slots=True)
class Source:
    """Where something was demanded: its day, what it is called, and the columns of a directive that name it."""

    on: date
    title: str
    columns: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Assignee:
    """Who has to do something, of which unit; `columns` are those of a directive that name them."""

    name: str
    unit_id: int
    columns: dict[str, Any]


def source_of(
    session: Session, actor: Actor, kind: str, source_id: uuid.UUID | None, number: str, on: date | None
) -> Source:
    """The inspection, the meeting or the document in the actor's scope, or a document that is only named.

    NotFound names `source.id` out of scope; Invalid what is missing. RuleBroken `inspection_giver` for an inspection
    that was made by a unit above: what it demands is given there; `own_meeting` for a meeting of a unit below, whose
    board concludes it itself, `meeting_state` for one that was not held.
    """
    if kind == "document":
        return _document(session, actor, source_id, number, on)
    if source_id is None:
        raise Invalid.field("source.id", N_("Chọn cuộc họp, cuộc kiểm tra."))
    return (_meeting if kind == "meeting" else _inspection)(session, actor, source_id, on)


def source(actor: Actor, kind: str, source_id: uuid.UUID) -> Source:
    """What a directive is to come from, by name, before it is given; refusals are those of giving it."""
    require(actor, "directive.give")
    with db.transaction() as session:
        return source_of(session, actor, kind, source_id, "", None)


def source_name(actor: Actor, kind: str, source_id: uuid.UUID) -> str:
    """What an inspection, a meeting or a document in the actor's scope is called; NotFound out of it."""
    require(actor, "read")
    columns: dict[str, tuple[Any, Any, Any]] = {
        "inspection": (Inspection.id, Inspection.unit_id, Inspection.title),
        "meeting": (Meeting.id, Meeting.unit_id, Meeting.title),
        "document": (Document.id, Document.unit_id, _DOCUMENT_TITLE),
    }
    id_, unit_id, title = columns[kind]
    with db.transaction() as session:
        own = sa.and_(id_ == source_id, in_scope(actor, unit_id))
        found: str | None = session.execute(sa.select(title).where(own)).scalar_one_or_none()
    if found is None:
        raise NotFound()
    return found


def _meeting(session: Session, actor: Actor, source_id: uuid.UUID, _on: date | None) -> Source:
    columns = (Meeting.date, Meeting.title, Meeting.state, Unit.level)
    mine = sa.and_(Meeting.id == source_id, in_scope(actor, Meeting.unit_id))
    found = session.execute(sa.select(*columns).join(Unit, Unit.id == Meeting.unit_id).where(mine))
    row = found.one_or_none()
    if row is None:
        raise NotFound(N_("Không có cuộc họp này trong phạm vi của bạn."), field="source.id")
    refuse_above(actor, OWN_MEETING, row.level, "conclude")
    if row.state != "held":
        message = N_("Chỉ cuộc họp đã họp, đã ghi biên bản mới giao được nhiệm vụ.")
        raise RuleBroken("meeting_state", message, asked="conclude", held=row.state)
    return Source(row.date, row.title, {"meeting_id": source_id})


def _inspection(session: Session, actor: Actor, source_id: uuid.UUID, on: date | None) -> Source:
    row = session.execute(
        sa.select(
            Inspection.held_on, Inspection.concluded_on, Inspection.title, Inspection.state,
            sa.case((in_scope(actor, Inspection.by_unit_id), 1), else_=0),
        )
        .where(Inspection.id == source_id, in_scope(actor, Inspection.unit_id))
        .with_for_update(read=True, of=Inspection)  # it is not called off meanwhile
    ).one_or_none()  # fmt: skip
    if row is None:
        raise NotFound(N_("Không có cuộc kiểm tra này trong phạm vi của bạn."), field="source.id")
    held_on, concluded_on, title, state, own = row
    if not own:
        message = N_("Kết luận của cuộc kiểm tra do đơn vị kiểm tra giao.")
        raise RuleBroken("inspection_giver", message, asked="give", held="above")
    if state == "cancelled":
        message = N_("Cuộc kiểm tra này đã hủy.")
        raise RuleBroken("inspection_state", message, asked="demand", held=state)
    day = on or concluded_on or held_on
    if day is None or held_on is None or day < held_on:
        raise Invalid.field("source.on", N_("Không trước ngày kiểm tra."))
    return Source(day, title, {"inspection_id": source_id})


def _document(
    session: Session, actor: Actor, source_id: uuid.UUID | None, number: str, on: date | None
) -> Source:
    if source_id is not None:
        mine = sa.and_(Document.id == source_id, in_scope(actor, Document.unit_id))
        dated = session.execute(sa.select(Document.date, _DOCUMENT_TITLE).where(mine)).one_or_none()
        if dated is None:
            raise NotFound(N_("Không có văn bản này trong phạm vi của bạn."), field="source.id")
        return Source(dated[0], dated[1], {"document_id": source_id})
    faults = []
    if not number.strip():
        faults.append(FieldError("source.document_number", N_("Ghi số, ký hiệu văn bản, hoặc chọn văn bản.")))
    elif len(number) > NUMBER_LONGEST:
        message = N_("Dài quá {longest:number} ký tự")
        faults.append(FieldError("source.document_number", message, {"longest": NUMBER_LONGEST}))
    if on is None:
        faults.append(FieldError("source.on", N_("Ghi ngày của văn bản.")))
    if faults or on is None:
        raise Invalid(*faults)
    return Source(on, number.strip(), {"document_number": number.strip()})


def assignee_of(
    session: Session, actor: Actor, kind: str, assignee_id: uuid.UUID | None, unit_code: str | None, day: date
) -> Assignee:
    """Who stands in the actor's scope on a day: an account or a board's member, a board, an agency, a unit.

    NotFound names `assignee.id`, or `assignee.unit_code` of a unit.
    """
    if kind == "unit":
        if unit_code is None:
            raise Invalid.field("assignee.unit_code", N_("Chọn đơn vị."))
        unit = resolve(session, actor, unit_code, field="assignee.unit_code")
        return Assignee(unit.name, unit.id, {})
    if assignee_id is None:
        raise Invalid.field("assignee.id", N_("Chọn người, cơ quan thực hiện."))
    for query in _QUERIES[kind](assignee_id, day):
        row = session.execute(query.where(in_scope(actor, query.selected_columns["unit_id"]))).one_or_none()
        if row is not None:
            given = {name: value for name, value in row._mapping.items() if name not in ("name", "unit_id")}
            return Assignee(row.name, row.unit_id, given)
    message = N_("Không có người, cơ quan này trong phạm vi của bạn, hoặc đã thôi nhiệm vụ.")
    raise NotFound(message, field="assignee.id")


def _stands(column: Any, day: date) -> sa.ColumnElement[bool]:
    return sa.or_(column.is_(None), column >= day)


def _people(id_: uuid.UUID, day: date) -> list[sa.Select[*tuple[Any, ...]]]:
    """A board's member, whose account is told, or an account."""
    member = (
        sa.select(
            CommitteeMember.person.label("name"), Committee.unit_id, CommitteeMember.id.label("member_id"),
            CommitteeMember.user_id,
        )
        .join(Committee, Committee.id == CommitteeMember.committee_id)
        .where(
            CommitteeMember.id == id_, in_term(day), Committee.from_on <= day, _stands(Committee.to_on, day)
        )
    )  # fmt: skip
    account = sa.select(User.full_name.label("name"), User.unit_id, User.id.label("user_id")).where(
        User.id == id_, sa.not_(User.disabled)
    )
    return [member, account]


def _boards(id_: uuid.UUID, day: date) -> list[sa.Select[*tuple[Any, ...]]]:
    query = sa.select(
        sa.func.substr(Committee.name, 1, 200).label("name"), Committee.unit_id, Committee.id.label("committee_id")
    )  # fmt: skip
    return [query.where(Committee.id == id_, Committee.from_on <= day, _stands(Committee.to_on, day))]


def _agencies(id_: uuid.UUID, day: date) -> list[sa.Select[*tuple[Any, ...]]]:
    query = sa.select(Agency.name, Agency.unit_id, Agency.id.label("agency_id"))
    return [query.where(Agency.id == id_, _stands(Agency.ended_on, day))]


_QUERIES: Final = {"person": _people, "board": _boards, "agency": _agencies}


def of_assignee(
    session: Session, actor: Actor, kind: str, id_: str, as_of: date | None
) -> sa.ColumnElement[bool]:
    """The condition that this assignee has to do it: a unit by its code, read on `as_of`, others by their id. NotFound
    names `assignee`."""
    if kind == "unit":
        unit = resolve(session, actor, id_, as_of=as_of, field="assignee")
        return sa.and_(Directive.assignee_kind == "unit", Directive.unit_id == unit.id)
    try:
        key = uuid.UUID(id_)
    except ValueError:
        raise Invalid.field("assignee", N_("Mã không hợp lệ.")) from None
    columns = {
        "person": (Directive.user_id, Directive.member_id),
        "board": (Directive.committee_id,),
        "agency": (Directive.agency_id,),
    }[kind]
    return sa.or_(*(column == key for column in columns))


def of_source(kind: str, id_: uuid.UUID) -> sa.ColumnElement[bool]:
    """The condition that it comes from this inspection, meeting or document."""
    columns = {
        "inspection": Directive.inspection_id,
        "meeting": Directive.meeting_id,
        "document": Directive.document_id,
    }
    condition: sa.ColumnElement[bool] = columns[kind] == id_
    return condition
