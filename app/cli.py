"""The command line: `python -m app …`, also installed as `so-mtqg`.

Standard output carries a command's result alone; progress, hints and refusals go to standard error. A refusal is
a sentence in Vietnamese (English with `--lang en` or an English locale) and exit status 2, never a traceback.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import Any, Final

import click
import orjson
import sqlalchemy as sa
from pydantic import ValidationError

from app import db, logs, migrate
from app.domain import demo, meetings, notices, reference, sealed
from app.domain.access import Actor
from app.domain.directives import reminding
from app.domain.identity import clients, common, passwords, people
from app.domain.ledger import verify as ledger_verify
from app.errors import Fault, NotFound
from app.i18n import DEFAULT, LANGUAGES, N_, Message, say, translate
from app.models.identity import ROLES
from app.reports import labels
from app.reports.notices import mail as compose_mail
from app.settings import settings

MIGRATE: Final = "python -m app migrate"
LOAD_REFERENCE: Final = "python -m app load reference"
FIRST_ADMINISTRATOR: Final = "python -m app user create --username quantri --role administrator --unit VN"
NEW_LINK: Final = "python -m app user link"


class _Commands(click.Group):
    """Tells a refusal in a sentence on standard error, with exit status 2."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            ctx.call_on_close(db.dispose)
            logs.configure(settings())
            return super().invoke(ctx)
        except Fault as fault:
            _tell_fault(fault)
        except ValidationError as error:
            names = ", ".join(f"MTQG_{e['loc'][0]}".upper() for e in error.errors())
            _tell(N_("Cài đặt không hợp lệ: {names}."), names=names)
            if "MTQG_PERSONAL_KEYS" in names:
                _tell(
                    N_("Mỗi khóa là 32 byte viết bằng base64 (URL-safe), nhiều khóa cách nhau bằng dấu phẩy.")
                )
        except (sa.exc.ArgumentError, sa.exc.NoSuchModuleError):
            _tell(N_("MTQG_DATABASE_URL không phải địa chỉ cơ sở dữ liệu SQLite hoặc PostgreSQL."))
        except BrokenPipeError:
            raise
        except (sa.exc.DBAPIError, OSError) as error:
            _tell_database(error)
        ctx.exit(2)


def _language() -> str:
    locale = next((os.environ[n] for n in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(n)), "")
    return "en" if locale.startswith("en") else DEFAULT


def _lang() -> str:
    return str(click.get_current_context().find_root().params["lang"])


def _tell(text: str, **facts: object) -> None:
    click.echo(translate(_lang(), text, **facts), err=True)


def _tell_fault(fault: Fault) -> None:
    _tell(fault.message, **fault.facts)
    for error in fault.errors:
        if error.message != fault.message:
            click.echo(f"  {error.field}: {translate(_lang(), error.message, **error.facts)}", err=True)


def _tell_database(error: sa.exc.DBAPIError | OSError) -> None:
    _tell(
        N_("Cơ sở dữ liệu {address} không đáp ứng: {reason}"),
        address=sa.make_url(settings().database_url).render_as_string(hide_password=True),
        reason=error.orig if isinstance(error, sa.exc.DBAPIError) else error,
    )


def _progress(step: str | Message) -> None:
    click.echo(f"· {say(_lang(), step)}", err=True)


def _open() -> None:
    """Point at the database, which must stand at this program's migration."""
    db.configure(settings().database_url)
    if migrate.current() != migrate.head():
        raise Fault(
            N_("Cơ sở dữ liệu chưa ở phiên bản của chương trình này. Chạy trước: {command}"), command=MIGRATE
        )


def _system() -> Actor:
    try:
        return common.system_actor()
    except NotFound:
        raise Fault(N_("Chưa nạp danh mục đơn vị. Chạy trước: {command}"), command=LOAD_REFERENCE) from None


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    lines = [[translate(_lang(), text) for text in head], *rows]
    widths = [max(len(row[i]) for row in lines) for i in range(len(head))]
    for row in lines:
        click.echo("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


@click.group(cls=_Commands)
@click.option("--lang", type=click.Choice(LANGUAGES), default=_language, help="Ngôn ngữ · Language")
def cli(lang: str) -> None:
    """Sổ MTQG: sổ theo dõi các chương trình mục tiêu quốc gia · the book of national target programs."""


def main() -> None:
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace")  # type: ignore[union-attr]  # both are text files here
    cli()


# --- serve ---------------------------------------------------------------------------------------------


@cli.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535))
def serve(host: str, port: int) -> None:
    """Phục vụ trang và API · Serve the pages and the API."""
    try:
        _open()
        if not people.users(_system(), limit=1):
            command = FIRST_ADMINISTRATOR
            _tell(N_("Chưa có người dùng nào. Tạo quản trị viên đầu tiên: {command}"), command=command)
    except Fault as fault:  # it serves all the same, and /readyz says why it is not ready
        _tell_fault(fault)
    except sa.exc.DBAPIError as error:
        _tell_database(error)
    # Imported here: the other commands start in half the time without the web.
    from app.main import create_app
    from app.web import server

    server.run(create_app(), host, port)


# --- database ------------------------------------------------------------------------------------------


@cli.command("migrate")
def migrate_() -> None:
    """Đưa cơ sở dữ liệu lên phiên bản mới nhất · Bring the database to the newest migration."""
    migrate.upgrade(settings().database_url)
    _tell(N_("Cơ sở dữ liệu ở phiên bản {revision}."), revision=migrate.head())


@cli.group()
def load() -> None:
    """Nạp dữ liệu có sẵn, lặp lại được · Load what ships with the program; safe to repeat."""


@load.command("reference")
def load_reference() -> None:
    """Đơn vị, chương trình, nguồn vốn, tham số · Units, programs, sources, parameters."""
    _open()
    reference.load(_progress)


@load.command("demo")
def load_demo() -> None:
    """Xã Sông Trà năm 2023, số liệu minh họa · The demonstration, whose figures are invented."""
    _open()
    made = demo.load(_progress)
    address = f"{settings().public_url.rstrip('/')}/login"
    if made:
        _tell(N_("Người dùng minh họa; mật khẩu chỉ hiện lần này:"))
        rows = [
            (login.username, login.password, translate(_lang(), labels.ROLES[login.role]), login.unit_name, address)
            for login in made
        ]  # fmt: skip
        _table((N_("Tên đăng nhập"), N_("Mật khẩu"), N_("Vai trò"), N_("Đơn vị"), N_("Địa chỉ")), rows)
    else:
        _tell(
            N_("Người dùng minh họa đã có từ trước. Đăng nhập ở {address}; lấy liên kết đặt lại mật khẩu: {command}"),
            address=address, command=f"{NEW_LINK} ketoan",
        )  # fmt: skip


@cli.command()
def verify() -> None:
    """Đối chiếu số dư và chuỗi băm · Check balances against entries and every hash chain."""
    _open()
    fault = ledger_verify.verify(_progress)
    if fault is not None:
        click.echo(say(_lang(), fault))
        raise click.exceptions.Exit(1)
    click.echo(translate(_lang(), N_("Sổ toàn vẹn.")))


@cli.command()
def reseal() -> None:
    """Niêm phong lại bằng khóa đầu tiên · Seal numbers and phones anew with the first key; safe to repeat."""
    _open()
    found = sealed.reseal(_progress)
    _tell(
        N_("Đã niêm phong lại {anew:number} hộ; {current:number} hộ đã theo khóa đầu tiên."), anew=found.anew,
        current=found.current,
    )  # fmt: skip
    if found.closed:
        raise Fault(
            N_("{n:number} hộ không khóa nào mở được: thêm khóa cũ vào MTQG_PERSONAL_KEYS rồi chạy lại."),
            n=found.closed,
        )


@cli.command()
def remind() -> None:
    """Nhắc việc đến hạn, gửi thư · Tell people what is due or late, and send e-mail; safe to repeat, for cron."""
    _open()
    new = reminding.remind(_system())
    _tell(N_("Đã ghi {n:number} tin nhắc mới vào hộp tin."), n=new)
    if settings().smtp_host:
        posted = notices.mail(compose_mail)
        _tell(
            N_("Đã gửi thư cho {sent:number} người; chưa gửi được cho {failed:number} người."), sent=posted.sent,
            failed=posted.failed,
        )  # fmt: skip


@cli.command("plan-meetings")
def plan_meetings() -> None:
    """Lập lịch họp thường kỳ mười hai tháng tới của mọi ban · Plan boards' regular meetings; safe to repeat, for cron."""
    _open()
    _tell(N_("Đã lập {n:number} cuộc họp thường kỳ mới."), n=meetings.plan_all(_system()))


# --- people and systems --------------------------------------------------------------------------------


@cli.group()
def user() -> None:
    """Người dùng · People."""


@user.command("create")
@click.option("--username", required=True)
@click.option("--role", required=True, type=click.Choice(ROLES))
@click.option("--unit", required=True, metavar="CODE", help="20770, 20770@legacy, VN …")
@click.option("--full-name", help="Họ và tên · Full name")
@click.option("--password-stdin", is_flag=True, help="Đọc mật khẩu từ stdin · Read the password from stdin")
def create_user(username: str, role: str, unit: str, full_name: str | None, password_stdin: bool) -> None:
    """Thêm người dùng · Add a person; without a password, print the link that sets the first one."""
    _open()
    password = _password_from_stdin() if password_stdin else None
    new = people.NewUser(username, full_name or username, role, unit)
    made, token = people.create_user(_system(), new, password)
    _tell(
        N_("Đã thêm {username} ({role}, {unit})."), username=made.username,
        role=translate(_lang(), labels.ROLES[made.role]), unit=made.unit_name,
    )  # fmt: skip
    if token is not None:
        _print_link(token)


def _password_from_stdin() -> str:
    try:
        return sys.stdin.buffer.readline().decode("utf-8").rstrip("\r\n")
    except UnicodeDecodeError:
        raise Fault(N_("Mật khẩu đọc từ stdin không phải UTF-8.")) from None


def _print_link(token: str) -> None:
    _tell(N_("Liên kết đặt mật khẩu, dùng một lần trong {hours:number} giờ:"), hours=passwords.LINK_HOURS)
    click.echo(f"{settings().public_url.rstrip('/')}/password/set/{token}")


@user.command("link")
@click.argument("username")
def link(username: str) -> None:
    """Liên kết đặt lại mật khẩu · Print a link by which a person sets a new password."""
    _open()
    system = _system()
    _print_link(passwords.make_password_link(system, people.by_username(system, username).id))


@user.command("list")
def list_users() -> None:
    """Danh sách người dùng · Everybody who may log in."""
    _open()
    rows = [
        (
            u.username,
            translate(_lang(), labels.ROLES[u.role]),
            u.unit_code,
            u.unit_name,
            u.full_name,
            _state(u),
        )
        for u in people.users(_system(), limit=10_000)
    ]
    _table(
        (N_("Tên đăng nhập"), N_("Vai trò"), N_("Mã đơn vị"), N_("Đơn vị"), N_("Họ và tên"), N_("Trạng thái")), rows
    )  # fmt: skip


def _state(person: people.UserView) -> str:
    state = N_("đang dùng")
    if not person.has_password:
        state = N_("chưa đặt mật khẩu")
    if person.disabled:
        state = N_("đã khóa")
    return translate(_lang(), state)


@cli.group()
def client() -> None:
    """Hệ thống kết nối · Other systems."""


@client.command("create")
@click.option("--name", required=True)
@click.option("--unit", required=True, metavar="CODE", help="20770, 20770@legacy, VN …")
@click.option("--scope", required=True, type=click.Choice(["read", "write"]))
@click.option("--personal-data", is_flag=True, help="Xem tên hộ không che · May see names unmasked")
def create_client(name: str, unit: str, scope: str, personal_data: bool) -> None:
    """Thêm hệ thống kết nối, in khóa một lần · Admit a system and print its credentials, once."""
    _open()
    made, secret = clients.create_client(_system(), name, unit, scope, personal_data=personal_data)
    click.echo(orjson.dumps({"client_id": made.client_id, "client_secret": secret}).decode())
