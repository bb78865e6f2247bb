"""Every template compiles, names only macros and static files that exist, and holds nothing that our
Content-Security-Policy forbids, no resource of another host, and no POST form without its CSRF field."""

from __future__ import annotations

import re
import sys
from html.parser import HTMLParser

from jinja2 import DictLoader, Environment, TemplateError, nodes

JINJA = re.compile(r"\{#.*?#\}|\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
CSRF_CALL = re.compile(r"\{\{-?\s*(ui\.)?csrf\(\)\s*-?\}\}")
CSRF_FIELD = '<input type="hidden" name="csrf">'
FOREIGN = re.compile(r"^\s*(https?:)?//", re.IGNORECASE)
SCRIPT_URL = re.compile(r"^\s*(javascript|vbscript|js):", re.IGNORECASE)
ADDRESSES = {"src", "href", "srcset", "action", "formaction", "poster", "data", "xlink:href"}
# Macros that draw a field by the name in their second place, and names that would hide what a form itself has.
FIELDS = {"field", "amount", "day", "textarea", "select", "pick", "checkbox", "file", "finder"}
OF_THE_FORM = {"form", "action", "method", "target", "elements", "submit", "reset", "closest", "matches"}
HTMX_WRITES = {"hx-post", "hx-put", "hx-patch", "hx-delete"}


def plain(source: str) -> str:
    """The template's HTML with Jinja's parts taken out, lines kept; an expression becomes `x`."""

    def stand_in(match: re.Match[str]) -> str:
        text = match[0]
        return ("x" if text.startswith("{{") else "") + "\n" * text.count("\n")

    return JINJA.sub(stand_in, CSRF_CALL.sub(CSRF_FIELD, source))


class Lint(HTMLParser):
    """Collects faults of one template in `found`, each with its line."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self._inside: str | None = None
        self._form_line: int | None = None
        self._form_posts = self._form_has_csrf = False

    def _fault(self, text: str) -> None:
        self.found.append(f"{self.getpos()[0]}: {text}")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        for name, value in attrs:  # both arms of a condition stand here
            self._attribute(tag, name, value or "")
        if tag == "style":
            self._fault("<style>: write it into a stylesheet")
        if tag == "script" and "src" not in given:
            self._fault("<script> without src")
        if tag == "form":
            self._end_form()
            self._form_line = self.getpos()[0]
            self._form_posts = given.get("method", "get").lower() != "get"
        elif tag == "input" and given.get("name") == "csrf":
            self._form_has_csrf = True
        if HTMX_WRITES & given.keys() and tag != "form" and not (self._form_line and self._form_posts):
            self._fault("htmx writes outside a POST form: it would go without the CSRF field")
        self._inside = tag if tag == "script" else None

    def _attribute(self, tag: str, name: str, value: str) -> None:
        if name == "style":
            self._fault("style=: write it into a stylesheet")
        if name.startswith(("on", "hx-on")):
            self._fault(f"{name}=: write it into a script")
        if SCRIPT_URL.match(value):
            self._fault(f"{name}={value[:30]}: a script in an attribute")
        if name in ADDRESSES and tag != "a" and FOREIGN.match(value):
            self._fault(f"{name}={value[:60]}: another host")

    def handle_data(self, data: str) -> None:
        if self._inside == "script" and data.strip():
            self._fault("<script> with content")

    def handle_endtag(self, tag: str) -> None:
        self._inside = None
        if tag == "form":
            self._end_form()

    def _end_form(self) -> None:
        if self._form_line is not None and self._form_posts and not self._form_has_csrf:
            self.found.append(f"{self._form_line}: POST form without the CSRF field")
        self._form_line, self._form_posts, self._form_has_csrf = None, False, False

    def close(self) -> None:
        super().close()
        if self._form_line is not None:
            self.found.append(f"{self._form_line}: <form> is not closed in this template")


def html_faults(source: str) -> list[str]:
    lint = Lint()
    lint.feed(plain(source))
    lint.close()
    return lint.found


def name_faults(env: Environment, tree: nodes.Template) -> list[str]:
    """Macros `ui.name` and files `static("name")` that do not exist; Jinja itself sees them only when shown."""
    found = [
        f"{use.lineno}: no macro ui.{use.attr}"
        for use in tree.find_all(nodes.Getattr)
        if isinstance(use.node, nodes.Name)
        and use.node.name == "ui"
        and "ui" in env.globals
        and not hasattr(env.globals["ui"], use.attr)
    ]
    static = env.globals.get("static")
    for call in tree.find_all(nodes.Call):
        if isinstance(call.node, nodes.Getattr) and call.node.attr in FIELDS and len(call.args) > 1:
            given = call.args[1]
            if isinstance(given, nodes.Const) and given.value in OF_THE_FORM:
                found.append(f"{call.lineno}: a field named {given.value} hides the form from htmx")
        named = isinstance(call.node, nodes.Name) and call.node.name == "static"
        if named and callable(static) and isinstance(call.args[0], nodes.Const):
            try:
                static(call.args[0].value)
            except OSError as error:
                found.append(f"{call.lineno}: {error}")
    return found


def faults(env: Environment) -> list[str]:
    """What is wrong in every template of an environment, one line a fault."""
    found: list[str] = []
    loader = env.loader or DictLoader({})
    for name in loader.list_templates():
        source = loader.get_source(env, name)[0]
        try:
            env.get_template(name)
            here = html_faults(source) + name_faults(env, env.parse(source))
        except TemplateError as error:
            here = [f"{getattr(error, 'lineno', '?')}: {error}"]
        found += [f"{name}:{fault}" for fault in here]
    return found


def main() -> int:
    from app.views.templating import environment

    env = environment()
    found = faults(env) if env.list_templates() else ["no template found"]
    print("\n".join(found), file=sys.stderr, end="\n" if found else "")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
