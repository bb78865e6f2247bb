"""Outreach events as a table, in a reader's words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from app.domain.outreach import OutreachTotal, OutreachView
from app.i18n import N_, Message, translate
from app.reports.table import Cell, Column, Row, Table
from app.text import fold


def href(event: OutreachView) -> str:
    return f"/outreach/{event.id}"


def where_of(event: OutreachView) -> str:
    """Where it was held: the place, and its hamlet unless the place names it."""
    hamlet = event.hamlet_name or ""
    if fold(hamlet) in fold(event.place):
        return event.place
    return ", ".join(part for part in (event.place, hamlet) if part)


def about(event: OutreachView, programs: Mapping[str, str], lang: str) -> str:
    """What it was about: its work, its criterion, its program."""
    criterion = event.criterion(lang)
    parts = (
        event.work_name or "",
        translate(lang, N_("Tiêu chí {name}"), name=criterion) if criterion else "",
        programs.get(event.program_code or "", event.program_code or ""),
    )
    return " · ".join(part for part in parts if part)


def outreach_table(
    events: Sequence[OutreachView],
    together: OutreachTotal,
    programs: Mapping[str, str],
    lang: str,
    *,
    filters: Sequence[tuple[str, str]],
    show_unit: bool,
    name: str,
) -> Table:
    """Events, the latest first; `together` is all that the filters leave, also beyond this page."""
    return Table(
        title=N_("Tuyên truyền, vận động"),
        columns=[
            Column("topic", N_("Chủ đề"), width=50),
            Column("day", N_("Ngày"), "date"),
            *([Column("unit", N_("Đơn vị"), width=24)] if show_unit else []),
            Column("place", N_("Nơi"), width=30),
            Column("organiser", N_("Người tổ chức"), width=30),
            Column("people", N_("Lượt người"), "number"),
        ],
        rows=[
            Row(
                {
                    "topic": Cell(e.topic, href(e), about(e, programs, lang) or None),
                    "day": e.held_on,
                    "unit": e.unit_name,
                    "place": where_of(e),
                    "organiser": e.organiser,
                    "people": e.people,
                }
            )
            for e in events
        ],
        totals=Row(
            {
                "topic": Message(N_("Cộng {n:number} buổi"), {"n": together.events}),
                "people": together.people,
            },
            "sum",
        )
        if together.events
        else None,
        filters=filters,
        name=name,
    )
