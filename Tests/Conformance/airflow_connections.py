"""Loads connection files with Airflow's own loader, and refuses what its import lets through.

    .venv/airflow/bin/python Tests/Conformance/airflow_connections.py FILE…

Import takes without a word: connection types no provider registers, ids that its API refuses,
templates (there is no interpolation, they are stored as they stand), and passwords, which a
rendered file never holds. An empty `extra` object crashes it.
"""

from __future__ import annotations

import json
import re
import sys
import tempfile
from pathlib import Path
from typing import Any

import airflow_setting
from verdicts import Verdicts, arguments, brief, each_file, foreign_templates, unique_keys, walk

CONNECTION_ID = re.compile(r"[\w.-]{1,200}", re.ASCII)
KEYS = {*airflow_setting.FIELDS, "extra"}
SECRET_EXTRA = re.compile(r"password|passphrase|token|secret|private_key|api[-_]?key|keyfile_dict|key_content|authorization|access_key", re.IGNORECASE)
# These say where a secret is, or how it is got, and hold none.
HARMLESS_EXTRA = re.compile(r".*(?:_path|_file|_conn_id|_endpoint|_url|_uri|_name|_id|_type|_project_id|_method)$|private_key_file|use_.*|.*_enabled", re.IGNORECASE)


def main() -> int:
    options = arguments(__doc__).parse_intermixed_args()
    airflow_setting.start()
    from airflow.providers_manager import ProvidersManager

    verdicts = Verdicts("airflow_connections", options.refuse)
    types = {name for name, hook in ProvidersManager().hooks.items() if hook}

    def check(path: Path) -> None:
        connections = json.loads(path.read_text(encoding="utf-8"), object_pairs_hook=unique_keys)
        if not isinstance(connections, dict):
            raise ValueError("not an object of connections")
        for conn_id, fields in connections.items():
            verdicts.judge(path, conn_id, check_connection(conn_id, fields, types), detail=str(fields.get("conn_type")) if isinstance(fields, dict) else "")
        if path not in options.refuse:
            verdicts.judge(path, "file", load(path), detail=f"{len(connections)} connections")

    return each_file(verdicts, [*options.files, *options.refuse], check)


def load(path: Path) -> list[str]:
    """What Airflow's loader says to a file."""
    from airflow.secrets.local_filesystem import load_connections_dict

    try:
        load_connections_dict(str(path))
    except Exception as error:  # noqa: BLE001 - whatever Airflow throws is its verdict
        return [brief(error)]
    return []


def load_alone(conn_id: str, fields: Any) -> list[str]:
    """The loader gives up on a file at the first bad connection, so each is shown to it alone."""
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump({conn_id: fields}, file)
        file.flush()
        return load(Path(file.name))


def check_connection(conn_id: str, fields: Any, types: set[str]) -> list[str]:
    problems = load_alone(conn_id, fields)
    if not CONNECTION_ID.fullmatch(conn_id):
        problems.append("an id that import skips and the API refuses")
    if not isinstance(fields, dict):
        return [*problems, "not an object; a URI can carry a password and hides its parts"]
    if set(fields) - KEYS:
        problems.append(f"unknown keys: {', '.join(sorted(set(fields) - KEYS))}")
    conn_type = fields.get("conn_type")
    if not conn_type:
        problems.append("no conn_type: import stops half-way")
    elif conn_type not in types:
        problems.append(f"no provider registers the type `{conn_type}`")
    port = fields.get("port")
    if "port" in fields and (not isinstance(port, int) or isinstance(port, bool) or not 0 < port < 65536):
        problems.append(f"port {port!r} is not a port number")
    if "password" in fields:
        problems.append("a password")
    problems += [f"`{name}` is null or empty: leave it out" for name in sorted(fields) if fields[name] in (None, "", [])]
    return problems + check_extra(fields.get("extra")) + check_templates(fields)


def check_extra(extra: Any) -> list[str]:
    if extra == {}:
        return ["an empty extra object, which crashes import: leave it out"]
    if isinstance(extra, str):
        try:
            extra = json.loads(extra)
        except ValueError:
            return ["extra is not JSON"]
    if extra is not None and not isinstance(extra, dict):
        return ["extra is not an object"]
    secretive = [key for key, value in (extra or {}).items()
                 if SECRET_EXTRA.search(key) and not HARMLESS_EXTRA.fullmatch(key) and value and not isinstance(value, bool)]
    return [f"extra.{key} looks like a secret" for key in secretive]


def check_templates(fields: dict[str, Any]) -> list[str]:
    found = {f"`{mark}` in {'.'.join(path)}, which Airflow stores as it stands"
             for path, value in walk(fields) if isinstance(value, str) for mark in foreign_templates(value)}
    return sorted(found)


if __name__ == "__main__":
    sys.exit(main())
