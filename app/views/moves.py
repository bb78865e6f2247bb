"""Forms of a workflow's moves, on the page of whatever is moved."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from app.clock import today
from app.domain.ledger.entries import Document
from app.domain.workflow import Flow, Order
from app.errors import Fault
from app.i18n import N_, Message
from app.views.forms import Form
from app.views.ledger.common import take
from app.views.templating import redirect_after_post

FIELDS: Final = ("remark", "number", "date", "issuer", "on", "due_on")
NAMES: Final = {f"document.{name}": name for name in ("number", "date", "issuer")}

SAID: Final = {
    "submit": N_("Đã gửi thẩm định"),
    "appraise": N_("Đã ghi thẩm định"),
    "approve": N_("Đã phê duyệt"),
    "return": N_("Đã trả lại"),
}


def forms_of(names: list[str], sent: tuple[str, Form] | None, seen: int) -> dict[str, Form]:
    """A form for each open move; `sent` as it was typed, shown also where its move is not open any more. `seen` is the
    version that the reader looks at."""
    forms = {name: Form(on=today()) for name in names}
    if sent is not None:
        forms[sent[0]] = sent[1]
    for name, form in forms.items():
        form.prefix = f"{name}-"
        form.values["seen"] = str(seen)
    return forms


def order_of(form: Form, flow: Flow, name: str) -> Order:
    """What a form says of a move."""
    remark = form.text("remark", required=flow.named(name).remark, longest=4000)
    document = None
    if any(form.get(part).strip() for part in NAMES.values()):
        number, issuer = form.text("number", longest=120), form.text("issuer", longest=200)
        day = form.day("date")
        if number and issuer and day:
            document = Document(number, day, issuer)
    return Order(remark or "", document, form.day("on"), form.day("due_on", required=False))


def moved(
    request: Request,
    form: Form,
    said: str | Message,
    move: Callable[[], str],
    page: Callable[[int], Response],
    known: Sequence[str] = FIELDS,
) -> Response:
    """Make a move and go on to the address that it gives; what is refused is said in its form on the `page`, and nothing
    typed is lost. The page itself is not there for a thing out of scope."""
    status = 422
    if form.ok:
        try:
            return redirect_after_post(request, move(), flash=said)
        except Fault as fault:
            status = take(form, fault, NAMES, known)
    return page(422 if status == 404 else status)
