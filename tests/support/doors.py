"""Which pages a set of routers has, and who may come in by each."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping

from fastapi import APIRouter
from fastapi.routing import APIRoute

from app.models.identity import ROLES
from tests.support.pages import Visitor

Table = Mapping[str, Collection[str]]  # "GET /things/{thing_id}": the roles that may


def check_doors(
    routers: Iterable[APIRouter],
    table: Table,
    ids: Mapping[str, object],
    *,
    elsewhere: Callable[[Collection[str]], int] | None = lambda _: 404,
    typed: Mapping[str, str] | None = None,
) -> None:
    """The table names every page of these routers. A role that may is shown it, any other is refused, whatever it sends.

    `ids` fill the addresses. Whoever is of another unit is answered as `elsewhere` says for those who may, sending what
    is `typed`; None asks nothing of them.
    """
    routes = [r for router in routers for r in router.routes if isinstance(r, APIRoute)]
    assert {
        f"{m} {re.sub(r':(uuid|int)', '', r.path)}" for r in routes for m in r.methods or ()
    } == table.keys()
    told, expected = {}, {}
    stranger = Visitor.logged_in("khac")
    for name, allowed in table.items():
        method, path = name.split()
        address = path.format(**ids)
        for role in ROLES:
            visitor = Visitor.logged_in(role)
            if method == "GET":
                told[role, name] = visitor.get(address).status_code
                expected[role, name] = 200 if role in allowed else 403
            elif role not in allowed:
                told[role, name] = visitor.send_form(address).status_code
                expected[role, name] = 403
        if "{" in path and elsewhere is not None:
            sent = stranger.get(address) if method == "GET" else stranger.send_form(address, **(typed or {}))
            told["khac", name], expected["khac", name] = sent.status_code, elsewhere(allowed)
    assert told == expected
