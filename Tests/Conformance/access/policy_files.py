"""Reads a policy as the other programs here take it: sections of names and raw texts.

All that the two engines have in common with each other, and nothing of it is Writ's. PyYAML's BaseLoader takes every
scalar as its text, so that `no`, `007` and a date are what was written.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml


def read(folder: Path) -> dict[str, Any]:
    """The sections of all files below `policies/`, merged; `bindings` is a list, all others map names."""
    sections: dict[str, Any] = {}
    for path in sorted((folder / "policies").rglob("*.y*ml")):
        for document in yaml.load_all(path.read_text(encoding="utf-8"), yaml.BaseLoader):
            for section, declarations in (document or {}).items():
                if not declarations:
                    continue
                if isinstance(declarations, list):
                    sections.setdefault(section, []).extend(declarations)
                else:
                    sections.setdefault(section, {}).update(declarations)
    return sections


def listed(value: Any) -> list[Any]:
    """A list where one item may stand alone; nothing where nothing is written."""
    if value is None or value == "":
        return []
    return value if isinstance(value, list) else [value]


def settings(value: Any) -> dict[str, Any]:
    """A mapping that may have been left empty."""
    return value if isinstance(value, dict) else {}
