"""Finds the rendered files of a tree, and says which consumer each one is for.

    .venv/tools/bin/python Tests/Conformance/artifacts.py FOLDER…

Prints lines of `<consumer> TAB <file> [TAB <companion>]`. The consumers are the programs of this
folder, `manifest` is Writ's own kind of file, and `unknown` one that none of them reads. What a file holds decides, then its name: a file
named for a consumer that does not look like one is still shown to it, to be refused.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

HOLDS, MANIFEST, UNKNOWN = "holds", "manifest", "unknown"
# What a consumer's file may have beside it.
COMPANIONS = {"airflow_backend": HOLDS}
# Writ's own list of what it rendered.
INDEX = ".writ.json"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="+", type=Path, metavar="FOLDER")
    for folder in parser.parse_args().folders:
        for line in lines_of(sorted(path for path in folder.rglob("*") if path.is_file())):
            print("\t".join(map(str, line)))
    return 0


def lines_of(files: list[Path]) -> Iterator[tuple[object, ...]]:
    kinds = {path: kind_of(path) for path in files if path.suffix != ".refused" and path.name != INDEX}
    by_folder: dict[tuple[Path, str], list[Path]] = defaultdict(list)
    for path, kind in kinds.items():
        by_folder[path.parent, kind].append(path)
    orphans = {path for path, kind in kinds.items() if kind in COMPANIONS.values()}
    for path, kind in kinds.items():
        if kind in COMPANIONS.values():
            continue
        yield kind, path
        companion = COMPANIONS.get(kind)
        if companion:
            for other in belonging(path, by_folder[path.parent, kind], by_folder[path.parent, companion]):
                orphans.discard(other)
                yield companion, path, other
    for path in sorted(orphans):
        yield "unknown", path


def belonging(path: Path, siblings: list[Path], companions: list[Path]) -> list[Path]:
    """A companion belongs to the file whose name it begins with, or to the only one there is."""
    stem = path.name.partition(".")[0]
    named = [other for other in companions if other.name.partition(".")[0] == stem]
    return named or (companions if len(siblings) == 1 else [])


def kind_of(path: Path) -> str:
    try:
        found = kind_of_content(path)
    except (ValueError, yaml.YAMLError, UnicodeDecodeError):
        found = UNKNOWN
    return kind_of_name(path) if found == UNKNOWN else found


def kind_of_name(path: Path) -> str:
    name = path.name
    if name.endswith((".postman_environment.json", ".postman_globals.json")):
        return "postman_environment"
    if name.endswith(("profiles.yml", "profiles.yaml")):
        return "dbt_profiles"
    if name.endswith(".policy.json"):
        return "fastapi_guard"
    if name.endswith("connections.json"):
        return "airflow_connections"
    return UNKNOWN


def kind_of_content(path: Path) -> str:
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".json":
        return kind_of_json(json.loads(text))
    if path.suffix in (".yml", ".yaml"):
        document = yaml.safe_load(text)
        profiles = isinstance(document, dict) and any(isinstance(value, dict) and "outputs" in value for value in document.values())
        return "dbt_profiles" if profiles else UNKNOWN
    if path.suffix == ".sql":
        return "postgres_grants" if "pg_temp.writ_settings" in text else UNKNOWN
    if path.suffix == ".py":
        return "fastapi_guard" if "class Guard:" in text else UNKNOWN
    if path.suffix == ".hcl":
        return "vault_policies" if "capabilities" in text or "# Nothing." in text else UNKNOWN
    if path.suffix in (".cfg", ".ini") and "[secrets]" in text:
        return "airflow_backend"
    return UNKNOWN


def kind_of_json(document: Any) -> str:
    if isinstance(document, dict):
        if document.get("default") == "deny" and "routes" in document:
            return "fastapi_guard"
        if document.get("role_type") == "jwt":
            return "vault_policies"
        if "_postman_variable_scope" in document:
            return "postman_environment"
        if "variables" in document:
            names = [name for name in names_in(document["variables"])]
            templates = "conn_type" in json.dumps(document)
            return "airflow_env" if templates and names and all(name.startswith("AIRFLOW_CONN_") for name in names) else MANIFEST
        if document and all(isinstance(value, dict) and "conn_type" in value for value in document.values()):
            return "airflow_env" if all(name.startswith("AIRFLOW_CONN_") for name in document) else "airflow_connections"
        document = next((document[key] for key in ("connections", "entries", "secrets") if key in document), document)
    entries = list(document.values()) if isinstance(document, dict) else document
    if isinstance(entries, list) and entries and all(isinstance(entry, dict) and "path" in entry for entry in entries):
        return HOLDS
    return UNKNOWN


def names_in(variables: Any) -> Iterator[str]:
    for entry in variables:
        yield entry if isinstance(entry, str) else str(entry.get("variable") or entry.get("name"))


if __name__ == "__main__":
    sys.exit(main())
