"""The checks of `make check` fail when what they name is broken."""

from __future__ import annotations

import hashlib
import json
import shutil
import tomllib
from pathlib import Path
from typing import Any

import pytest
from jinja2 import DictLoader, Environment

from app.settings import ROOT
from tools import check_templates, check_translations, check_vendored, lock

# Vendored files


@pytest.fixture
def vendored(tmp_path: Path) -> Path:
    """A copy of the vendored files, whose manifest is right."""
    return shutil.copytree(check_vendored.FOLDER, tmp_path / "vendor")


def test_vendored_files_as_they_stand_pass(vendored: Path) -> None:
    assert check_vendored.faults(vendored) == []


def test_a_changed_vendored_file_is_seen(vendored: Path) -> None:
    with (vendored / "htmx.min.js").open("a") as file:
        file.write(";")
    assert check_vendored.faults(vendored) == ["htmx.min.js: checksum differs from manifest.json"]


def test_an_unlisted_vendored_file_is_seen(vendored: Path) -> None:
    (vendored / "fonts" / "extra.woff2").write_bytes(b"x")
    assert check_vendored.faults(vendored) == ["fonts/extra.woff2: not in manifest.json"]


def test_a_missing_vendored_file_is_seen(vendored: Path) -> None:
    (vendored / "htmx.min.js").unlink()
    assert check_vendored.faults(vendored) == ["htmx.min.js: listed but missing"]


def test_a_vendored_package_without_licence_is_seen(tmp_path: Path) -> None:
    (tmp_path / "a.js").write_bytes(b"1")
    package = {
        "name": "a",
        "version": "1",
        "source": "s",
        "files": {"a.js": hashlib.sha256(b"1").hexdigest()},
    }
    (tmp_path / "manifest.json").write_text(json.dumps({"packages": [package]}))
    assert check_vendored.faults(tmp_path) == [
        "a: manifest lacks licence",
        "a: no licence text among its files",
    ]


# Templates


@pytest.mark.parametrize(
    "html",
    [
        '<a href="https://example.org">ngoài</a>',
        '<script src="/static/app.js" defer></script>',
        '<form method="get"><input name="q"></form>',
        '<form method="post"><input type="hidden" name="csrf" value="{{ x }}"></form>',
        '<form method="post">{{ ui.csrf() }}<button hx-post="/x"></button></form>',
        '{# <script>1</script> #}<svg xmlns="http://www.w3.org/2000/svg"></svg>',
    ],
)
def test_good_html_passes(html: str) -> None:
    assert check_templates.html_faults(html) == []


@pytest.mark.parametrize(
    ("html", "fault"),
    [
        ("<script>alert(1)</script>", "<script> without src"),
        ('<script src="/a.js">1</script>', "<script> with content"),
        ("<style>p { color: red }</style>", "<style>"),
        ("\n<p style='color: red'>", "2: style="),
        ('<p{% if a %} style="color: {{ b }}"{% endif %}>', "style="),
        ('<button onclick="go()">', "onclick="),
        ('<button hx-on:click="go()">', "hx-on:click="),
        ('<a href=" JavaScript:go()">', "a script in an attribute"),
        ("<div hx-vals='js:{a: 1}'>", "a script in an attribute"),
        ('<img src="https://example.org/a.png">', "another host"),
        ('<link href="//example.org/a.css">', "another host"),
        ('<img {% if a %}src="//example.org/a"{% else %}src="/a"{% endif %}>', "another host"),
        ('<form action="http://example.org/">', "another host"),
        ('<form method="post"><input name="a"></form>', "POST form without the CSRF field"),
        ('<form method="{{ m }}"><input name="a"></form>', "POST form without the CSRF field"),
        ('<form method="post">{{ ui.csrf() }}</form><form method="post"></form>', "POST form without"),
        ('<form method="post">{{ ui.csrf() }}', "not closed"),
        ('<button hx-delete="/x">', "htmx writes outside a POST form"),
        ('<form><button hx-post="/x"></form>', "htmx writes outside a POST form"),
    ],
)
def test_bad_html_is_seen(html: str, fault: str) -> None:
    assert any(fault in found for found in check_templates.html_faults(html)), html


def test_templates_that_do_not_compile_or_name_what_is_missing_are_seen() -> None:
    class Macros:
        icon = staticmethod(str)
        field = staticmethod(str)

    def static(path: str) -> str:
        raise FileNotFoundError(path)

    env = Environment(
        autoescape=True,
        loader=DictLoader(
            {
                "broken.html": "{% if %}",
                "filter.html": "\n{{ 1 | no_such }}",
                "macro.html": "{{ ui.icon() }}{{ ui.none() }}",
                "static.html": "{{ static('none.css') }}",
                "hidden.html": "{{ ui.field(form, 'form', 'x') }}",
                "good.html": "{{ ui.icon() }}{{ ui.field(form, 'code', 'form') }}",
            }
        ),
    )
    env.globals |= {"ui": Macros, "static": static}
    found = "\n".join(check_templates.faults(env))
    assert "broken.html:1:" in found
    assert "filter.html:2: No filter named 'no_such'" in found
    assert "macro.html:1: no macro ui.none" in found
    assert "static.html:1: none.css" in found
    assert "hidden.html:1: a field named form hides the form from htmx" in found
    assert "good.html" not in found
    assert "ui.icon" not in found


# Translations

CATALOGUE = """msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\\n"

msgid "Số tiền {n:money}"
msgstr "Amount {n:money}"

msgid "Lưu"
msgstr "Save"
"""


@pytest.fixture
def texts(tmp_path: Path) -> Path:
    """A small application whose every text has its English."""
    (tmp_path / "locale").mkdir()
    (tmp_path / "views" / "templates").mkdir(parents=True)
    (tmp_path / "locale" / "en.po").write_text(CATALOGUE)
    (tmp_path / "views" / "templates" / "a.html").write_text('<b title="Sổ MTQG">{{ _("Lưu") }}</b>')
    (tmp_path / "a.py").write_text('"""Chú thích."""\ntranslate(lang, "Số tiền {n:money}", n=1)\nN_("Lưu")\n')
    return tmp_path


def test_translated_texts_pass(texts: Path) -> None:
    assert check_translations.faults(texts) == []


@pytest.mark.parametrize(
    ("file", "content", "fault"),
    [
        ("a.py", 'N_("Xóa")', "a.py:1: no English: Xóa"),
        ("a.py", '_("Xóa")', "a.py:1: no English: Xóa"),
        ("a.py", 'i18n.translate(lang, "Xóa")', "a.py:1: no English: Xóa"),
        ("a.py", 'N_("Xóa "\n   "hết")', "no English: Xóa hết"),
        ("a.py", 'raise Fault("Xóa")', "a.py:1: not marked for translation: Xóa"),
        ("views/templates/b.html", '{{ _("Xóa", n=1) }}', "b.html:1: no English: Xóa"),
        ("views/templates/b.html", "<a title='{{ _(\"Xóa\") }}'>", "b.html:1: no English: Xóa"),
        ("views/templates/b.html", "\n<p>Xóa</p>", "b.html:2: not marked for translation: Xóa"),
        ("views/templates/b.html", '<a aria-label="Xóa">', "b.html:1: not marked for translation: Xóa"),
        ("locale/en.po", CATALOGUE.replace("Save", ""), "no English: Lưu"),
        ("locale/en.po", CATALOGUE.replace("Amount {n:money}", "Amount {m:money}"), "placeholders differ"),
        ("locale/en.po", CATALOGUE.replace("Amount {n:money}", "Amount {n:number}"), "placeholders differ"),
        ("locale/en.po", CATALOGUE.replace("Amount {n:money}", "Amount"), "placeholders differ"),
        ("locale/en.po", CATALOGUE.replace('msgid "Lưu"', '#, fuzzy\nmsgid "Lưu"'), "no English: Lưu"),
        ("locale/en.po", CATALOGUE + '\nmsgid "Lưu"\nmsgstr "Keep"\n', "twice: Lưu"),
        ("a.py", 'N_("{n:euro}")', "no such placeholder or format"),
        ("a.py", 'N_("{n")', "placeholders:"),
        ("a.py", 'N_("Lu\u031bu")', "composed form"),
    ],
)
def test_a_text_without_its_english_is_seen(texts: Path, file: str, content: str, fault: str) -> None:
    (texts / file).write_text(content)
    assert any(fault in found for found in check_translations.faults(texts))


def test_a_template_that_does_not_parse_hides_nothing(texts: Path) -> None:
    (texts / "views" / "templates" / "b.html").write_text("{% if %}")
    with pytest.raises(Exception, match="Expected an expression"):
        check_translations.faults(texts)


# Lock files


@pytest.fixture(scope="module")
def project() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))


@pytest.fixture(scope="module")
def locked() -> str:
    return (ROOT / "requirements" / "run.txt").read_text("utf-8")


def test_a_new_dependency_without_a_lock_is_seen(project: dict[str, Any], locked: str) -> None:
    table = project["project"]
    more = {**project, "project": {**table, "dependencies": [*table["dependencies"], "polars>=1"]}}
    assert lock.faults(more, [], locked) == [
        "not made from the present pyproject.toml: run `make lock`",
        "polars>=1: pinned at None",
    ]


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("--index-url https://host.example/simple", "names a host"),
        ("--find-links /wheels", "names a host"),
        ("-i x", "names a host"),
        ("thing @ file:///x", "names a host"),
        ("thing==1.0", "thing: no hash"),
        ("thing>=1.0 --hash=sha256:00", "not a pin"),
    ],
)
def test_a_bad_line_in_a_lock_file_is_seen(
    project: dict[str, Any], locked: str, line: str, fault: str
) -> None:
    found = lock.faults(project, [], f"{locked}{line}\n")
    assert any(fault in one for one in found)


def test_a_pin_outside_its_bounds_is_seen(project: dict[str, Any]) -> None:
    text = f"{lock.header(project, [])}\nfastapi==0.1 --hash=sha256:00\n"
    assert any(
        one.startswith("fastapi>=") and one.endswith("at 0.1") for one in lock.faults(project, [], text)
    )
