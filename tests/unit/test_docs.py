"""What the maintainers' page says of settings is what the program takes."""

from __future__ import annotations

import re
from pathlib import Path

from app.settings import Settings

PAGE = Path(__file__).resolve().parents[2] / "docs" / "maintainer" / "README.md"
TOLD_IN_WORDS = {"database_url", "data_dir", "secret_key", "threads", "personal_keys"}


def test_every_setting_stands_in_the_table_with_its_default() -> None:
    rows = re.findall(r"^\| `MTQG_(\w+)` \| (.+?) \|", PAGE.read_text("utf-8"), re.MULTILINE)
    told = {name.lower(): default.strip("`") for name, default in rows}
    assert told.keys() == Settings.model_fields.keys()
    for name, field in Settings.model_fields.items():
        if name not in TOLD_IN_WORDS:
            default = field.get_default()
            assert told[name] == (str(default).lower() if isinstance(default, bool) else str(default)), name
