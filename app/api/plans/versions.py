"""/api/v1/plans/{id}/versions: what was sent of a plan, and what two texts of it say otherwise."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import Query
from pydantic import ConfigDict, Field
from starlette.responses import Response
from typing_extensions import TypedDict

from app.api import examples_plans as examples
from app.api.operations import closed, lists, paged, shows, slice_after
from app.api.security import api_router
from app.api.shapes import one_of
from app.domain import plans
from app.domain.access import Actor
from app.domain.plans import VersionView
from app.web.answers import answer
from app.web.cursor import Order
from app.web.schema import Body, ClientId, ListQuery

router = api_router("programs")
_ORDER = Order("plan-versions", (int,))
_LISTS = ("items", "funds")


@closed
class PlanVersion(TypedDict):
    """Một lần gửi · one sending."""

    number: int
    at: datetime
    by: str


class Content(TypedDict):
    """Toàn văn như đã gửi, số liệu ghi bằng chữ số · the text as it was sent; figures that are no money are text."""

    title: str
    responsible: str
    year: int | None
    items: list[dict[str, Any]]
    funds: list[dict[str, Any]]


@closed
class PlanVersionWhole(PlanVersion):
    """Bản đã gửi, toàn văn · a version, whole."""

    content: Content


@closed
class Changed(TypedDict):
    """Một dòng thêm, bỏ hay đổi; `fields` là những ô đã đổi · a row added, removed or changed."""

    change: Annotated[str, one_of(Literal["added", "removed", "changed"])]
    fields: list[str]
    before: dict[str, Any] | None
    after: dict[str, Any] | None


@closed
class Comparison(TypedDict):
    """Khác nhau giữa hai bản; `after` null là bản hiện tại · null is the text as it stands."""

    before: int
    after: int | None
    fields: list[str]
    items: list[Changed]
    funds: list[Changed]


class CompareQuery(Body):
    """Mặc định: bản gửi gần nhất và bản hiện tại · by default what was sent last, and the text as it stands."""

    model_config = ConfigDict(populate_by_name=True)

    first: Annotated[int | None, Field(alias="from", ge=1)] = None
    to: Annotated[int | None, Field(ge=1)] = None


def _version(v: VersionView) -> dict[str, object]:
    return {"number": v.number, "at": v.at, "by": v.by}


@router.get(
    "/plans/{id}/versions", **lists(PlanVersion, examples.VERSION), summary="Các bản đã gửi · versions"
)
def list_plan_versions(actor: Actor, id: ClientId, query: Annotated[ListQuery, Query()]) -> Response:
    """What was sent of a plan, the newest first; each stays as it was."""
    found = slice_after(plans.versions(actor, id), lambda v: v.number or 0, _ORDER, query)
    since = query.updated_since
    found = [v for v in found if since is None or (v.at is not None and v.at >= since)]
    return paged(found[: query.limit + 1], query, _version, lambda last: _ORDER.encode(last.number or 0))


@router.get(
    "/plans/{id}/versions/{number}",
    **shows(PlanVersionWhole, examples.VERSION_WHOLE),
    summary="Một bản đã gửi · one version",
)
def get_plan_version(actor: Actor, id: ClientId, number: Annotated[int, Field(ge=1)]) -> Response:
    """A plan's whole text as it was sent then."""
    found = plans.version(actor, id, number)
    return answer({**_version(found), "content": found.content})


@router.get(
    "/plans/{id}/compare", **shows(Comparison, examples.COMPARISON), summary="So sánh hai bản · compare"
)
def compare_plan(actor: Actor, id: ClientId, query: Annotated[CompareQuery, Query()]) -> Response:
    """Rows added, removed and changed from one version to another, field by field."""
    found = plans.compare(actor, id, before=query.first, after=query.to)
    rows = {
        name: [
            {"change": c.what, "fields": c.fields, "before": c.before, "after": c.after}
            for c in getattr(found, name)
        ]
        for name in _LISTS
    }
    return answer(
        {"before": found.before.number, "after": found.after.number, "fields": found.fields, **rows}
    )
