"""Planning inspections of units below, one or a year's several at once; and mending what is said of one."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from app import db
from app.clock import today, utcnow
from app.domain import audit
from app.domain.access import Actor, require
from app.domain.inspections.views import (
    CANCELLED,
    CONCLUDED,
    LEAD,
    OF_UNIT,
    PLANNED,
    SUBJECT,
    TEAM,
    InspectionView,
    PersonView,
    one,
    refuse_side,
    refuse_state,
    whole,
)
from app.domain.ledger.entries import Document, hash_body
from app.domain.ledger.lines import FIRST_YEAR, LAST_YEAR
from app.domain.sides import is_above
from app.domain.territory import UnitView, resolve
from app.errors import FieldError, IdTaken, Invalid, RuleBroken, Stale
from app.i18n import N_, translate
from app.models.oversight import Inspection, InspectionPerson
from app.text import fold

LONGEST: Final = {"title": 300, "team_name": 200, "checked": 4000, "summary": 8000}
AFTERWARDS: Final = {"conclusion": 8000, "conclusion_number": 120}
ROLES: Final = ("deputy", "secretary", "member")  # in a team, beside its lead
PARTIES: Final = ("lead", "team", "unit_people")
MOST_PEOPLE: Final = 100
MOST_AT_ONCE: Final = 100
_TITLE: Final = N_("Kiểm tra công tác chỉ đạo và kết quả thực hiện các Chương trình MTQG, {unit}, năm {year}")


@dataclass(frozen=True, slots=True)
class NewPerson:
    """Who takes part; `title` is their office. `role` is not asked of a lead and of the inspected unit's people."""

    person: str
    title: str = ""
    role: str = "member"


@dataclass(frozen=True, slots=True)
class NewInspection:
    """An inspection as it is planned; `date` is the day of the visit, `year` that of the plan, by default the day's.

    `title` is made where none is given; `team` without its `lead`; `decision` set the team up.
    """

    id: uuid.UUID
    unit_code: str
    date: date | None = None
    year: int | None = None
    title: str = ""
    team_name: str = ""
    decision: Document | None = None
    lead: NewPerson | None = None
    team: tuple[NewPerson, ...] = ()
    unit_people: tuple[NewPerson, ...] = ()
    checked: str = ""

    def body_hash(self) -> str:
        return hash_body(*(getattr(self, name) for name in self.__slots__))


def create(actor: Actor, new: NewInspection, *, illustrative: bool = False) -> tuple[InspectionView, bool]:
    """Plan an inspection of a unit below; (the inspection, whether it is new).

    The same body again gives back the same row; another body under its id raises IdTaken. RuleBroken `inspection_side`
    for a unit that does not lie below the actor's own.
    """
    ((made, fresh),) = plan(actor, [new], illustrative=illustrative, field="")
    return made, fresh


def plan(
    actor: Actor, several: Sequence[NewInspection], *, illustrative: bool = False, field: str = "inspections."
) -> list[tuple[InspectionView, bool]]:
    """`create` of several at once, all or none; `field` begins the names of what is wrong: `inspections.0.date`."""
    require(actor, "inspection.edit")
    if not 0 < len(several) <= MOST_AT_ONCE:
        raise Invalid.field("inspections", N_("Mỗi lần từ 1 đến {most:number} cuộc."), most=MOST_AT_ONCE)
    faults = [
        FieldError(f"{field}{i}.{f.field}" if field else f.field, f.message, f.facts)
        for i, new in enumerate(several)
        for f in _faults_of_new(new)
    ]
    if faults:
        raise Invalid(*faults)
    try:
        return _plan(actor, several, illustrative, field)
    except IntegrityError:
        return _plan(actor, several, illustrative, field)  # somebody has just made one: look again


def _plan(
    actor: Actor, several: Sequence[NewInspection], illustrative: bool, field: str
) -> list[tuple[InspectionView, bool]]:
    with db.transaction(write=True) as session:
        return [
            _insert(session, actor, new, illustrative, f"{field}{i}." if field else "")
            for i, new in enumerate(several)
        ]


def _insert(
    session: Session, actor: Actor, new: NewInspection, illustrative: bool, field: str
) -> tuple[InspectionView, bool]:
    body = new.body_hash()
    stored = session.execute(
        sa.select(Inspection.body_hash).where(Inspection.id == new.id)
    ).scalar_one_or_none()
    if stored is not None:
        if stored != body:
            raise _taken(field)
        return whole(session, actor, new.id), False
    year = _year(new)
    unit = resolve(
        session, actor, new.unit_code, as_of=min(new.date or today(), today()), field=f"{field}unit_code"
    )
    _refuse_unit(actor, unit, f"{field}unit_code")
    title = new.title.strip() or translate("vi", _TITLE, unit=unit.name, year=str(year))
    now = utcnow()
    session.execute(
        sa.insert(Inspection).values(
            id=new.id, unit_id=unit.id, by_unit_id=actor.unit_id, year=year, planned_on=new.date, title=title,
            team_name=new.team_name, checked=new.checked, summary="", conclusion="", conclusion_number="",
            cancelled_reason="", state=PLANNED, illustrative=illustrative, body_hash=body, created_at=now, created_by=actor.ref,
            updated_at=now, version=1, **decided(new.decision),
            search=_search(title, new.team_name, new.decision, new.lead),
        )
    )  # fmt: skip
    _add_people(session, new.id, _rows({name: getattr(new, name) for name in PARTIES}))
    audit.record(
        session, actor, "inspection.plan", SUBJECT, new.id, unit.id, year=year, planned_on=new.date,
        by=actor.unit_code,
    )  # fmt: skip
    return whole(session, actor, new.id), True


def _taken(field: str) -> IdTaken:
    """Of several it is told which one."""
    fault = IdTaken()
    fault.errors = (FieldError(f"{field}id", fault.message),) if field else ()
    return fault


def _year(new: NewInspection) -> int:
    return new.year or (new.date or today()).year


def _refuse_unit(actor: Actor, unit: UnitView, field: str) -> None:
    """Whom a unit inspects: those below it that have an office."""
    if unit.level == "hamlet":
        raise Invalid.field(field, N_("Kiểm tra lập cho xã, huyện, tỉnh; thôn nằm trong xã."))
    if not is_above(actor, unit.level):
        message = N_("Chỉ cấp trên kiểm tra: {unit} không ở dưới đơn vị của bạn.")
        raise RuleBroken("inspection_side", message, unit=unit.name, asked="plan", held=unit.code)


def decided(decision: Document | None) -> dict[str, Any]:
    """The columns that name the decision."""
    if decision is None:
        return {"decision_number": "", "decision_date": None, "decision_issuer": ""}
    return {
        "decision_number": decision.number, "decision_date": decision.date, "decision_issuer": decision.issuer,
    }  # fmt: skip


def _search(
    title: str, team_name: str, decision: Document | None, lead: NewPerson | PersonView | None
) -> str:
    return fold(f"{title} {team_name} {decision.number if decision else ''} {lead.person if lead else ''}")


def _rows(parties: dict[str, Any]) -> list[dict[str, Any]]:
    """The rows of who takes part: the lead, the team, those of the inspected unit."""
    lead = parties["lead"]
    people = [(TEAM, LEAD, lead)] if lead is not None else []
    people += [(TEAM, p.role, p) for p in parties["team"]]
    people += [(OF_UNIT, "member", p) for p in parties["unit_people"]]
    return [
        {"side": side, "role": role, "person": p.person.strip(), "title": p.title.strip()}
        for side, role, p in people
    ]


def _add_people(session: Session, inspection_id: uuid.UUID, rows: Sequence[dict[str, Any]]) -> None:
    if rows:
        session.execute(
            sa.insert(InspectionPerson),
            [
                {"id": uuid7(), "inspection_id": inspection_id, "position": i, **row}
                for i, row in enumerate(rows)
            ],
        )


def update(actor: Actor, inspection_id: uuid.UUID, version: int, changes: dict[str, Any]) -> InspectionView:
    """Change `title`, `year`, `date` (of a planned one the day planned, else that of the visit), `team_name`,
    `decision`, `checked`, `summary`; `lead`, and `team` and `unit_people` as whole lists; once it is concluded
    `conclusion`, `conclusion_number`, `concluded_on`. What was concluded is mended under audit, with what it said before.

    Raises Stale when somebody changed it since, RuleBroken `inspection_side` for whoever does not inspect.
    """
    require(actor, "inspection.edit")
    with db.transaction(write=True) as session:
        one(session, actor, inspection_id, lock=True)
        standing = whole(session, actor, inspection_id)
        refuse_side(standing, "update")
        if standing.version != version:
            raise Stale(standing)
        if not changes:
            return standing
        refuse_state(standing, "update", standing.state != CANCELLED)
        _check_changes(standing, changes)
        store(session, standing, **_columns(standing, changes))
        if any(name in changes for name in PARTIES):
            parties = {name: changes.get(name, getattr(standing, name)) for name in PARTIES}
            session.execute(
                sa.delete(InspectionPerson).where(InspectionPerson.inspection_id == inspection_id)
            )
            _add_people(session, inspection_id, _rows(parties))
        audit.record(
            session, actor, "inspection.update", SUBJECT, inspection_id, standing.unit_id, fields=sorted(changes),
            **_before(standing, changes),
        )  # fmt: skip
        return whole(session, actor, inspection_id)


def _columns(standing: InspectionView, changes: dict[str, Any]) -> dict[str, Any]:
    """What a change writes to the inspection itself."""
    plain = ("title", "year", "team_name", "checked", "summary", *AFTERWARDS, "concluded_on")
    columns = {name: changes[name] for name in plain if name in changes}
    if "date" in changes:
        columns["planned_on" if standing.state == PLANNED else "held_on"] = changes["date"]
    if "decision" in changes:
        columns |= decided(changes["decision"])
    return columns | {
        "search": _search(
            changes.get("title", standing.title), changes.get("team_name", standing.team_name),
            changes.get("decision", standing.decision), changes.get("lead", standing.lead),
        )
    }  # fmt: skip


def _before(standing: InspectionView, changes: dict[str, Any]) -> dict[str, Any]:
    """What a concluded inspection said before: its version, and all that is mended."""
    if standing.state != CONCLUDED:
        return {}
    told = {name: getattr(standing, "day" if name == "date" else name) for name in changes}
    before = {name: _kept(value) for name, value in told.items() if _kept(value) != _kept(changes[name])}
    return {"version": standing.version, "before": before}


def _kept(value: Any) -> Any:
    """A value as the record of changes keeps it."""
    match value:
        case Document():
            return {"number": value.number, "date": value.date, "issuer": value.issuer}
        case PersonView() | NewPerson():
            role = {"role": value.role} if value.role in ROLES[:2] else {}
            return {"person": value.person.strip(), "title": value.title.strip()} | role
        case list() | tuple():
            return [_kept(one) for one in value]
    return value


def store(session: Session, standing: InspectionView, **values: Any) -> None:
    """Write to a locked inspection."""
    session.execute(
        sa.update(Inspection)
        .where(Inspection.id == standing.id)
        .values(**values, version=standing.version + 1, updated_at=utcnow())
    )


# What is wrong -----------------------------------------------------------------------------------------


def _faults_of_new(new: NewInspection) -> Iterator[FieldError]:
    yield from _too_long({name: getattr(new, name) for name in ("title", "team_name", "checked")})
    yield from _faults_of_year(_year(new))
    yield from faults_of_people({name: getattr(new, name) for name in PARTIES})
    if new.decision is not None:
        yield from _faults_of_decision(new.decision)


def _check_changes(standing: InspectionView, changes: dict[str, Any]) -> None:
    late = [name for name in (*AFTERWARDS, "concluded_on") if name in changes]
    if late:
        refuse_state(standing, "update", standing.state == CONCLUDED)
    faults = list(_too_long({name: text for name, text in changes.items() if isinstance(text, str)}))
    for name in ("title", "conclusion"):
        if name in changes and not changes[name].strip():
            faults.append(FieldError(name, N_("Chưa điền")))
    if "year" in changes:
        faults += _faults_of_year(changes["year"])
    faults += faults_of_people({name: changes[name] for name in PARTIES if name in changes})
    if changes.get("decision") is not None:
        faults += _faults_of_decision(changes["decision"])
    faults += _faults_of_days(standing, changes)
    if faults:
        raise Invalid(*faults)


def _faults_of_days(standing: InspectionView, changes: dict[str, Any]) -> Iterator[FieldError]:
    if standing.state == PLANNED:
        return
    decision = changes.get("decision", standing.decision)
    held_on = changes.get("date", standing.held_on)
    concluded_on = changes.get("concluded_on", standing.concluded_on)
    if held_on is None:
        yield FieldError("date", N_("Ghi ngày kiểm tra."))
    else:
        yield from faults_of_day("date", held_on, decision.date if decision else None)
    if standing.state != CONCLUDED:
        return
    if concluded_on is None:
        yield FieldError("concluded_on", N_("Ghi ngày kết luận."))
    else:
        yield from faults_of_day("concluded_on", concluded_on, held_on)


def faults_of_day(field: str, day: date, before: date | None) -> Iterator[FieldError]:
    """What is wrong with a day on which something was done; `before`: what came before it."""
    if day > today():
        message = N_("Ngày thực tế không được sau hôm nay {today:date}.")
        yield FieldError(field, message, {"today": today()})
    elif before is not None and day < before:
        yield FieldError(field, N_("Không trước ngày {last:date} của bước gần nhất."), {"last": before})


def _too_long(texts: dict[str, str]) -> Iterator[FieldError]:
    for name, text in texts.items():
        longest = (LONGEST | AFTERWARDS).get(name)
        if longest is not None and len(text) > longest:
            yield FieldError(name, N_("Dài quá {longest:number} ký tự"), {"longest": longest})


def _faults_of_year(year: int) -> Iterator[FieldError]:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        yield FieldError("year", N_("Năm từ {first} đến {last}."), {"first": FIRST_YEAR, "last": LAST_YEAR})


def _faults_of_decision(decision: Document) -> Iterator[FieldError]:
    for name, longest in (("number", 120), ("issuer", 200)):
        text = getattr(decision, name)
        if not text.strip():
            yield FieldError(f"decision.{name}", N_("Chưa điền"))
        elif len(text) > longest:
            yield FieldError(f"decision.{name}", N_("Dài quá {longest:number} ký tự"), {"longest": longest})


def faults_of_people(parties: dict[str, Any]) -> Iterator[FieldError]:
    """What is wrong with who takes part, each named by its list and place."""
    for name, value in parties.items():
        people = value if isinstance(value, tuple) else () if value is None else (value,)
        if len(people) > MOST_PEOPLE:
            yield FieldError(name, N_("Nhiều nhất {most:number} người."), {"most": MOST_PEOPLE})
        for i, person in enumerate(people):
            yield from _faults_of_person(person, name if name == "lead" else f"{name}.{i}")


def _faults_of_person(person: NewPerson, field: str) -> Iterator[FieldError]:
    if not person.person.strip():
        yield FieldError(f"{field}.person", N_("Ghi họ tên."))
    for name, longest in (("person", 120), ("title", 200)):
        if len(getattr(person, name)) > longest:
            yield FieldError(f"{field}.{name}", N_("Dài quá {longest:number} ký tự"), {"longest": longest})
    if person.role not in ROLES:
        yield FieldError(f"{field}.role", N_("Không có trong danh sách"))
