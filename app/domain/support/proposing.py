"""Proposing a support model, and changing its text until it is sent."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app import db
from app.clock import utcnow
from app.domain import audit
from app.domain.access import Actor, require, under
from app.domain.ledger.entries import hash_body
from app.domain.ledger.line_keys import leaf
from app.domain.ledger.lines import FIRST_YEAR, LAST_YEAR
from app.domain.sides import refuse_above
from app.domain.support import parts
from app.domain.support.flow import DRAFT, SUBJECT, SUPPORT_FLOW
from app.domain.support.parts import NewBudget, NewInput, NewMember
from app.domain.support.views import ModelView, members_of, one
from app.domain.territory import UnitView, resolve
from app.errors import FieldError, IdTaken, Invalid, NotFound, RuleBroken, Stale
from app.i18n import N_
from app.models.support import ModelTemplate, SupportModel
from app.models.territory import Unit
from app.text import fold

TEXTS: Final = (("name", 300), ("content", 4000), ("group_name", 200), ("responsible", 200))
PLAIN: Final = (
    "name", "content", "livestock", "year", "group_name", "head_id", "responsible", "starts_on", "ends_on",
    "household_share", "due_on", "template",
)  # fmt: skip
LISTS: Final = ("members", "inputs", "budget")


@dataclass(frozen=True, slots=True)
class NewModel:
    """A model as it is proposed. `livestock` and `content`: where not given, those of the template.

    `head_id` is one of its households; `due_on`: when it is to be sent; money in đồng.
    """

    id: uuid.UUID
    name: str
    project_code: str
    unit_code: str
    year: int
    template: str | None = None
    content: str = ""
    livestock: bool | None = None
    hamlet_code: str | None = None
    group_name: str = ""
    head_id: uuid.UUID | None = None
    responsible: str = ""
    starts_on: date | None = None
    ends_on: date | None = None
    due_on: date | None = None
    household_share: int = 0
    members: tuple[NewMember, ...] = ()
    inputs: tuple[NewInput, ...] = ()
    budget: tuple[NewBudget, ...] = ()

    def body_hash(self) -> str:
        plain = [getattr(self, name) for name in self.__slots__ if name not in LISTS]
        lists = [[row.facts() for row in getattr(self, name)] for name in LISTS]
        return hash_body(*plain, *lists)


def create(actor: Actor, new: NewModel, *, illustrative: bool = False) -> tuple[ModelView, bool]:
    """Propose a model; (the model, whether it is new).

    The same body again gives back the same row; another body under its id raises IdTaken. RuleBroken `own_support` for
    a unit below the actor's; what its households and its lines are refused for stands in `parts`.
    """
    require(actor, "support.edit")
    _check({name: getattr(new, name) for name in new.__slots__})
    try:
        return _create(actor, new, illustrative)
    except IntegrityError:
        return _create(actor, new, illustrative)  # somebody has just made it: look again


def _create(actor: Actor, new: NewModel, illustrative: bool) -> tuple[ModelView, bool]:
    with db.transaction(write=True) as session:
        body = new.body_hash()
        stored = session.execute(
            sa.select(SupportModel.body_hash).where(SupportModel.id == new.id)
        ).scalar_one_or_none()
        if stored is not None:
            if stored != body:
                raise IdTaken()
            return one(session, actor, new.id), False
        unit = _unit(session, actor, new.unit_code, new.year)
        refuse_above(actor, SUPPORT_FLOW.own, unit.level, "create")
        hamlet_id = _hamlet(session, actor, new.hamlet_code, unit.id, unit.structure)
        template = _template(session, new.template)
        now = utcnow()
        values = {name: getattr(new, name) for name in PLAIN}
        if new.livestock is None:
            values["livestock"] = template.livestock if template is not None else False
        if template is not None and not new.content.strip():
            values["content"] = template.content
        ids = [member.household_id for member in new.members]
        parts.hold_households(session, ids)
        parts.check_members(session, actor, unit.id, new.year, ids)
        session.execute(
            sa.insert(SupportModel).values(
                **values, id=new.id, unit_id=unit.id, hamlet_id=hamlet_id,
                project_id=leaf(session, new.project_code), state=DRAFT, illustrative=illustrative,
                search=_search(values), body_hash=body, created_at=now, created_by=actor.ref, updated_at=now,
                version=1,
            )
        )  # fmt: skip
        _put_lists(session, actor, new.id, unit.id, {name: getattr(new, name) for name in LISTS})
        audit.record(
            session, actor, "support.create", SUBJECT, new.id, unit.id, project=new.project_code, year=new.year,
            members=len(new.members),
        )  # fmt: skip
        return one(session, actor, new.id), True


def _put_lists(
    session: Session,
    actor: Actor,
    model_id: uuid.UUID,
    unit_id: int,
    lists: Mapping[str, Sequence[Any]],
) -> None:
    """Write those of the lists that are given; the households have been checked."""
    if "members" in lists:
        parts.replace_members(session, model_id, lists["members"])
    if "inputs" in lists:
        parts.replace_inputs(session, model_id, lists["inputs"])
    if "budget" in lists:
        parts.replace_budget(session, actor, model_id, unit_id, lists["budget"])


def _unit(session: Session, actor: Actor, code: str, year: int) -> UnitView:
    unit = resolve(session, actor, code, year=year, field="unit_code")
    if unit.level == "hamlet":
        raise Invalid.field("unit_code", N_("Mô hình do xã hoặc cấp trên lập; thôn ghi ở ô thôn."))
    return unit


def _hamlet(session: Session, actor: Actor, code: str | None, unit_id: int, structure: str) -> int | None:
    """The hamlet that a model is in: of its unit. A bare code is of the unit's own structure."""
    if code is None:
        return None
    exact = code if "@" in code else f"{code}@{structure}"
    hamlet = resolve(session, actor, exact, field="hamlet_code")
    inside = session.execute(sa.select(Unit.id).where(Unit.id == hamlet.id, under(unit_id, Unit.id))).first()
    if hamlet.level != "hamlet" or inside is None:
        raise Invalid.field("hamlet_code", N_("Chọn một thôn của đơn vị lập mô hình."))
    return hamlet.id


def _template(session: Session, code: str | None) -> ModelTemplate | None:
    if code is None:
        return None
    found = session.get(ModelTemplate, code)
    if found is None:
        raise NotFound(N_("Không có mẫu mô hình {code}."), field="template", code=code)
    return found


def _search(values: Mapping[str, Any]) -> str:
    return fold(f"{values['name']} {values['group_name']} {values['responsible']}")


def update(actor: Actor, model_id: uuid.UUID, version: int, changes: dict[str, Any]) -> ModelView:
    """Change a model by the names of NewModel but its unit; `members`, `inputs` and `budget` are whole lists.

    Raises Stale when somebody changed it since, RuleBroken `own_support` for who stands above those that keep it,
    `support_state` once it was sent.
    """
    require(actor, "support.edit")
    with db.transaction(write=True) as session:
        parts.hold_households(session, [member.household_id for member in changes.get("members", ())])
        standing = one(session, actor, model_id, lock=True)
        refuse_above(actor, SUPPORT_FLOW.own, standing.level, "update")
        if standing.version != version:
            raise Stale(standing)
        if not changes:
            return standing
        if not standing.open:
            message = N_("Mô hình đã gửi: chỉ sửa được khi là dự thảo hay bị trả lại.")
            raise RuleBroken("support_state", message, asked="update", held=standing.state)
        values: dict[str, Any] = {name: changes[name] for name in PLAIN if name in changes}
        whole: dict[str, Any] = {name: getattr(standing, name) for name in PLAIN} | values
        lists: dict[str, Any] = {name: changes[name] for name in LISTS if name in changes}
        kept = members_of(session, [model_id])[model_id] if "members" not in lists else ()
        ids = [m.household_id for m in (*lists.get("members", ()), *kept)]
        _check(whole | lists | {"members": lists.get("members", ())}, households=ids)
        if "template" in values:
            _template(session, values["template"])
        if "project_code" in changes:
            values["project_id"] = leaf(session, changes["project_code"])
        if "hamlet_code" in changes:
            code = changes["hamlet_code"]
            values["hamlet_id"] = _hamlet(session, actor, code, standing.unit_id, standing.unit_structure)
        if "members" in lists or whole["year"] != standing.year:
            parts.check_members(session, actor, standing.unit_id, whole["year"], ids)
        session.execute(
            sa.update(SupportModel)
            .where(SupportModel.id == model_id)
            .values(**values, search=_search(whole), version=version + 1, updated_at=utcnow())
        )
        _put_lists(session, actor, model_id, standing.unit_id, lists)
        audit.record(
            session, actor, "support.update", SUBJECT, model_id, standing.unit_id, fields=sorted(changes)
        )
        return one(session, actor, model_id)


def _check(values: Mapping[str, Any], households: Sequence[uuid.UUID] | None = None) -> None:
    """Raises Invalid for what no database is needed to see, naming each. `households`: all that take part."""
    faults = [*_faults(values)]
    faults += parts.faults_of_members(values.get("members", ()))
    faults += parts.faults_of_inputs(values.get("inputs", ()))
    faults += parts.faults_of_budget(values.get("budget", ()))
    known = [m.household_id for m in values["members"]] if households is None else households
    if values["head_id"] is not None and values["head_id"] not in known:
        faults.append(FieldError("head_id", N_("Tổ trưởng là một hộ của mô hình.")))
    if faults:
        raise Invalid(*faults)


def _faults(values: Mapping[str, Any]) -> Iterator[FieldError]:
    if not values["name"].strip():
        yield FieldError("name", N_("Chưa điền"))
    for name, longest in TEXTS:
        if len(values[name]) > longest:
            yield FieldError(name, N_("Dài quá {longest:number} ký tự"), {"longest": longest})
    if not FIRST_YEAR <= values["year"] <= LAST_YEAR:
        facts = {"first": FIRST_YEAR, "last": LAST_YEAR}
        yield FieldError("year", N_("Năm từ {first} đến {last}."), facts)
    start, end = values["starts_on"], values["ends_on"]
    if start is not None and end is not None and end < start:
        yield FieldError("ends_on", N_("Ngày kết thúc không trước ngày bắt đầu."))
    yield from parts.money_faults("household_share", values["household_share"], least=0)
