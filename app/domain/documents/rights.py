"""Who may attach documents to what: those who keep the register, and whoever writes the thing that they prove."""

from __future__ import annotations

from typing import Final

from app.domain.access import Actor, require

# Things whose writers need not keep the register; on which side they stand is looked at in `behind`.
_WRITERS: Final = {
    "directive": "directive.report", "inspection": "inspection.edit", "finding": "inspection.edit",
}  # fmt: skip


def may_attach(actor: Actor, kind: str) -> bool:
    """Whether somebody may attach documents to things of a kind, recording new ones for them, and take them off."""
    return actor.may("document.edit") or (kind in _WRITERS and actor.may(_WRITERS[kind]))


def require_attach(actor: Actor, kind: str | None) -> None:
    """Raise Forbidden unless the actor may; None is a document of the register that is attached to nothing."""
    if kind is None or not may_attach(actor, kind):
        require(actor, "document.edit")
