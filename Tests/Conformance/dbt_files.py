"""Reading profiles.yml the strict way: YAML without duplicate keys, and every env_var() call in it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jinja2
from jinja2 import nodes

import strict_yaml
from verdicts import walk

SECRET_PREFIX = "DBT_ENV_SECRET_"
JINJA = jinja2.Environment()


def read_profiles(path: Path) -> dict[str, dict[str, Any]]:
    """The profiles of a file, without dbt's own `config` section."""
    raw = strict_yaml.load(path.read_text(encoding="utf-8"))
    if not isinstance(raw, dict):
        raise ValueError("not a mapping of profiles")
    profiles = {name: profile for name, profile in raw.items() if name != "config"}
    if not profiles:
        raise ValueError("no profile in the file")
    return profiles


@dataclass(frozen=True)
class Use:
    """One env_var() call in a scalar."""

    name: str
    has_default: bool
    filters: tuple[str, ...]

    @property
    def is_secret(self) -> bool:
        return self.name.startswith(SECRET_PREFIX)


@dataclass(frozen=True)
class Template:
    """What a scalar contains besides text."""

    uses: tuple[Use, ...]
    problems: tuple[str, ...]


def read_template(text: str) -> Template:
    """Finds the env_var() calls of a scalar; anything else in Jinja is a problem."""
    try:
        tree = JINJA.parse(text)
    except jinja2.TemplateSyntaxError as error:
        return Template((), (f"not a Jinja template: {error}",))
    uses: list[Use] = []
    problems: list[str] = []
    for statement in tree.body:
        if not isinstance(statement, nodes.Output):
            problems.append("a Jinja statement; only env_var() belongs in a profile")
            continue
        for part in statement.nodes:
            if not isinstance(part, nodes.TemplateData):
                use = _use(part)
                if use:
                    uses.append(use)
                else:
                    problems.append("an expression other than env_var()")
    return Template(tuple(uses), tuple(problems))


def _use(expression: nodes.Node) -> Use | None:
    filters: list[str] = []
    while isinstance(expression, nodes.Filter):
        filters.append(expression.name)
        expression = expression.node
    if not (isinstance(expression, nodes.Call) and isinstance(expression.node, nodes.Name) and expression.node.name == "env_var"):
        return None
    if not expression.args or not isinstance(expression.args[0], nodes.Const) or not isinstance(expression.args[0].value, str):
        return None
    return Use(expression.args[0].value, len(expression.args) > 1 or bool(expression.kwargs), tuple(reversed(filters)))


def variables_of(value: object) -> dict[str, list[Use]]:
    """Every variable that the scalars below `value` use."""
    found: dict[str, list[Use]] = {}
    for _, scalar in walk(value):
        if isinstance(scalar, str):
            for use in read_template(scalar).uses:
                found.setdefault(use.name, []).append(use)
    return found


def manifest_variables(path: Path) -> set[str]:
    """The names in a manifest: `variables` is a list of names, a list of objects, or a mapping."""
    manifest = json.loads(path.read_text(encoding="utf-8"))
    listed = manifest["variables"] if isinstance(manifest, dict) and "variables" in manifest else manifest
    if isinstance(listed, dict):
        return set(listed)
    names = (entry if isinstance(entry, str) else entry.get("variable") or entry["name"] for entry in listed)
    return set(names)
