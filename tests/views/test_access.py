"""Who may open and post what: every page of these routers by every role, every form without its token."""

from __future__ import annotations

import re
import uuid

import pytest
from fastapi.routing import APIRoute

from app.domain.access import PERMISSIONS
from app.models.identity import ROLES
from app.views import (
    admin,
    dashboard,
    identity,
    law,
    personal,
    procedures,
    programs,
    reports,
    shell,
    territory,
    today,
)
from tests.support.pages import Visitor
from tests.support.world import World

ROUTERS = (admin, dashboard, identity, law, personal, procedures, programs, reports, shell, territory, today)
# Pages for whoever comes.
OPEN = {"/login", "/password/set/{token}", "/language/{lang}", "/parts/words"}
# What a page asks of its reader beyond a session; the nation's catalogue also asks for the unit.
NEEDS = {
    "/admin/users": "user.manage",
    "/admin/users/new": "user.manage",
    "/admin/users/{user_id}": "user.manage",
    "/admin/sessions": "user.manage",
    "/admin/clients": "client.manage",
    "/admin/audit": "audit.read",
    "/admin/views": "audit.read",
    "/admin/units": "unit.edit",
    "/admin/parameters/{parameter_id}": None,
    "/programs/new": None,
    "/procedures/{code}/new": None,
}
CODES = {"programs": "GNBV", "procedures": "special"}


def routes(method: str) -> list[str]:
    found = [
        r for m in ROUTERS for r in m.router.routes if isinstance(r, APIRoute) and method in (r.methods or ())
    ]
    return [r.path for r in found]


def filled(path: str, world: World, user: str = "") -> str:
    values = {
        "user_id": user or str(uuid.UUID(int=1)),
        "code": CODES.get(path.split("/")[1], "20770@legacy"),
    }
    return re.sub(r"{(\w+)(?::\w+)?}", lambda m: values.get(m[1], "1"), path)


@pytest.mark.parametrize("role", [*ROLES, "quantri"])
def test_each_role_opens_its_pages_and_no_others(world: World, role: str) -> None:
    visitor = Visitor.logged_in(role)
    own = re.findall(r"/admin/users/([0-9a-f-]{36})", Visitor.logged_in("administrator").page("/admin/users"))
    name = "administrator" if role == "quantri" else role
    seen = {}
    for path in routes("GET"):
        if path in OPEN:
            continue
        needs = NEEDS.get(path, "read")
        allowed = role == "quantri" if needs is None else name in PERMISSIONS[needs]
        status = visitor.get(filled(path, world, own[0])).status_code
        if status != (200 if allowed else 403):
            seen[path] = status
    assert seen == {}


def test_a_stranger_is_sent_to_the_door_from_every_page(world: World) -> None:
    stranger = Visitor.stranger()
    open_to_all = {
        p
        for p in routes("GET")
        if not stranger.get(filled(p, world)).headers.get("location", "").startswith("/login?")
    }
    assert open_to_all == OPEN


def test_no_form_is_taken_without_the_session_s_token(world: World) -> None:
    visitor = Visitor.logged_in("quantri")
    taken = {}
    for path in routes("POST"):
        for sent in ({}, {"csrf": "a.b"}, {"csrf": Visitor.logged_in("administrator").token}):
            answer = visitor.post(filled(path, world), data=sent)
            if answer.status_code != 403:
                taken[path] = answer.status_code
    assert taken == {}


def test_no_form_is_taken_from_another_site(world: World) -> None:
    visitor = Visitor.logged_in("officer")
    for header in ({"origin": "https://other.example"}, {"sec-fetch-site": "cross-site"}):
        answer = visitor.post("/logout", data={"csrf": visitor.token}, headers=header)
        assert answer.status_code == 403
    assert visitor.get("/account").status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/dashboard?unit=00001@legacy", "/programs?unit=00001@legacy", "/reports/disbursement?unit=00001@legacy",
        "/units/00001@legacy", "/dashboard?unit=512@legacy", "/units/khong-co", "/admin/users/01a20bb9-0000-7000-8000-000000000000",
    ],
)  # fmt: skip
def test_another_unit_s_page_is_not_there(world: World, path: str) -> None:
    assert Visitor.logged_in("administrator").get(path).status_code == 404
