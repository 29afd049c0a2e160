"""Validates YAML and JSON files against a JSON Schema, and the schema against its own metaschema.

    .venv/tools/bin/python Tests/Conformance/json_schema.py SCHEMA [FILE…]

The schema's `$schema` says which draft it is. YAML is read as YAML 1.2, as editors do.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import jsonschema
from jsonschema.validators import validator_for

import strict_yaml
from verdicts import Verdicts, arguments, each_file, unique_keys


def main() -> int:
    parser = arguments(__doc__, files="the schema, then the files to validate")
    options = parser.parse_intermixed_args()
    if options.files:
        schema_path, *files = options.files
        refuse = options.refuse
    elif options.refuse:  # a schema that must itself be refused
        schema_path, files, refuse = options.refuse[0], [], []
    else:
        parser.error("which schema?")
    verdicts = Verdicts("json_schema", options.refuse)
    try:
        schema = json.loads(schema_path.read_text(encoding="utf-8"), object_pairs_hook=unique_keys)
        problems = check_schema(schema)
    except (OSError, ValueError) as error:
        schema, problems = True, [str(error)]
    verdicts.judge(schema_path, "schema", problems, detail=str(schema.get("$schema")) if isinstance(schema, dict) else "")
    if problems:
        return verdicts.finish()
    kind = validator_for(schema)
    validator = kind(schema, format_checker=kind.FORMAT_CHECKER)

    def check(path: Path) -> None:
        errors = sorted(validator.iter_errors(read(path)), key=lambda error: list(map(str, error.absolute_path)))
        verdicts.judge(path, "file", [describe(error) for error in errors], detail=schema_path.name)

    return each_file(verdicts, [*files, *refuse], check)


def check_schema(schema: Any) -> list[str]:
    if not isinstance(schema, dict) or "$schema" not in schema:
        return ["no $schema: an editor would have to guess the draft"]
    kind = validator_for(schema, default=None)
    if kind is None:
        return [f"a draft that is not known: {schema['$schema']}"]
    errors = kind(kind.META_SCHEMA).iter_errors(schema)
    return [describe(error) for error in errors] + dangling_references(schema)


def dangling_references(schema: dict[str, Any]) -> list[str]:
    """References within the schema that lead nowhere: a metaschema cannot see those."""
    problems = []
    for reference in references_in(schema):
        if not reference.startswith("#"):
            problems.append(f"`$ref` {reference} leaves the file")
            continue
        place: Any = schema
        for part in reference[1:].split("/")[1:]:
            part = part.replace("~1", "/").replace("~0", "~")
            place = place.get(part) if isinstance(place, dict) else None
        if place is None:
            problems.append(f"`$ref` {reference} leads nowhere")
    return problems


def references_in(value: Any) -> list[str]:
    if isinstance(value, list):
        return [found for inner in value for found in references_in(inner)]
    if not isinstance(value, dict):
        return []
    own = [value["$ref"]] if isinstance(value.get("$ref"), str) else []
    return own + [found for inner in value.values() for found in references_in(inner)]


def describe(error: jsonschema.ValidationError) -> str:
    place = "/".join(str(part) for part in error.absolute_path) or "top"
    return f"{place}: {error.message[:200]}"


def read(path: Path) -> Any:
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".json":
        return json.loads(text, object_pairs_hook=unique_keys)
    return strict_yaml.load_core(text)


if __name__ == "__main__":
    sys.exit(main())
