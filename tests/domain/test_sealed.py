"""What identifies a person is sealed at rest, opened for who may see it, and sealed anew when keys change."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable
from dataclasses import replace

import pytest
import sqlalchemy as sa
from click.testing import CliRunner
from cryptography.fernet import Fernet
from pydantic import ValidationError

from app import db
from app.cli import cli
from app.domain import audit, households, sealed
from app.domain.households import NewHousehold
from app.errors import Forbidden, IdTaken
from app.models.households import Household
from app.models.identity import ROLES
from app.settings import Settings, settings
from tests.support.book import refused, state
from tests.support.commands import run
from tests.support.folk import KEY, NAME, OTHER_KEY, found, household
from tests.support.land import views
from tests.support.world import World, actor

NUMBER, PHONE = "049080001234", "0905123456"


@pytest.fixture
def keyed(monkeypatch: pytest.MonkeyPatch) -> None:
    use(monkeypatch, KEY)


def use(monkeypatch: pytest.MonkeyPatch, keys: str) -> None:
    """As if the process had been started with these keys."""
    monkeypatch.setenv("MTQG_PERSONAL_KEYS", keys)
    settings.cache_clear()


def kept(household_id: uuid.UUID) -> tuple[str, str]:
    with db.transaction() as session:
        query = sa.select(Household.identity_number, Household.phone).where(Household.id == household_id)
        number, phone = session.execute(query).one()
        return str(number), str(phone)


def test_numbers_are_sealed_wherever_they_are_kept(
    world: World, keyed: None, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    made = household(identity_number=NUMBER, phone=PHONE)
    assert (made.has_identity_number, made.has_phone) == (True, True)
    everything = str(
        state("households", "household_members", "household_events", "audit_rows", "personal_views")
    )
    for text in (NUMBER, PHONE):
        assert text not in everything + caplog.text
    for sealed_text, text in zip(kept(made.id), (NUMBER, PHONE), strict=True):
        assert sealed_text not in caplog.text
        assert Fernet(KEY).decrypt(sealed_text.encode()).decode() == text
    assert found(q=NUMBER) == found(q=PHONE) == []
    households.update(actor("officer"), made.id, 1, {"phone": "0905000000"})
    told = str(audit.history(actor("inspector"), subject_kind="household"))
    assert "'fields': ['phone']" in told
    assert not any(text in told for text in (NUMBER, PHONE, "0905000000", *kept(made.id)))


def test_numbers_are_shown_to_who_sees_persons_alone_and_that_is_recorded(world: World, keyed: None) -> None:
    made = household(identity_number=NUMBER, phone=PHONE)
    for role in ROLES:
        who, before = actor(role), len(views())
        if role in ("officer", "accountant", "leader", "inspector"):
            shown = households.numbers(who, made.id)
            assert (shown.identity_number, shown.phone, shown.closed) == (NUMBER, PHONE, ())
            assert views()[before:] == [(who.ref, "household", str(made.id), 1, "identity")]
        else:
            with pytest.raises(Forbidden):
                households.numbers(who, made.id)
            assert views()[before:] == []
    client = actor("client:write")
    with pytest.raises(Forbidden):
        households.numbers(client, made.id)
    assert households.numbers(replace(client, personal_data=True), made.id).phone == PHONE


def test_without_a_key_numbers_are_refused_and_all_else_works(world: World) -> None:
    made = household()
    calls: tuple[Callable[[], object], ...] = (
        lambda: household(identity_number=NUMBER),
        lambda: households.update(actor("officer"), made.id, 1, {"phone": PHONE}),
    )
    for call in calls:
        with refused("no_personal_key"):
            call()
    assert households.update(actor("officer"), made.id, 1, {"note": "x", "phone": None}).version == 2
    assert not households.numbers(actor("officer"), made.id).any
    assert run("reseal").exit_code == 2


def test_a_creation_sent_again_with_another_number_is_told(world: World, keyed: None) -> None:
    new = NewHousehold(uuid.uuid4(), "20770@legacy", NAME, identity_number=NUMBER)
    households.create(actor("officer"), new)
    assert households.create(actor("officer"), new)[1] is False
    for other in (replace(new, identity_number="049080009999"), replace(new, phone=PHONE)):
        with pytest.raises(IdTaken):
            households.create(actor("officer"), other)
    assert NUMBER not in new.body_hash()
    assert new.body_hash() == replace(new, identity_number=None).body_hash(), (
        "a hash of a number gives it away"
    )


def test_a_number_that_is_sent_again_changes_nothing_and_none_takes_it_away(
    world: World, keyed: None
) -> None:
    made = household(identity_number=NUMBER, phone=PHONE)
    assert households.update(actor("officer"), made.id, 1, {"identity_number": NUMBER}).version == 1
    assert households.update(actor("officer"), made.id, 1, {"identity_number": None}).version == 2
    shown = households.numbers(actor("officer"), made.id)
    assert (shown.identity_number, shown.phone) == (None, PHONE)


def test_keys_are_changed_without_losing_a_number(
    world: World, keyed: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sealed, "_CHUNK", 2)
    made = [household(identity_number=NUMBER, phone=PHONE) for _ in range(5)]
    household()
    use(monkeypatch, f"{OTHER_KEY}, {KEY}")
    assert households.numbers(actor("officer"), made[0].id).identity_number == NUMBER, "every key opens"
    assert sealed.reseal() == sealed.Resealed(anew=5, current=0, closed=0)
    standing = [kept(h.id) for h in made]
    assert sealed.reseal() == sealed.Resealed(anew=0, current=5, closed=0), "safe to repeat"
    assert [kept(h.id) for h in made] == standing
    use(monkeypatch, OTHER_KEY)
    assert households.numbers(actor("officer"), made[4].id).phone == PHONE
    assert found()[0].version == 1
    done = run("reseal")
    assert (done.exit_code, "5 hộ đã theo khóa đầu tiên" in done.stderr) == (0, True)


def test_what_no_key_opens_is_told_and_left_alone(
    world: World, keyed: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = household(identity_number=NUMBER, phone=PHONE)
    standing = kept(made.id)
    use(monkeypatch, OTHER_KEY)
    shown = households.numbers(actor("officer"), made.id)
    assert (shown.identity_number, shown.closed) == (None, ("identity_number", "phone"))
    told = run("reseal")
    assert (told.exit_code, "1 hộ không khóa nào mở được" in told.stderr) == (2, True)
    assert kept(made.id) == standing
    households.update(actor("officer"), made.id, 1, {"note": "x"})
    assert kept(made.id) == standing
    households.update(actor("officer"), made.id, 2, {"phone": PHONE})
    assert households.numbers(actor("officer"), made.id).phone == PHONE


@pytest.mark.parametrize("keys", ["short", f"{KEY},x", "é" * 44, KEY[:-1], KEY.replace("=", "*")])
def test_a_broken_key_stops_the_start_by_name(monkeypatch: pytest.MonkeyPatch, keys: str) -> None:
    monkeypatch.setenv("MTQG_PERSONAL_KEYS", keys)
    with pytest.raises(ValidationError) as caught:
        Settings()
    assert keys not in str(caught.value)
    settings.cache_clear()
    told = CliRunner().invoke(cli, ["migrate"])
    assert told.exit_code == 2
    assert "MTQG_PERSONAL_KEYS" in told.stderr
    assert "base64" in told.stderr
    assert keys not in told.stderr
