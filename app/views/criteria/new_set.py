"""A new set of criteria: its head and a table of its indicators, shown with every fault by row, then added by a word."""

from __future__ import annotations

import base64
import uuid
from dataclasses import dataclass, replace
from typing import Any, Final

import orjson
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.clock import today
from app.domain.access import Actor
from app.domain.criteria import defining, sets, table
from app.domain.criteria.proposed import NewSet, head_faults
from app.domain.criteria.table import CERTAINTY, COLUMNS, SetTable
from app.domain.criteria.views import COMMUNE, KINDS, LEVELS, SetView
from app.errors import Fault, Invalid
from app.i18n import N_, Message
from app.reports import criteria_sets as tables
from app.reports.criteria import figure_of
from app.reports.table import Column, Row, Table
from app.views.access import Reader, Typed
from app.views.criteria import places
from app.views.forms import Form
from app.views.ledger.common import named
from app.views.sent_table import FAULTS, Content, note, rows_of
from app.views.templating import language, redirect_after_post, render, table_answer
from app.views.works.common import refused

router = APIRouter(include_in_schema=False)
HEAD: Final = (
    "code",
    "name",
    "name_en",
    "level",
    places.FIELD,
    "valid_from",
    "valid_to",
    "source",
    "certainty",
)
_MOST_ROWS: Final = 1000


@dataclass(frozen=True, slots=True)
class Sent:
    """What was sent: the head as it was typed, and the table."""

    head: dict[str, str]
    content: bytes

    def packed(self) -> bytes:
        return orjson.dumps({"head": self.head, "content": base64.b64encode(self.content).decode()})

    @classmethod
    def unpacked(cls, kept: bytes) -> Sent:
        found = orjson.loads(kept)
        return cls(found["head"], base64.b64decode(found["content"]))


@router.get("/criteria/sets/new")
def ask(request: Request, who: Reader) -> Response:
    """The form of a head and a file (`again`: filled with one that was sent); `format` gives the table to start from."""
    defining.require_defining(who.actor)
    again = request.query_params.get("again")
    typed = Sent.unpacked(table.kept(who.actor, uuid.UUID(again))).head if _is_id(again) else None
    opened = {"level": COMMUNE, "place": places.initial(who.actor), "certainty": "confirm"}
    return _ask(request, who.actor, Form(typed or opened))


def _is_id(text: str | None) -> bool:
    try:
        return bool(text and uuid.UUID(text))
    except ValueError:
        return False


def _ask(request: Request, actor: Actor, form: Form, *, status: int = 200) -> Response:
    used = _start(actor) if request.query_params.get("format") else None
    return table_answer(
        request, tables.template_table(used, language(request)), "criteria/set_new.html", status=status,
        place="criteria", title=N_("Thêm bộ tiêu chí"), form=form, columns=COLUMNS, kinds=KINDS, most=_MOST_ROWS,
        levels=named(request, LEVELS), places=places.options(request, actor), certainty=named(request, CERTAINTY),
    )  # fmt: skip


def _start(actor: Actor) -> SetView | None:
    """The set of communes in force at the actor's unit."""
    unit = f"{actor.unit_code}@{actor.structure}"
    used = sets.sets(actor, level=COMMUNE, unit=unit, on=today(), only_in_force=True)
    return sets.whole_sets(actor, used, unit=unit)[0] if used else None


@router.post("/criteria/sets/new")
def send(request: Request, who: Reader, form: Typed, content: Content) -> Response:
    """Reads head and file, keeps them and shows what they say; nothing is stored."""
    defining.require_defining(who.actor)
    _head(form)
    try:
        _read(content)
    except Invalid as fault:
        note(request, form, fault)
    if not form.ok:
        return _ask(request, who.actor, form, status=422)
    kept = table.keep(who.actor, Sent({name: form.get(name) for name in HEAD}, content).packed())
    return redirect_after_post(request, f"/criteria/sets/new/{kept}")


def _read(content: bytes) -> SetTable:
    return table.read_table(rows_of(content, _MOST_ROWS))


def _head(form: Form) -> NewSet | None:
    """The set that a form heads, still without criteria; what is wrong is noted."""
    region, unit_code = places.chosen(form)
    texts: dict[str, Any] = {
        "code": (form.text("code", longest=40) or "").upper(),
        "name": form.text("name", longest=300),
        "name_en": form.text("name_en", required=False, longest=300) or "",
        "level": form.choice("level", LEVELS),
        "valid_from": form.day("valid_from"),
        "valid_to": form.day("valid_to", required=False),
        "source": form.text("source", longest=500),
        "certainty": form.choice("certainty", CERTAINTY),
    }
    if not form.ok:
        return None
    new = NewSet(region=region, unit_code=unit_code, criteria=(), **texts)
    faults = list(head_faults(new))
    for fault in faults:
        form.fail(fault.field, fault.message, **fault.facts)
    return None if faults else new


@router.get("/criteria/sets/new/{file_id:uuid}")
def look(request: Request, who: Reader, file_id: uuid.UUID) -> Response:
    """What would be added: faults first, by row and column."""
    sent = Sent.unpacked(table.kept(who.actor, file_id))
    return _look(request, who.actor, file_id, sent, Form())


def _look(
    request: Request, actor: Actor, file_id: uuid.UUID, sent: Sent, form: Form, *, status: int = 200
) -> Response:
    found, head = _read(sent.content), _head(Form(dict(sent.head)))
    regions, lang = places.region_names(request, actor), language(request)
    return render(
        request, "criteria/set_preview.html", status=status, place="criteria", title=N_("Xem trước bộ tiêu chí"),
        p=found, head=head, file_id=file_id, form=form, columns=COLUMNS, levels=LEVELS,
        region=regions.get(head.region or "") if head else None, certainty=CERTAINTY,
        faults=found.faults[:FAULTS], more=max(0, len(found.faults) - FAULTS), validity=tables.validity,
        unknown=[one.code for one in found.indicators if one.kind != "judgment" and one.threshold is None],
        confirm=sum(one.certainty == "confirm" for one in found.indicators), table=_table(found, lang),
    )  # fmt: skip


def _table(found: SetTable, lang: str) -> Table:
    return Table(
        title=N_("Các chỉ tiêu trong bảng"),
        columns=[
            Column("name", N_("Chỉ tiêu"), width=60), Column("kind", N_("Loại chỉ tiêu")),
            Column("threshold", N_("Ngưỡng")),
        ],
        rows=[
            row
            for criterion in found.criteria
            for row in (
                Row({"name": f"{criterion.number}. {criterion.name}"}, "group"),
                *(
                    Row(
                        {
                            "name": f"{one.code} {one.name}", "threshold": figure_of(one.threshold, one.unit, lang),
                            "kind": Message(KINDS[one.kind]) if one.kind in KINDS else "",
                        },
                        depth=1,
                    )
                    for one in criterion.indicators
                ),
            )
        ],
    )  # fmt: skip


@router.post("/criteria/sets/new/{file_id:uuid}")
def confirm(request: Request, who: Reader, form: Typed, file_id: uuid.UUID) -> Response:
    """Adds the set, whole or not at all; checked again as things stand now."""
    sent = Sent.unpacked(table.kept(who.actor, file_id))
    found, head = _read(sent.content), _head(Form(dict(sent.head)))
    status = 422
    if head is not None and not found.faults:
        try:
            made, _ = defining.create(who.actor, replace(head, criteria=found.criteria))
            table.let_go(who.actor, file_id)
            said = N_("Đã thêm bộ tiêu chí. Các bộ đã có giữ nguyên.")
            return redirect_after_post(request, f"/criteria/sets/{made.head.code}", flash=said)
        except Fault as fault:
            status = refused(form, fault, ())
    return _look(request, who.actor, file_id, sent, form, status=status)
