"""The dossier of a unit for an inspection: what is on record of it as of a day, what is missing, and all of it to take out.

Money, criteria, directives and boards are those of the day; works, plans and obstacles as they stand when it is made.
"""

from __future__ import annotations

from app.domain.unit_dossier.contents import MOST_BYTES, Contents, to_download
from app.domain.unit_dossier.held import OWNERS, SHOWN, Held
from app.domain.unit_dossier.overview import LACKS, Lack, Overview, overview

__all__ = [
    "LACKS",
    "MOST_BYTES",
    "OWNERS",
    "SHOWN",
    "Contents",
    "Held",
    "Lack",
    "Overview",
    "overview",
    "to_download",
]  # fmt: skip
