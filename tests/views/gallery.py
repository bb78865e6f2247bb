"""Every macro on one page, for people who change the look and for the tests that guard it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from starlette.requests import Request

from app.i18n import Message
from app.reports.curve import Curve, s_curve
from app.reports.svg import Bar
from app.reports.table import Cell, Column, Row, Table, Tag
from app.views.forms import Form

GONE = Decimal("0.704")
CLERK = SimpleNamespace(user_id="u-1", name="Nguyễn Thị An", role="accountant", unit_code="20770", lang="vi")


def request(
    lang: str = "vi", *, actor: object | None = CLERK, path: str = "/gallery", query: str = "", **headers: str
) -> Request:
    """A request as the middleware hands it to a page."""
    made = Request(
        {
            "type": "http",
            "method": "GET",
            "path": path,
            "query_string": query.encode(),
            "headers": [(k.replace("_", "-").encode(), v.encode()) for k, v in headers.items()],
            "server": ("testserver", 80),
            "scheme": "http",
        }
    )
    made.state.lang = lang
    made.state.actor = actor
    made.state.csrf = "token-of-the-session"
    made.state.request_id = "01J8"
    made.state.demo = True
    return made


def _line(
    name: str,
    code: str,
    plan: int,
    paid: int,
    advanced: int,
    risk: int,
    *,
    late: bool = False,
    settled: int = 0,
) -> Row:
    million = 10**6
    bar = Bar(
        settled * million,
        paid * million,
        advanced * million,
        (plan - paid - advanced - settled) * million,
        GONE,
        risk * million,
    )
    return Row(
        {
            "name": Cell(name, href="/ledger", sub=code),
            "plan": bar.plan,
            "disbursed": Cell(bar.disbursed, href="/ledger/entries"),
            "bar": bar,
            "rate": Cell(bar.rate, tag=Tag("late", "chậm") if late else None),
            "risk": bar.at_risk,
        },
        depth=1,
    )


def disbursement() -> Table:
    """The dashboard's table by program."""
    total = Bar(680 * 10**6, 3310 * 10**6, 730 * 10**6, 3630 * 10**6, GONE)
    return Table(
        title="Theo chương trình",
        columns=[
            Column("name", "Chương trình, dự án", sort=True),
            Column("plan", "Kế hoạch", "money", sort=True),
            Column("disbursed", "Giải ngân", "money"),
            Column("bar", "Tiền và thời gian", "bar"),
            Column("rate", "Tỷ lệ", "percent", sort=True),
            Column("risk", "Nguy cơ mất", "money"),
        ],
        rows=[
            Row(
                {
                    "name": "Giảm nghèo bền vững",
                    "plan": 3120 * 10**6,
                    "disbursed": 1470 * 10**6,
                    "rate": Decimal("0.4712"),
                    "risk": 310 * 10**6,
                    "bar": Bar(0, 1290 * 10**6, 180 * 10**6, 1650 * 10**6, GONE),
                },
                "group",
            ),
            _line(
                "Dự án 2. Đa dạng hóa sinh kế, phát triển mô hình giảm nghèo",
                "GNBV.2",
                1180,
                310,
                120,
                240,
                late=True,
            ),
            _line("Dự án 3. Hỗ trợ phát triển sản xuất nông nghiệp", "GNBV.3.1", 920, 280, 60, 70, late=True),
            _line("Dự án 1. Đầu tư hạ tầng", "GNBV.1", 1020, 700, 0, 0),
            Row(
                {
                    "name": "Dân tộc thiểu số và miền núi",
                    "plan": 740 * 10**6,
                    "disbursed": 510 * 10**6,
                    "rate": Decimal("0.6892"),
                    "risk": 80 * 10**6,
                    "bar": Bar(420 * 10**6, 90 * 10**6, 0, 230 * 10**6, GONE),
                },
                "group",
            ),
            _line("Dự án 1. Đất ở, nhà ở, nước sinh hoạt", "DTTS.1", 740, 90, 0, 80, settled=420),
        ],
        totals=Row(
            {
                "name": "Cộng",
                "plan": total.plan,
                "disbursed": total.disbursed,
                "bar": total,
                "rate": total.rate,
                "risk": 1_080_400_000,
            },
            "sum",
        ),
        filters=[("Đơn vị", "Xã Sông Trà"), ("Năm", "2023")],
        notes=["Kế hoạch gồm cả vốn kéo dài từ năm trước."],
        as_of=date(2023, 9, 14),
        made_at=datetime(2023, 9, 14, 2, 41, tzinfo=UTC),
        name="giai-ngan-20770-2023",
    )


def households() -> Table:
    return Table(
        title="Hộ được hỗ trợ",
        columns=[
            Column("name", "Chủ hộ"), Column("hamlet", "Thôn"), Column("status", "Diện", "tag"),
            Column("members", "Nhân khẩu", "number"), Column("on", "Ngày nhận", "date"), Column("amount", "Giá trị", "money"),
        ],
        rows=[
            Row({"name": Cell("N*** V*** A***", href="/households/1", sub="H-0012"), "hamlet": "Trà Huỳnh", "status": Tag("risk", "hộ nghèo"), "members": 5, "on": date(2023, 3, 2), "amount": 12_500_000}),
            Row({"name": Cell("H*** T*** B***", href="/households/2", sub="H-0044"), "hamlet": "Trà Sơn", "status": Tag("done", "mới thoát nghèo"), "members": 3, "on": date(2023, 3, 2), "amount": 9_864_000}),
        ],
    )  # fmt: skip


def forms() -> tuple[Form, Form]:
    """A form as it opens, and one that was refused."""
    fresh = Form({}, kind="pay", number="", day=date(2023, 9, 14))
    bad = Form(
        {
            "kind": "pay",
            "amount": "500.000.000",
            "number": "",
            "day": "31/02/2023",
            "source": "central",
            "unit_find": "song tra",
        }
    )
    bad.prefix = "bad-"
    bad.fail("amount", "Ghi {asked:money} nhưng chỉ còn {held:money}", asked=500_000_000, held=420_000_000)
    bad.text("number")
    bad.day("day")
    return fresh, bad


def curve() -> Curve | None:
    """A canal that began well and is late, seen on the day of the inspection."""
    plan = [(date(2023, 3, 1), 0), (date(2023, 5, 31), 60), (date(2023, 10, 31), 100)]
    real = [(date(2023, 3, 6), 0), (date(2023, 4, 30), 22), (date(2023, 6, 30), 46), (date(2023, 9, 10), 62)]
    spent = [(date(2023, 3, 20), 180 * 10**6), (date(2023, 8, 2), 300 * 10**6)]
    return s_curve(plan, real, spent, 640 * 10**6, date(2023, 9, 14))


def context() -> dict[str, Any]:
    fresh, bad = forms()
    year = Bar(680 * 10**6, 3310 * 10**6, 730 * 10**6, 3630 * 10**6, GONE, 1080 * 10**6)
    months = (0, 60, 130, 260, 420, 700, 1050, 1500, 1960, 2450, 2940, 3780, 4720)
    return {
        "title": "Xã Sông Trà",
        "place": "dashboard",
        "unit": "million",
        "year": 2023,
        "years": [2021, 2022, 2023],
        "flash": {"kind": "done", "text": "Đã ghi 120.000.000 đ, chờ duyệt"},
        "bar": year,
        "points": [(date(2023, 1 + i * 8 // 12, 1 + (i * 7) % 27), m * 10**6) for i, m in enumerate(months)],
        "curve": curve(),
        "table": disbursement(),
        "households": households(),
        "form": fresh,
        "bad": bad,
        "Msg": Message,
    }
