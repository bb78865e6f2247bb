"""A paper as a PDF, set by Typst. The paper goes in as data, never as markup; fonts are those that Typst brings."""

from __future__ import annotations

import json
import re
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import typst

from app.reports.papers.paper import (
    INVENTED,
    MOTTO,
    NATION,
    Block,
    Grid,
    Heading,
    Items,
    Paper,
    Paragraph,
    Signature,
    clean,
    lines,
    upper,
)

MEDIA_TYPE: Final = "application/pdf"
_TEMPLATE: Final = Path(__file__).parent / "paper.typ"
_LONG: Final = re.compile(r"\S{40}(?=\S)")  # may be broken behind: no word is so long


def write(paper: Paper) -> bytes:
    """The file's content; the same bytes for the same paper."""
    day = paper.day or datetime(2000, 1, 1, tzinfo=UTC)
    made = typst.compile(
        _TEMPLATE,
        format="pdf",
        sys_inputs={"paper": json.dumps(_data(paper), ensure_ascii=False)},
        ignore_system_fonts=True,
        timestamp=datetime(day.year, day.month, day.day, tzinfo=UTC),
    )
    if not isinstance(made, bytes):
        raise TypeError("a PDF is one file")
    return made


def _data(paper: Paper) -> dict[str, Any]:
    left, right = paper.signed
    return {
        "title": f"{clean(paper.kind)}: {clean(paper.abstract)}"[:250],
        "author": clean(" ".join(paper.issuer)),
        "superior": [_text(upper(line)) for line in paper.superior],
        "issuer": [_text(upper(line)) for line in paper.issuer],
        "number": _text(paper.number_line),
        "nation": NATION,
        "motto": MOTTO,
        "place": _text(paper.place_line),
        "kind": _text(upper(paper.kind)),
        "abstract": [_text(line) for line in lines(paper.abstract)],
        "to": _text(paper.to_line),
        "note": INVENTED if paper.illustrative else "",
        "bases": [_text(base).rstrip(";.") for base in paper.bases],
        "blocks": [_block(block) for block in paper.blocks],
        "left": _signature(left),
        "right": _signature(right),
        "recipients": [_text(recipient).rstrip(";.") for recipient in paper.recipients],
    }


def _block(block: Block) -> dict[str, Any]:
    match block:
        case Heading():
            return {"is": "heading", "level": block.level, "text": _text(" ".join(lines(block.text)))}
        case Paragraph():
            texts = [_text(line) for line in block.lines]
            return {"is": "text", "lead": _text(block.lead), "texts": texts, "italic": block.italic}
        case Items():
            return {
                "is": "items",
                "numbered": block.numbered,
                "items": [[_text(line) for line in lines(item)] or [""] for item in block.items],
            }
        case Grid():
            rows = [[_text(cell) for cell in row] for row in block.rows]
            totals = [_text(cell) for cell in block.totals]
            columns = [asdict(column) | {"label": _text(column.label)} for column in block.columns]
            return {
                "is": "grid", "columns": columns, "rows": rows, "totals": totals, "caption": _text(block.caption)
            }  # fmt: skip


def _signature(signature: Signature | None) -> dict[str, Any] | None:
    if signature is None:
        return None
    return {
        "authority": [_text(upper(line)) for line in signature.authority],
        "person": _text(signature.name),
    }


def _text(text: str) -> str:
    """Text as it can be set: a word longer than a line may be broken."""
    return _LONG.sub("\\g<0>\u200b", clean(text))
