"""What pages of support models cost, which of them a role may open and send, and where they lead."""

from __future__ import annotations

import uuid

from app.domain import support
from app.domain.documents import attaching
from app.domain.support import ModelView, NewMember
from app.models.identity import ROLES
from tests.support.book import state
from tests.support.folk import household, of_years
from tests.support.pages import Visitor, links, words
from tests.support.papers import document
from tests.support.statements import counted
from tests.support.supporting import TABLES, given, model, running, visited, whole_model
from tests.support.world import World, actor

MOST = 12
MOST_OF_A_MODEL = 14  # its obstacles and what people observed of it are two more
WRITERS = {"officer", "accountant", "leader"}


def busy(number: int) -> ModelView:
    """A model that runs, of which everything stands in the book; a household of it was supported before."""
    folk = [household(statuses=of_years(y2023="poor", y2024="poor")) for _ in range(3)]
    made = running(whole_model(folk))
    for to in range(2):
        scan = () if to else (document(kind="photo", number="").id,)
        gift, _ = support.deliver(
            actor("officer"), made.id, given(made, 2, to=to, signed=bool(to), documents=scan)
        )
        for id_ in scan:  # what proved it is taken off again
            attaching.detach(actor("officer"), id_, "delivery", gift.id)
        support.visit(actor("officer"), made.id, visited(made, to=to, alive=1, dead=1))
    document(subject=("support_model", made.id), number=f"{number}/DS", kind="group_list")
    model(year=2024, members=(NewMember(folk[0].id),))
    return made


def test_no_page_says_more_the_more_there_is(world: World) -> None:
    made, draft, officer = busy(0), whole_model(), Visitor.logged_in("officer")
    who = support.whole(actor("officer"), made.id).members[0].household_id
    at = f"/support/{made.id}"
    paths = [
        "/support", "/support/new", f"/support/{draft.id}/edit", at, f"{at}/deliveries", f"{at}/deliveries/new",
        f"{at}/visits", f"{at}/visits/new?household={who}", f"{at}/documents",
    ]  # fmt: skip

    def said(path: str) -> int:
        officer.page(path)
        with counted() as statements:
            officer.page(path)
        return len(statements)

    few = {path: said(path) for path in paths}
    for number in (1, 2):
        busy(number)
    more = {path: said(path) for path in paths}
    assert {path: n for path, n in more.items() if n > (MOST_OF_A_MODEL if path == at else MOST)} == {}
    assert {path: (few[path], n) for path, n in more.items() if n > few[path]} == {}


def test_each_role_opens_and_sends_what_it_may(world: World) -> None:
    made, draft = busy(0), whole_model()
    at, of_draft = f"/support/{made.id}", f"/support/{draft.id}"
    delivery = support.deliveries(actor("officer"), made.id)[0]
    writing = ("/support/new", f"{of_draft}/edit", f"{at}/deliveries/new", f"{at}/visits/new")
    sending = (
        *writing, f"{of_draft}/submit", f"{at}/appraise", f"{at}/approve", f"{at}/return", f"{at}/start",
        f"{at}/evaluate", f"{at}/close", f"{at}/deliveries/{delivery.id}/withdraw",
    )  # fmt: skip
    for role in ROLES:
        visitor = Visitor.logged_in(role)
        opened = {path: visitor.get(path).status_code for path in writing}
        assert opened == dict.fromkeys(writing, 200 if role in WRITERS else 403), role
        if role in WRITERS:
            continue
        before = state(*TABLES)
        may = {f"{at}/appraise", f"{at}/return"} if role == "reviewer" else set()
        refused = {path: visitor.send_form(path, id=str(uuid.uuid4())).status_code for path in sending}
        assert {path for path, status in refused.items() if status != 403} <= may, role
        assert state(*TABLES) == before, role
    stranger = Visitor.logged_in("khac")
    assert {stranger.get(path).status_code for path in writing[1:]} == {404}
    for path in sending:
        assert Visitor.logged_in("officer").post(path, data={"id": "x"}).status_code == 403, "no token"


def test_what_is_missing_stands_beside_the_way_to_pay(world: World) -> None:
    made = busy(0)
    line = support.whole(actor("officer"), made.id).budget[0].budget_line_id
    pay = f"/ledger/record?line={line}&kind=pay"
    page = Visitor.logged_in("officer").page(f"/support/{made.id}")
    assert pay in [link.replace("&amp;", "&") for link in links(page)]
    assert (
        "Trước khi thanh toán còn thiếu: Biên bản nghiệm thu, bàn giao; Hóa đơn; Cấp phát: còn 1/3 hộ chưa nhận; "
        "Chữ ký nhận hoặc ảnh bàn giao" in words(page)
    )
    assert "Thông tư 55/2023/TT-BTC" in words(page)
    assert pay not in [link.replace("&amp;", "&") for link in links(Visitor.logged_in("inspector").page(f"/support/{made.id}"))]  # fmt: skip
    drafted = Visitor.logged_in("officer").page(f"/support/{whole_model().id}")
    assert "còn thiếu" not in words(drafted)
