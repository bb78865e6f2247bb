"""Every text that people read has its English, with the same placeholders in the same formats.

Texts are found where templates and Python mark them: `_("…")`, `N_("…")`, `translate(lang, "…")`. Vietnamese
that stands in a template unmarked is a fault too.
"""

from __future__ import annotations

import ast
import re
import string
import sys
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping
from html.parser import HTMLParser
from pathlib import Path

from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from tools.check_templates import plain

APP = Path(__file__).resolve().parent.parent / "app"
CATALOGUE = "locale/en.po"
KEYWORDS = {"_": None, "N_": None, "_translate": None, "translate": (2,)}
METHODS = [("**.py", "python"), ("**.html", "jinja2")]
LOUD = {"**.html": {"silent": "false"}}  # else a template that does not parse would hold no text at all
FORMATS = {"", "money", "number", "date", "moment", "percent"}
SPOKEN = {"alt", "aria-label", "placeholder", "title", "data-confirm", "content"}
# Said the same in every language.
SAME = re.compile(r"Sổ MTQG|Tiếng Việt|Việt Nam|\bđồng\b|\bđ\b")
# Vietnamese letters; "·" between them and English means that the text says both.
VIETNAMESE = re.compile(r"^(?!.* · ).*[À-ỹ]", re.DOTALL)
# Files whose Vietnamese is data and not a text to translate.
DATA = (
    "text.py", "money.py", "web/openapi.py", "api/examples", "domain/reference", "domain/demo_", "reference/",
    "reports/papers/",
)  # fmt: skip


def used(app: Path) -> Iterator[tuple[str, str]]:
    """(place, text) of every text that is marked for translation."""
    for name, line, text, _comments, _context in extract_from_dir(app, METHODS, LOUD, KEYWORDS):
        for part in (text,) if isinstance(text, str) else text[:1]:
            yield f"{name}:{line}", part


def unmarked(app: Path) -> Iterator[str]:
    """Vietnamese that people would read, standing in templates or code without a mark."""
    for path in sorted((app / "views" / "templates").rglob("*.html")):
        spoken = _Spoken()
        spoken.feed(plain(path.read_text("utf-8")))
        for line, text in spoken.found:
            yield f"{path.relative_to(app)}:{line}: not marked for translation: {text[:60]}"
    for path in sorted(app.rglob("*.py")):
        if not path.relative_to(app).as_posix().startswith(DATA):
            for line, text in _bare_strings(ast.parse(path.read_text("utf-8"))):
                yield f"{path.relative_to(app)}:{line}: not marked for translation: {text[:60]}"


class _Spoken(HTMLParser):
    """What a page says: its text, and the attributes that are shown or read aloud."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[int, str]] = []

    def handle_data(self, data: str) -> None:
        if VIETNAMESE.search(SAME.sub("", data)):
            self.found.append((self.getpos()[0], data.strip()))

    def handle_starttag(self, _tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name in SPOKEN and value:
                self.handle_data(value)


def _bare_strings(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Vietnamese string literals that no marker holds and that are no docstring."""
    quiet: set[ast.AST] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr):
            quiet.add(node.value)
        elif isinstance(node, ast.Call) and _called(node) in KEYWORDS:
            quiet |= {part for argument in node.args for part in ast.walk(argument)}
    for node in ast.walk(tree):
        match node:
            case ast.Constant(value=str(text)) if node not in quiet and VIETNAMESE.search(SAME.sub("", text)):
                yield node.lineno, text


def _called(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def placeholders(text: str) -> set[tuple[str, str]]:
    """(name, format) of each placeholder; ValueError where braces do not match."""
    return {(name, spec or "") for _, name, spec, _ in string.Formatter().parse(text) if name is not None}


def text_faults(text: str, english: str | None) -> Iterator[str]:
    if not unicodedata.is_normalized("NFC", text):
        yield "not in Unicode's composed form (NFC)"
    try:
        wanted = placeholders(text)
        given = placeholders(english) if english else wanted
    except ValueError as error:
        yield f"placeholders: {error}"
        return
    if not english:
        yield "no English"
    elif wanted != given:
        yield f"placeholders differ: {sorted(wanted)} and {sorted(given)}"
    for name, spec in wanted:
        if not name.isidentifier() or spec not in FORMATS:
            yield f"no such placeholder or format: {{{name}:{spec}}}"


def catalogue(file: Path) -> Mapping[str, str]:
    """Text to English, without fuzzy entries."""
    with file.open("rb") as opened:
        entries = read_po(opened, locale="en", abort_invalid=True)
    return {str(entry.id): str(entry.string) for entry in entries if entry.id and not entry.fuzzy}


def faults(app: Path) -> list[str]:
    """What is wrong, one line a fault."""
    english = catalogue(app / CATALOGUE)
    found = list(unmarked(app))
    texts = list(used(app))
    if not texts:
        found.append("no text found: is the extraction broken?")
    for place, text in texts:
        found += [f"{place}: {fault}: {text}" for fault in text_faults(text, english.get(text))]
    ids = re.findall(r'^msgid "(.+)"$', (app / CATALOGUE).read_text("utf-8"), re.MULTILINE)
    found += [f"{CATALOGUE}: twice: {text}" for text, times in Counter(ids).items() if times > 1]
    return found


def main() -> int:
    found = faults(APP)
    print("\n".join(found), file=sys.stderr, end="\n" if found else "")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
