"""Resolves connections from AIRFLOW_CONN_… variables, as the rendered templates say to set them.

    .venv/airflow/bin/python Tests/Conformance/airflow_env.py FILE…

A file maps variables to a connection's JSON with references in it, alone or below `variables`, where
a variable may also be an object with that JSON as its `json`, `template`, `shape` or `value`, and, in
a list as in Writ's manifests, with its name as `name` or `variable`. Each is set with secrets in place of the references, and
Airflow's own environment backend must give back exactly that connection.
"""

from __future__ import annotations

import json
import os
import re
import sys
from pathlib import Path
from typing import Any

import airflow_setting
from verdicts import Verdicts, arguments, each_file, foreign_templates, unique_keys, walk

VARIABLE = re.compile(r"AIRFLOW_CONN_([A-Z0-9_]+)")


def main() -> int:
    options = arguments(__doc__).parse_intermixed_args()
    airflow_setting.start()
    from airflow.secrets.environment_variables import EnvironmentVariablesBackend

    verdicts = Verdicts("airflow_env", options.refuse)
    backend = EnvironmentVariablesBackend()

    def check(path: Path) -> None:
        for variable, template in read_templates(path):
            if template is None:
                verdicts.skip(path, variable, "no template in the file, so nothing to set it to")
            else:
                verdicts.judge(path, variable, resolve(backend, variable, template), detail=str(template.get("conn_type")))

    return each_file(verdicts, [*options.files, *options.refuse], check)


def read_templates(path: Path) -> list[tuple[str, dict[str, Any] | None]]:
    document = json.loads(path.read_text(encoding="utf-8"), object_pairs_hook=unique_keys)
    if isinstance(document, dict):
        document = document.get("variables", document)
    if isinstance(document, dict):
        document = [{"variable": name, **as_entry(value)} for name, value in document.items()]
    return [(entry.get("variable") or entry["name"], template_of(entry)) for entry in document]


def as_entry(value: Any) -> dict[str, Any]:
    """A connection's JSON stands for an entry with that template."""
    if isinstance(value, str) or "conn_type" in value:
        return {"template": value}
    return value


def template_of(entry: dict[str, Any]) -> dict[str, Any] | None:
    template = next((entry[key] for key in ("json", "template", "shape", "value") if key in entry), None)
    return json.loads(template) if isinstance(template, str) else template


def resolve(backend: Any, variable: str, template: dict[str, Any]) -> list[str]:
    named = VARIABLE.fullmatch(variable)
    if not named:
        return ["not a variable that Airflow looks up"]
    filled, references = airflow_setting.fill(template)
    if not references:
        return ["no reference in it: an imported row would do"]
    leftovers = {mark for _, value in walk(without_references(template)) if isinstance(value, str) for mark in foreign_templates(value)}
    if leftovers:
        return [f"`{mark}`, which Airflow stores as it stands" for mark in sorted(leftovers)]
    os.environ[variable] = json.dumps(filled)
    try:
        # Airflow upper-cases the id it is asked for; any other spelling of it leads here as well.
        connection = backend.get_connection(named.group(1).lower())
    finally:
        del os.environ[variable]
    if connection is None:
        return ["Airflow does not find it"]
    return airflow_setting.differences(connection, filled)


def without_references(value: Any) -> Any:
    if airflow_setting.is_reference(value):
        return ""
    if isinstance(value, dict):
        return {key: without_references(inner) for key, inner in value.items()}
    return value


if __name__ == "__main__":
    sys.exit(main())
