"""Holds Postman environments and globals to the rules that its own importers do not check.

    .venv/tools/bin/python Tests/Conformance/postman_environment.py FILE…

newman takes nearly anything: values that are no strings, keys that are there twice, variables that are
disabled and yet used. Where newman is installed, it also runs a request with each file, and must see
every variable with the value in the file; elsewhere that is skipped, visibly.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import uuid
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

from verdicts import Verdicts, arguments, each_file, foreign_templates, unique_keys

SUFFIXES = {"environment": ".postman_environment.json", "globals": ".postman_globals.json"}
VARIABLE_KEYS = {"key", "value", "type", "enabled", "description"}
VARIABLE_NAME = re.compile(r"[^{}\s]+")
VAULT_REFERENCE = re.compile(r"\{\{vault:[^{}\s]+\}\}")
NESTED = re.compile(r"\{\{([^{}]*)\}\}")
SECRET_NAME = re.compile(r"(?:.*[_.-])?(?:password|passphrase|secret|token|api[_-]?key|private[_-]?key|access[_-]?key)", re.IGNORECASE)


def main() -> int:
    options = arguments(__doc__).parse_intermixed_args()
    verdicts = Verdicts("postman_environment", options.refuse)
    newman = shutil.which("newman")
    ids: dict[tuple[Path, str], Path] = {}

    def check(path: Path) -> None:
        document = json.loads(path.read_text(encoding="utf-8"), object_pairs_hook=unique_keys)
        if not isinstance(document, dict):
            raise ValueError("not an object")
        problems = check_frame(path, document)
        if ids.setdefault((path.parent, str(document.get("id"))), path) != path:
            problems.append(f"the same id as {ids[path.parent, str(document.get('id'))].name}: importing one replaces the other")
        values = document.get("values")
        verdicts.judge(path, "file", problems, detail=f"{len(values) if isinstance(values, list) else 0} variables")
        names = [variable.get("key") for variable in values or [] if isinstance(variable, dict)]
        for index, variable in enumerate(values if isinstance(values, list) else []):
            name = variable.get("key") if isinstance(variable, dict) else None
            verdicts.judge(path, str(name or index), check_variable(variable, names), detail=str(variable.get("type")) if isinstance(variable, dict) else "")
        if path in options.refuse:
            return
        if newman:
            verdicts.judge(path, "newman", run_newman(newman, path, document))
        else:
            verdicts.skip(path, "newman", "newman is not installed")

    return each_file(verdicts, [*options.files, *options.refuse], check)


def check_frame(path: Path, document: dict[str, Any]) -> list[str]:
    problems = []
    unknown = set(document) - {"id", "name", "values", "_postman_variable_scope"}
    if unknown:
        problems.append(f"not expected: {', '.join(sorted(unknown))}")
    if not isinstance(document.get("name"), str) or not document["name"].strip():
        problems.append("no name")
    try:
        if str(uuid.UUID(document["id"])) != document["id"] or uuid.UUID(document["id"]).version != 5:
            problems.append("the id is not a lower-case UUID of version 5, derived from a name")
    except (KeyError, TypeError, ValueError, AttributeError):
        problems.append("the id is not a UUID")
    scope = document.get("_postman_variable_scope")
    if scope not in SUFFIXES:
        problems.append("_postman_variable_scope is neither `environment` nor `globals`")
    elif any(path.name.endswith(suffix) for suffix in SUFFIXES.values()) and not path.name.endswith(SUFFIXES[scope]):
        problems.append(f"a file of {scope} is not named so")
    if not isinstance(document.get("values"), list):
        problems.append("values is not a list")
    return problems


def check_variable(variable: Any, names: list[Any]) -> list[str]:
    if not isinstance(variable, dict):
        return ["not an object"]
    problems = []
    key, value, kind = variable.get("key"), variable.get("value"), variable.get("type")
    if set(variable) - VARIABLE_KEYS:
        problems.append(f"not expected: {', '.join(sorted(set(variable) - VARIABLE_KEYS))}")
    if not isinstance(key, str) or not VARIABLE_NAME.fullmatch(key):
        problems.append("a key that no request could name")
    if names.count(key) > 1:
        problems.append("the same key again: the last one wins")
    if kind not in ("default", "secret"):
        problems.append("type is neither `default` nor `secret`")
    if variable.get("enabled") is not True:
        problems.append("enabled is not true, which newman does not heed")
    if not isinstance(value, str):
        return [*problems, "value is not a string"]
    if kind == "secret" and value and not VAULT_REFERENCE.fullmatch(value):
        problems.append("a secret with a value; it is empty or a {{vault:…}} reference")
    if kind == "default" and value and isinstance(key, str) and SECRET_NAME.fullmatch(key):
        problems.append("the name of a secret, with a value and not of type `secret`")
    problems += [f"`{mark}` means nothing to Postman" for mark in foreign_templates(value, allowed=("{{",))]
    if kind == "default":
        problems += [f"`{name}` is not in the file" for name in NESTED.findall(value) if name not in names]
    return problems


def run_newman(newman: str, path: Path, document: dict[str, Any]) -> list[str]:
    """One request with the file loaded, whose script compares every variable."""
    scope = "environment" if document["_postman_variable_scope"] == "environment" else "globals"
    wanted = {variable["key"]: variable["value"] for variable in document["values"]}
    script = [f"const wanted = {json.dumps(wanted)};",
              "for (const key in wanted) pm.test(key, () => pm.expect(pm.%s.get(key)).to.eql(wanted[key]));" % scope]
    server = HTTPServer(("127.0.0.1", 0), Empty)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    collection = {
        "info": {"name": "conformance", "schema": "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"},
        "item": [{"name": "probe", "request": {"method": "GET", "url": f"http://127.0.0.1:{server.server_port}/"},
                  "event": [{"listen": "test", "script": {"type": "text/javascript", "exec": script}}]}],
    }
    try:
        with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
            json.dump(collection, file)
            file.flush()
            done = subprocess.run([newman, "run", file.name, "-e" if scope == "environment" else "-g", str(path), "--color", "off", "--bail"],
                                  capture_output=True, text=True, check=False, timeout=120)
    finally:
        server.shutdown()
        server.server_close()
    return [f"newman: {(done.stdout + done.stderr)[-400:]}"] if done.returncode else []


class Empty(BaseHTTPRequestHandler):
    """Answers every request with nothing."""

    def do_GET(self) -> None:
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


if __name__ == "__main__":
    sys.exit(main())
