"""Renders a policy with the writ under test."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent.parent


class NotRendered(Exception):
    """Writ found errors in the policy."""


def writ() -> Path | None:
    named = os.environ.get("WRIT")
    built = [path for path in (ROOT / ".build/release/writ", ROOT / ".build/debug/writ") if path.is_file()]
    chosen = Path(named) if named else max(built, key=lambda path: path.stat().st_mtime, default=None)
    return chosen.resolve() if chosen and chosen.is_file() else None


def rendered(program: Path, folder: Path, text: str) -> Path:
    """Writes the policy below a folder, and returns where its generated files are."""
    (folder / "policies").mkdir(parents=True, exist_ok=True)
    (folder / "writ.yaml").write_text("version: 1\n", encoding="utf-8")
    (folder / "policies/policy.yaml").write_text(text, encoding="utf-8")
    run = subprocess.run([program, "render", "--repo", folder], capture_output=True, text=True, timeout=120)
    if run.returncode != 0:
        said = run.stdout + run.stderr
        raise NotRendered(next((line for line in said.splitlines() if "error" in line), said[:300]))
    return folder / "generated"
