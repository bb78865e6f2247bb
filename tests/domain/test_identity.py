"""Logging in and what ends it; who may touch whom; clients and their tokens."""

from __future__ import annotations

import unicodedata
import uuid
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from app import clock, db
from app.domain.access import Actor
from app.domain.identity import clients, common, login, passwords, people
from app.domain.identity.login import LoggedIn
from app.errors import Conflict, Forbidden, Invalid, NotFound, Stale, TooMany, Unauthenticated
from app.models.identity import AuditRow, LoginSession, User
from app.settings import settings
from tests.support.book import freeze
from tests.support.world import PASSWORD, World, actor, client

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
LONG = "Mật khẩu dài và khó đoán"


def person(username: str) -> people.UserView:
    return next(u for u in people.users(common.system_actor()) if u.username == username)


def enter(username: str = "officer", password: str = PASSWORD) -> LoggedIn:
    found = login.authenticate_session(login.log_in(username, password, address="10.0.0.1", agent="thử"))
    assert found is not None
    return found


def administrator(unit: str = "20770@legacy") -> Actor:
    return actor("administrator", unit)


def as_person(username: str) -> Actor:
    with db.transaction() as session:
        return common.as_actor(
            session, session.execute(sa.select(User).where(User.username == username)).scalar_one()
        )


def test_a_session_says_who_one_is_and_keeps_only_a_hash_of_its_secret(world: World) -> None:
    token = login.log_in("  OFFICER ", PASSWORD)
    found = login.authenticate_session(token)
    assert found is not None
    assert (found.actor.ref, found.actor.role, found.actor.unit_code) == ("officer", "officer", "20770")
    assert not found.actor.is_client
    with db.transaction() as session:
        kept = session.execute(sa.select(LoginSession.token_hash)).scalar_one()
    assert token not in kept
    assert login.authenticate_session(token + "x") is None
    login.log_out(found)
    assert login.authenticate_session(token) is None


def test_wrong_passwords_lock_the_account_for_a_while(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    freeze(monkeypatch, NOW)
    for _ in range(settings().login_attempts):
        with pytest.raises(Unauthenticated):
            login.log_in("officer", "sai")
    with pytest.raises(TooMany) as locked:
        login.log_in("officer", PASSWORD)
    assert locked.value.retry_after == settings().lockout_minutes * 60 + 1
    assert person("officer").locked_until is not None
    enter("leader")
    freeze(monkeypatch, NOW + timedelta(minutes=settings().lockout_minutes, seconds=-1))
    with pytest.raises(TooMany):
        login.log_in("officer", PASSWORD)
    freeze(monkeypatch, NOW + timedelta(minutes=settings().lockout_minutes))
    enter("officer")
    with db.transaction() as session:
        actions = session.execute(sa.select(AuditRow.action).where(AuditRow.actor == "officer")).scalars()
        assert list(actions) == ["login.locked", "login"]


def test_a_right_password_clears_the_count(world: World) -> None:
    for _ in range(3):
        for _ in range(settings().login_attempts - 1):
            with pytest.raises(Unauthenticated):
                login.log_in("officer", "sai")
        enter("officer")


def test_an_unknown_or_disabled_person_is_refused_alike_and_at_the_same_cost(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    officer = person("officer")
    people.update_user(administrator(), officer.id, officer.version, {"disabled": True})
    hashed: list[str] = []
    verify = common.hasher.verify

    class Counting:
        def verify(self, stored: str, given: str) -> bool:
            hashed.append(stored)
            return verify(stored, given)

    monkeypatch.setattr(common, "hasher", Counting())
    said = set()
    for username, password in (("nobody", "x"), ("officer", PASSWORD), ("leader", "sai")):
        with pytest.raises(Unauthenticated) as refused:
            login.log_in(username, password)
        said.add(refused.value.message)
    assert len(said) == 1
    assert len(hashed) == 3


def test_a_session_ends_when_it_rests_too_long_and_at_its_last_day(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    freeze(monkeypatch, NOW)
    resting, used = (login.log_in("officer", PASSWORD) for _ in range(2))
    idle = timedelta(minutes=settings().session_idle_minutes)
    moment, end = NOW, NOW + timedelta(days=settings().session_days)
    while (moment := moment + idle - timedelta(minutes=1)) < end:
        freeze(monkeypatch, moment)
        assert login.authenticate_session(used) is not None
    assert login.authenticate_session(resting) is None
    freeze(monkeypatch, end)
    assert login.authenticate_session(used) is None


def test_sessions_that_ended_by_themselves_are_not_listed(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    freeze(monkeypatch, NOW)
    me = enter()
    freeze(monkeypatch, NOW + timedelta(minutes=settings().session_idle_minutes))
    assert login.sessions(me.actor) == []


def test_one_ends_ones_own_sessions_and_an_administrator_those_of_the_subtree(world: World) -> None:
    mine, other, leaders, far = enter(), enter(), enter("leader"), enter("khac")
    assert {s.id for s in login.sessions(mine.actor)} == {mine.session_id, other.session_id}
    for foreign in (leaders, far):
        with pytest.raises(NotFound):
            login.end_session(mine.actor, foreign.session_id)
    login.end_session(mine.actor, other.session_id)
    assert {s.id for s in login.sessions(mine.actor)} == {mine.session_id}
    with pytest.raises(Forbidden):
        login.sessions(mine.actor, own=False)
    chief = administrator()
    assert {s.id for s in login.sessions(chief, own=False)} == {mine.session_id, leaders.session_id}
    login.end_session(chief, leaders.session_id)
    with pytest.raises(NotFound):
        login.end_session(chief, far.session_id)
    assert [s.username for s in login.sessions(common.system_actor(), own=False)] == ["khac", "officer"]


def test_changing_ones_password_ends_every_other_session(world: World) -> None:
    token, other = login.log_in("officer", PASSWORD), login.log_in("officer", PASSWORD)
    me = login.authenticate_session(token)
    assert me is not None
    with pytest.raises(Invalid) as wrong:
        passwords.change_password(me, "sai", LONG)
    assert [e.field for e in wrong.value.errors] == ["old"]
    passwords.change_password(me, PASSWORD, LONG)
    assert login.authenticate_session(token) is not None
    assert login.authenticate_session(other) is None
    with pytest.raises(Unauthenticated):
        login.log_in("officer", PASSWORD)
    enter("officer", LONG)


def test_a_password_is_the_same_however_the_keyboard_composes_it(world: World) -> None:
    passwords.change_password(enter(), PASSWORD, unicodedata.normalize("NFD", LONG))
    for form in ("NFC", "NFD"):
        enter("officer", unicodedata.normalize(form, LONG))


@pytest.mark.parametrize("password", ["ngan", "x" * 201, "aaaaaaaaaa", "toi-la-OFFICER-day"])
def test_a_poor_password_is_refused(world: World, password: str) -> None:
    with pytest.raises(Invalid) as refused:
        passwords.change_password(enter(), PASSWORD, password)
    assert [e.field for e in refused.value.errors] == ["new"]


def test_a_link_sets_a_password_once_within_its_time_and_the_newest_counts(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    freeze(monkeypatch, NOW)
    officer, chief = person("officer"), administrator()
    session = login.log_in("officer", PASSWORD)
    first, second = (passwords.make_password_link(chief, officer.id) for _ in range(2))
    with pytest.raises(NotFound):
        passwords.link_owner(first)
    assert passwords.link_owner(second) == "officer"
    with pytest.raises(Invalid):
        passwords.set_password_by_link(second, "ngan")
    passwords.set_password_by_link(second, LONG)
    assert login.authenticate_session(session) is None
    enter("officer", LONG)
    late = passwords.make_password_link(chief, officer.id)
    freeze(monkeypatch, NOW + timedelta(hours=passwords.LINK_HOURS))
    for spent in (second, late, "khong-co"):
        with pytest.raises(NotFound):
            passwords.set_password_by_link(spent, LONG)


def test_a_link_opens_a_locked_account_and_no_disabled_one(world: World) -> None:
    officer, chief = person("officer"), administrator()
    for _ in range(settings().login_attempts):
        with pytest.raises(Unauthenticated):
            login.log_in("officer", "sai")
    passwords.set_password_by_link(passwords.make_password_link(chief, officer.id), LONG)
    enter("officer", LONG)
    link = passwords.make_password_link(chief, officer.id)
    people.update_user(chief, officer.id, officer.version, {"disabled": True})
    with pytest.raises(NotFound):
        passwords.link_owner(link)


def test_an_administrator_manages_the_people_of_the_subtree_and_nobody_elses(world: World) -> None:
    chief, theirs = administrator(), person("khac")
    above = person("huyen")
    for somebody in (theirs, above):
        with pytest.raises(NotFound):
            people.update_user(chief, somebody.id, somebody.version, {"title": "x"})
        with pytest.raises(NotFound):
            passwords.make_password_link(chief, somebody.id)
        with pytest.raises(NotFound):
            people.user(chief, somebody.id)
    assert {"khac", "huyen", "quantri"}.isdisjoint(u.username for u in people.users(chief))
    for unit in ("512@legacy", "20773@legacy", "00001@legacy", "VN@2025"):
        with pytest.raises(NotFound):
            people.create_user(chief, people.NewUser("moi", "Người Mới", "officer", unit))
    officer = person("officer")
    with pytest.raises(NotFound):
        people.update_user(chief, officer.id, officer.version, {"unit_code": "512@legacy"})
    for role in ("officer", "leader", "accountant", "reviewer", "inspector", "supervisor", "client:write"):
        for attempt in (
            lambda a: people.create_user(a, people.NewUser("moi", "Người Mới", "officer", "20770@legacy")),
            lambda a: people.update_user(a, officer.id, officer.version, {"role": "administrator"}),
            lambda a: passwords.make_password_link(a, officer.id),
            clients.clients,
        ):
            with pytest.raises(Forbidden):
                attempt(actor(role))
    assert person("officer") == officer


def test_nobody_raises_or_shuts_out_themselves(world: World) -> None:
    me, mine = as_person("administrator"), person("administrator")
    for change in ({"role": "leader"}, {"disabled": True}):
        with pytest.raises(Forbidden):
            people.update_user(me, mine.id, mine.version, change)
    with pytest.raises(NotFound):
        people.update_user(me, mine.id, mine.version, {"unit_code": "512@legacy"})
    assert people.update_user(me, mine.id, mine.version, {"title": "Văn phòng"}).title == "Văn phòng"


def test_a_person_is_added_with_a_link_and_found_without_diacritics(world: World) -> None:
    made, link = people.create_user(
        administrator(), people.NewUser(" Ho.Van ", "Hồ Văn Đẹp", "officer", "20770")
    )
    assert (made.username, made.has_password, made.unit_code) == ("ho.van", False, "20770")
    assert link is not None
    with pytest.raises(Unauthenticated):
        login.log_in("ho.van", "")
    passwords.set_password_by_link(link, LONG)
    enter("ho.van", LONG)
    assert [u.username for u in people.users(administrator(), q="dep ho")] == ["ho.van"]
    for username, full_name, role, field in (
        ("x", "A", "officer", "username"), ("có dấu", "A", "officer", "username"), ("moi", " ", "officer", "full_name"),
        ("moi", "A", "king", "role"),
    ):  # fmt: skip
        with pytest.raises(Invalid) as refused:
            people.create_user(administrator(), people.NewUser(username, full_name, role, "20770"))
        assert [e.field for e in refused.value.errors] == [field]
    with pytest.raises(Conflict):
        people.create_user(administrator(), people.NewUser("OFFICER", "A", "officer", "20770"))
    with pytest.raises(Conflict):
        people.create_user(administrator(), people.NewUser("khac2", "A", "officer", "20770", id=made.id))


def test_a_change_of_a_person_holds_at_once_and_stale_ones_are_refused(world: World) -> None:
    token = login.log_in("officer", PASSWORD)
    officer, chief = person("officer"), administrator()
    changed = people.update_user(chief, officer.id, officer.version, {"role": "leader"})
    now = login.authenticate_session(token)
    assert now is not None
    assert now.actor.role == "leader"
    with pytest.raises(Stale) as stale:
        people.update_user(chief, officer.id, officer.version, {"role": "officer"})
    assert stale.value.current == changed
    for change in ({"role": "king"}, {"full_name": "  "}):
        with pytest.raises(Invalid):
            people.update_user(chief, officer.id, changed.version, change)
    people.update_user(chief, officer.id, changed.version, {"disabled": True})
    assert login.authenticate_session(token) is None


def test_a_client_gets_a_token_for_its_secret_until_it_expires_or_its_access_ends(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    client_id, secret = client("20770@legacy")
    for wrong in ((client_id, secret + "x"), ("mtqg-0", secret), (client_id, "")):
        with pytest.raises(Unauthenticated):
            clients.issue_token(*wrong)
    token, scope, seconds = clients.issue_token(client_id, secret)
    assert (scope, seconds) == ("write", settings().token_seconds)
    found = clients.authenticate_token(token)
    assert (found.ref, found.role, found.is_client) == (f"client:{client_id}", "client:write", True)
    with pytest.raises(Unauthenticated):
        clients.authenticate_token(token + "x")
    freeze(monkeypatch, clock.utcnow() + timedelta(seconds=seconds + 1))
    with pytest.raises(Unauthenticated):
        clients.authenticate_token(token)
    token, *_ = clients.issue_token(client_id, secret)
    stands = next(c for c in clients.clients(administrator()) if c.client_id == client_id)
    with pytest.raises(NotFound):
        clients.end_client(administrator("20773@legacy"), stands.id)
    clients.end_client(administrator(), stands.id)
    with pytest.raises(Unauthenticated):
        clients.authenticate_token(token)
    with pytest.raises(Unauthenticated):
        clients.issue_token(client_id, secret)


def test_a_client_reads_or_writes_at_one_unit_of_its_makers_subtree(world: World) -> None:
    chief = administrator()
    view, _ = clients.create_client(chief, "Kho bạc", "20770", "read", personal_data=True)
    assert (view.scope, view.personal_data, view.unit_code) == ("read", True, "20770")
    with pytest.raises(NotFound):
        clients.create_client(chief, "Kho bạc", "512@legacy", "read")
    with pytest.raises(Invalid):
        clients.create_client(chief, "Kho bạc", "20770", "all")
    with pytest.raises(Invalid):
        clients.create_client(chief, " ", "20770", "read")
    assert {c.client_id for c in clients.clients(chief)} == {view.client_id}
    assert clients.clients(administrator("20773@legacy")) == []
    with pytest.raises(NotFound):
        clients.end_client(chief, uuid.uuid4())
