"""The minutes (biên bản) of a board's meeting."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from app.domain.directives.views import DirectiveView
from app.domain.meetings.views import EXCUSED, PRESENT, Seat, Whole
from app.errors import NotFound
from app.i18n import N_, format_date
from app.reports.archive import plain
from app.reports.boards import ROLES
from app.reports.papers.paper import (
    BLANK,
    Block,
    Col,
    Grid,
    Heading,
    Items,
    Paper,
    Paragraph,
    Signature,
    committee_of,
    long_date,
    people_of,
    place_of,
)

_BOARDS: Final = {"steering": "BCĐ", "management": "BQL"}
_DEMANDS: Final = (
    Col("TT", 1, "center"), Col("Nội dung", 7), Col("Giao thực hiện", 4), Col("Hạn", 3, "center"),
)  # fmt: skip


def minutes(whole: Whole, concluded: Sequence[DirectiveView]) -> Paper:
    """A meeting as its minutes have it; `concluded`: the directives that it gave. NotFound while there are none."""
    meeting = whole.meeting
    if meeting.minutes is None:
        raise NotFound(N_("Cuộc họp này chưa ghi biên bản."))
    return Paper(
        name=f"bien-ban-hop-{plain(place_of(meeting.unit_name))}-{meeting.date.isoformat()}",
        kind="Biên bản",
        abstract=meeting.title,
        superior=people_of(meeting.unit_name),
        issuer=(meeting.committee_name,),
        number=meeting.minutes_number,
        sign=f"BB-{_BOARDS[meeting.committee_kind]}",
        place=place_of(meeting.unit_name),
        day=meeting.date,
        blocks=(
            *_when(whole),
            *_who(whole),
            *_what(whole),
            *demands(f"{'IV' if whole.agenda else 'III'}. Kết luận", concluded),
        ),
        signatures=(Signature(("Thư ký",), meeting.secretary), Signature(("Chủ trì",), meeting.chair)),
        recipients=("Thành viên Ban", *assignees(concluded), "Lưu: VT"),
        illustrative=meeting.illustrative or any(d.illustrative for d in concluded),
    )


def _when(whole: Whole) -> Iterator[Block]:
    meeting = whole.meeting
    starts = meeting.starts_at
    hour = f"{starts.hour:02d} giờ {starts.minute:02d}, " if starts is not None else ""
    yield Paragraph(f"{hour}{long_date(meeting.date)}.", lead="Thời gian:")
    yield Paragraph(f"{meeting.place or BLANK}.", lead="Địa điểm:")


def _who(whole: Whole) -> Iterator[Block]:
    came = [seat for seat in whole.seats if seat.presence == PRESENT]
    away = [seat for seat in whole.seats if seat.presence not in (PRESENT, None)]
    yield Heading("I. Thành phần")
    yield Paragraph(whole.meeting.chair or BLANK, lead="Chủ trì:")
    yield Paragraph(whole.meeting.secretary or BLANK, lead="Thư ký:")
    if came:
        yield Paragraph(f"{len(came)}/{len(came) + len(away)} thành viên.", lead="Có mặt:")
        yield Items([_seat(seat) for seat in came])
    if away:
        yield Paragraph(f"{len(away)} thành viên.", lead="Vắng:")
        yield Items([_seat(seat) for seat in away])


def _seat(seat: Seat) -> str:
    said = ", ".join(part for part in (seat.person, seat.title) if part) + f" - {ROLES[seat.role]}"
    if seat.presence == EXCUSED:
        said += ", có lý do"
    return f"{said} ({seat.stood_in} dự thay)" if seat.stood_in else said


def _what(whole: Whole) -> Iterator[Block]:
    number = iter(("II", "III"))
    if whole.agenda:
        yield Heading(f"{next(number)}. Nội dung họp")
        yield Items([item.text for item in whole.agenda], numbered=True)
    yield Heading(f"{next(number)}. Diễn biến, ý kiến")
    yield Paragraph(whole.meeting.minutes or "")


def demands(title: str, given: Sequence[DirectiveView]) -> Iterator[Block]:
    """A section of what is to be done: by whom, by when (as it was first given)."""
    if given:
        yield Heading(title)
        yield Grid(
            _DEMANDS,
            [
                (str(number), d.text, assignee(d), format_date(d.first_due_on))
                for number, d in enumerate(given, start=1)
            ],
        )


def assignees(given: Iterable[DirectiveView]) -> Iterator[str]:
    """Those who have something to do by a paper, each once: they receive it."""
    yield from dict.fromkeys(assignee(d) for d in given)


def assignee(directive: DirectiveView) -> str:
    """Who has to do something: a person, a board, an agency; of a unit its people's committee."""
    if directive.assignee_kind == "unit":
        return committee_of(directive.assignee_name)
    return directive.assignee_name
