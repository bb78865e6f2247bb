"""Sets of criteria as tables: one as it is in a unit, the file that a new one is read from, and what another changes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Final

from app.domain.criteria.changing import (
    Carried,
    Change,
    CriterionChange,
    IndicatorChange,
    Outlook,
    SetChanges,
)
from app.domain.criteria.table import CERTAINTY, COLUMNS, EVIDENCE
from app.domain.criteria.views import KINDS, CriterionView, IndicatorView, SetHead, SetView, ThresholdView
from app.i18n import N_, Message, say
from app.reports.criteria import asked_of, figure_of
from app.reports.table import Cell, Column, Row, Table, Tag, Text
from app.text import fold

NATIONAL: Final = N_("Cả nước")
Regions = Mapping[str, str]  # names by code, in the reader's language
UNKNOWN: Final = Tag("late", N_("chưa có ngưỡng"))
CONFIRMED: Final = Tag("done", N_("đã xác nhận"))
UNCONFIRMED: Final = Tag("risk", N_("chờ xác nhận"))
CHANGES: Final[Mapping[Change, str]] = {
    "added": N_("thêm mới"),
    "dropped": N_("bỏ"),
    "reworded": N_("đổi nội dung"),
    "kind": N_("đổi cách đo"),
    "threshold": N_("đổi ngưỡng"),
    "evidence": N_("đổi yêu cầu minh chứng"),
}
CARRIED: Final[Mapping[Carried, Tag]] = {
    "met": Tag("done", N_("vẫn đạt")),
    "unmet": Tag("late", N_("không đạt")),
    "anew": Tag("risk", N_("phải đánh giá lại")),
    "gone": Tag("plain", N_("không còn")),
}
OUTLOOKS: Final[Mapping[Outlook, Tag]] = {
    "lost": Tag("late", N_("mất")),
    "anew": Tag("risk", N_("phải đánh giá lại")),
    "gained": Tag("done", N_("thêm đạt")),
    "kept": Tag("done", N_("giữ đạt")),
    "unmet": Tag("plain", N_("vẫn chưa đạt")),
    "dropped": Tag("plain", N_("không còn trong bộ")),
}
_WIDTHS: Final = {"criterion": 34, "criterion_en": 34, "group": 26, "name": 60, "kind": 18, "source": 40}


def whose(rule: SetHead | ThresholdView, regions: Regions) -> Text:
    """Of which place a set or a threshold is."""
    if rule.unit_name is not None:
        return rule.unit_name
    return regions.get(rule.region, rule.region) if rule.region is not None else Message(NATIONAL)


def validity(start: date, end: date | None) -> Message:
    if end is None:
        return Message(N_("từ {day:date}"), {"day": start})
    return Message(N_("từ {start:date} đến hết {end:date}"), {"start": start, "end": end})


def file_name(head: SetHead) -> str:
    return "".join(c if c.isascii() and c.isalnum() else "-" for c in fold(head.code))


def set_table(found: SetView, regions: Regions, place: str, lang: str) -> Table:
    """Every indicator under its criterion and group: what it must reach in a place, and where that stands."""
    evidence = any(one.evidence_required for _, one in found.indicators)
    return Table(
        title=found.head.named(lang),
        columns=[
            Column("name", N_("Chỉ tiêu"), width=60),
            Column("asked", N_("Phải đạt"), width=22),
            Column("whose", N_("Ngưỡng của"), width=22),
            *([Column("evidence", N_("Minh chứng"), "tag", width=16)] if evidence else []),
            Column("certainty", N_("Độ chắc chắn"), "tag", width=18),
            Column("source", N_("Căn cứ"), width=46),
        ],
        rows=list(_set_rows(found, regions, lang)),
        filters=[(N_("Ngưỡng ở"), place), (N_("Căn cứ"), found.head.source)],
        name=f"bo-tieu-chi-{file_name(found.head)}",
    )


def _set_rows(found: SetView, regions: Regions, lang: str) -> Iterator[Row]:
    group = None
    for criterion in found.criteria:
        if criterion.group and criterion.group != group:
            group = criterion.group
            yield Row({"name": group}, "group")
        yield Row({"name": _criterion_name(criterion, lang)}, "group", depth=1)
        for one in criterion.indicators:
            yield _indicator_row(found.head, one, regions, lang)


def _criterion_name(criterion: CriterionView, lang: str) -> Message:
    return Message("{number}. {name}", {"number": str(criterion.number), "name": criterion.named(lang)})


def _indicator_row(head: SetHead, one: IndicatorView, regions: Regions, lang: str) -> Row:
    rule = one.threshold
    return Row(
        {
            "name": Cell(f"{one.code} {one.name}", href=indicator_href(head, one.code)),
            "asked": "" if one.unknown else asked(one, lang),
            "whose": say(lang, whose(rule, regions)) if rule is not None and not one.unknown else "",
            "evidence": Tag("plain", N_("cần minh chứng")) if one.evidence_required else None,
            "certainty": _certainty(one),
            "source": one.ruled_by,
        },
        depth=2,
    )


def _certainty(one: IndicatorView) -> Tag:
    if one.unknown:
        return UNKNOWN
    return CONFIRMED if one.certain else UNCONFIRMED


def indicator_href(head: SetHead, code: str) -> str:
    return f"/criteria/sets/{head.code}/indicators/{code}"


def asked(one: IndicatorView, lang: str) -> str:
    """What must be reached, that it is judged, or that no threshold is known."""
    return say(lang, UNKNOWN.text) if one.unknown else asked_of(one, lang) or say(lang, KINDS[one.kind])


def template_table(found: SetView | None, lang: str) -> Table:
    """What a new set is read from, filled with one that stands as a start."""
    return Table(
        title=N_("Bộ tiêu chí mới"),
        columns=[
            Column(key, label, width=_WIDTHS.get(key), kind="number" if key == "threshold" else "text")
            for key, label in COLUMNS.items()
        ],
        rows=[
            Row(
                {
                    "number": str(criterion.number), "criterion": criterion.name, "criterion_en": criterion.name_en,
                    "group": criterion.group, "code": one.code, "name": one.name, "kind": say(lang, KINDS[one.kind]),
                    "unit": one.unit, "threshold": one.must_reach, "source": one.ruled_by,
                    "certainty": say(lang, CERTAINTY["sure" if one.certain else "confirm"]),
                    "evidence": say(lang, EVIDENCE[one.evidence_required]),
                }
            )
            for criterion, one in (found.indicators if found else ())
        ],
        name="mau-bo-tieu-chi",
    )  # fmt: skip


def thresholds_table(
    rules: Sequence[ThresholdView], one: IndicatorView, regions: Regions, lang: str
) -> Table:
    """Every threshold of an indicator, of all places."""
    sign = "≤" if one.comparator == "<=" else "≥"
    return Table(
        title=N_("Ngưỡng ở các nơi"),
        columns=[
            Column("whose", N_("Của"), width=24),
            Column("asked", N_("Phải đạt"), width=18),
            Column("validity", N_("Hiệu lực"), width=28),
            Column("certainty", N_("Độ chắc chắn"), "tag", width=18),
            Column("source", N_("Căn cứ"), width=46),
        ],
        rows=[
            Row(
                {
                    "whose": say(lang, whose(rule, regions)),
                    "asked": say(lang, UNKNOWN.text)
                    if rule.value is None
                    else f"{sign} {figure_of(rule.value, one.unit, lang)}",
                    "validity": validity(rule.valid_from, rule.valid_to),
                    "certainty": CONFIRMED if rule.certainty == "sure" else UNCONFIRMED,
                    "source": rule.source,
                }
            )
            for rule in rules
        ],
        name=f"nguong-{one.code.replace('.', '-')}",
    )


def changes_table(found: SetChanges, lang: str, *, unchanged: bool) -> Table:
    """By criterion and indicator, what another set changes; `unchanged`: also what stays as it is."""
    return Table(
        title=N_("Từng chỉ tiêu"),
        columns=[
            Column("name", N_("Chỉ tiêu"), width=60),
            Column("change", N_("Thay đổi"), width=24),
            Column("old", N_("Bộ cũ"), width=20),
            Column("new", N_("Bộ mới"), width=20),
            Column("value", N_("Đánh giá gần nhất"), width=24),
            Column("carried", N_("Theo bộ mới"), "tag", width=20),
        ],
        rows=list(_change_rows(found, lang, unchanged=unchanged)),
        filters=[
            (N_("Đơn vị"), found.unit.name), (N_("Bộ cũ"), found.old.named(lang)), (N_("Bộ mới"), found.new.named(lang)),
        ],
        as_of=found.as_of,
        name=f"doi-bo-tieu-chi-{found.unit.code}",
    )  # fmt: skip


def _change_rows(found: SetChanges, lang: str, *, unchanged: bool) -> Iterator[Row]:
    for criterion in found.criteria:
        shown = [one for one in criterion.indicators if one.changes or unchanged]
        if shown or unchanged:
            yield _criterion_row(criterion, lang)
        for one in shown:
            yield _change_row(one, lang)


def _criterion_row(criterion: CriterionChange, lang: str) -> Row:
    return Row(
        {"name": _criterion_name(criterion.named, lang), "carried": OUTLOOKS[criterion.outlook]}, "group"
    )


def _change_row(one: IndicatorChange, lang: str) -> Row:
    shown = one.new or one.old
    assert shown is not None  # noqa: S101 - it stands in one of the two
    sub = one.old.name if one.old is not None and "reworded" in one.changes else None
    return Row(
        {
            "name": Cell(
                f"{one.code} {shown.name}",
                sub=say(lang, Message(N_("Bộ cũ: {name}"), {"name": sub})) if sub else None,
            ),
            "change": "; ".join(say(lang, CHANGES[change]) for change in one.changes),
            "old": asked(one.old, lang) if one.old else "",
            "new": asked(one.new, lang) if one.new else "",
            "value": _assessed(one, lang),
            "carried": CARRIED[one.carried],
        },
        depth=1,
    )


def _assessed(one: IndicatorChange, lang: str) -> str:
    found = one.assessment
    if found is None:
        return ""
    word = say(lang, N_("đạt") if found.met else N_("chưa đạt"))
    value = figure_of(found.value, found.measure, lang)
    day = say(lang, Message("{day:date}", {"day": found.assessed_on}))
    return " · ".join(part for part in (value, word, day) if part)
