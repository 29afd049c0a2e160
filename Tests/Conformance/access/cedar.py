"""Answers with Cedar (https://www.cedarpolicy.com): the policy is lowered to Cedar's policies and entities, and asked there.

What becomes what:

- Users, services and groups whose members only the provider knows are entities `Principal`; a connection's session is a
  principal of its own, `Session`. Either has the attribute `identity`, the principal that it is or logs in as: membership
  and `${principal}` go by it. A session with a role has the attribute `role` as well.
- Groups that nothing in them limits are entities: `principal.identity in Group::"analysts"`. A group with ends or
  exceptions, or one that contains such a group, is written out as a condition on its entries, since an exception closes
  only the ways through its own group. `Ever` are the same groups with all ends ignored: what an exception looks at.
- Inheritance of roles is the entity hierarchy: `Role::"developer" in Role::"reader"` says that developers have what readers
  have. All roles meet all bindings in policies, and Cedar finds out which belong together.
- A permission, as each binding may give it, is a policy for its action and its resources' root. With `${principal}` or
  `${environment}` in it, it is a policy for each that may be meant.
- Time is Cedar's: `context.now` and every end are its datetimes, and a date as an end has a day added there.
- A resource has its segments as attributes, counted from the front (`s1`) and from the back (`t1`), and its depth. A pattern
  with one `**` looks at both ends; with more of them it is written out for every depth up to the deepest. Where a system
  folds case, lower case stands on both sides.
- A system's and a connection's environments are an attribute of the resource.
- Sessions are closed by asking: what somebody may assume and which routes they may call, then the same of every session
  that is reached, until there is nothing new. Whether a session was reached without a route on the way is kept, and the
  connections so assumed are `context.assumed` when a secret is asked for, whose attribute `uses` names those that need it.

A question goes only to the policies of its action and root: no other has a scope that it could be in. A policy that ends
in an error would be skipped silently, so an error is raised for it.
"""

from __future__ import annotations

import itertools
import json
import re
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timezone
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import cedarpy

from policy_files import listed, read, settings
from questions import Question

DEEPEST = 8
FOLDING_TYPES = ("snowflake", "redshift", "duckdb", "sqlserver", "fabric", "databricks", "trino", "athena")


class _Asked(NamedTuple):
    """One request to Cedar."""

    holder: str
    action: str
    resource: str
    environment: str
    now: int
    assumed: frozenset[str] = frozenset()


class _Step(NamedTuple):
    """A connection that is entered, and whether its secret comes with it."""

    connection: str
    is_clean: bool


class CedarEngine:
    def __init__(self, folder: Path) -> None:
        sections = read(folder)
        self.environments = list(sections.get("environments", {}))
        self.groups = {name: settings(group) for name, group in sections.get("groups", {}).items()}
        providers = [name for name, group in self.groups.items() if group.get("source") == "provider"]
        self.names = [*sections.get("users", {}), *sections.get("services", {}), *providers]
        self.systems = sections.get("systems", {})
        self.roles = {name: settings(role) for name, role in sections.get("roles", {}).items()}
        self.connections = sections.get("connections", {})
        self.uses = self._uses()
        self.bindings = sections.get("bindings", [])
        self.policies: dict[tuple[str, str], list[str]] = defaultdict(list)
        for binding in self.bindings:
            self._lower_binding(binding)
        self._lower_own_connections()
        if self.uses:
            self._add("read", "secrets", ["resource.uses.containsAny(context.assumed)"])
        self._sets = {key: cedarpy.PolicySet.from_str("\n".join(policies)) for key, policies in self.policies.items()}
        self._entities = cedarpy.Entities.from_json_str(json.dumps(self._hierarchy()))
        self._known: dict[_Asked, bool] = {}

    # --- groups -----------------------------------------------------------------------------

    def _entries(self, group: str) -> list[dict[str, Any]]:
        members = listed(self.groups[group].get("members"))
        return [{**member, "name": _bare(member["name"])} if isinstance(member, dict) else {"name": _bare(member)} for member in members]

    def _is_plain(self, group: str, ignoring_time: bool) -> bool:
        """Whether nothing limits the group, so that the hierarchy says all of it."""
        if listed(self.groups[group].get("except")):
            return False
        return all(
            (ignoring_time or not entry.keys() & {"from", "until"})
            and (entry["name"] not in self.groups or self._is_plain(entry["name"], ignoring_time))
            for entry in self._entries(group)
        )

    def _member(self, name: str, ignoring_time: bool = False) -> str:
        """The condition that `principal.identity` is the named principal, or in the named group."""
        itself = f"principal.identity == {_uid('Principal', name)}"
        if name not in self.groups or self.groups[name].get("source") == "provider":
            return itself
        if self._is_plain(name, ignoring_time):
            return f"principal.identity in {_uid('Ever' if ignoring_time else 'Group', name)}"
        ways = []
        for entry in self._entries(name):
            limits = [] if ignoring_time else _during(entry)
            ways.append(_all([*limits, self._member(entry["name"], ignoring_time)]))
        out = [self._member(_bare(other), ignoring_time=True) for other in listed(self.groups[name].get("except"))]
        return _all([_any(ways), *(f"!({condition})" for condition in out)])

    def _hierarchy(self) -> list[dict[str, Any]]:
        parents: dict[tuple[str, str], list[dict[str, str]]] = defaultdict(list)
        for group in self.groups:
            for kind in ("Group", "Ever"):
                if not self._is_plain(group, kind == "Ever"):
                    continue
                for entry in self._entries(group):
                    member = entry["name"]
                    parents["Principal" if member in self.names else kind, member].append({"type": kind, "id": group})
        entities = [
            _entity("Principal", name, {"identity": _reference("Principal", name)}, parents["Principal", name]) for name in self.names
        ]
        for group in self.groups:
            entities += [_entity(kind, group, {}, parents[kind, group]) for kind in ("Group", "Ever")]
        for role in self.roles:
            entities.append(_entity("Role", role, {}, [{"type": "Role", "id": other} for other in self._inherited(role)]))
        for name, connection in self.connections.items():
            if connection["principal"] != "self":
                attributes = {"identity": _reference("Principal", _bare(connection["principal"]))}
                if connection.get("role"):
                    attributes["role"] = _reference("Role", connection["role"])
                entities.append(_entity("Session", name, attributes, []))
        return entities

    def _inherited(self, role: str) -> list[str]:
        direct: list[str] = []
        for item in listed(self.roles[role].get("inherits")):
            if isinstance(item, dict):
                left_out = {role, *listed(item["all_except"])}
                direct += [other for other in self.roles if other not in left_out]
            else:
                direct.append(item)
        return direct

    # --- policies ---------------------------------------------------------------------------

    def _add(self, action: str, root: str, conditions: Iterable[str], kind: str | None = None) -> None:
        scope = f"principal is {kind}" if kind else "principal"
        self.policies[action, root].append(
            f"permit({scope}, action == {_uid('Action', action)}, resource in {_uid('Root', root)}) when {{ {_all(conditions)} }};"
        )

    def _lower_binding(self, binding: dict[str, Any]) -> None:
        holds = self._holds(binding)
        for role, declaration in self.roles.items():
            if given := listed(binding.get("role")):
                self._lower_permissions(declaration.get("can"), binding, [self._has_role(given, role)], holds)
        self._lower_permissions(binding.get("can"), binding, ["!(principal has role)"], holds)

    def _has_role(self, given: list[str], role: str) -> str:
        """Whether a binding of the given roles gives this one's permissions: to a session with a role only where that is on the way."""
        wanted = _uid("Role", role)
        of_session = _any(f"{_uid('Role', each)} in principal.role" for each in given)
        of_others = _any(f"{_uid('Role', each)} in {wanted}" for each in given)
        return f"(if principal has role then ({of_session}) && principal.role in {wanted} else {of_others})"

    def _holds(self, binding: dict[str, Any]) -> list[str]:
        places = listed(binding["in"])
        conditions = [] if "*" in places else [f"{_set(places)}.contains(context.environment)"]
        return conditions + _during(binding) + [_any(self._member(_bare(target)) for target in listed(binding["to"]))]

    def _lower_permissions(self, can: Any, binding: dict[str, Any], conditions: list[str], holds: list[str]) -> None:
        for action, items in settings(can).items():
            for item in listed(items):
                permission = item if isinstance(item, dict) else {"of": item}
                of, without = listed(permission["of"]), listed(permission.get("except"))
                narrowing = listed(binding.get("resources"))
                for root in {pattern.split("/")[0] for pattern in of}:
                    chosen = [[each for each in patterns if each.split("/")[0] == root] for patterns in (of, without, narrowing)]
                    text = " ".join(itertools.chain(*chosen))
                    people = self.names if "${principal}" in text else [None]
                    places = self.environments if "${environment}" in text else [None]
                    for person, place in itertools.product(people, places):
                        meant = [] if person is None else [f"principal.identity == {_uid('Principal', person)}"]
                        meant += [] if place is None else [f"context.environment == {json.dumps(place)}"]
                        matched, left_out, within = (self._matches(patterns, root, person, place) for patterns in chosen)
                        what = [matched] + ([f"!({left_out})"] if chosen[1] else []) + ([within] if narrowing else [])
                        if root != "secrets":
                            what.append("resource.environments.contains(context.environment)")
                        if root == "connections":
                            what.append("!resource.is_self")
                        self._add(action, root, [*meant, *what, *conditions, *holds])

    def _lower_own_connections(self) -> None:
        """A connection's principal assumes it; one for each caller is assumed by who holds its role."""
        for name, connection in self.connections.items():
            there = [f"resource == {_uid('Resource', f'connections/{name}')}", "resource.environments.contains(context.environment)"]
            if connection["principal"] != "self":
                itself = f"principal == {_uid('Principal', _bare(connection['principal']))}"
                self._add("assume", "connections", [*there, itself])
                continue
            wanted = _uid("Role", connection["role"])
            for binding in self.bindings:
                has_role = _any(f"{_uid('Role', each)} in {wanted}" for each in listed(binding.get("role")))
                self._add("assume", "connections", [*there, has_role, *self._holds(binding)], kind="Principal")

    # --- patterns ---------------------------------------------------------------------------

    def _matches(self, patterns: list[str], root: str, person: str | None, place: str | None) -> str:
        return _any(_pattern(self._fold(root, _filled(pattern, person, place))) for pattern in patterns)

    def _fold(self, root: str, text: str) -> str:
        """Lower case behind the root, where the system takes names that differ only in case for one."""
        if root not in self.systems or self.systems[root]["type"] not in FOLDING_TYPES:
            return text
        head, slash, rest = text.partition("/")
        return head + slash + rest.lower()

    # --- resources --------------------------------------------------------------------------

    def _resource(self, path: str) -> dict[str, Any]:
        if path.count("/") > DEEPEST:
            raise ValueError(f"`{path}` is deeper than patterns are written out for")
        root, *segments = self._fold(path.split("/")[0], path).split("/")
        attributes: dict[str, Any] = {"depth": len(segments)}
        for index, segment in enumerate(segments):
            attributes[f"s{index + 1}"] = segment
            attributes[f"t{len(segments) - index}"] = segment
        if root == "connections":
            connection = self.connections.get("/".join(segments), {})
            attributes["environments"] = list(connection.get("environments", {}))
            attributes["is_self"] = connection.get("principal") == "self"
        elif root == "secrets":
            attributes["uses"] = [_reference("Use", use) for use in sorted(self.uses.get(path, ()))]
        else:
            attributes["environments"] = list(self.systems[root]["environments"])
        return _entity("Resource", path, attributes, [{"type": "Root", "id": root}])

    def _uses(self) -> dict[str, set[str]]:
        """Of each secret, what needs it: a connection in an environment; of one for each caller, by a caller."""
        uses: dict[str, set[str]] = defaultdict(set)
        for name, connection in self.connections.items():
            is_self = connection["principal"] == "self"
            for place, special in connection["environments"].items():
                for value in {**settings(connection.get("defaults")), **settings(special)}.values():
                    if not (isinstance(value, str) and value.startswith("ref+")):
                        continue
                    for person in self.names if is_self else [_bare(connection["principal"])]:
                        uses[_secret(_filled(value, person, place))].add(_use(name, place, person if is_self else None))
        return uses

    # --- asking -----------------------------------------------------------------------------

    def answer(self, questions: list[Question]) -> list[bool]:
        steps = self._close({(each.principal, each.environment, each.instant) for each in questions})
        asked: list[list[_Asked]] = []
        for principal, action, resource, place, now in questions:
            reached = steps[principal, place, now]
            assumed: frozenset[str] = frozenset()
            if resource.startswith("secrets/"):
                assumed = frozenset(
                    _use(name, place, principal if self.connections[name]["principal"] == "self" else None)
                    for name, is_clean in reached if is_clean
                )
            holders = [_uid("Principal", principal)] + [_uid("Session", name) for name in sorted(self._sessions(reached))]
            asked.append([_Asked(holder, action, resource, place, now, assumed) for holder in holders])
        answers = self._decide(itertools.chain(*asked))
        return [any(answers[each] for each in several) for several in asked]

    def _sessions(self, reached: Iterable[_Step]) -> set[str]:
        return {name for name, _ in reached if self.connections[name]["principal"] != "self"}

    def _close(self, starts: set[tuple[str, str, int]]) -> dict[tuple[str, str, int], set[_Step]]:
        """All connections that each of these comes to assume, or acts through, one round of questions after the other."""
        nexts: dict[tuple[str, str, int], set[_Step]] = {}
        reached: dict[tuple[str, str, int], set[_Step]] = {}
        wanted = {(_uid("Principal", name), place, now) for name, place, now in starts}
        while wanted:
            nexts |= self._steps(wanted)
            sessions = {
                (_uid("Session", name), place, now)
                for (_, place, now), steps in nexts.items()
                for name in self._sessions(steps)
            }
            wanted = sessions - nexts.keys()
        for name, place, now in starts:
            found: set[_Step] = set()
            waiting = [_Step("", True)]
            while waiting:
                step = waiting.pop()
                holder = _uid("Session", step.connection) if step.connection else _uid("Principal", name)
                for connection, is_clean in nexts.get((holder, place, now), ()):
                    new = _Step(connection, is_clean and step.is_clean)
                    if new not in found:
                        found.add(new)
                        waiting.append(new)
            reached[name, place, now] = found
        return reached

    def _steps(self, holders: set[tuple[str, str, int]]) -> dict[tuple[str, str, int], set[_Step]]:
        """What each of these may assume, and what the routes act as that it may call."""
        doors: list[tuple[str, str, _Step]] = [("assume", f"connections/{name}", _Step(name, True)) for name in self.connections]
        for system, declaration in self.systems.items():
            for route, details in settings(declaration.get("routes")).items():
                if details.get("acts_as"):
                    doors.append(("call", f"{system}/{route}", _Step(details["acts_as"].split("/")[1], False)))
        asked = {
            (holder, door): _Asked(holder[0], door[0], door[1], holder[1], holder[2])
            for holder in holders
            for door in doors
            if holder[1] in self.connections[door[2].connection]["environments"]
        }
        answers = self._decide(asked.values())
        steps: dict[tuple[str, str, int], set[_Step]] = {holder: set() for holder in holders}
        for (holder, door), request in asked.items():
            if answers[request]:
                steps[holder].add(door[2])
        return steps

    def _decide(self, asked: Iterable[_Asked]) -> dict[_Asked, bool]:
        """Cedar's decisions, a batch for each set of policies."""
        batches: dict[tuple[str, str], list[_Asked]] = defaultdict(list)
        answers: dict[_Asked, bool] = {}
        for each in dict.fromkeys(asked):
            key = each.action, each.resource.split("/")[0]
            if each in self._known:
                answers[each] = self._known[each]
            elif key in self._sets:
                batches[key].append(each)
            else:
                answers[each] = False  # no policy has this scope
        for key, batch in batches.items():
            resources = [self._resource(path) for path in sorted({each.resource for each in batch})]
            entities = self._entities.with_added_json_str(json.dumps(resources))
            results = cedarpy.is_authorized_batch([_request(each) for each in batch], self._sets[key], entities)
            for each, result in zip(batch, results, strict=True):
                if result.diagnostics.errors:
                    raise RuntimeError(f"Cedar: {result.diagnostics.errors[0]}")
                answers[each] = result.allowed
                if key[0] in ("assume", "call"):
                    self._known[each] = result.allowed
        return answers


# --- text -----------------------------------------------------------------------------------


def _request(asked: _Asked) -> dict[str, Any]:
    context: dict[str, Any] = {"environment": asked.environment, "now": _now(asked.now)}
    if asked.resource.startswith("secrets"):
        context["assumed"] = [_reference("Use", use) for use in sorted(asked.assumed)]
    return {
        "principal": asked.holder, "action": _uid("Action", asked.action), "resource": _uid("Resource", asked.resource), "context": context
    }


@cache
def _now(instant: int) -> dict[str, Any]:
    text = datetime.fromtimestamp(instant, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    return {"__extn": {"fn": "datetime", "arg": text}}


@cache
def _uid(kind: str, name: str) -> str:
    return f"{kind}::{json.dumps(name)}"


def _reference(kind: str, name: str) -> dict[str, Any]:
    return {"__entity": {"type": kind, "id": name}}


def _entity(kind: str, name: str, attributes: dict[str, Any], parents: list[dict[str, str]]) -> dict[str, Any]:
    return {"uid": {"type": kind, "id": name}, "attrs": attributes, "parents": parents}


def _all(conditions: Iterable[str]) -> str:
    return " && ".join(f"({each})" for each in conditions) or "true"


def _any(conditions: Iterable[str]) -> str:
    return " || ".join(f"({each})" for each in conditions) or "false"


def _set(texts: Iterable[str]) -> str:
    return f"[{', '.join(json.dumps(each) for each in texts)}]"


def _bare(name: str) -> str:
    return name.partition(":")[2] if name.startswith(("user:", "service:", "group:")) else name


def _filled(text: str, person: str | None, place: str | None) -> str:
    text = text if person is None else text.replace("${principal}", person)
    return text if place is None else text.replace("${environment}", place)


def _use(connection: str, place: str, person: str | None) -> str:
    return f"{connection}@{place}" if person is None else f"{connection}@{place}@{person}"


def _secret(reference: str) -> str:
    found = re.fullmatch(r"ref\+(\w+)://([^?#]*).*", reference)
    assert found, reference
    backend, path = found.groups()
    path = "/".join(filter(None, path.split("/")))
    if backend == "vault":
        path = re.sub("^([^/]+)/data/(?=.)", r"\1/", path)
    return f"secrets/{backend}/{path}"


def _during(declaration: dict[str, Any]) -> list[str]:
    conditions = []
    if "from" in declaration:
        conditions.append(f"context.now >= {_datetime(declaration['from'])}")
    if "until" in declaration:
        end = declaration["until"]
        day = '.offset(duration("1d"))' if re.fullmatch(r"[0-9-]+", end) else ""
        conditions.append(f"context.now < {_datetime(end)}{day}")
    return conditions


def _datetime(text: str) -> str:
    """As Cedar writes it: with seconds, and a zone without colon."""
    found = re.fullmatch(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:T([0-9]{2}:[0-9]{2})(:[0-9]{2})?(Z|[+-][0-9]{2}:[0-9]{2}))?", text)
    assert found, text
    day, minute, second, zone = found.groups()
    return f'datetime("{day}")' if minute is None else f'datetime("{day}T{minute}{second or ":00"}{zone.replace(":", "")}")'


@cache
def _pattern(pattern: str) -> str:
    """The condition that `resource` matches; of its root the policy's scope takes care."""
    segments = pattern.split("/")[1:]
    gaps = [index for index, segment in enumerate(segments) if segment == "**"]
    fixed = len(segments) - len(gaps)
    if not gaps:
        return _all([f"resource.depth == {fixed}", *_segments(segments)])
    if len(gaps) == 1:
        head, tail = segments[: gaps[0]], segments[gaps[0] + 1 :]
        return _all([f"resource.depth >= {fixed}", *_segments(head), *_segments(tail[::-1], "t")])
    ways = []
    for lengths in itertools.product(range(DEEPEST - fixed + 1), repeat=len(gaps)):
        if fixed + sum(lengths) <= DEEPEST:
            filling = iter(lengths)
            ways.append(list(itertools.chain(*(["*"] * next(filling) if segment == "**" else [segment] for segment in segments))))
    return _any(_all([f"resource.depth == {len(way)}", *_segments(way)]) for way in ways)


def _segments(segments: list[str], end: str = "s") -> list[str]:
    """Conditions on the segments, where there are so many; none is empty, so a lone `*` asks nothing."""
    conditions = []
    for index, segment in enumerate(segments):
        if "*" in segment and segment != "*":
            conditions.append(f"resource.{end}{index + 1} like {json.dumps(segment)}")
        elif segment != "*":
            conditions.append(f"resource.{end}{index + 1} == {json.dumps(segment)}")
    return conditions
