"""Imports connection files with the real `airflow connections import`, and compares its export.

    .venv/airflow/bin/python Tests/Conformance/airflow_import.py FILE…

Each file meets an empty metadata database. What `airflow connections export` then writes must be
what the file said, field by field. The commands run in this process, since starting Airflow is slow.
"""

from __future__ import annotations

import contextlib
import io
import json
import sys
from pathlib import Path
from typing import Any

import airflow_setting
from verdicts import Verdicts, arguments, brief, each_file


def main() -> int:
    options = arguments(__doc__).parse_intermixed_args()
    home = airflow_setting.start(database=True)
    verdicts = Verdicts("airflow_import", options.refuse)

    def check(path: Path) -> None:
        empty_connections()
        said = run("connections", "import", str(path))
        exported = export(home)
        for conn_id, fields in json.loads(path.read_text(encoding="utf-8")).items():
            verdicts.judge(path, conn_id, compare(fields, exported.pop(conn_id, None), said))
        for conn_id in exported:
            verdicts.judge(path, conn_id, ["exported, though nothing like it was imported"])

    return each_file(verdicts, [*options.files, *options.refuse], check)


def run(*command: str) -> str:
    """Runs an airflow command; returns what it printed."""
    from airflow.cli import cli_parser

    options = cli_parser.get_parser().parse_args(list(command))
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(io.StringIO()):
        try:
            options.func(options)
        except SystemExit as stop:
            if stop.code:
                raise RuntimeError(f"airflow {' '.join(command[:2])} stopped: {stop.code}") from stop
    return printed.getvalue()


def export(home: Path) -> dict[str, dict[str, Any]]:
    target = home / "exported.json"
    target.unlink(missing_ok=True)
    run("connections", "export", str(target), "--file-format", "json")
    return json.loads(target.read_text(encoding="utf-8"))


def empty_connections() -> None:
    from airflow.models.connection import Connection
    from airflow.utils.session import create_session
    from sqlalchemy import delete

    with create_session() as session:
        session.execute(delete(Connection))


def compare(meant: dict[str, Any], found: dict[str, Any] | None, said: str) -> list[str]:
    problems = [line.strip() for line in said.splitlines() if line.startswith("Could not import")]
    if found is None:
        return problems or ["not there after import"]
    problems = []
    for field in airflow_setting.FIELDS:
        if found[field] != meant.get(field):
            problems.append(f"{field} came back as {found[field]!r}, not {meant.get(field)!r}")
    if as_object(found["extra"]) != as_object(meant.get("extra")):
        problems.append("extra came back different")
    return problems


def as_object(extra: Any) -> Any:
    """Airflow stores `extra` as text; as JSON, both sides compare."""
    try:
        return (json.loads(extra) if isinstance(extra, str) else extra) or {}
    except ValueError as error:
        return brief(error)


if __name__ == "__main__":
    sys.exit(main())
