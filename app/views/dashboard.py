"""A unit's year on one page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from urllib.parse import urlencode

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.domain.criteria.brief import Brief
from app.domain.dashboard import Dashboard, YearOf, dashboard
from app.domain.works import WorkView
from app.i18n import N_, Message
from app.reports import dashboard as tables
from app.reports.criteria import brief_marks
from app.reports.lines import bar_of
from app.reports.meetings import without_items
from app.reports.svg import Bar
from app.views.access import Reader
from app.views.asked import Asked
from app.views.labels import CAPITAL_SHORT, STAGES
from app.views.templating import language, table_answer

router = APIRouter(include_in_schema=False)


def opener(money: YearOf) -> Callable[..., str]:
    """Where the lines of a figure are read, or as of a past day the entries that make it."""

    def opens(**narrowed: str) -> str:
        query = {"unit": money.unit.exact_code, "year": str(money.year), **narrowed}
        if money.is_now:
            return f"/ledger?{urlencode(query)}"
        return f"/ledger/entries?{urlencode(query | {'status': 'posted', 'to': money.as_of.isoformat()})}"

    return opens


@router.get("/dashboard")
def show(request: Request, who: Reader) -> Response:
    asked = Asked(request, who.actor)
    found = dashboard(who.actor, unit=asked.unit, year=asked.year, as_of=asked.as_of)
    money, lang = found.money, language(request)
    asked.fill(money.unit, money.year, money.years, lang)
    opens = opener(money)
    criteria = found.criteria
    request.state.demo = money.illustrative or (criteria is not None and criteria.illustrative)
    marks = (
        brief_marks(criteria, money.unit.exact_code, money.as_of, lang) if isinstance(criteria, Brief) else ()
    )
    gone = tables.year_gone(money)
    return table_answer(
        request, tables.by_program(money, opens), "dashboard/show.html", place="dashboard", found=found,
        money=money, years=money.years, year=money.year, asked=asked, opens=opens, gone=gone,
        bar=bar_of(money.whole.pockets, gone, money.whole.at_risk), sentence=_sentence(money, gone),
        until=_until(money), points=[(day, pockets.disbursed) for day, pockets in found.months],
        by_month=tables.by_month(money, found.months), by_source=tables.by_source(money, lang, opens),
        by_kind=tables.by_kind(money, opens), by_child=_by_child(found, opens), works=[_work(w, money.as_of) for w in found.works],
        may_record=who.actor.may("ledger.propose"), criteria=criteria, marks=marks,
        without_meeting=_without(found, lang),
    )  # fmt: skip


def _without(found: Dashboard, lang: str) -> object:
    unit = found.money.unit
    wide = unit.level not in ("commune", "hamlet")
    return without_items(found.without_meeting, lang, wide=wide, unit=unit.exact_code)


def _by_child(found: Dashboard, opens: tables.Opens) -> object:
    money = found.money

    def opens_unit(code: str) -> str:
        query = {"unit": code, "year": str(money.year), "as_of": money.as_of.isoformat()}
        return f"/dashboard?{urlencode(query)}"

    return tables.by_child(found, opens, opens_unit) if found.children else None


def _sentence(money: YearOf, gone: Decimal) -> Message:
    """What the figures come to, before any chart."""
    pockets = money.whole.pockets
    if not pockets.plan:
        return Message(N_("Chưa có vốn nào được giao cho năm {year}."), {"year": money.year})
    share = Decimal(pockets.disbursed) / pockets.plan
    facts = {"share": share, "gone": gone, "left": pockets.available}
    if gone >= 1:
        return Message(N_("Hết năm đã giải ngân {share:percent}; còn {left:money} chưa giải ngân."), facts)
    if share < gone:
        return Message(
            N_("Năm đã qua {gone:percent} mà mới giải ngân {share:percent}: tiền đi chậm hơn thời gian."),
            facts,
        )
    return Message(
        N_("Năm đã qua {gone:percent}, đã giải ngân {share:percent}: tiền đi kịp thời gian."), facts
    )


def _until(money: YearOf) -> list[tuple[str, date]]:
    """(capital kind, last day of paying out) of the kinds that have lines."""
    kinds = {row.capital_kind for row in money.rows}
    return [
        (CAPITAL_SHORT[k], day)
        for k, day in sorted(money.last_days.items(), key=lambda x: x[1])
        if k in kinds
    ]


def _work(work: WorkView, on: date) -> dict[str, object]:
    """A row of what to do: the work, where it stands, by when."""
    if late := work.days_late(on):
        by = Message(N_("chậm {days:number} ngày"), {"days": late})
        kind = "late"
    else:
        by = Message(STAGES[work.stage])
        kind = "done" if work.stage in ("completed", "handed_over", "settled") else ""
    return {
        "what": work.name, "href": f"/works/{work.id}", "kind": kind, "by": by, "physical": work.physical_percent,
        "plan": work.total_investment or work.allocated, "stage": STAGES[work.stage], "disbursed": work.disbursed,
        "bar": Bar(work.settled, work.paid, work.advanced, work.available),
    }  # fmt: skip
