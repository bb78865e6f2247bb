"""Pages, fragments and what is said on the next page."""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable
from datetime import date
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace

import pytest
from jinja2 import ChoiceLoader, FileSystemLoader
from starlette.responses import Response

from app.errors import NotFound, RuleBroken
from app.i18n import Message
from app.views.forms import Form
from app.views.templating import (
    STATIC,
    environment,
    fragment,
    is_htmx,
    is_local,
    page_text,
    read_flash,
    redirect_after_post,
    render,
    static,
    table_answer,
)
from tests.views import gallery

TEMPLATES = Path(__file__).parent / "templates"


@pytest.fixture(autouse=True, scope="module")
def _gallery_template() -> None:
    env = environment()
    env.loader = ChoiceLoader(
        [
            FileSystemLoader(Path(gallery.__file__).parents[2] / "app/views/templates"),
            FileSystemLoader(TEMPLATES),
        ]
    )


def body(response: Response) -> str:
    return bytes(response.body).decode()


def cookies(response: Response) -> str:
    return "\n".join(value.decode() for name, value in response.raw_headers if name == b"set-cookie")


class _Balance(HTMLParser):
    """Open elements that nothing closes, and ids that stand twice."""

    VOID = frozenset(
        {"meta", "link", "input", "br", "img", "hr", "path", "rect", "line", "circle", "polyline", "polygon"}
    )

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.faults: list[str] = []
        self.ids: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        identity = dict(attrs).get("id")
        if identity in self.ids:
            self.faults.append(f"id twice: {identity}")
        if identity:
            self.ids.add(identity)
        self.faults += [
            f"{name} on <{tag}>" for name, _ in attrs if name == "style" or name.startswith(("on", "hx-on"))
        ]
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        pass

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"</{tag}> closes nothing")


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_every_macro_draws_well_formed_html_without_inline_script_or_style(lang: str) -> None:
    reader = _Balance()
    reader.feed(page_text(gallery.request(lang), "gallery.html", **gallery.context()))
    assert reader.faults == []
    assert reader.open == []


def test_the_frame_leaves_room_for_content_in_the_first_14_kb() -> None:
    html = page_text(gallery.request(), "more.html", title="Mọi mục", places=[])
    before, _, _ = html.partition('<main class="wrap"')
    assert len(before.encode()) < 14_000
    assert len(gzip.compress(before.encode())) < 3_000


def test_what_the_first_page_loads_is_under_150_kb_compressed() -> None:
    html = page_text(gallery.request(), "gallery.html", **gallery.context())
    files = [
        *re.findall(r'(?:href|src)="/static/([^"?]+)', html),
        "vendor/fonts/source-sans-3-vietnamese-wght-normal.woff2",
    ]
    assert {"base.css", "app.js", "vendor/htmx.min.js"} <= set(files)
    assert (
        sum(len(gzip.compress((STATIC / name).read_bytes())) for name in files)
        + len(gzip.compress(html.encode()))
        < 150_000
    )


def test_style_sheets_name_fonts_by_the_hash_that_the_preload_links_use() -> None:
    named = re.findall(r'url\("([^"]+)"\)', (STATIC / "base.css").read_text())
    assert len(named) == 2
    assert [f"/static/{url}" for url in named] == [static(url.partition("?")[0]) for url in named]


def test_no_style_sheet_or_script_asks_another_host() -> None:
    for path in [*STATIC.glob("*.css"), STATIC / "app.js"]:
        assert not re.search(r"https?://|//[a-z]+\.", path.read_text().replace("http://www.w3.org", "")), (
            path.name
        )


def test_a_page_without_a_known_asker_still_renders() -> None:
    request = gallery.request()
    for name in ("lang", "actor", "csrf", "request_id", "demo"):
        delattr(request.state, name)
    html = body(render(request, "error.html", status=404, fault=NotFound(), request_id=""))
    assert "Không tìm thấy" in html
    assert 'class="bar"' not in html


def test_a_fault_says_what_happened_what_to_do_and_its_code() -> None:
    fault = RuleBroken("pocket", "Ghi {asked:money} nhưng chỉ còn {held:money}", asked=500, held=420)
    answer = render(gallery.request(), "error.html", status=409, fault=fault, request_id="01J8CODE")
    assert answer.status_code == 409
    for words in ("Ghi 500 đ nhưng chỉ còn 420 đ", "Xem lại số liệu hiện có", "01J8CODE"):
        assert words in body(answer)


def test_what_people_type_is_escaped() -> None:
    form = Form({"memo": '"><script>alert(1)</script>'})
    html = page_text(gallery.request(), "gallery.html", **(gallery.context() | {"form": form}))
    assert "<script>alert" not in html


def test_a_fragment_is_one_block_without_the_frame() -> None:
    html = body(fragment(gallery.request(), "gallery.html", "content", **gallery.context()))
    assert "Việc cần làm hôm nay" in html
    assert "<html" not in html


def test_a_fragment_can_be_one_macro() -> None:
    options = [("20770", "Xã Sông Trà", "huyện Hiệp Đức")]
    html = body(
        fragment(
            gallery.request(), "parts/form.html", "finder_options", name="unit", options=options, asked="song"
        )
    )
    assert 'value="20770" checked' in html


def test_a_plain_post_goes_on_with_303() -> None:
    answer = redirect_after_post(gallery.request(), "/works?năm=2023")
    assert (answer.status_code, answer.headers["location"]) == (303, "/works?n%C4%83m=2023")


def test_htmx_is_told_where_to_go_instead_of_following() -> None:
    answer = redirect_after_post(gallery.request(hx_request="true"), "/works/1")
    assert (answer.status_code, answer.headers["hx-redirect"], "location" in answer.headers) == (
        204,
        "/works/1",
        False,
    )


@pytest.mark.parametrize(
    "url",
    ["https://x.example/", "//x.example", "/\\x.example", "works", "javascript:1", "/a\r\nSet-Cookie: b", ""],
)
def test_nobody_is_sent_to_another_host(url: str) -> None:
    assert not is_local(url)
    with pytest.raises(ValueError, match="not a path"):
        redirect_after_post(gallery.request(), url)


def test_going_back_in_history_wants_the_whole_page() -> None:
    assert is_htmx(gallery.request(hx_request="true"))
    assert not is_htmx(gallery.request(hx_request="true", hx_history_restore_request="true"))
    assert not is_htmx(gallery.request())


def _flash_of(answer: Response) -> str:
    return cookies(answer).partition("flash=")[2].partition(";")[0]


def test_a_message_is_said_once_on_the_next_page() -> None:
    sent = redirect_after_post(
        gallery.request("en"),
        "/",
        flash=Message("Chưa ghi được: {n:number} chỗ cần sửa", {"n": 2}),
        kind="risk",
    )
    cookie = cookies(sent)
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    next_request = gallery.request("en", cookie=f"flash={_flash_of(sent)}")
    assert read_flash(next_request) == {"kind": "risk", "text": "Not recorded: 2 to correct"}
    page = render(next_request, "more.html", title="", places=[])
    assert "Not recorded: 2 to correct" in body(page)
    assert 'flash=""' in cookies(page)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda v: v[:-1] + ("0" if v[-1] != "0" else "1"),
        lambda v: "A" + v,
        lambda _: "x.y",
        lambda _: ".",
        lambda v: v.split(".")[0],
    ],
)
def test_a_message_that_was_tampered_with_is_not_said(spoil: Callable[[str], str]) -> None:
    value = _flash_of(redirect_after_post(gallery.request(), "/", flash="Đã ghi"))
    assert read_flash(gallery.request(cookie=f"flash={spoil(value)}")) is None


def test_the_page_of_a_table_is_also_its_files() -> None:
    table = gallery.disbursement()
    excel = table_answer(gallery.request(query="format=xlsx"), table, "gallery.html")
    assert excel.headers["content-disposition"] == 'attachment; filename="giai-ngan-20770-2023.xlsx"'
    assert bytes(excel.body).startswith(b"PK")
    csv = table_answer(gallery.request(query="format=csv"), table, "gallery.html")
    assert csv.headers["content-type"].startswith("text/csv")


@pytest.mark.parametrize(
    ("query", "shown"), [("", "1.080,4"), ("money=dong", "1.080.400.000"), ("money=nonsense", "1.080,4")]
)
def test_the_reader_chooses_the_unit_of_a_table(query: str, shown: str) -> None:
    answer = table_answer(
        gallery.request(query=query),
        gallery.disbursement(),
        "gallery.html",
        **{k: v for k, v in gallery.context().items() if k not in ("table", "unit")},
    )
    assert f">{shown}<" in body(answer).replace("</span>", "<")


def test_links_of_a_table_keep_the_rest_of_the_address() -> None:
    request = gallery.request(query="year=2023&q=tr%C3%A0&cursor=abc&money=dong")
    html = page_text(request, "gallery.html", **gallery.context())
    for change in ("money=billion", "money=dong&amp;sort=plan", "money=dong&amp;format=xlsx"):
        assert f'href="/gallery?year=2023&amp;q=tr%C3%A0&amp;{change}"' in html
    assert "cursor=abc" not in html


class TestForm:
    """What was typed comes back, and what is wrong stands beside it."""

    def test_reads_what_a_voucher_has(self) -> None:
        form = Form(
            {
                "amount": "420 triệu",
                "day": "14/9/2023",
                "memo": " Bò sinh sản ",
                "kind": "pay",
                "sure": "1",
                "n": "7",
            }
        )
        read = (
            form.amount("amount"),
            form.day("day"),
            form.text("memo"),
            form.choice("kind", {"pay"}),
            form.flag("sure"),
            form.whole("n"),
        )
        assert read == (420_000_000, date(2023, 9, 14), "Bò sinh sản", "pay", True, 7)
        assert form.ok

    @pytest.mark.parametrize(
        ("name", "typed", "said"),
        [
            ("amount", "", "Chưa điền"),
            ("amount", "1.5", "Có thể hiểu hai cách"),
            ("amount", "0", "phải lớn hơn 0"),
            ("day", "31/02/2023", "Không phải ngày"),
            ("day", "14/9/23", "Không phải ngày"),
            ("day", "31/12/9999", "Năm phải từ"),
            ("day", "0001-01-01", "Năm phải từ"),
            ("memo", "   ", "Chưa điền"),
            ("memo", "x" * 3000, "Dài quá"),
            ("choice", "other", "Không có trong danh sách"),
            ("choice", "", "Chưa chọn"),
            ("whole", "-1", "Phải là số nguyên"),
            ("whole", "1.000", "Phải là số nguyên"),
            ("id", "x", "Không có trong danh sách"),
        ],
    )
    def test_says_what_is_wrong_and_keeps_what_was_typed(self, name: str, typed: str, said: str) -> None:
        form = Form({name: typed})
        readers: dict[str, Callable[[str], object]] = {
            "amount": form.amount,
            "day": form.day,
            "memo": form.text,
            "whole": form.whole,
            "id": form.id,
        }
        value = form.choice(name, {"pay"}) if name == "choice" else readers[name](name)
        assert value is None
        assert said in form.errors[name].text
        assert form.get(name) == typed

    def test_takes_a_refusal_beside_its_field_or_above_the_form(self) -> None:
        form = Form({"amount": "5"})
        form.take(NotFound("Không thấy dòng vốn", field="line"))
        form.take(RuleBroken("pocket", "Chỉ còn {held:money}", held=4))
        assert [m.text for m in form.general] == ["Không thấy dòng vốn", "Chỉ còn {held:money}"]

    def test_shows_a_stored_row_as_people_type_it(self) -> None:
        form = Form(amount=420_000_000, day=date(2023, 9, 4), none=None, yes=True)
        assert [form.get(n) for n in ("amount", "day", "none", "yes")] == [
            "420.000.000",
            "04/09/2023",
            "",
            "1",
        ]

    def test_a_second_fault_of_a_field_does_not_hide_the_first(self) -> None:
        form = Form({})
        form.fail("a", "một")
        form.fail("a", "hai")
        assert form.errors["a"].text == "một"


def test_initials_are_those_of_middle_and_given_name() -> None:
    clerk = SimpleNamespace(
        user_id="u", name="Nguyễn Thị An", role="accountant", unit_code="20770", lang="vi"
    )
    html = page_text(gallery.request(actor=clerk), "more.html", title="", places=[])
    assert '<span class="face" aria-hidden="true">TA</span>' in html


def test_what_somebody_else_changed_stands_in_the_form_that_is_put_in_place() -> None:
    """Where scripts run, a refused form takes the place of the form alone: what stands outside is not seen."""
    seen = 0
    for file in (STATIC.parent / "templates").rglob("*.html"):
        lines = [line for line in file.read_text("utf-8").splitlines() if line.strip()]
        for before, line in pairwise(lines):
            if "bits.newer(" in line:
                seen += 1
                assert "ui.form_tag(" in before, f"{file.name}: {line[:80]}"
    assert seen > 20
