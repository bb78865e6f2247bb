"""The form of a support model's text keeps all that the model has, whatever it offers, and finds any household."""

from __future__ import annotations

import html
import re
from decimal import Decimal

import pytest

from app.domain import support
from app.domain.support import NewBudget, NewInput, NewMember, offers
from tests.support.folk import household, of_years
from tests.support.pages import Visitor, words
from tests.support.supporting import funded, model
from tests.support.world import DECISION, MILLION, World, actor, line, post

FIELD = re.compile(r'<input\b[^>]*?\bname="([^"]+)"[^>]*?\bvalue="([^"]*)"')
CHOICE = re.compile(r'<select\b[^>]*?\bname="([^"]+)"[^>]*>(.*?)</select>', re.S)


def typed_in(page: str) -> dict[str, str]:
    """What a browser would send of the page's form as it stands."""
    form = page[page.index('<form class="form wide"') :].partition("</form>")[0]
    found = {}
    for name, value in FIELD.findall(form):
        ticked = re.search(rf'<input type="checkbox"[^>]*name="{re.escape(name)}"[^>]* checked', form)
        if f'type="checkbox" id="f-{name}"' not in form or ticked:
            found[name] = html.unescape(value)
    for name, options in CHOICE.findall(form):
        chosen = re.search(r'<option value="([^"]*)" selected', options)
        found[name] = chosen[1] if chosen else ""
    return found | {"content": "Nội dung"}


def test_saving_as_it_stands_loses_nothing(world: World) -> None:
    inputs = tuple(NewInput(f"Giống {n}", "con", Decimal(1), MILLION) for n in range(60))
    earlier, own = line(year=2022), funded(note="Vốn của năm")
    post(earlier.id, "allocate", 100 * MILLION, "2022-01-10", document=DECISION)
    folk = [household() for _ in range(3)]
    made = model(
        inputs=inputs, members=tuple(NewMember(h.id, 10 * MILLION) for h in folk),
        budget=(NewBudget(earlier.id, MILLION), NewBudget(own.id, MILLION)),
    )  # fmt: skip
    visitor, edit = Visitor.logged_in("officer"), f"/support/{made.id}/edit"
    typed = typed_in(visitor.page(edit))
    # More fields than a form of the framework takes by itself.
    answer = visitor.send_form(edit, **typed, **{f"nothing-{n}": "" for n in range(1000)})
    assert answer.status_code == 303
    whole = support.whole(actor("officer"), made.id)
    assert [i.kind for i in whole.inputs] == [i.kind for i in inputs]
    assert {b.budget_line_id for b in whole.budget} == {earlier.id, own.id}
    assert [m.income_before for m in whole.members] == [10 * MILLION] * 3
    refused = visitor.send_form(
        edit, **(typed | {"version": "2", "b60_line": str(own.id), "b60_amount": "1"})
    )
    assert refused.status_code == 422
    assert "Trùng với một dòng ở trên" in words(refused.text)
    assert typed_in(refused.text)["b60_line"] == str(own.id)


def test_any_household_of_the_unit_is_found_and_what_is_ticked_stays(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(offers, "OFFERED", 1)
    first, _ = household(head_name="Hồ Văn Một"), household(head_name="Hồ Văn Hai")
    far = household(head_name="Lê Thị Đào", hamlet_code="20770.02", statuses=of_years(y2023="near_poor"))
    household(head_name="Lê Thị Đào Khá", hamlet_code="20770.02", statuses=of_years(y2023="other"))
    made = model(template=None)
    visitor, edit = Visitor.logged_in("officer"), f"/support/{made.id}/edit"
    page = visitor.page(edit)
    assert "Hồ Văn Một" in words(page)
    assert "Hồ Văn Hai" not in words(page)
    assert "Còn hộ khác chưa hiện ở đây" in words(page)
    typed = typed_in(page) | {
        "name": "Tên đang sửa",
        f"take-{first.id}": "1",
        f"before-{first.id}": "9 triệu",
    }
    for asked in ("dao", "ĐÀO", far.code):
        answer = visitor.send_form(edit, **(typed | {"find": asked, "look": "1"}))
        assert answer.status_code == 200
        assert "Lê Thị Đào" in words(answer.text)
        assert "Đào Khá" not in words(answer.text), "not poor in the year"
        assert typed_in(answer.text).items() >= {"name": "Tên đang sửa", f"take-{first.id}": "1"}.items()
    nobody = visitor.send_form(edit, **(typed | {"find": "zzz", "look": "1"}))
    assert "Không thấy hộ nào khác khớp “zzz”" in words(nobody.text)
    kept = typed_in(answer.text) | {f"take-{far.id}": "1"}
    assert visitor.send_form(edit, **kept).status_code == 303
    assert {m.code for m in support.whole(actor("officer"), made.id).members} == {first.code, far.code}
    assert "Lê Thị Đào" in words(visitor.page(edit)), "whoever takes part is shown"
