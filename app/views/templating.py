"""Pages: templates bound to the request that they answer.

`render` gives a whole page, `fragment` one block of it. Both read from `request.state`: `lang`, `actor` (or
None), `csrf`, `request_id`, and `demo` where the books are a demonstration. Macros stand under `ui` in every
template, without imports.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Iterable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from types import SimpleNamespace
from typing import Final, Literal, Protocol
from urllib.parse import quote, urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response, StreamingResponse

from app import i18n, logs, money
from app.i18n import N_
from app.reports import csv, xlsx
from app.reports.svg import Bar, line_chart
from app.reports.table import Cell, Column, Row, Table, Tag
from app.settings import settings
from app.views import labels, nav
from app.views.tables import ShownTable, present

HERE: Final = Path(__file__).parent
STATIC: Final = HERE / "static"
FLASH_COOKIE: Final = "flash"
FLASH_SECONDS: Final = 60

FlashKind = Literal["done", "risk", "late"]


@dataclass(frozen=True, slots=True)
class Page:
    """What a template may know of its request."""

    request: Request
    lang: str
    actor: object | None
    csrf: str
    request_id: str
    demo: bool
    unread: int  # notices in the reader's inbox
    version: str


_page: ContextVar[Page] = ContextVar("page")


# Functions of templates: each reads the page being rendered, so that macros need no context handed to them.


def _translate(text: str, /, **facts: object) -> str:
    return i18n.translate(_page.get().lang, text, **facts)


def _msg(text: str | i18n.Message | None) -> str:
    """A stored message id or `Message` in the reader's language."""
    return "" if text is None else i18n.say(_page.get().lang, text)


def _say_dong(amount: int | None) -> str:
    return "–" if amount is None else money.format_dong(amount, _page.get().lang)


def _say_unit(amount: int | None, unit: str = "million") -> str:
    return "–" if amount is None else money.in_unit(amount, money.UNITS[unit], _page.get().lang)


def _say_compact(amount: int | None) -> str:
    return (
        "–"
        if amount is None
        else "\u00a0".join(money.compact(amount, _page.get().lang)).replace(" ", "\u00a0")
    )


def _say_number(value: int | Decimal | None) -> str:
    return "–" if value is None else money.format_number(value, _page.get().lang)


def _say_percent(ratio: Decimal | None) -> str:
    return money.percent(ratio, _page.get().lang).replace(" ", "\u00a0")


def _say_date(day: date | None) -> str:
    return "" if day is None else i18n.format_date(day, _page.get().lang)


def _say_moment(moment: datetime | None) -> str:
    return "" if moment is None else i18n.format_moment(moment, _page.get().lang)


def _say_words(amount: int) -> str:
    return money.words(amount, _page.get().lang)


def _compact(amount: int) -> tuple[str, str]:
    return money.compact(amount, _page.get().lang)


def _present(table: Table, unit: str = "million") -> ShownTable:
    return present(table, money.UNITS.get(unit, money.MILLION), _page.get().lang)


def _chart(points: list[tuple[date, int]], plan: int, year: int) -> object:
    return line_chart(points, plan, year, _page.get().lang)


def _unit_name(code: str) -> str:
    return money.UNITS[code].name(_page.get().lang)


def _initials(name: str) -> str:
    """Of a Vietnamese name the middle and the given name stand last: Nguyễn Thị An is TA."""
    return "".join(word[0] for word in name.split()[-2:]).upper()


def _words_of(typed: str) -> str:
    """What was typed as an amount, in words; nothing while it is no amount yet."""
    try:
        return money.words(money.parse_dong(typed), _page.get().lang)
    except money.BadAmount:
        return ""


_NEXT_STEPS: Final = {
    401: i18n.N_("Đăng nhập rồi mở lại trang này."),
    403: i18n.N_("Nếu đây là việc của ông/bà, xin nhờ người quản trị của đơn vị giao quyền."),
    404: i18n.N_(
        "Có thể nội dung đã được chuyển, hoặc thuộc đơn vị khác. Xin kiểm tra địa chỉ hoặc tìm lại."
    ),
    409: i18n.N_("Xem lại số liệu hiện có rồi thực hiện lại."),
    412: i18n.N_("Mở lại trang để xem bản hiện tại rồi sửa lại."),
    413: i18n.N_("Chia nhỏ hoặc nén tệp rồi gửi lại."),
    422: i18n.N_("Quay lại trang trước, sửa chỗ chưa đúng rồi gửi lại."),
    429: i18n.N_("Chờ một lát rồi thử lại."),
}
_NEXT_STEP: Final = i18n.N_("Thử lại sau ít phút. Nếu vẫn không được, xin báo người quản trị mã ở dưới.")


def _what_to_do(status: int) -> str:
    return _translate(_NEXT_STEPS.get(status, _NEXT_STEP))


def url_with(**changes: str | int | None) -> str:
    """This page's address with these query parameters set, or taken out where None; a cursor is not kept."""
    request = _page.get().request
    kept = [(k, v) for k, v in request.query_params.multi_items() if k not in changes and k != "cursor"]
    query = urlencode(kept + [(k, str(v)) for k, v in changes.items() if v is not None])
    return f"{request.url.path}?{query}" if query else request.url.path


@lru_cache(maxsize=256)
def static(path: str) -> str:
    """Address of a static file, with the hash of its content; a file that is missing is an error."""
    digest = hashlib.sha256((STATIC / path).read_bytes()).hexdigest()[:12]
    return f"/static/{path}?v={digest}"


class _Macros(SimpleNamespace):
    """Every macro of `templates/parts/`, by its name."""


def environment() -> Environment:
    """The templates' environment, built once."""
    return _environment()


@lru_cache(maxsize=1)
def _environment() -> Environment:
    env = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    env.filters |= {
        "dong": _say_dong,
        "money": _say_unit,
        "compact": _say_compact,
        "number": _say_number,
        "percent": _say_percent,
        "date": _say_date,
        "moment": _say_moment,
        "words": _say_words,
        "msg": _msg,
    }
    macros = _Macros()
    env.globals |= {
        "_": _translate,
        "ui": macros,
        "page": _page.get,
        "static": static,
        "url_with": url_with,
        "present": _present,
        "chart_of": _chart,
        "split_compact": _compact,
        "unit_name": _unit_name,
        "UNITS": tuple(money.UNITS),
        "Bar": Bar,
        "Table": Table,
        "Column": Column,
        "Row": Row,
        "Cell": Cell,
        "Tag": Tag,
        "nav": nav,
        "labels": labels,
        "Message": i18n.Message,
        "initials": _initials,
        "words_of": _words_of,
        "what_to_do": _what_to_do,
        "max_file_bytes": lambda: settings().max_file_bytes,
    }
    for path in sorted((HERE / "templates" / "parts").glob("*.html")):
        module = env.get_template(f"parts/{path.name}").module
        for name, macro in vars(module).items():
            if callable(macro) and not name.startswith("_"):
                setattr(macros, name, macro)
    return env


def _page_of(request: Request) -> Page:
    """Faults may be rendered before the middleware has said who asks: every fact has a default."""
    state = request.state
    lang = getattr(state, "lang", None) or i18n.negotiate(
        request.cookies.get(i18n.COOKIE), request.headers.get("accept-language")
    )
    return Page(
        request=request,
        lang=lang,
        actor=getattr(state, "actor", None),
        csrf=getattr(state, "csrf", None) or "",
        request_id=getattr(state, "request_id", None) or logs.request_id.get(),
        demo=bool(getattr(state, "demo", False)),
        unread=getattr(state, "unread", 0),
        version=getattr(request.scope.get("app"), "version", ""),
    )


def language(request: Request) -> str:
    """The language in which to answer this request."""
    return _page_of(request).lang


def is_local(url: str) -> bool:
    """A path of ours, and no way to another host."""
    return url.startswith("/") and not url.startswith(("//", "/\\")) and not any(c in url for c in "\r\n\t")


def page_text(request: Request, template: str, /, **context: object) -> str:
    """The HTML of a page as text."""
    page = _page_of(request)
    token = _page.set(page)
    try:
        return environment().get_template(template).render(context)
    finally:
        _page.reset(token)


def render(request: Request, template: str, /, *, status: int = 200, **context: object) -> Response:
    """A whole page. A message left by `redirect_after_post` is shown on it once."""
    context.setdefault("flash", read_flash(request))
    html = page_text(request, template, status=status, **context)
    response = HTMLResponse(html, status, headers={"content-language": _page_of(request).lang})
    if FLASH_COOKIE in request.cookies:
        response.delete_cookie(FLASH_COOKIE, path="/")
    return response


def fragment(
    request: Request, template: str, name: str, /, *, status: int = 200, **context: object
) -> Response:
    """One block of a page's template, or one macro of it, called with the context as its arguments."""
    page = _page_of(request)
    token = _page.set(page)
    try:
        found = environment().get_template(template)
        if name in found.blocks:
            html = "".join(found.blocks[name](found.new_context(context)))
        else:
            html = str(getattr(found.module, name)(**context))
    finally:
        _page.reset(token)
    return HTMLResponse(html, status, headers={"content-language": page.lang})


INVENTED: Final = N_("Số liệu minh họa, không phải số liệu thật.")


class Illustrated(Protocol):
    """A row that says whether its figures are invented."""

    @property
    def illustrative(self) -> bool: ...


def mark_illustrative(request: Request, rows: Iterable[Illustrated]) -> None:
    """The page (and a file made of it) says so when any row's figures are invented."""
    request.state.demo = getattr(request.state, "demo", False) or any(row.illustrative for row in rows)


def table_answer(
    request: Request, table: Table, template: str, /, *, status: int = 200, **context: object
) -> Response:
    """The page with `table` and the `unit` of money asked for (`?money=`), or the table as a file (`?format=xlsx|csv`)."""
    lang = language(request)
    if getattr(request.state, "demo", False) and INVENTED not in table.notes:
        table = replace(table, notes=[*table.notes, INVENTED])
    headers = {
        "content-disposition": f'attachment; filename="{table.name}.{request.query_params.get("format")}"'
    }
    match request.query_params.get("format"):
        case "xlsx":
            return Response(xlsx.write(table, lang), media_type=xlsx.MEDIA_TYPE, headers=headers)
        case "csv":
            return StreamingResponse(csv.write(table, lang), media_type=csv.MEDIA_TYPE, headers=headers)
    unit = request.query_params.get("money", "")
    unit = unit if unit in money.UNITS else money.MILLION.code
    return render(request, template, status=status, table=table, unit=unit, **context)


def is_htmx(request: Request) -> bool:
    """Asked for by htmx for a part of the page (going back in history asks for the whole)."""
    headers = request.headers
    return headers.get("hx-request") == "true" and headers.get("hx-history-restore-request") != "true"


def redirect_after_post(
    request: Request, url: str, *, flash: str | i18n.Message | None = None, kind: FlashKind = "done"
) -> Response:
    """On to `url`, a path of ours: 303 for a plain form, HX-Redirect for htmx, whose fetch would follow a 303.

    `flash` is said once on the next page.
    """
    if not is_local(url):
        raise ValueError(f"not a path of ours: {url}")
    response: Response
    if is_htmx(request):
        response = Response(status_code=204, headers={"HX-Redirect": quote(url, safe=":/%#?=@[]!$&'()*+,;")})
    else:
        response = RedirectResponse(url, status_code=303)
    if flash is not None:
        set_flash(request, response, flash, kind)
    return response


# A message for the next page: in a signed cookie, so that it needs no session and cannot be forged.


def set_flash(
    request: Request, response: Response, text: str | i18n.Message, kind: FlashKind = "done"
) -> None:
    said = i18n.say(_page_of(request).lang, text)[:600]
    body = base64.urlsafe_b64encode(json.dumps([kind, said], ensure_ascii=False).encode()).decode()
    response.set_cookie(
        FLASH_COOKIE,
        f"{body}.{_signature(body)}",
        max_age=FLASH_SECONDS,
        path="/",
        httponly=True,
        samesite="lax",
        secure=settings().secure_cookies,
    )


def read_flash(request: Request) -> Mapping[str, str] | None:
    """{kind, text}, or None where there is none or it is not ours."""
    body, _, signature = request.cookies.get(FLASH_COOKIE, "").partition(".")
    if not body or not hmac.compare_digest(signature.encode(), _signature(body).encode()):
        return None
    try:
        kind, text = json.loads(base64.urlsafe_b64decode(body))
    except ValueError:
        return None
    return {"kind": kind, "text": text}


def _signature(body: str) -> str:
    key = settings().secret_key.get_secret_value().encode()
    return hmac.new(key, b"flash:" + body.encode(), hashlib.sha256).hexdigest()[:43]
