"""The form of a plan's text keeps what it does not show at once: many rows, and what they are tied to."""

from __future__ import annotations

import re
from html import unescape

from app.domain import plans
from app.domain.plans import NewFund, PlanView
from app.domain.tasks import NewTask
from app.domain.workflow import Order
from tests.support.pages import Visitor, hidden, words
from tests.support.planning import CHECKED, DISTRICT, fund, hamlet_plan, plan, returned, sent
from tests.support.world import MILLION, World, actor, line, post, work


def as_shown(page: str) -> dict[str, str]:
    """The fields of a plan's form as a browser sends them back untouched."""
    page = page[page.index('name="version"') - 40 :]
    found = {}
    for tag in re.findall(r"<input[^>]*>", page):
        its = dict(re.findall(r'(\w+)="([^"]*)"', tag))
        if its.get("name", "csrf") != "csrf":
            found[its["name"]] = unescape(its.get("value", ""))
    for name, text in re.findall(r'<textarea[^>]* name="(\w+)"[^>]*>([^<]*)</textarea>', page):
        found[name] = unescape(text)
    for name, options in re.findall(r'<select[^>]* name="(\w+)"[^>]*>(.*?)</select>', page, re.S):
        chosen = re.search(r'value="([^"]*)" selected', options) or re.search(r'value="([^"]*)"', options)
        found[name] = chosen[1] if chosen else ""
    return found


def saved(made: PlanView) -> None:
    officer, path = Visitor.logged_in("officer"), f"/plans/{made.id}/edit"
    assert officer.send_form(path, **as_shown(officer.page(path))).status_code == 303


def test_a_plan_of_many_rows_is_saved_whole(world: World) -> None:
    tasks = tuple(NewTask(f"Việc {n}") for n in range(70))
    funds = tuple(fund(n + 1, project_code=None, note=f"Nguồn {n}") for n in range(70))
    made = plan(items=tasks, funds=funds)
    saved(made)
    whole = plans.whole(actor(), made.id)
    assert [t.text for t in whole.items] == [t.text for t in tasks]
    assert [r.fund.amount for r in whole.funds] == [f.amount for f in funds]


def test_ties_to_other_years_and_of_a_hamlet_to_its_commune_are_kept(world: World) -> None:
    before, road = line(year=2022), work()
    for made in (
        plan(items=(NewTask("Đường", work_id=road.id, budget_line_id=before.id),)),
        hamlet_plan(items=(NewTask("Đường", work_id=road.id, budget_line_id=before.id),)),
        plan(funds=(NewFund(5, budget_line_id=before.id),)),
    ):
        saved(made)
        whole = plans.whole(actor(), made.id)
        ties = [(t.work_id, t.budget_line_id) for t in whole.items]
        assert ties in ([(road.id, before.id)], [])
        assert [r.fund.budget_line_id for r in whole.funds] in ([before.id], [])
        assert ties or whole.funds


def test_what_a_row_of_a_line_counts_is_not_taken_over_again(world: World) -> None:
    named, other = line(), line(origin_year=2022)
    for its, amount in ((named, 80), (other, 30)):
        post(its.id, "allocate", amount * MILLION, "2023-01-05")
    made = plan(funds=(NewFund(80 * MILLION, budget_line_id=named.id),))
    officer, path = Visitor.logged_in("officer"), f"/plans/{made.id}/edit"
    taken = officer.send_form(path, **as_shown(officer.page(path)), take="1")
    assert "Đã lấy 1 dòng từ dòng vốn, chưa ghi." in words(taken.text)
    amounts = sorted(v for k, v in as_shown(taken.text).items() if k.endswith("_amount") and v)
    assert amounts == ["30.000.000", "80.000.000"]


def test_a_comparison_says_what_an_added_row_is_of(world: World) -> None:
    made = returned(plan())
    plans.update(actor("officer"), made.id, made.version, {"funds": (fund(123 * MILLION),)})
    page = words(Visitor.logged_in("officer").page(f"/plans/{made.id}/versions")).replace("\u00a0", " ")
    assert "123.000.000" in page


def test_money_of_no_project_goes_on_under_its_own_notes(world: World) -> None:
    given = tuple(fund(n, project_code=None, source="people", note=f"Nguồn {n}") for n in (100, 200))
    new = plan(start_from=plan(year=2022, funds=given).id)
    funds = [row.fund for row in plans.whole(actor(), new.id).funds]
    assert [(f.amount, f.note) for f in funds] == [(100, "Nguồn 100"), (200, "Nguồn 200")]


def test_nobody_appraises_a_version_that_they_have_not_seen(world: World) -> None:
    made, checker = sent(), Visitor.logged_in("huyen")
    path = f"/plans/{made.id}"
    page = checker.page(path)
    assert hidden(page, "seen") == "1"
    plans.move(actor("leader", DISTRICT), made.id, "return", Order("Thiếu nguồn vốn", on=CHECKED))
    plans.move(actor("officer"), made.id, "submit", Order(on=CHECKED))
    late = checker.send_form(f"{path}/appraise", seen="1", remark="Đồng ý", on="20/03/2023")
    assert (late.status_code, "Đồng ý</textarea>" in late.text) == (412, True)
    assert (hidden(late.text, "seen"), plans.get(actor(), made.id).state) == ("2", "submitted")
    knowing = checker.send_form(f"{path}/appraise", seen="2", remark="Đồng ý", on="20/03/2023")
    assert (knowing.status_code, plans.get(actor(), made.id).state) == (303, "appraised")
    again = checker.send_form(f"{path}/appraise", seen="2", remark="Đồng ý", on="20/03/2023")
    assert again.status_code == 303
