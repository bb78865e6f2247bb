"""/api/v1/works/{id}/dossier: everything of a work as one ZIP."""

from __future__ import annotations

from typing import Any, Final

from starlette.responses import Response

from app.api.security import api_router
from app.domain.access import Actor
from app.domain.works import dossier
from app.i18n import DEFAULT
from app.reports import dossier as packed
from app.web.files import made_answer
from app.web.schema import ClientId

router = api_router("works")
_ZIP: Final[dict[str, Any]] = {
    "description": "Tệp ZIP · the ZIP",
    "content": {
        packed.MEDIA_TYPE: {
            "schema": {"type": "string", "format": "binary"},
            "example": "(MUC-LUC.html, SHA256SUMS.txt, 01-…/…)",
        }
    },
}


@router.get(
    "/works/{work_id}/dossier",
    response_class=Response,
    responses={200: _ZIP},
    summary="Hồ sơ công trình, một tệp · the dossier in one file",
)
def get_dossier(actor: Actor, work_id: ClientId) -> Response:
    """Every document of a work in folders by step, with `MUC-LUC.html`, which lists what is missing, and
    `SHA256SUMS.txt`. Files are verified on the way; a damaged one is named in the index and left out, one that names
    persons comes only for clients admitted to personal data, which is recorded.
    """
    whole, paths = dossier.to_download(actor, work_id)
    return made_answer(
        lambda target: packed.write(whole, paths, target, DEFAULT), packed.file_name(whole), packed.MEDIA_TYPE
    )
