"""What the command line promises, on both engines."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path

import httpx
import pytest
import sqlalchemy as sa

from app import cli, db, migrate
from app.domain.identity import clients, common, login, passwords, people
from app.settings import settings
from tests.support.commands import run
from tests.support.databases import Database, Databases
from tests.support.meeting import board
from tests.support.world import MILLION, World, line, populate, post

ROOT = Path(__file__).resolve().parents[2]
PASSWORD = "Nước-suối-Trà-Sơn-7"


def test_migrate_brings_a_new_database_to_the_newest_migration_and_may_be_repeated(
    databases: Databases, engine_name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with databases.blank(engine_name) as blank:
        monkeypatch.setenv("MTQG_DATABASE_URL", blank.url)
        for _ in range(2):
            result = run("migrate")
            assert (result.exit_code, result.stdout) == (0, "")
            assert migrate.current() == migrate.head()
        db.dispose()


@pytest.mark.parametrize(
    "command",
    [
        ("verify",),
        ("load", "reference"),
        ("load", "demo"),
        ("user", "list"),
        ("user", "create", "--username", "an", "--role", "leader", "--unit", "VN"),
        ("client", "create", "--name", "Tỉnh", "--unit", "VN", "--scope", "read"),
    ],
)
def test_before_the_migrations_a_command_says_what_to_run_first(
    databases: Databases, engine_name: str, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]
) -> None:
    with databases.blank(engine_name) as blank:
        monkeypatch.setenv("MTQG_DATABASE_URL", blank.url)
        result = run(*command)
        db.dispose()
    assert (result.exit_code, result.stdout) == (2, "")
    assert "python -m app migrate" in result.stderr


def test_before_the_catalogue_a_user_cannot_be_made_and_the_reason_is_said(database: Database) -> None:
    result = run("user", "create", "--username", "an", "--role", "leader", "--unit", "VN")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "python -m app load reference" in result.stderr


def test_a_database_that_does_not_answer_is_named_without_its_password(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("MTQG_DATABASE_URL", "postgresql+psycopg://mtqg:bi-mat-lam@127.0.0.1:1/mtqg")
    result = run("verify")
    db.dispose()
    assert result.exit_code == 2
    assert "127.0.0.1:1" in result.stderr
    assert "bi-mat-lam" not in result.output


def test_a_setting_that_cannot_be_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MTQG_TOKEN_SECONDS", "soon")
    with pytest.raises(ValueError, match="token_seconds"):
        settings()
    told = subprocess.run(
        [sys.executable, "-m", "app", "verify"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (told.returncode, told.stdout) == (2, "")
    assert "MTQG_TOKEN_SECONDS" in told.stderr
    assert "Traceback" not in told.stderr


# --- people --------------------------------------------------------------------------------------------


def _create(*more: str, stdin: str | None = None, lang: str = "vi") -> tuple[int, str, str]:
    result = run("user", "create", "--role", "accountant", *more, stdin=stdin, lang=lang)
    return result.exit_code, result.stdout, result.stderr


def test_a_user_made_with_a_password_can_log_in(world: World) -> None:
    who = ("--username", "moi", "--unit", "20770@legacy", "--full-name", "Nguyễn Văn Mới")
    code, out, err = _create(*who, "--password-stdin", stdin=PASSWORD + "\n")
    assert (code, out) == (0, "")
    assert PASSWORD not in err
    logged_in = login.authenticate_session(login.log_in("moi", PASSWORD))
    assert logged_in is not None
    assert (logged_in.actor.role, logged_in.actor.name) == ("accountant", "Nguyễn Văn Mới")
    assert (logged_in.actor.unit_code, logged_in.actor.structure) == ("20770", "legacy")


def test_a_user_made_without_one_gets_a_link_that_sets_it_once(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MTQG_PUBLIC_URL", "https://so.example.vn/")
    code, out, _ = _create("--username", "moi", "--unit", "VN")
    assert code == 0
    found = re.fullmatch(r"https://so\.example\.vn/password/set/(\S+)\n", out)
    assert found is not None
    assert passwords.link_owner(found[1]) == "moi"
    passwords.set_password_by_link(found[1], PASSWORD)
    assert login.log_in("moi", PASSWORD)


@pytest.mark.parametrize(
    ("code", "structure"), [("20770", "2025"), ("20770@legacy", "legacy"), ("512", "legacy"), ("VN", "2025")]
)
def test_a_unit_code_means_todays_structure_if_it_has_the_code_else_legacy(
    world: World, code: str, structure: str
) -> None:
    assert _create("--username", "moi", "--unit", code)[0] == 0
    made = people.by_username(common.system_actor(), "moi")
    with db.transaction() as session:
        query = sa.text("SELECT structure FROM units WHERE id = :id")
        assert session.execute(query, {"id": made.unit_id}).scalar_one() == structure


@pytest.mark.parametrize(
    ("arguments", "stdin", "said"),
    [
        (("--username", "moi", "--unit", "99999"), None, "99999"),
        (("--username", "khac", "--unit", "VN"), None, "Tên đăng nhập này đã có người dùng."),
        (("--username", "moi", "--unit", "VN", "--password-stdin"), "ngắn\n", "từ 8 đến 200 ký tự"),
        (("--username", "moi", "--unit", "VN", "--password-stdin"), "", "từ 8 đến 200 ký tự"),
        (("--username", "Mới Đến", "--unit", "VN"), None, "username"),
    ],
)
def test_a_refused_user_is_a_sentence_and_nobody_is_made(
    world: World, arguments: tuple[str, ...], stdin: str | None, said: str
) -> None:
    before = len(people.users(common.system_actor()))
    code, out, err = _create(*arguments, stdin=stdin)
    assert (code, out) == (2, "")
    assert said in err
    assert len(people.users(common.system_actor())) == before


def test_refusals_speak_english_too(world: World) -> None:
    assert "There is no user nobody." in run("user", "link", "nobody", lang="en").stderr
    assert "Không có người dùng nobody." in run("user", "link", "nobody").stderr


@pytest.mark.parametrize(
    ("environment", "lang"),
    [
        ({"LANG": "en_US.UTF-8"}, "en"),
        ({"LANG": "vi_VN.UTF-8"}, "vi"),
        ({"LANG": "C.UTF-8"}, "vi"),
        ({"LANG": "vi_VN.UTF-8", "LC_ALL": "en_GB.UTF-8"}, "en"),
    ],
)
def test_the_language_follows_the_locale(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], lang: str
) -> None:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert cli._language() == lang


def test_a_forgotten_password_is_mended_by_a_link(world: World) -> None:
    result = run("user", "link", "khac")
    assert result.exit_code == 0
    token = result.stdout.strip().rpartition("/")[2]
    passwords.set_password_by_link(token, PASSWORD)
    assert login.log_in("khac", PASSWORD)


def test_regular_meetings_are_planned_by_the_machine_once(world: World) -> None:
    board("20770@2025", meeting_day=10)
    board(meeting_day=10)  # of a unit that ended
    assert "Đã lập 12 cuộc họp thường kỳ mới." in run("plan-meetings").stderr
    assert "0 new regular meetings planned." in run("plan-meetings", lang="en").stderr


def test_everybody_is_listed_with_their_state(world: World) -> None:
    _create("--username", "moi", "--unit", "512")
    rows = [row.split() for row in run("user", "list").stdout.splitlines()[1:]]
    assert {row[0] for row in rows} == {u.username for u in people.users(common.system_actor())}
    told = {row[0]: " ".join(row) for row in rows}
    assert told["moi"].endswith("chưa đặt mật khẩu")
    assert told["khac"].endswith("đang dùng")


# --- systems -------------------------------------------------------------------------------------------


def test_a_client_is_one_json_object_whose_secret_gets_a_token(world: World) -> None:
    result = run("client", "create", "--name", "Hệ thống tỉnh", "--unit", "20770", "--scope", "write")
    made = json.loads(result.stdout)
    assert (result.exit_code, sorted(made)) == (0, ["client_id", "client_secret"])
    token, scope, _ = clients.issue_token(made["client_id"], made["client_secret"])
    actor = clients.authenticate_token(token)
    assert (scope, actor.role, actor.structure) == ("write", "client:write", "2025")
    assert not actor.personal_data


def test_a_client_sees_personal_data_only_when_it_was_so_created(world: World) -> None:
    arguments = ("client", "create", "--name", "Tỉnh", "--unit", "512", "--scope", "read", "--personal-data")
    made = json.loads(run(*arguments).stdout)
    token, _, _ = clients.issue_token(made["client_id"], made["client_secret"])
    assert clients.authenticate_token(token).personal_data


# --- verify --------------------------------------------------------------------------------------------

OFF = {
    "sqlite": [
        "DROP TRIGGER ledger_entries_no_update",
        "DROP TRIGGER chain_links_no_delete",
    ],
    "postgresql": [
        "ALTER TABLE ledger_entries DISABLE TRIGGER USER",
        "ALTER TABLE chain_links DISABLE TRIGGER USER",
    ],
}
TAMPERED = {
    "an entry": ("UPDATE ledger_entries SET amount = amount + 1", "đã bị sửa"),
    "a document": ("UPDATE ledger_entries SET memo = 'khác'", "đã bị sửa"),
    "the tail": ("DELETE FROM chain_links WHERE number = (SELECT max(number) FROM chain_links)", "chuỗi băm"),
    "a balance": (
        "UPDATE balances SET available = available + 1, allocated = allocated + 1 WHERE available > 0",
        "không bằng tổng các bút toán",
    ),
    "a past day": (
        "UPDATE daily_balances SET available = available + 1, allocated = allocated + 1",
        "không bằng tổng các bút toán",
    ),
}


@pytest.fixture
def book(world: World) -> World:
    made = line()
    post(made.id, "allocate", 100 * MILLION, "2023-01-05")
    post(made.id, "pay", 40 * MILLION, "2023-02-05")
    return world


def test_verify_says_that_the_book_is_whole(book: World) -> None:
    result = run("verify")
    assert (result.exit_code, result.stdout) == (0, "Sổ toàn vẹn.\n")


@pytest.mark.parametrize("what", list(TAMPERED))
def test_verify_names_what_was_tampered_with(book: World, what: str) -> None:
    statement, named = TAMPERED[what]
    with db.transaction(write=True) as session:
        for trigger_off in OFF[book.engine]:
            session.execute(sa.text(trigger_off))
        session.execute(sa.text(statement))
    result = run("verify")
    assert result.exit_code == 1
    assert named in result.stdout
    assert len(result.stdout.splitlines()) == 1


# --- serve ---------------------------------------------------------------------------------------------


@contextmanager
def _served(url: str) -> Iterator[tuple[subprocess.Popen[str], str, list[str]]]:
    """(the process, its address, what it said before it was up)."""
    process = subprocess.Popen(
        [sys.executable, "-m", "app", "--lang", "vi", "serve", "--port", "0"], cwd=ROOT, text=True,
        stderr=subprocess.PIPE, stdout=subprocess.PIPE, env=os.environ | {"MTQG_DATABASE_URL": url},
    )  # fmt: skip
    assert process.stderr is not None
    said: list[str] = []
    try:
        for row in process.stderr:
            said.append(row)
            if found := re.search(r"running on (http://[\d.:]+)", row):
                yield process, found[1], said
                break
        else:
            pytest.fail("did not start: " + "".join(said))
    finally:
        process.kill()
        process.communicate()


def test_serve_says_how_to_make_the_first_administrator_and_has_no_default_one(databases: Databases) -> None:
    with databases.fresh("sqlite", populate) as fresh:
        with db.transaction(write=True) as session:
            session.execute(sa.text("DELETE FROM users"))
        with _served(fresh.url) as (_, _, said):
            hint = next(row for row in said if "user create" in row)
        with db.transaction() as session:
            assert session.execute(sa.text("SELECT count(*) FROM users")).scalar_one() == 0
        command = hint.split("python -m app ")[1].split()
        result = run(*command)
        assert result.exit_code == 0
        passwords.set_password_by_link(result.stdout.strip().rpartition("/")[2], PASSWORD)
        logged_in = login.authenticate_session(login.log_in("quantri", PASSWORD))
    assert logged_in is not None
    assert (logged_in.actor.role, logged_in.actor.level) == ("administrator", "nation")


def test_serve_stops_in_order_and_is_not_ready_while_it_does(databases: Databases) -> None:
    with databases.fresh("sqlite", populate) as fresh, _served(fresh.url) as (process, address, said):
        assert not any("user create" in row for row in said)
        assert httpx.get(f"{address}/readyz").status_code == 200
        process.send_signal(signal.SIGTERM)
        until = time.monotonic() + 0.9
        reasons: list[str] = []
        while not reasons and time.monotonic() < until:
            answer = httpx.get(f"{address}/readyz")
            reasons = [answer.json()["reason"]] if answer.status_code == 503 else []
        assert reasons == ["stopping"]
        out, err = process.communicate(timeout=30)
        assert process.returncode == -signal.SIGTERM
        assert "Finished server process" in err
        assert out == ""


def test_the_installed_command_is_the_same() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    module, _, function = project["scripts"]["so-mtqg"].partition(":")
    assert getattr(import_module(module), function) is cli.main
