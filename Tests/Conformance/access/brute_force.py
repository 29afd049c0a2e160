"""Answers by the plain definition of the language, as simply as it can be said: slow, and easy to believe.

`Policy(folder).allows(principal, action, resource, environment, instant)`. Nothing is prepared or simplified: the
sections are read from the YAML, and every rule of docs/language.md that bears on access is one short function here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from functools import lru_cache
from pathlib import Path
from typing import Any

from policy_files import listed, read, settings

# docs/reference/systems.md: "names that differ only in case are one".
FOLDS_CASE = {"snowflake", "redshift", "duckdb", "sqlserver", "fabric", "databricks", "trino", "athena"}


# --- time -----------------------------------------------------------------------------------


def seconds(text: str, is_end: bool = False) -> int:
    """Seconds since 1970; a date as an end means the following midnight in UTC."""
    moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=timezone.utc)
    if "T" not in text and is_end:
        moment += timedelta(days=1)
    return int(moment.timestamp())


def is_open(declaration: dict[str, Any], instant: int) -> bool:
    """From `from`, included, until `until`, not included."""
    if "from" in declaration and instant < seconds(declaration["from"]):
        return False
    return not ("until" in declaration and instant >= seconds(declaration["until"], is_end=True))


# --- patterns -------------------------------------------------------------------------------


@lru_cache(maxsize=None)
def _segment(pattern: str) -> re.Pattern[str]:
    return re.compile(".*".join(re.escape(part) for part in pattern.split("*")), re.DOTALL)


def _matches(pattern: tuple[str, ...], path: tuple[str, ...]) -> bool:
    if not pattern:
        return not path
    if pattern[0] == "**":
        return any(_matches(pattern[1:], path[skipped:]) for skipped in range(len(path) + 1))
    return bool(path) and path[0] != "" and _segment(pattern[0]).fullmatch(path[0]) is not None and _matches(pattern[1:], path[1:])


@lru_cache(maxsize=200_000)
def matches(pattern: str, resource: str, folds: bool) -> bool:
    """Whether a pattern without placeholders matches a resource; the first segment, the system's name, exactly."""
    root, *below = pattern.split("/")
    system, *path = resource.split("/")
    if folds:
        below, path = [each.lower() for each in below], [each.lower() for each in path]
    return root == system and _matches(tuple(below), tuple(path))


# --- permissions ----------------------------------------------------------------------------


@dataclass(frozen=True)
class Fact:
    """One permission as somebody holds it: patterns whose placeholders are filled."""

    action: str
    of: tuple[str, ...]
    without: tuple[str, ...]
    # What the binding narrows it to; None where it does not.
    narrowed: tuple[str, ...] | None


@dataclass(frozen=True)
class Session:
    connection: str
    # Whether it was entered without calling a route on the way, so that its secret is at hand.
    has_secret: bool


class Policy:
    def __init__(self, folder: Path) -> None:
        sections = read(folder)
        self.people = set(sections.get("users", {})) | set(sections.get("services", {}))
        self.groups: dict[str, dict[str, Any]] = {name: settings(value) for name, value in sections.get("groups", {}).items()}
        self.environments = list(sections.get("environments", {}))
        self.systems: dict[str, dict[str, Any]] = sections.get("systems", {})
        self.roles: dict[str, dict[str, Any]] = {name: settings(value) for name, value in sections.get("roles", {}).items()}
        self.bindings: list[dict[str, Any]] = sections.get("bindings", [])
        self.connections: dict[str, dict[str, Any]] = sections.get("connections", {})
        self._own: dict[tuple[str, str, int], frozenset[Fact]] = {}
        self._of_sessions: dict[tuple[str, str, int], frozenset[Fact]] = {}
        self._reached: dict[tuple[str, str, int], frozenset[Session]] = {}
        self._closures: dict[str, set[str]] = {}
        self._open: dict[tuple[str, str, int], list[dict[str, Any]]] = {}

    def allows(self, principal: str, action: str, resource: str, environment: str, instant: int) -> bool:
        """The answer to: may `principal` do `action` to `resource` in `environment` at `instant`?"""
        facts = [self.own(principal, environment, instant)]
        facts += [self.of_session(each.connection, environment, instant) for each in self.reached(principal, environment, instant)]
        if any(self.gives(fact, action, resource, environment) for held in facts for fact in held):
            return True
        root, _, rest = resource.partition("/")
        if root == "connections" and action == "assume":
            return self.is_own_connection(principal, rest, environment, instant)
        if root == "secrets" and action == "read":
            return resource in self.secrets(principal, environment, instant)
        return False

    # --- groups -----------------------------------------------------------------------------

    def is_in(self, principal: str, group: str, instant: int | None) -> bool:
        """Whether somebody is in a group at an instant; without one, at any time at all."""
        if any(self.is_left_out(principal, other) for other in listed(self.groups[group].get("except"))):
            return False
        for member in listed(self.groups[group].get("members")):
            entry = member if isinstance(member, dict) else {"name": member}
            if instant is not None and not is_open(entry, instant):
                continue
            name = unqualified(entry["name"])
            if name == principal or (name in self.groups and self.is_in(principal, name, instant)):
                return True
        return False

    def is_left_out(self, principal: str, named: str) -> bool:
        name = unqualified(named)
        return name == principal or (name in self.groups and self.is_in(principal, name, None))

    # --- roles and bindings -----------------------------------------------------------------

    def closure(self, role: str) -> set[str]:
        """A role with all that it inherits."""
        if role not in self._closures:
            found = {role}
            for item in listed(self.roles[role].get("inherits")):
                several = [item] if isinstance(item, str) else [
                    other for other in self.roles if other != role and other not in listed(item["all_except"])
                ]
                for other in several:
                    found |= self.closure(other)
            self._closures[role] = found
        return self._closures[role]

    def bindings_of(self, principal: str, environment: str, instant: int) -> list[dict[str, Any]]:
        """The bindings that hold for somebody there and then."""
        key = principal, environment, instant
        if key not in self._open:
            self._open[key] = [
                binding
                for binding in self.bindings
                if set(listed(binding["in"])) & {environment, "*"} and is_open(binding, instant) and any(
                    target == principal or (target in self.groups and self.is_in(principal, target, instant))
                    for target in map(unqualified, listed(binding["to"]))
                )
            ]
        return self._open[key]

    def facts(self, can: Any, binding: dict[str, Any], principal: str, environment: str) -> set[Fact]:
        def filled(patterns: Any) -> tuple[str, ...]:
            return tuple(fill(pattern, principal, environment) for pattern in listed(patterns))

        narrowed = filled(binding["resources"]) if binding.get("resources") else None
        found = set()
        for action, items in settings(can).items():
            for item in listed(items):
                of, without = (item["of"], item.get("except")) if isinstance(item, dict) else (item, None)
                found.add(Fact(action, filled(of), filled(without), narrowed))
        return found

    def own(self, principal: str, environment: str, instant: int) -> frozenset[Fact]:
        """All that somebody's own bindings give."""
        key = principal, environment, instant
        if key not in self._own:
            found: set[Fact] = set()
            for binding in self.bindings_of(principal, environment, instant):
                found |= self.facts(binding.get("can"), binding, principal, environment)
                for role in listed(binding.get("role")):
                    for inherited in self.closure(role):
                        found |= self.facts(self.roles[inherited].get("can"), binding, principal, environment)
            self._own[key] = frozenset(found)
        return self._own[key]

    def gives(self, fact: Fact, action: str, resource: str, environment: str) -> bool:
        root, _, rest = resource.partition("/")
        if fact.action != action or not self.exists(root, rest, environment):
            return False
        folds = root in self.systems and self.systems[root]["type"] in FOLDS_CASE

        def any_of(patterns: tuple[str, ...]) -> bool:
            return any(matches(pattern, resource, folds) for pattern in patterns)

        return any_of(fact.of) and not any_of(fact.without) and (fact.narrowed is None or any_of(fact.narrowed))

    def exists(self, root: str, rest: str, environment: str) -> bool:
        """Whether a permission can mean anything there: a `self` connection is assumed by its role alone."""
        if root == "secrets":
            return True
        if root == "connections":
            return rest in self.connections and environment in self.connections[rest]["environments"] and not self.is_self(rest)
        return root in self.systems and environment in self.systems[root]["environments"]

    # --- sessions ---------------------------------------------------------------------------

    def is_self(self, connection: str) -> bool:
        return self.connections[connection]["principal"] == "self"

    def is_own_connection(self, principal: str, connection: str, environment: str, instant: int) -> bool:
        """Whether it is assumed without a permission: by its principal, or by those who hold the role of a `self` one."""
        if connection not in self.connections or environment not in self.connections[connection]["environments"]:
            return False
        if not self.is_self(connection):
            return unqualified(self.connections[connection]["principal"]) == principal
        role = self.connections[connection]["role"]
        return any(
            role in self.closure(held)
            for binding in self.bindings_of(principal, environment, instant)
            for held in listed(binding.get("role"))
        )

    def of_session(self, connection: str, environment: str, instant: int) -> frozenset[Fact]:
        """All that a session has: its role, as far as bindings give it to the session's principal."""
        key = connection, environment, instant
        if key not in self._of_sessions:
            principal = unqualified(self.connections[connection]["principal"])
            role = self.connections[connection].get("role")
            if not role:
                return self.own(principal, environment, instant)
            found: set[Fact] = set()
            for binding in self.bindings_of(principal, environment, instant):
                if any(role in self.closure(held) for held in listed(binding.get("role"))):
                    for inherited in self.closure(role):
                        found |= self.facts(self.roles[inherited].get("can"), binding, principal, environment)
            self._of_sessions[key] = frozenset(found)
        return self._of_sessions[key]

    def reached(self, principal: str, environment: str, instant: int) -> frozenset[Session]:
        """Every session that somebody can come into, step by step."""
        key = principal, environment, instant
        if key not in self._reached:
            found = {
                Session(name, True)
                for name in self.connections
                if not self.is_self(name) and self.is_own_connection(principal, name, environment, instant)
            }
            found |= self.steps(self.own(principal, environment, instant), True, environment)
            waiting = list(found)
            while waiting:
                session = waiting.pop()
                facts = self.of_session(session.connection, environment, instant)
                new = self.steps(facts, session.has_secret, environment) - found
                found |= new
                waiting += new
            self._reached[key] = frozenset(found)
        return self._reached[key]

    def steps(self, facts: frozenset[Fact], has_secret: bool, environment: str) -> set[Session]:
        """The sessions that these permissions open."""
        found = {
            Session(name, has_secret)
            for name in self.connections
            if any(self.gives(fact, "assume", f"connections/{name}", environment) for fact in facts)
        }
        for system, declaration in self.systems.items():
            for route, details in settings(declaration.get("routes")).items():
                name = details.get("acts_as", "").removeprefix("connections/")
                if name and environment in self.connections[name]["environments"] and any(
                    self.gives(fact, "call", f"{system}/{route}", environment) for fact in facts
                ):
                    found.add(Session(name, False))
        return found

    # --- secrets ----------------------------------------------------------------------------

    def secrets(self, principal: str, environment: str, instant: int) -> set[str]:
        """The secrets of all connections that somebody may assume there, sessions behind a route left out."""
        found: set[str] = set()
        for session in self.reached(principal, environment, instant):
            if session.has_secret:
                found |= self.references(session.connection, environment, unqualified(self.connections[session.connection]["principal"]))
        for name in self.connections:
            if self.is_self(name) and self.is_own_connection(principal, name, environment, instant):
                found |= self.references(name, environment, principal)
        return found

    def references(self, connection: str, environment: str, principal: str) -> set[str]:
        declaration = self.connections[connection]
        merged = settings(declaration.get("defaults")) | settings(declaration["environments"][environment])
        return {
            secret_resource(fill(value, principal, environment))
            for value in merged.values()
            if isinstance(value, str) and value.startswith("ref+")
        }


def secret_resource(reference: str) -> str:
    """`secrets/<backend>/<path>`; behind a vault's mount, `data` is the API's and not part of the path."""
    backend, _, rest = reference.removeprefix("ref+").partition("://")
    path = [each for each in re.split(r"[?#]", rest)[0].split("/") if each]
    if backend == "vault" and len(path) > 2 and path[1] == "data":
        del path[1]
    return "/".join(["secrets", backend, *path])


def fill(text: str, principal: str, environment: str) -> str:
    return text.replace("${principal}", principal).replace("${environment}", environment)


def unqualified(name: str) -> str:
    return re.sub("^(user|service|group):", "", name)
