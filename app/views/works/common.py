"""What the pages of works share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, TypeVar

from app.errors import Fault, Stale
from app.i18n import Message
from app.views.forms import Form
from app.views.ledger.common import take


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
