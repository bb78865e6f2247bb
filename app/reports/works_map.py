"""Works on a map and the same works as a table: each state is a shape, a colour and a word."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Final

from app.domain.works import WorkView
from app.domain.works.mapped import MapUnit, MapWork
from app.i18n import N_
from app.reports.labels import STAGES
from app.reports.lines import Filters
from app.reports.map import NARROW, SMALL, WIDE, Corner, Feature, Picture, Place, draw
from app.reports.table import Cell, Column, Row, Table
from app.reports.works import stage_tag

LATE: Final = "late"
STATES: Final = {LATE: N_("Quá hạn hoàn thành"), **STAGES}
"""States in the order of the legend, with their words; each but `settled` has a shape of its own."""
_SHAPES: Final = {"settled": "handed_over"}


def state_of(work: WorkView | MapWork) -> str:
    """The state that a marker shows: being late comes before the stage."""
    return LATE if work.late else work.stage


def shape_of(state: str) -> str:
    """The shape of a state: what is handed over keeps its own when it is settled."""
    return _SHAPES.get(state, state)


def corners_of(work: WorkView | MapWork) -> list[Corner]:
    """A work's line, else its point, else nothing."""
    if work.path:
        return [(lon, lat) for lon, lat in work.path]
    return [(work.lon, work.lat)] if work.lat is not None and work.lon is not None else []


def pictures(
    works: Sequence[MapWork], units: Sequence[MapUnit], chosen: str | None = None
) -> list[tuple[str, Picture]]:
    """The map for a wide and for a narrow page; works are numbered in their order, `chosen` is a unit to show."""
    features = [Feature(n, state_of(work), corners_of(work)) for n, work in enumerate(works, start=1)]
    places = [
        Place(unit.name, unit.exact_code, (unit.lon, unit.lat), within=unit.exact_code == chosen)
        for unit in units
    ]
    return [("wide", draw(features, places, WIDE)), ("narrow", draw(features, places, NARROW))]


def small_picture(work: WorkView, hamlets: Sequence[MapUnit]) -> Picture | None:
    """One work among its commune's hamlets; None where it has no place."""
    corners = corners_of(work)
    if not corners:
        return None
    places = [Place(hamlet.name, hamlet.exact_code, (hamlet.lon, hamlet.lat)) for hamlet in hamlets]
    return draw([Feature(1, state_of(work), corners)], places, SMALL)


def legend(works: Sequence[MapWork]) -> list[tuple[str, str, int]]:
    """(state, its words, how many works) of the states that a map shows."""
    count = Counter(state_of(work) for work in works)
    return [(state, words, count[state]) for state, words in STATES.items() if count[state]]


def map_table(works: Sequence[MapWork], *, filters: Filters, show_unit: bool, name: str) -> Table:
    """The works of a map under the numbers that they have on it."""
    return Table(
        title=N_("Công trình trên bản đồ"),
        columns=[
            Column("name", N_("Công trình"), width=50),
            *([Column("unit", N_("Chủ đầu tư"))] if show_unit else []),
            Column("stage", N_("Giai đoạn"), "tag"),
            Column("where", N_("Địa điểm")),
        ],
        rows=[
            Row(
                {
                    "name": Cell(f"{n}. {work.name}", f"/works/{work.id}", f"{work.code} · {work.project_code}"),
                    "unit": work.owner_unit_name,
                    "stage": stage_tag(work),
                    "where": work.location,
                }
            )
            for n, work in enumerate(works, start=1)
        ],
        filters=filters,
        name=name,
    )  # fmt: skip
