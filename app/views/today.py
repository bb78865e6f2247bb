"""Today's work of the person who has logged in."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.clock import today
from app.domain import programs
from app.domain.identity.people import names_of
from app.domain.ledger.risky import RiskyLine
from app.domain.ledger.views import ListedEntry
from app.domain.today import SHOWN, Today, work_of
from app.domain.works import WorkView
from app.i18n import N_, Message
from app.reports.obstacles import short_items
from app.reports.plans import short_items as short_plans
from app.views.access import Reader
from app.views.labels import CAPITAL_SHORT, ENTRY_KINDS, STAGES
from app.views.templating import Illustrated, language, render

router = APIRouter(include_in_schema=False)

Item = dict[str, object]


@router.get("/")
def show(request: Request, who: Reader) -> Response:
    """What waits for this person, the most pressing first; quick ways to record."""
    found, lang = work_of(who.actor), language(request)
    people = names_of(e.entry.recorded_by for e in found.to_check) | names_of(
        e.entry.posted_by or "" for e in found.went_through
    )
    names = programs.all_names(who.actor)
    request.state.demo = _illustrative(found)
    return render(
        request, "today/show.html", place="today", found=found, lang=lang, may=who.actor.may,
        day=today(), shown=SHOWN,
        to_check=[_to_check(e, people, names, lang) for e in found.to_check[:SHOWN]],
        sum_to_check=sum(e.entry.amount for e in found.to_check),
        own=[*(_returned(e, names, lang) for e in found.returned), *(_waiting(e, names, lang) for e in found.waiting[:SHOWN])],
        went_through=[_went(e, people, names, lang) for e in found.went_through[:SHOWN]],
        risky=[_risky(line, names, lang) for line in found.risky],
        late=[_late(work) for work in found.late_works],
        to_answer=short_items([o for o in found.obstacles if o.mine] if found.to_answer else [], lang),
        plans=short_plans(found.plans, lang), obstacles=short_items([o for o in found.obstacles if not (found.to_answer and o.mine)], lang),
    )  # fmt: skip


def _illustrative(found: Today) -> bool:
    listed: Iterable[ListedEntry] = (*found.to_check, *found.returned, *found.waiting, *found.went_through)
    rows: Iterable[Illustrated] = (*found.late_works, *found.obstacles, *found.plans)
    return any(row.illustrative for row in rows) or any(e.entry.illustrative for e in listed)


def _item(
    listed: ListedEntry, names: programs.Names, lang: str, kind: str, by: Message, why: Message
) -> Item:
    return {
        "kind_name": ENTRY_KINDS[listed.entry.kind],
        "amount": listed.entry.amount,
        "href": f"/ledger/entries/{listed.entry.id}",
        "kind": kind,
        "by": by,
        "why": why,
        "project": names.projects.get(listed.project_code, listed.project_code),
        "code": listed.project_code,
        "source": names.source(listed.source, lang),
    }


def _to_check(listed: ListedEntry, people: dict[str, str], names: programs.Names, lang: str) -> Item:
    maker = people.get(listed.entry.recorded_by, listed.entry.recorded_by)
    facts = {"who": maker, "number": listed.entry.document.number, "day": listed.entry.effective_date}
    why = Message(N_("{who} lập · chứng từ {number} ngày {day:date}"), facts)
    return _item(listed, names, lang, "", Message(N_("chờ ông/bà duyệt")), why)


def _returned(listed: ListedEntry, names: programs.Names, lang: str) -> Item:
    why = Message(N_("Lý do trả lại: {reason}"), {"reason": listed.entry.reason})
    return _item(listed, names, lang, "late", Message(N_("bị trả lại")), why)


def _waiting(listed: ListedEntry, names: programs.Names, lang: str) -> Item:
    facts = {"number": listed.entry.document.number, "at": listed.changed_at}
    return _item(
        listed,
        names,
        lang,
        "plain",
        Message(N_("chờ duyệt")),
        Message(N_("chứng từ {number} · lập {at:moment}"), facts),
    )


def _went(listed: ListedEntry, people: dict[str, str], names: programs.Names, lang: str) -> Item:
    by = listed.entry.posted_by or ""
    facts = {"who": people.get(by, by), "at": listed.changed_at}
    return _item(
        listed, names, lang, "done", Message(N_("đã vào sổ")), Message(N_("{who} duyệt {at:moment}"), facts)
    )


def _risky(line: RiskyLine, names: programs.Names, lang: str) -> Item:
    kind, by = _deadline(line.last_day)
    return {
        "what": line.name,
        "href": f"/ledger/lines/{line.id}",
        "kind": kind,
        "by": by,
        "at_risk": line.at_risk,
        "available": line.available,
        "code": line.project_code,
        "source": names.source(line.source, lang),
        "capital": CAPITAL_SHORT[line.capital_kind],
        "unit": line.unit_name,
        "last_day": line.last_day,
    }


def _deadline(last: date | None) -> tuple[str, Message]:
    if last is None:
        return "plain", Message(N_("chưa có hạn"))
    days = (last - today()).days
    if days < 0:
        return "late", Message(N_("hết hạn {day:date}"), {"day": last})
    return "risk", Message(N_("còn {days:number} ngày"), {"days": days})


def _late(work: WorkView) -> Item:
    planned = work.planned_finish or today()
    return {
        "what": work.name,
        "href": f"/works/{work.id}",
        "by": Message(N_("chậm {days:number} ngày"), {"days": (today() - planned).days}),
        "stage": STAGES[work.stage],
        "physical": work.physical_percent,
        "unit": work.owner_unit_name,
        "planned": planned,
    }
