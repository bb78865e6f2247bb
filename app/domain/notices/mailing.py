"""E-mail: what waits in people's inboxes, sent to those who have an address, one message a person and run.

A notice that is on its way is marked as mailed before it is sent, and unmarked when the server does not take it: two
runs at once send nothing twice, and the next run tries again what failed.
"""

from __future__ import annotations

import logging
import smtplib
import ssl
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from email.message import EmailMessage
from email.utils import format_datetime, formataddr, make_msgid
from typing import Final

import sqlalchemy as sa

from app import db
from app.clock import local, utcnow
from app.domain.notices.inbox import COLUMNS, NoticeView
from app.models.identity import User
from app.models.steering import Notice
from app.settings import settings

log = logging.getLogger("app.mail")
KEPT_FOR: Final = timedelta(days=7)  # what is older, or was read, is not sent any more
MOST: Final = 100  # notices of one message
TIMEOUT: Final = 20  # seconds


@dataclass(frozen=True, slots=True)
class Outgoing:
    """What one person is to be sent."""

    user_id: uuid.UUID
    name: str
    email: str
    notices: list[NoticeView]


@dataclass(frozen=True, slots=True)
class Posted:
    """How many people were sent a message, and to how many it could not be sent."""

    sent: int = 0
    failed: int = 0


def mail(compose: Callable[[Outgoing], tuple[str, str]]) -> Posted:
    """Send everybody what is new in their inbox; `compose` gives (subject, text). Nothing where no server is set."""
    waiting = _waiting() if settings().smtp_host else []
    if not waiting:
        return Posted()
    sent = 0
    try:
        with _server() as server:
            for user_id in waiting:
                sent += _post(server, user_id, compose)
    except (OSError, smtplib.SMTPException) as error:
        _tell(error)
    return Posted(sent, len(waiting) - sent)


def _fresh() -> tuple[sa.ColumnElement[bool], ...]:
    return Notice.mailed_at.is_(None), Notice.read_at.is_(None), Notice.at > utcnow() - KEPT_FOR


def _waiting() -> list[uuid.UUID]:
    query = (
        sa.select(User.id)
        .join(Notice, Notice.user_id == User.id)
        .where(*_fresh(), User.email != "", sa.not_(User.disabled))
        .group_by(User.id)
        .order_by(sa.func.min(Notice.id))
    )
    with db.transaction() as session:
        return list(session.execute(query).scalars())


def _post(server: smtplib.SMTP, user_id: uuid.UUID, compose: Callable[[Outgoing], tuple[str, str]]) -> bool:
    """Whether a person was sent what waits for them; raises what makes a further try useless."""
    out = _claim(user_id)
    if out is None:
        return False
    try:
        server.send_message(_message(out, *compose(out)))
    except (smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError) as error:
        _unclaim(out)
        _tell(error)
        server.rset()
        return False
    except BaseException:
        _unclaim(out)
        raise
    return True


def _claim(user_id: uuid.UUID) -> Outgoing | None:
    """What waits for a person, from now on nobody else's to send."""
    with db.transaction(write=True) as session:
        person = session.execute(sa.select(User.full_name, User.email).where(User.id == user_id)).one()
        mine = (
            sa.select(Notice.id).where(Notice.user_id == user_id, *_fresh()).order_by(Notice.id).limit(MOST)
        )
        claimed = (
            sa.update(Notice)
            .where(Notice.id.in_(mine), Notice.mailed_at.is_(None))
            .values(mailed_at=utcnow())
            .returning(*COLUMNS)
        )
        found = sorted((NoticeView(*row) for row in session.execute(claimed)), key=lambda n: n.id)
    return Outgoing(user_id, *person, found) if found else None


def _unclaim(out: Outgoing) -> None:
    with db.transaction(write=True) as session:
        mine = Notice.id.in_([n.id for n in out.notices])
        session.execute(sa.update(Notice).where(mine).values(mailed_at=None))


@contextmanager
def _server() -> Iterator[smtplib.SMTP]:
    knobs = settings()
    with smtplib.SMTP(knobs.smtp_host, knobs.smtp_port, timeout=TIMEOUT) as server:
        if knobs.smtp_starttls:
            server.starttls(context=ssl.create_default_context())
        if knobs.smtp_user:
            server.login(knobs.smtp_user, knobs.smtp_password.get_secret_value())
        yield server


def _message(out: Outgoing, subject: str, text: str) -> EmailMessage:
    message = EmailMessage()
    sender = settings().smtp_sender
    message["From"] = formataddr(("Sổ MTQG", sender))
    message["To"] = formataddr((out.name, out.email))
    message["Subject"] = subject
    message["Date"] = format_datetime(local(utcnow()))
    message["Message-ID"] = make_msgid(domain=sender.rpartition("@")[2] or None)
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(text)
    return message


def _tell(error: Exception) -> None:
    """The log names the server and what kind of refusal it was, no address, no password, no words of a notice."""
    knobs = settings()
    log.warning(
        "mail not sent",
        extra={
            "host": knobs.smtp_host, "port": knobs.smtp_port, "error": type(error).__name__,
            "code": getattr(error, "smtp_code", None),
        },
    )  # fmt: skip
