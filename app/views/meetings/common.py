"""What the pages of meetings share."""

from __future__ import annotations

import re
from datetime import time
from typing import Final

from starlette.requests import Request

from app.domain.meetings import MeetingView
from app.i18n import N_, translate
from app.reports.meetings import href
from app.views.forms import Form
from app.views.templating import language

_HOUR: Final = re.compile(r"(\d{1,2})(?:[^\d\-]{1,5}(\d{2}))?[^\d]{0,6}", re.ASCII)
LONGEST: Final = {"title": 300, "place": 200, "chair": 120, "secretary": 120, "minutes_number": 120}


def crumbs(
    request: Request, meeting: MeetingView | None = None, *, itself: bool = False
) -> list[tuple[str, str | None]]:
    """The way to a page of a meeting, or of meetings."""
    year = f"?year={meeting.date.year}" if meeting else ""
    way: list[tuple[str, str | None]] = [(translate(language(request), N_("Họp")), f"/meetings{year}")]
    return [*way, (meeting.title, href(meeting))] if meeting and itself else way


def words(form: Form, *names: str) -> dict[str, str]:
    """Short texts that may be left empty."""
    return {name: form.text(name, required=False, longest=LONGEST[name]) or "" for name in names}


def hour(form: Form, name: str = "starts_at") -> time | None:
    """An hour as people write one, with or without minutes, whatever stands between and behind: 8:00, 8h30, 14h."""
    typed = form.get(name).strip()
    if not typed:
        return None
    try:
        hours, minutes = _HOUR.fullmatch(typed).groups()  # type: ignore[union-attr]  # what does not match is no hour
        return time(int(hours), int(minutes or 0))
    except (AttributeError, ValueError):
        form.fail(name, N_("Không phải giờ. Ví dụ: 8:00 hoặc 14h30"))
        return None
