"""Reading pages and posting their forms as somebody who is logged in, without a browser."""

from __future__ import annotations

import html
import re
from typing import Any, Self

import httpx
from fastapi.testclient import TestClient

from app.domain.identity.login import log_in
from app.main import create_app
from tests.support.world import PASSWORD

# A cookie jar and its header are all that tells one visitor from another: one application serves them all.


class Visitor(TestClient):
    """Somebody with a browser. Redirects are shown, not followed; `post` sends the CSRF token of their session."""

    token = ""

    @classmethod
    def stranger(cls, lang: str = "vi") -> Self:
        return cls(create_app(), follow_redirects=False, headers={"accept-language": lang})

    @classmethod
    def logged_in(cls, username: str, lang: str = "vi") -> Self:
        """A person of the small world: one for each role in Sông Trà, and quantri, huyen, khac."""
        visitor = cls.stranger(lang)
        visitor.cookies.set("mtqg", log_in(username, PASSWORD))
        visitor.token = hidden(visitor.get("/account").text, "csrf")
        return visitor

    def send_form(self, path: str, /, **values: Any) -> httpx.Response:
        """Post a form with its CSRF token; the URL may carry a query."""
        answer: httpx.Response = self.post(path, data={"csrf": self.token, **values})
        return answer

    def page(self, path: str) -> str:
        """The HTML of a page that answers 200."""
        answer: httpx.Response = self.get(path)
        assert answer.status_code == 200, (path, answer.status_code, answer.headers.get("location"))
        return answer.text


def hidden(page: str, name: str) -> str:
    """The value of a hidden field."""
    found = re.search(rf'<input type="hidden" name="{name}" value="([^"]*)"', page)
    assert found is not None, f"no hidden field {name}"
    return html.unescape(found[1])


def words(page: str) -> str:
    """What a reader sees: the page's text, its spaces made one."""
    bare = re.sub(r"<(script|style|head)\b.*?</\1>", " ", page, flags=re.S)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", bare)).split())


def links(page: str) -> list[str]:
    """Where the page's links lead."""
    return [html.unescape(href) for href in re.findall(r'<a\b[^>]*\bhref="([^"]+)"', page)]
