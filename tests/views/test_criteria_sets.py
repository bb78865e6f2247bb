"""Pages of criteria sets: who may, what is not known said first, thresholds by place, a set from a table, a change of sets."""

from __future__ import annotations

import re
import uuid
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from fastapi.routing import APIRoute

from app.clock import today
from app.domain.criteria import assessing, sets, table
from app.domain.criteria.assessing import NewAssessment
from app.domain.criteria.proposed import NewCriterion
from app.models.identity import ROLES
from app.views.criteria import new_set, thresholds
from app.views.criteria import sets as pages
from tests.support.criteria import SHIPPED, added, indicator, nation, threshold
from tests.support.pages import Visitor, links, words
from tests.support.world import World, actor

LIST = "/criteria/sets"
SET = f"{LIST}/{SHIPPED}"
NEW = f"{LIST}/new"
NATION = "quantri"  # the administrator of the whole; every other person is of Sông Trà
EVERYBODY = {*ROLES, NATION}
TABLE: dict[str, set[str]] = {
    "GET /criteria/sets": EVERYBODY,
    "GET /criteria/sets/{code}": EVERYBODY,
    "GET /criteria/sets/{code}/changes": EVERYBODY,
    "GET /criteria/sets/{code}/indicators/{indicator}": EVERYBODY,
    "POST /criteria/sets/{code}/indicators/{indicator}": {NATION},
    "GET /criteria/sets/new": {NATION},
    "POST /criteria/sets/new": {NATION},
    "GET /criteria/sets/new/{file_id}": {NATION},
    "POST /criteria/sets/new/{file_id}": {NATION},
}
HEAD = {
    "code": "ntm-xa-2026-2030", "name": "Bộ tiêu chí thử", "name_en": "", "level": "commune", "place": "nation",
    "valid_from": "01/01/2026", "valid_to": "", "source": "Quyết định thử", "certainty": "sure",
}  # fmt: skip


def said(page: str) -> str:
    return words(page).replace("\u00a0", " ")


def test_every_page_by_every_role(world: World) -> None:
    routes = [
        r for m in (pages, new_set, thresholds) for r in m.router.routes if isinstance(r, APIRoute)
    ]  # fmt: skip
    found = {f"{m} {re.sub(r':uuid', '', r.path)}" for r in routes for m in r.methods or ()}
    assert found == TABLE.keys()
    told, expected = {}, {}
    for name, allowed in TABLE.items():
        method, path = name.split()
        for who in sorted(EVERYBODY):
            visitor = Visitor.logged_in(who)
            kept = table.keep(nation(), new_set.Sent(HEAD, b"x").packed())
            address = path.format(code=SHIPPED, indicator="2.1", file_id=kept)
            sent = visitor.get(address) if method == "GET" else visitor.send_form(address)
            told[who, name] = sent.status_code
            expected[who, name] = 403
            if who in allowed:  # what is kept is its sender's alone
                expected[who, name] = 404 if "{file_id}" in path else 200 if method == "GET" else 422
    assert told == expected
    assert Visitor.stranger().get(LIST).headers["location"].startswith("/login?next=")


def test_the_list_says_which_is_used_and_what_is_not_known(world: World) -> None:
    added("TINH-KHAC", unit_code="01@legacy", valid_from=date(2021, 1, 1))
    added("SAU", valid_from=date(2999, 1, 1), source="Nghị quyết")
    page = Visitor.logged_in("officer").page(LIST)
    text = said(page)
    over = "hết hạn, vẫn dùng" if today() > date(2025, 12, 31) else "đang dùng"
    assert (
        f"giai đoạn 2021-2025 {over} Cả nước · từ 01/01/2021 đến hết 31/12/2025 · 19 tiêu chí, 57 chỉ tiêu "
        "17 chỉ tiêu chưa có ngưỡng 7 chỉ tiêu chờ xác nhận"
    ) in text
    assert "Bộ tiêu chí thử chưa có hiệu lực Cả nước · từ 01/01/2999" in text
    assert "Bộ tiêu chí thử không dùng ở đây Thành phố Hà Nội" in text
    assert f"{LIST}/SAU/changes?from={SHIPPED}" in links(page)
    assert NEW not in links(page)
    assert NEW in links(Visitor.logged_in(NATION).page(LIST))


def test_a_set_says_first_what_is_not_known_where_one_reads(world: World) -> None:
    officer = Visitor.logged_in("officer")
    before = said(officer.page(SET))
    assert (
        "19 tiêu chí, 57 chỉ tiêu. Ở Xã Sông Trà, trong 27 chỉ tiêu có số liệu, 17 chưa có ngưỡng; "
        "7 chỉ tiêu khác chờ xác nhận. Chưa có ngưỡng: 17 chỉ tiêu 2. Giao thông : 2.1, 2.2, 2.3, 2.4 9. Nhà ở"
    ) in before
    assert before.index("Chưa có ngưỡng: 17") < before.index("I. Quy hoạch")
    threshold("2.1", "72.5", unit_code="49@legacy", source="Quyết định 22/QĐ-UBND")
    page = officer.page(SET)
    assert "16 chưa có ngưỡng" in said(page)
    assert "≥ 72,5 % Tỉnh Quảng Nam đã xác nhận Quyết định 22/QĐ-UBND" in said(page)
    assert f"{SET}/indicators/2.1" in links(page)
    elsewhere = said(Visitor.logged_in(NATION).page(f"{SET}?unit=00001@legacy"))
    assert "Ở Phường Phúc Xá, trong 27 chỉ tiêu có số liệu, 17 chưa có ngưỡng" in elsewhere
    assert officer.get(f"{SET}?unit=00001@legacy").status_code == 404
    assert officer.get(f"{LIST}/NONE").status_code == 404
    earlier = said(officer.page(f"{SET}?as_of=2020-12-31"))
    assert "16 chưa có ngưỡng" in earlier, "before its first day a set is shown as on that day"


def test_a_set_as_files_says_what_is_not_certain(world: World) -> None:
    officer = Visitor.logged_in("officer")
    csv = officer.get(f"{SET}?format=csv").text
    row = next(line for line in csv.splitlines() if line.startswith('"2.1 ') or line.startswith("2.1 "))
    assert row.count("chưa có ngưỡng") == 1
    assert "UBND cấp tỉnh quy định cụ thể" in row
    assert officer.get(f"{SET}?format=xlsx").content[:2] == b"PK"


def test_a_threshold_is_added_by_the_form_and_shown_by_place(world: World) -> None:
    path = f"{SET}/indicators/11.1"
    administrator = Visitor.logged_in(NATION)
    page = administrator.page(path)
    assert 'value="region:DHNTB"' in page
    assert 'value="unit:49@legacy"' in page
    form = {
        "place": "region:DHNTB", "value": "2,5", "valid_from": "01/01/2022", "valid_to": "", "source": "QĐ 1",
        "certainty": "sure",
    }  # fmt: skip
    bad = administrator.send_form(path, **(form | {"value": "101", "place": "", "source": ""}))
    assert bad.status_code == 422
    assert [f'href="#f-{name}"' in bad.text for name in ("place", "source")] == [True, True]
    assert 'value="101"' in bad.text
    over = administrator.send_form(path, **(form | {"value": "101"}))
    assert (over.status_code, 'href="#f-value"' in over.text, 'value="101"' in over.text) == (422, True, True)
    gone = administrator.send_form(path, **(form | {"place": "region:X"}))
    assert (gone.status_code, "Không có vùng X." in words(gone.text)) == (422, True)
    done = administrator.send_form(path, **form)
    assert (done.status_code, done.headers["location"]) == (303, path)
    text = said(Visitor.logged_in("officer").page(path))
    assert "Duyên hải Nam Trung Bộ ≤ 2,5 % từ 01/01/2022 đã xác nhận QĐ 1" in text
    assert "Cả nước chưa có ngưỡng từ 01/01/2021 chờ xác nhận" in text
    assert "Thêm ngưỡng" not in text
    judged = said(administrator.page(f"{SET}/indicators/1.1"))
    assert "xét đạt hay không đạt, không có ngưỡng" in judged
    assert "Thêm ngưỡng" not in judged
    assert administrator.get(f"{SET}/indicators/99.1").status_code == 404


# --- a set from a table --------------------------------------------------------------------------------

HEADS = (
    "Số tiêu chí,Tên tiêu chí,Mã chỉ tiêu,Nội dung chỉ tiêu,Loại chỉ tiêu,Đơn vị tính,Ngưỡng,Cần minh chứng"
)
GOOD = (
    '3,Thủy lợi,3.1,Tưới tiêu chủ động,"Tỷ lệ, ít nhất",%,"82,5",', ",,3.2,Bốn tại chỗ,Đạt hay không đạt,,,có",
    '11,Nghèo,11.1,Nghèo đa chiều,"Tỷ lệ, nhiều nhất",%,,',
)  # fmt: skip


def csv_of(*rows: str, heads: str = HEADS) -> bytes:
    return "\r\n".join((heads, *rows)).encode()


def send(visitor: Visitor, content: bytes, file_name: str = "bo.csv", **head: str) -> Any:
    files = {"file": (file_name, content, "text/csv")}
    return visitor.post(NEW, data={"csrf": visitor.token, **(HEAD | head)}, files=files)


def test_a_table_is_shown_before_it_becomes_a_set(world: World) -> None:
    administrator = Visitor.logged_in(NATION)
    sent = send(administrator, csv_of(*GOOD))
    assert sent.status_code == 303
    look = sent.headers["location"]
    text = said(administrator.page(look))
    assert "2 tiêu chí, 3 chỉ tiêu; 1 chưa có ngưỡng, 3 chờ xác nhận. Chưa ghi gì." in text
    assert "NTM-XA-2026-2030" in text
    assert "3. Thủy lợi 3.1 Tưới tiêu chủ động Tỷ lệ, ít nhất 82,5 %" in text
    assert [s.code for s in sets.sets(nation())] == [SHIPPED]
    done = administrator.send_form(look)
    assert done.headers["location"] == f"{LIST}/NTM-XA-2026-2030"
    made = sets.get(nation(), "NTM-XA-2026-2030")
    assert [(c.number, c.name, [i.code for i in c.indicators]) for c in made.criteria] == [
        (3, "Thủy lợi", ["3.1", "3.2"]), (11, "Nghèo", ["11.1"]),
    ]  # fmt: skip
    figures = [(i.kind, i.must_reach, i.evidence_required, i.ruled_by) for _, i in made.indicators]
    assert figures == [
        ("percent", Decimal("82.5"), False, "Quyết định thử"), ("judgment", None, True, "Quyết định thử"),
        ("percent_max", None, False, "Quyết định thử"),
    ]  # fmt: skip
    assert administrator.get(look).status_code == 404, "used"


def test_every_faulty_row_is_named_and_nothing_can_be_added(world: World) -> None:
    administrator = Visitor.logged_in(NATION)
    sent = send(
        administrator,
        csv_of(
            GOOD[0], '3,Thủy nông,3.1,Khác,"Tỷ lệ, ít nhất",%,101,', "x,,4.1,Điện,ít nhất,,-5,chưa",
            "5,Trường học,6.1,,Đạt hay không đạt,,7,",
        ),
    )  # fmt: skip
    look = sent.headers["location"]
    page = administrator.page(look)
    text = said(page)
    for fault in (
        "Dòng 2, cột Mã chỉ tiêu : Mã chỉ tiêu này đã có.", "Dòng 3, cột Mã chỉ tiêu : Mã chỉ tiêu này đã có.",
        "Dòng 3, cột Tên tiêu chí : Tiêu chí 3 ở dòng 2 có tên khác.", "Dòng 3, cột Ngưỡng : Tỷ lệ từ 0 đến 100 %.",
        "Dòng 4, cột Số tiêu chí : Số thứ tự từ 1 đến 999.", "Dòng 4, cột Loại chỉ tiêu : Không có loại chỉ tiêu này.",
        "Dòng 4, cột Ngưỡng : Không phải số.", "Dòng 4, cột Cần minh chứng : Ghi “có” hoặc “không”.",
        "Dòng 4, cột Tên tiêu chí : Chưa điền", "Dòng 5, cột Mã chỉ tiêu : Mã chỉ tiêu bắt đầu bằng số của tiêu chí",
        "Dòng 5, cột Nội dung chỉ tiêu : Chưa điền", "Dòng 5, cột Ngưỡng : Chỉ tiêu xét đạt hay không đạt",
    ):  # fmt: skip
        assert fault in text, fault
    assert f'action="{look}"' not in page
    assert administrator.send_form(look).status_code == 422
    assert [s.code for s in sets.sets(nation())] == [SHIPPED]
    again = next(href for href in links(page) if href.startswith(f"{NEW}?again="))
    assert 'value="Bộ tiêu chí thử"' in administrator.page(again), "the head is not typed twice"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "Chọn tệp Excel hoặc CSV."), (b"%PDF-1.4", "Chỉ nhận Excel (.xlsx) hoặc CSV"),
        (csv_of("=1+1,x,3.1,x,x"), "Ô có công thức: A2."), (b"a,b\r\n1,2", "có “Mã chỉ tiêu”, “Nội dung chỉ tiêu”"),
        (csv_of(), "Bảng không có dòng nào."),
    ],
)  # fmt: skip
def test_files_that_are_no_tables_are_refused_beside_the_field(
    world: World, content: bytes, message: str
) -> None:
    refused = send(Visitor.logged_in(NATION), content)
    assert refused.status_code == 422
    assert 'href="#f-file"' in refused.text
    assert message in words(refused.text)
    assert 'value="Bộ tiêu chí thử"' in refused.text


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("code", "bộ 1"), ("name", " "), ("level", ""), ("place", ""), ("valid_from", "31/02/2026"),
        ("valid_to", "31/12/2025"), ("source", ""), ("certainty", ""),
    ],
)  # fmt: skip
def test_a_head_that_cannot_be_is_refused_by_its_field(world: World, field: str, typed: str) -> None:
    refused = send(Visitor.logged_in(NATION), csv_of(*GOOD), **{field: typed})
    assert refused.status_code == 422
    assert f'href="#f-{field}"' in refused.text


def test_a_code_that_stands_is_refused_when_it_is_confirmed(world: World) -> None:
    administrator = Visitor.logged_in(NATION)
    look = send(administrator, csv_of(*GOOD), code=SHIPPED).headers["location"]
    refused = administrator.send_form(look)
    assert refused.status_code == 409
    assert f"Bộ tiêu chí {SHIPPED} đã có, với nội dung khác." in words(refused.text)
    assert f'action="{look}"' in refused.text


@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_the_template_is_the_set_in_force_and_can_be_sent_back(world: World, lang: str, kind: str) -> None:
    administrator = Visitor.logged_in(NATION, lang)
    template = administrator.get(f"{NEW}?format={kind}").content
    look = send(administrator, template, f"mau.{kind}").headers["location"]
    assert administrator.send_form(look).status_code == 303
    before, after = (sets.get(nation(), code) for code in (SHIPPED, "NTM-XA-2026-2030"))

    def told(found: Any) -> list[tuple[Any, ...]]:
        return [
            (c.number, c.name, c.name_en, c.group, i.code, i.name, i.kind, i.unit, i.must_reach, i.ruled_by, i.certain)
            for c, i in found.indicators
        ]  # fmt: skip

    assert told(after) == told(before)


# --- a change of sets ----------------------------------------------------------------------------------


def assessed(code: str, **found: Any) -> None:
    new = NewAssessment(uuid.uuid4(), "20770@legacy", code, date(2023, 6, 30), **found)
    assessing.create(actor(), new)


def test_what_is_lost_is_said_first(world: World) -> None:
    wording = {i.code: i.name for _, i in sets.get(nation(), SHIPPED).indicators}
    added(
        "SAU",
        NewCriterion(3, "Thủy lợi", (indicator("3.1", name=wording["3.1"], threshold=Decimal(90)),)),
        NewCriterion(
            4, "Điện", (indicator("4.1", "judgment", name=wording["4.1"]), indicator("4.3", "judgment"))
        ),
        NewCriterion(7, "Chợ", (indicator("7.1", "judgment", name=wording["7.1"]),)),
    )
    assessed("3.1", value=Decimal(85))
    assessed("3.2", met=True)
    assessed("7.1", met=True)
    path = f"{LIST}/SAU/changes?from={SHIPPED}"
    page = Visitor.logged_in("officer").page(path)
    text = said(page)
    assert (
        "Theo bộ cũ đạt 2 tiêu chí. Theo bộ mới, với những gì đã biết, đạt 1. Tiêu chí sẽ mất: 1 3. Thủy lợi : 3.1"
        in text
    )
    assert "3.1 Tỷ lệ diện tích" in text
    assert "đổi ngưỡng ≥ 80 % ≥ 90 % 85 % · đạt · 30/06/2023 không đạt" in text
    assert "giữ đạt 7. Chợ" in text
    assert " 7.1 " not in text
    assert " 7.1 " in said(Visitor.logged_in("officer").page(f"{path}&all=1"))
    english = said(Visitor.logged_in("officer", "en").page(path))
    assert "Criteria that would be lost: 1" in english
    nobody = said(Visitor.logged_in(NATION).page(f"{path}&unit=20773@legacy"))
    assert "chưa có đánh giá theo bộ cũ" in nobody
    assert Visitor.logged_in("officer").get(f"{LIST}/SAU/changes?from=NONE").status_code == 404
    assert Visitor.logged_in("officer").get(f"{path}&format=csv").text.count("đổi ngưỡng") == 1
