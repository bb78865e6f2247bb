"""/api/v1/units/{code}/dossier: everything of a unit for an inspection as one ZIP."""

from __future__ import annotations

from typing import Annotated, Any, Final

from fastapi import Query
from pydantic import Field
from starlette.responses import Response

from app.api.security import api_router
from app.domain import unit_dossier
from app.domain.access import Actor
from app.i18n import DEFAULT
from app.reports import unit_dossier as packed
from app.web.files import made_answer
from app.web.schema import Body, IsoDate

router = api_router("territory")
_ZIP: Final[dict[str, Any]] = {
    "description": "Tệp ZIP · the ZIP",
    "content": {
        packed.MEDIA_TYPE: {
            "schema": {"type": "string", "format": "binary"},
            "example": "(MUC-LUC.html, SHA256SUMS.txt, 01-…/…)",
        }
    },
}


class DossierQuery(Body):
    as_of: Annotated[
        IsoDate | None, Field(description="Số liệu tính đến ngày này; mặc định hôm nay · figures as of a day")
    ] = None


@router.get(
    "/units/{code}/dossier",
    response_class=Response,
    responses={200: _ZIP},
    summary="Hồ sơ đơn vị, một tệp · a unit's dossier in one file",
)
def get_unit_dossier(actor: Actor, code: str, query: Annotated[DossierQuery, Query()]) -> Response:
    """What an inspection asks for: tables of money, works, criteria, plans, directives, boards, meetings, inspections and
    obstacles, the minutes and conclusions as PDF, and the documents attached to them, with `MUC-LUC.html`, which lists what
    is missing, and `SHA256SUMS.txt`. Files that name persons come only for clients admitted to personal data, which is
    recorded; what is damaged or does not fit is named in the index and left out.
    """
    whole, paths = unit_dossier.to_download(actor, code, query.as_of)
    return made_answer(
        lambda target: packed.write(actor, whole, paths, target, DEFAULT), packed.file_name(whole), packed.MEDIA_TYPE
    )  # fmt: skip
