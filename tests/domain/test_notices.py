"""What people are told of directives: once each, in the inbox at once, reminders and escalation, and e-mail."""

from __future__ import annotations

import re
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from email import message_from_bytes, policy

import pytest
import sqlalchemy as sa

from app import db
from app.clock import today, utcnow
from app.domain import directives, notices
from app.domain.access import Actor
from app.domain.directives import reminding
from app.domain.directives.reminding import remind
from app.domain.identity import common, people
from app.domain.notices import Outgoing, Posted
from app.errors import NotFound
from app.i18n import format_date
from app.models.identity import User
from app.models.steering import Notice
from app.settings import settings
from tests.domain.test_directives import DUE, board, directive, seat
from tests.support.commands import run as run_command
from tests.support.world import World, actor

SOON, PASSWORD = today() + timedelta(10), "Bi-mat-cua-may-chu"


def person(username: str) -> Actor:
    """Somebody on record, as whom they log in."""
    with db.transaction() as session:
        return common.as_actor(
            session, session.execute(sa.select(User).where(User.username == username)).scalar_one()
        )


def told(username: str) -> list[str]:
    """Kinds of what somebody has not read, the latest first."""
    return [n.kind.removeprefix("directive_") for n in notices.inbox(person(username), unread=True)[0]]


def everybody() -> dict[str, list[str]]:
    names = ("officer", "accountant", "leader", "reviewer", "inspector", "supervisor", "huyen", "khac")
    return {name: kinds for name in names if (kinds := told(name))}


def test_each_move_tells_the_other_side_once_and_at_once(world: World) -> None:
    made = directive(person("huyen"), due_on=SOON)
    assert everybody() == {"officer": ["given"], "leader": ["given"]}
    for _ in range(2):
        directives.report(person("officer"), made.id, "Đã xong")
    assert everybody() == {
        "leader": ["given"],
        "huyen": ["reported"],
    }  # who acts has read what they were told
    directives.send_back(person("huyen"), made.id, "Thiếu minh chứng")
    directives.extend(person("huyen"), made.id, SOON + timedelta(5), "Chờ vốn")
    directives.progress(person("leader"), made.id, "Đang bổ sung", 90)
    directives.report(person("leader"), made.id, "Đã đủ")
    directives.accept(person("huyen"), made.id)
    assert everybody() == {"officer": ["accepted", "extended", "returned"], "leader": ["accepted"]}

    own = directive(person("leader"), assignee_kind="person", assignee_id=person("accountant").user_id)
    assert (told("accountant"), told("leader")) == (["given"], ["accepted"])
    notice = notices.inbox(person("accountant"))[0][0]
    assert (notice.subject_id, notice.facts["due_on"]) == (own.id, DUE.isoformat())
    with pytest.raises(NotFound):
        notices.mark_read(person("leader"), notice.id)
    assert notices.mark_read(person("accountant"), notice.id) is not None
    assert notices.mark_read(person("officer")) is None
    assert (told("accountant"), told("officer")) == ([], [])
    found, number, unread = notices.inbox(person("officer"), limit=2)
    assert ([n.kind for n in found], number, unread) == (["directive_accepted", "directive_extended"], 4, 0)


def changed(username: str, **values: object) -> None:
    with db.transaction(write=True) as session:
        session.execute(sa.update(User).where(User.username == username).values(**values))


def test_people_are_told_of_what_they_can_still_do(world: World) -> None:
    ours = board()
    seat(ours, user_id=person("accountant").user_id)
    seat(ours, user_id=person("huyen").user_id)
    seat(ours, user_id=person("supervisor").user_id, to_on=today() - timedelta(1))
    directive(actor("leader"), assignee_kind="board", assignee_id=ours)
    unit = {"officer": ["given"], "leader": ["given"]}
    assert everybody() == unit | {"accountant": ["given"], "huyen": ["given"]}
    above = directive(
        actor("leader"), assignee_kind="person", assignee_id=seat(ours, user_id=person("huyen").user_id)
    )
    assert everybody()["officer"] == [
        "given",
        "given",
    ]  # whose account stands above reports, and the unit knows
    mine = directive(person("huyen"), assignee_kind="person", assignee_id=person("accountant").user_id)
    assert (told("accountant"), told("officer")) == (["given", "given"], ["given", "given"])
    changed("accountant", disabled=True)
    directives.extend(person("huyen"), mine.id, SOON, "Chờ vốn")
    assert told("officer")[0] == told("leader")[0] == "extended"
    changed("huyen", unit_id=actor("reviewer", "20773@legacy").unit_id)  # moved: what she gave is others' now
    before = told("huyen")
    directives.report(actor("officer"), mine.id, "Xong")
    directives.extend(actor("leader"), above.id, SOON, "Chờ vốn")
    assert told("huyen") == before
    assert told("officer")[0] == "extended"


def test_reminders_go_through_all_in_parts(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reminding, "_AT_ONCE", 2)
    for _ in range(5):
        directive(person("huyen"), due_on=date(2024, 5, 20))
    system = common.system_actor()
    assert remind(system, date(2024, 5, 21)) == 10
    assert remind(system, date(2024, 5, 21)) == 0


def test_who_has_to_do_it_is_told_of_other_words_and_that_it_was_withdrawn(world: World) -> None:
    made = directive(person("huyen"), due_on=SOON)
    directives.update(person("huyen"), made.id, 1, {"text": "Giải ngân hết"})
    directives.update(person("huyen"), made.id, 2, {"priority": "urgent"})
    directives.take_back(actor("leader", "512@legacy"), made.id, "Giao nhầm xã")
    assert told("officer") == ["withdrawn", "reworded", "given"]
    assert told("huyen") == ["withdrawn"]  # who gave it, too, unless they did it
    assert [n.facts["text"] for n in notices.inbox(person("officer"))[0]][:2] == ["Giải ngân hết"] * 2
    assert remind(common.system_actor(), SOON) == 0


def test_a_move_that_is_refused_tells_nobody(world: World) -> None:
    made = directive(person("huyen"))
    with pytest.raises(Exception, match="bên giao"):
        directives.accept(person("leader"), made.id)
    assert everybody() == {"officer": ["given"], "leader": ["given"]}


def test_reminders_and_escalation_come_once_on_their_days(world: World) -> None:
    system, due = common.system_actor(), date(2024, 5, 20)
    made = directive(person("huyen"), due_on=due)
    done = directive(person("huyen"), due_on=due)
    directives.report(person("officer"), done.id, "Xong")
    for name in ("officer", "leader", "huyen"):
        notices.mark_read(person(name))

    def run(days: int) -> dict[str, list[str]]:
        """What is new on so many days after it was due, however often it is run."""
        new = remind(system, due + timedelta(days))
        assert remind(system, due + timedelta(days)) == 0
        found = everybody()
        assert sum(map(len, found.values())) == new
        for name in found:
            notices.mark_read(person(name))
        return found

    assert run(-8) == {}
    assert run(-7) == run_both("due")
    assert run(-3) == {}
    assert run(-1) == run_both("due")
    assert run(0) == {}
    assert run(1) == run_both("late") | {"huyen": ["waiting"]}
    assert run(6) == {}
    assert run(7) == {"huyen": ["escalated"]}
    assert run(400) == {}
    directives.extend(person("huyen"), made.id, today() + timedelta(1), "Chờ vốn")
    notices.mark_read(person("officer")), notices.mark_read(person("leader"))
    assert remind(system) == 2  # more time, more reminders: the nearest alone
    directives.report(person("officer"), made.id, "Xong")
    assert remind(system, today() + timedelta(30)) == 1
    assert "waiting" in told("huyen")


def run_both(kind: str) -> dict[str, list[str]]:
    return {"officer": [kind], "leader": [kind]}


class Sink(socketserver.StreamRequestHandler):
    """A mail server that takes what it is given, but for addresses of `nowhere`."""

    taken: list[bytes]
    refuses = False

    def handle(self) -> None:
        self.say("220 sink")
        while line := self.rfile.readline():
            match line[:4].upper():
                case b"EHLO":
                    self.say("250 sink")
                case b"RCPT" if b"nowhere" in line:
                    self.say("550 no such user")
                case b"DATA":
                    self.say("354 go on")
                    body = b"".join(iter(self.rfile.readline, b".\r\n"))
                    if type(self).refuses:
                        self.say("451 later")
                    else:
                        type(self).taken.append(body)
                        self.say("250 taken")
                case b"QUIT":
                    self.say("221 bye")
                    return
                case _:
                    self.say("250 fine")

    def say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())


@contextmanager
def sink(monkeypatch: pytest.MonkeyPatch) -> Iterator[type[Sink]]:
    """A mail server on this machine, to which the settings point."""
    handler = type("Taking", (Sink,), {"taken": []})
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        monkeypatch.setenv("MTQG_SMTP_HOST", "127.0.0.1")
        monkeypatch.setenv("MTQG_SMTP_PORT", str(server.server_address[1]))
        monkeypatch.setenv("MTQG_SMTP_STARTTLS", "0")
        monkeypatch.setenv("MTQG_SMTP_SENDER", "so@song-tra.example")
        settings.cache_clear()
        yield handler
        server.shutdown()


def words(out: Outgoing) -> tuple[str, str]:
    return "Nhắc việc", "\n".join(f"{n.kind}: {n.facts['text']}" for n in out.notices)


def addressed(**emails: str) -> None:
    for name, email in emails.items():
        people.set_email(person(name), email)


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_the_command_reminds_and_sends_in_words_of_people(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    addressed(leader="lanhdao@song-tra.example")
    made = directive(person("huyen"), due_on=today() + timedelta(1))
    directives.progress(person("officer"), made.id, "Đang làm", 40)
    with sink(monkeypatch) as server:
        done = run_command("remind")
        assert (done.exit_code, done.stdout) == (0, "")
        assert "2 tin nhắc mới" in done.stderr
        assert "Đã gửi thư cho 1 người; chưa gửi được cho 0 người." in done.stderr
        assert "0 tin nhắc mới" in run_command("remind").stderr
    (message,) = (message_from_bytes(m, policy=policy.default) for m in server.taken)
    text = message.get_content()
    assert message["Subject"] == "Sổ MTQG: 2 việc mới trong hộp tin"
    due = format_date(today() + timedelta(1))
    assert f"Huyện Hiệp Đức giao Xã Sông Trà, hạn {due}: Đẩy nhanh giải ngân" in text
    assert f"Sắp đến hạn {due}: Đẩy nhanh giải ngân" in text
    assert f"http://127.0.0.1:8000/directives/{made.id}" in text


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_what_is_new_goes_by_mail_once_in_one_message_a_person(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    addressed(leader="lanhdao@song-tra.example", officer="ai@nowhere.example")
    directive(person("huyen")), directive(person("huyen"), text="Họp ban chỉ đạo hằng tháng")
    assert notices.mail(words) == Posted()  # no server is set
    with sink(monkeypatch) as server:
        server.refuses = True
        assert notices.mail(words) == Posted(0, 2)
        server.refuses = False
        assert notices.mail(words) == Posted(1, 1)
        assert notices.mail(words) == Posted(0, 1)
        addressed(officer="canbo@song-tra.example")
        notices.mark_read(person("officer"), notices.inbox(person("officer"))[0][0].id)
        assert notices.mail(words) == Posted(1, 0)
        assert notices.mail(words) == Posted()
    first, second = (message_from_bytes(m, policy=policy.default) for m in server.taken)
    assert (first["To"], first["Subject"]) == ("Nguyễn Thị Leader <lanhdao@song-tra.example>", "Nhắc việc")
    assert first["From"].addresses[0].addr_spec == "so@song-tra.example"
    assert first.get_content().count("directive_given") == 2
    assert "Họp ban chỉ đạo" not in second.get_content()
    logged = [r for r in caplog.records if r.name == "app.mail"]
    assert {(vars(r)["error"], vars(r)["code"]) for r in logged} == {
        ("SMTPDataError", 451),
        ("SMTPRecipientsRefused", None),
    }
    assert not re.search("nowhere|song-tra|Họp", " ".join(str(r.__dict__) for r in logged))


def since(days: int) -> None:
    """Everything was told so many days ago."""
    with db.transaction(write=True) as session:
        session.execute(sa.update(Notice).values(at=utcnow() - timedelta(days)))


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_a_server_that_is_not_there_loses_nothing_and_tells_no_secret(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    addressed(leader="lanhdao@song-tra.example")
    directive(person("huyen"))
    with sink(monkeypatch):
        pass
    monkeypatch.setenv("MTQG_SMTP_USER", "so")
    monkeypatch.setenv("MTQG_SMTP_PASSWORD", PASSWORD)
    settings.cache_clear()
    assert notices.mail(words) == Posted(0, 1)
    assert PASSWORD not in caplog.text + str([r.__dict__ for r in caplog.records])
    with sink(monkeypatch) as server:
        assert notices.mail(words) == Posted(0, 1)  # this one knows no passwords
        monkeypatch.setenv("MTQG_SMTP_USER", "")
        settings.cache_clear()
        since(8)
        assert notices.mail(words) == Posted()  # too old to be news
        since(0)
        assert notices.mail(words) == Posted(1, 0)
    assert len(server.taken) == 1
    assert PASSWORD not in caplog.text + str([r.__dict__ for r in caplog.records])
