"""Every mapping, so that the metadata is whole wherever this package is imported."""

from app.models import (
    clearance,
    criteria,
    documents,
    households,
    identity,
    ledger,
    oversight,
    plans,
    procedures,
    programs,
    progress,
    steering,
    support,
    territory,
    works,
)
from app.models.base import Base

__all__ = [
    "Base", "clearance", "criteria", "documents", "households", "identity", "ledger", "oversight", "plans", "procedures", "programs", "progress", "steering", "support", "territory", "works",
]  # fmt: skip
