"""What the pages of entries, proposals and the year promise."""

from __future__ import annotations

import uuid

import pytest

from app.domain.ledger import lines, posting, views
from app.domain.ledger.deadlines import last_day_of_line
from app.domain.ledger.lines import LineFilter
from app.domain.ledger.periods import periods
from app.domain.ledger.views import EntryFilter
from tests.support.pages import Visitor, hidden, links, words
from tests.support.world import MILLION, World, actor, entry, line, post


def proposed(amount: int = 100) -> tuple[lines.LineView, uuid.UUID]:
    """A line with 1.000 million, and a payment that the officer proposes."""
    made = line()
    post(made.id, "allocate", 1_000 * MILLION, "2023-01-05")
    view, _ = posting.record(
        actor("officer"), entry(made.id, "pay", amount * MILLION, "2023-06-01", memo="Bò đợt 2")
    )
    return made, view.id


def test_entries_stand_newest_first_and_are_paged(world: World) -> None:
    made = line()
    for i in range(52):
        post(made.id, "allocate", (i + 1) * MILLION, f"2023-{i % 9 + 1:02d}-05")
    accountant = Visitor.logged_in("accountant")
    first = accountant.page("/ledger/entries")
    assert "1–50 trong 52" in words(first)
    days = [day for day in words(first).split() if day.startswith("05/0")]
    assert days == sorted(days, key=lambda d: d.split("/")[::-1], reverse=True)
    following = next(href for href in links(first) if "page=2" in href)
    assert "51–52 trong 52" in words(accountant.page(following))
    assert len(accountant.get("/ledger/entries?format=csv").text.split("0147/UNC")) == 53


@pytest.mark.parametrize(("query", "number"), [("kind=pay", 1), ("status=proposed", 1), ("document=0147", 2), ("from=01/05/2023", 1), ("to=01/02/2023", 1), ("document=99", 0), ("program=GNBV", 2), ("program=DTTS", 0), ("capital=recurrent", 2), ("capital=investment", 0), ("to=2023-02-01", 1)])  # fmt: skip
def test_filters_narrow_entries(world: World, query: str, number: int) -> None:
    proposed()
    page = Visitor.logged_in("inspector").page(f"/ledger/entries?year=2023&{query}")
    assert len({href for href in links(page) if href.startswith("/ledger/entries/")}) == number


def test_the_checker_sees_before_and_after_and_posts_with_one_tap(world: World) -> None:
    made, id_ = proposed()
    accountant = Visitor.logged_in("accountant")
    page = accountant.page("/ledger/proposals")
    assert "Còn lại 1.000.000.000 đ → 900.000.000 đ" in words(page)
    answer = accountant.send_form(f"/ledger/entries/{id_}/post", next="/ledger/proposals")
    assert (answer.status_code, answer.headers["location"]) == (303, "/ledger/proposals")
    assert lines.get(actor(), made.id).available == 900 * MILLION
    assert "Không có phiếu nào chờ duyệt" in words(accountant.page("/ledger/proposals"))


def test_another_site_is_never_where_a_decision_leads(world: World) -> None:
    _, id_ = proposed()
    answer = Visitor.logged_in("accountant").send_form(f"/ledger/entries/{id_}/post", next="//xau.example")
    assert answer.headers["location"] == f"/ledger/entries/{id_}"


def test_giving_back_needs_a_reason_which_its_maker_reads(world: World) -> None:
    _, id_ = proposed()
    accountant = Visitor.logged_in("accountant")
    bare = accountant.send_form(f"/ledger/entries/{id_}/reject", reason="")
    assert bare.status_code == 422
    assert "Ghi lý do trả lại" in words(bare.text)
    accountant.send_form(f"/ledger/entries/{id_}/reject", reason="Sai số chứng từ")
    page = words(Visitor.logged_in("officer").page(f"/ledger/entries/{id_}"))
    assert "Bị trả lại" in page
    assert "Sai số chứng từ" in page


def test_only_its_maker_takes_a_proposal_back(world: World) -> None:
    _, id_ = proposed()
    assert Visitor.logged_in("accountant").send_form(f"/ledger/entries/{id_}/cancel").status_code == 403
    officer = Visitor.logged_in("officer")
    assert "Rút phiếu" in words(officer.page("/ledger/proposals"))
    assert officer.send_form(f"/ledger/entries/{id_}/cancel").status_code == 303
    assert views.get(actor(), id_).status == "cancelled"


def test_a_maker_is_refused_on_the_page_of_their_own_proposal(world: World) -> None:
    made = line()
    view, _ = posting.record(actor("accountant"), entry(made.id, "allocate", MILLION, "2023-06-01"))
    answer = Visitor.logged_in("accountant").send_form(f"/ledger/entries/{view.id}/post")
    assert answer.status_code == 409
    assert "Người lập không tự duyệt" in words(answer.text)


def test_a_reversal_leads_both_ways_and_puts_the_money_back(world: World) -> None:
    made = line()
    post(made.id, "allocate", 10 * MILLION, "2023-01-05")
    paid = post(made.id, "pay", 4 * MILLION, "2023-03-05")
    officer = Visitor.logged_in("officer")
    path = f"/ledger/entries/{paid.id}/reverse"
    form = {
        "id": hidden(officer.page(path), "id"),
        "number": "02/BB",
        "issued_on": "06/03/2023",
        "issuer": "UBND xã",
    }
    bare = officer.send_form(path, **form)
    assert (bare.status_code, 'href="#f-memo"' in bare.text) == (422, True)
    early = officer.send_form(path, **form, memo="Ghi nhầm", effective_date="01/02/2023")
    assert early.status_code == 422
    assert "05/03/2023" in words(early.text)
    done = officer.send_form(path, **form, memo="Ghi nhầm dòng")
    assert done.status_code == 303
    Visitor.logged_in("leader").send_form(f"{done.headers['location']}/post")
    assert lines.get(actor(), made.id).available == 10 * MILLION
    assert f"/ledger/entries/{paid.id}" in links(officer.page(done.headers["location"]))
    original = officer.page(f"/ledger/entries/{paid.id}")
    assert done.headers["location"] in links(original)
    assert "/reverse" not in original  # once only


def test_opening_a_year_copies_lines_and_proposes_what_was_chosen(world: World) -> None:
    made, other = line(), line(source="district")
    post(made.id, "allocate", 10 * MILLION, "2023-01-05")
    post(other.id, "allocate", 20 * MILLION, "2023-01-05")
    officer = Visitor.logged_in("officer")
    page = officer.page("/ledger/open-year")
    assert "Mở năm 2024" in words(page)
    form = {"id": hidden(page, "id"), f"choice_{made.id}": "carry_over", f"choice_{other.id}": "lapse"}
    bare = officer.send_form("/ledger/open-year?year=2024", **form)
    assert bare.status_code == 422
    assert 'value="carry_over" selected' in bare.text
    document = {"number": "01/QĐ", "issuer": "UBND xã", "effective_date": "31/12/2023"}
    done = officer.send_form("/ledger/open-year?year=2024", **form, **document)
    assert (done.status_code, done.headers["location"]) == (303, "/ledger/proposals")
    waiting = views.entries(actor(), EntryFilter(status="proposed"))
    assert sorted((w.entry.kind, w.entry.amount) for w in waiting) == [
        ("carry_over", 10 * MILLION), ("lapse", 20 * MILLION),
    ]  # fmt: skip
    assert lines.total(actor(), LineFilter(year=2024))[0] == 3  # two copies, and the line of carried money


def test_a_closed_month_refuses_and_a_leader_opens_it_with_a_reason(world: World) -> None:
    made = line()
    accountant, leader = Visitor.logged_in("accountant"), Visitor.logged_in("leader")
    closed = accountant.send_form("/ledger/periods", id=str(uuid.uuid4()), year="2023", month="3")
    assert closed.status_code == 303
    form = {
        "id": str(uuid.uuid4()), "line": str(made.id), "kind": "allocate", "amount": "1 triệu", "number": "1",
        "issuer": "UBND", "effective_date": "05/03/2023",
    }  # fmt: skip
    refused = accountant.send_form("/ledger/record", **form)
    assert refused.status_code == 409
    assert 'href="#f-effective_date"' in refused.text
    (period,) = periods(actor())
    assert leader.send_form(f"/ledger/periods/{period.id}/open", reason="").status_code == 422
    assert accountant.send_form(f"/ledger/periods/{period.id}/open", reason="x").status_code == 403
    assert leader.send_form(f"/ledger/periods/{period.id}/open", reason="Thiếu chứng từ").status_code == 303
    assert "Thiếu chứng từ" in words(accountant.page("/ledger/periods"))
    assert accountant.send_form("/ledger/record", **form).status_code == 303


def test_deadlines_show_source_and_what_is_to_be_confirmed_and_take_extensions(world: World) -> None:
    made = line()
    leader = Visitor.logged_in("leader")
    page = words(leader.page("/ledger/deadlines"))
    assert "Luật Ngân sách nhà nước 83/2015/QH13, Điều 64" in page
    assert "chờ xác nhận" in page
    form = {
        "id": str(uuid.uuid4()), "year": "2023", "capital_kind": "recurrent", "number": "9/NQ", "issuer": "HĐND",
        "issued_on": "20/12/2023",
    }  # fmt: skip
    early = leader.send_form("/ledger/deadlines/new", **form, last_day="01/12/2023")
    assert early.status_code == 422
    assert 'href="#f-last_day"' in early.text
    assert leader.send_form("/ledger/deadlines/new", **form, last_day="31/12/2024").status_code == 303
    assert str(last_day_of_line(actor(), made.id)) == "2024-12-31"
    assert "Đến hết 31/12/2024" in words(leader.page("/ledger/deadlines"))
