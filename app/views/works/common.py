"""What the pages of works share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, TypeVar

from starlette.requests import Request
from starlette.responses import Response

from app.errors import Fault, Forbidden, NotFound, Stale
from app.i18n import Message
from app.views.forms import Form
from app.views.ledger.common import take
from app.views.templating import redirect_after_post


class Versioned(Protocol):
    """A row with its version, which forms send back."""

    @property
    def version(self) -> int: ...


Row = TypeVar("Row", bound=Versioned)


def refused(form: Form, fault: Fault, known: tuple[str, ...]) -> int:
    """What a fault says beside its field; the answer's status."""
    status = take(form, fault, {}, known)
    return 422 if status == 404 else status


def noted(form: Form, fault: Stale, look: Callable[[], Row]) -> Row:
    """The row as it stands now; what was typed stays, and sent again replaces it knowingly."""
    current = look()
    form.general.append(Message(fault.message))
    form.values["version"] = str(current.version)
    return current


def gone_back(request: Request, act: Callable[[], str], otherwise: str, said: str) -> Response:
    """What one button does: on to the page that `act` gives, or back with the rule that refused it."""
    try:
        return redirect_after_post(request, act(), flash=said)
    except (NotFound, Forbidden):
        raise
    except Fault as fault:
        return redirect_after_post(request, otherwise, flash=Message(fault.message, fault.facts), kind="late")
