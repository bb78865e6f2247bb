"""Every mapping, so that the metadata is whole wherever this package is imported."""

from app.models import identity, ledger, programs, territory, works
from app.models.base import Base

__all__ = ["Base", "identity", "ledger", "programs", "territory", "works"]
