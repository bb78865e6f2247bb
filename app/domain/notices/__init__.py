"""What people are told: in their inbox, once each, and by e-mail where a server is set."""

from __future__ import annotations

from app.domain.notices.inbox import NoticeView, inbox, mark_read, read_about
from app.domain.notices.mailing import Outgoing, Posted, mail
from app.domain.notices.telling import News, people_of, tell

__all__ = [
    "News", "NoticeView", "Outgoing", "Posted", "inbox", "mail", "mark_read", "people_of", "read_about", "tell",
]  # fmt: skip
