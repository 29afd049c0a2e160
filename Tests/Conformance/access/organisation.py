"""Makes up organisations: random policies in Writ's language that compile, the same for the same seed.

    .venv/access/bin/python Tests/Conformance/access/organisation.py SEED FOLDER

What decides access is there in all its variety: groups within groups with ends and exceptions, roles that inherit,
narrowed bindings, sessions that assume sessions in circles, routes that act as connections, systems that some
environments lack, patterns with wildcards and placeholders. The rest is as plain as the compiler lets it be.
"""

from __future__ import annotations

import argparse
import random
import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

USERS = ["ana", "raj", "lee", "bo", "Kim", "no", "on", "007", "1e3", "anabel", "x.y", "o-k"]
SERVICES = ["dbt_runner", "airflow_worker", "loader", "svc-api", "0x1F", "yes"]
GROUPS = ["analysts", "platform", "leads", "everybody", "contractors", "night_shift", "Auditors", "y"]
PROVIDER_GROUPS = ["okta_data", "okta_all"]
ENVIRONMENTS = ["dev", "test", "staging", "prod"]
CONNECTIONS = ["transform", "t_admin", "t_load", "etl", "api_client", "personal", "self_wide"]
ROLES = ["reader", "writer", "analyst", "developer", "transformer", "runner", "operator", "admin"]
ROUTES = ["run_models", "run_all", "freshness", "report"]

FIRST = ["marts", "staging", "raw", "raw_x", "payroll", "dbt_ana", "dev_zone"]
OBJECTS = ["orders", "orders_pii", "raw_orders", "people", "x", "x.y"]
WILDCARDS = ["*", "raw_*", "*_pii", "*a*", "o*s*", "r*"]

# type → (deepest path, actions, kinds → actions)
TYPES: dict[str, tuple[int, list[str], dict[str, list[str]]]] = {
    "postgres": (2, ["connect", "read", "write", "create", "own"], {}),
    "snowflake": (3, ["connect", "read", "write", "create", "own"], {"warehouses": ["use"]}),
    "duckdb": (2, ["connect", "read", "write", "create", "own"], {}),
    "fastapi": (1, ["call"], {}),
    "airflow": (0, ["view", "edit"], {"dags": ["view", "trigger", "edit"], "pools": ["view", "edit", "use"]}),
}
FOLDING = {"snowflake", "duckdb"}


@dataclass
class Organisation:
    """A policy as nested dictionaries, and the moments (seconds since 1970) at which something in it starts or ends."""

    policy: dict[str, Any] = field(default_factory=dict)
    moments: list[int] = field(default_factory=list)

    def write(self, folder: Path, seed: int) -> None:
        """Writes `writ.yaml` and the policy, spread over files and spelt in the ways that the language leaves open."""
        style = random.Random(seed * 7919 + 1)
        (folder / "policies").mkdir(parents=True, exist_ok=True)
        (folder / "writ.yaml").write_text("version: 1\n", encoding="utf-8")
        files: dict[str, list[str]] = {}
        for section, declarations in self.policy.items():
            lines = [f"{section}:"]
            if isinstance(declarations, list):
                lines += [f"  - {_flow(item, style)}" for item in declarations]
            else:
                lines += [f"  {_scalar(name, style)}: {_flow(value, style)}" for name, value in declarations.items()]
            if declarations:
                files.setdefault(style.choice(["a", "b", "c/d"]), []).append("\n".join(lines))
        for name, sections in files.items():
            path = folder / "policies" / f"{name}.yaml"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("\n\n".join(sections) + "\n", encoding="utf-8")


def generate(seed: int) -> Organisation:
    return _Generator(seed).organisation


def _flow(value: Any, style: random.Random) -> str:
    if isinstance(value, dict):
        pairs = [f"{_scalar(key, style)}: {_flow(inner, style)}" for key, inner in value.items()]
        return f"{{ {', '.join(pairs)} }}" if pairs else "{}"
    if isinstance(value, list):
        if len(value) == 1 and style.random() < 0.3:
            return _flow(value[0], style)
        return "[" + ", ".join(_flow(inner, style) for inner in value) + "]"
    return _scalar(value, style)


def _scalar(text: str, style: random.Random) -> str:
    if text == "true":  # a truth value, not a text
        return text
    if re.fullmatch(r"[A-Za-z0-9_][A-Za-z0-9_./+-]*(:[0-9][A-Za-z0-9:+-]*)?", text) and style.random() < 0.9:
        return text
    return f"'{text}'" if style.random() < 0.3 else f'"{text}"'


class _Generator:
    """Builds one organisation, section by section, each from what stands before it."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.organisation = Organisation()
        self.policy = self.organisation.policy
        self._moments()
        self._environments()
        self._principals()
        self._systems()
        self._connections()
        self._roles()
        self._bindings()

    # --- chance -----------------------------------------------------------------------------

    def chance(self, probability: float) -> bool:
        return self.random.random() < probability

    def some(self, items: Any, least: int, most: int) -> list[Any]:
        items = list(items)
        return self.random.sample(items, min(len(items), self.random.randint(least, most)))

    # --- time -------------------------------------------------------------------------------

    def _moments(self) -> None:
        start = datetime(2026, 10, 1, tzinfo=timezone.utc) + timedelta(days=self.random.randint(0, 200))
        moments = []
        for number in range(5):
            moment = start + timedelta(days=number * 20 + self.random.randint(0, 12))
            if self.chance(0.4):
                moment += timedelta(seconds=self.random.randrange(86_400))
            elif self.chance(0.3):
                moment += timedelta(minutes=self.random.randrange(1440))
            moments.append(int(moment.timestamp()))
        self.organisation.moments = moments

    def _text(self, moment: int, is_end: bool) -> str:
        if moment % 86_400 == 0 and self.chance(0.7):
            day = datetime.fromtimestamp(moment - (86_400 if is_end else 0), timezone.utc)
            return day.strftime("%Y-%m-%d")
        minutes = self.random.choice([0, 0, 120, -330])
        local = datetime.fromtimestamp(moment, timezone.utc) + timedelta(minutes=minutes)
        seconds = "" if moment % 60 == 0 and self.chance(0.5) else local.strftime(":%S")
        sign = "-" if minutes < 0 else "+"
        zone = "Z" if minutes == 0 else f"{sign}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"
        return local.strftime("%Y-%m-%dT%H:%M") + seconds + zone

    def interval(self, probability: float) -> dict[str, str]:
        if not self.chance(probability):
            return {}
        start, end = sorted(self.random.sample(self.organisation.moments, 2))
        shape = self.random.choice(["from", "until", "until", "both"])
        interval = {}
        if shape != "until":
            interval["from"] = self._text(start, False)
        if shape != "from":
            interval["until"] = self._text(end, True)
        return interval

    # --- sections ---------------------------------------------------------------------------

    def _environments(self) -> None:
        names = self.some(ENVIRONMENTS, 1, 4)
        self.policy["environments"] = {name: {"protected": "true"} if self.chance(0.4) else {} for name in names}
        self.environments = names
        self.protected = {name for name in names if self.policy["environments"][name]}

    def _principals(self) -> None:
        self.policy["identity_providers"] = {
            "okta": {"type": "oidc", "issuer": "https://acme.okta.example/oauth2/default", "audience": "api://data"}
        }
        users, services = self.some(USERS, 3, 7), self.some(SERVICES, 1, 4)
        self.policy["users"] = {name: {"email": f"u{index}@acme.example"} for index, name in enumerate(users)}
        self.policy["services"] = {name: {"owner": users[0]} for name in services}
        self.people = users + services
        self.providers = self.some(PROVIDER_GROUPS, 0, 2)
        groups: dict[str, Any] = {}
        for name in self.providers:
            groups[name] = {"owners": [users[0]], "source": "provider", "identity": {"provider": "okta", "group": name}}
        # Of each group, whether it is or contains one whose members are unknown.
        self.unknown = set(self.providers)
        known: list[str] = []
        for name in self.some(GROUPS, 2, 7):
            inner = self.some(groups, 0, 2) if self.chance(0.7) else []
            members: list[Any] = []
            for member in self.some(self.people, 0, 4) + inner:
                for _ in range(2 if self.chance(0.1) else 1):
                    interval = self.interval(0.35)
                    members.append({"name": member, **interval} if interval or self.chance(0.1) else member)
            group: dict[str, Any] = {"owners": self.some(users, 1, 2)}
            if members:
                group["members"] = members
            if self.chance(0.5):
                group["except"] = self.some(self.people + known * 3, 1, 2)
            if self.chance(0.2):
                group |= {"source": "snapshot", "identity": {"provider": "okta", "group": name}}
            if self.unknown & set(inner):
                self.unknown.add(name)
            else:
                known.append(name)
            groups[name] = group
        items = list(groups.items())
        self.random.shuffle(items)
        self.policy["groups"] = dict(items)

    def _systems(self) -> None:
        self.policy["systems"] = {}
        self.types: dict[str, str] = {}
        for name, kind, probability in [
            ("db", "postgres", 1.0), ("snow", "snowflake", 0.6), ("lake", "duckdb", 0.25), ("api", "fastapi", 0.75),
            ("flow", "airflow", 0.25),
        ]:
            if not self.chance(probability):
                continue
            environments = self.environments if self.chance(0.5) else self.some(self.environments, 1, 4)
            endpoint = {
                "postgres": {"host": "db.acme.example", "database": "d"},
                "snowflake": {"account": "acme-one", "database": "d"},
                "duckdb": {"path": "/data/lake.duckdb"},
            }.get(kind, {"url": f"https://{name}.acme.example"})
            self.types[name] = kind
            self.policy["systems"][name] = {"type": kind, "environments": {each: dict(endpoint) for each in environments}}
            if kind == "fastapi":
                routes = self.some(ROUTES, 2, 4)
                self.policy["systems"][name]["routes"] = {route: {"method": "GET", "path": f"/{route}"} for route in routes}

    def declared(self, system: str) -> list[str]:
        return list(self.policy["systems"][system]["environments"])

    def _connections(self) -> None:
        self.policy["connections"] = {}
        roles = self.some(ROLES, 3, 8)
        self.role_names = roles
        for name in self.some(CONNECTIONS, 2, 7):
            system = self.random.choice([each for each in self.types if self.types[each] != "duckdb"])
            is_self = name in ("personal", "self_wide")
            connection: dict[str, Any] = {"system": system, "principal": "self" if is_self else self.random.choice(self.people)}
            if is_self or self.chance(0.7):
                connection["role"] = self.random.choice(roles)
            environments = self.declared(system) if self.chance(0.6) else self.some(self.declared(system), 1, 4)
            defaults, special = self._credentials(name, self.types[system], environments, is_self)
            if defaults:
                connection["defaults"] = defaults
            connection["environments"] = special
            self.policy["connections"][name] = connection
        routes = self.policy["systems"].get("api", {}).get("routes", {})
        sessions = [name for name in self.policy["connections"] if self.policy["connections"][name]["principal"] != "self"]
        for route in routes.values():
            if sessions and self.chance(0.7):
                route["acts_as"] = f"connections/{self.random.choice(sessions)}"

    def _credentials(self, name: str, kind: str, environments: list[str], is_self: bool) -> tuple[dict[str, Any], dict[str, Any]]:
        """Defaults and settings by environment; no secret serves environments that are protected and others."""
        fields = {
            "postgres": [("password", ["password"])],
            "snowflake": [("password", ["password"]), ("key_pair", ["private_key", "private_key_passphrase"])],
            "fastapi": [("bearer", ["token"]), ("client_credentials", ["client_secret"]), ("none", [])],
            "airflow": [("token", ["token"]), ("basic", ["password"])],
        }[kind]
        auth, secrets = self.random.choice(fields)
        defaults: dict[str, Any] = {"auth": auth}
        if auth == "client_credentials":
            defaults["client_id"] = "c"
        special: dict[str, Any] = {environment: {} for environment in environments}
        for secret in secrets:
            if self.chance(0.8):
                defaults[secret] = self._reference(name, secret, is_self)
            for environment in environments:
                if secret not in defaults or self.chance(0.2):
                    if environment not in self.protected and self.chance(0.3):
                        special[environment][secret] = f"ref+env://{name.upper()}_SECRET"
                    else:
                        special[environment][secret] = self._reference(f"{name}_own", secret, is_self)
        if self.chance(0.3):
            defaults["max_ttl"] = "1h"
        return defaults, special

    def _reference(self, name: str, secret: str, is_self: bool) -> str:
        backend, parameters = self.random.choice([("vault", ""), ("vault", ""), ("vault", ""), ("awssecrets", "?region=eu-west-1")])
        whose = "people/${principal}/" if is_self or self.chance(0.15) else ""
        what = self.random.choice([name, name, "shared"])
        data = self.random.choice(["", "", "data/"]) if backend == "vault" else ""
        path = self.random.choice([f"kv/{data}{whose}" + "${environment}/" + what, f"kv/{data}" + "${environment}" + f"/{whose}{what}"])
        return f"ref+{backend}://{path}{parameters}#/{secret}"

    # --- permissions ------------------------------------------------------------------------

    def _pattern(self, system: str, action: str, may_name: bool) -> str:
        """A pattern that the action has a meaning for, most of the time."""
        kind = self.types[system]
        depth, _, kinds = TYPES[kind]
        able = [name for name, actions in kinds.items() if action in actions]
        if able and (depth == 0 or action == "use" or self.chance(0.1)) and not (action != "use" and self.chance(0.2)):
            where = self.random.choice(able)
            return f"{system}/" + self.random.choice(
                [f"@{where}/*", f"@{where}/**", f"@{where}/night*", f"@{where}/nightly", f"@{where}/dev_xs", "**", f"@{where}"]
            )
        if kind == "fastapi":
            routes = list(self.policy["systems"][system]["routes"])
            return f"{system}/" + self.random.choice([*routes, *routes, "*", "run_*", "**", "f*"])
        if depth == 0:
            return self.random.choice([system, f"{system}/**"])
        segments = []
        length = self.random.choice([0, *[depth] * 4]) if action == "connect" else self.random.choice([depth, depth, depth, depth - 1])
        if action == "connect" and self.chance(0.8):
            length = 0
        for index in range(length):
            pool = FIRST if index == 0 else OBJECTS
            roll = self.random.random()
            if roll < 0.5:
                segment = self.random.choice(pool)
            elif roll < 0.8:
                segment = self.random.choice(WILDCARDS)
            elif roll < 0.92 and may_name:
                segment = self.random.choice(["dbt_${principal}", "${principal}_*", "*_${principal}", "${principal}"])
            else:
                segment = self.random.choice(["${environment}_zone", "${environment}", "${environment}*"])
            if kind in FOLDING and self.chance(0.3) and "$" not in segment:
                segment = segment.upper() if self.chance(0.5) else segment.capitalize()
            segments.append(segment)
        # `**` in place of segments, or between them: what is left still fits into the depth.
        for _ in range(self.random.choice([0, 0, 1, 1, 1, 2])):
            if segments and self.chance(0.5):
                segments[self.random.randrange(len(segments))] = "**"
            else:
                segments.insert(self.random.randint(0, len(segments)), "**")
        return "/".join([system, *segments])

    def _can(self, may_name: bool, most: int) -> dict[str, Any]:
        can: dict[str, list[Any]] = {}
        for _ in range(self.random.randint(1, most)):
            root = self.random.choice([*self.types, *self.types, "connections", "connections", "secrets"])
            if root == "connections":
                names = list(self.policy["connections"])
                patterns = [f"connections/{name}" for name in names] * 2
                patterns += ["connections/*", "connections/t*", "connections/**", "connections/*l*"]
                of, action = self.some(patterns, 1, 2), "assume"
                without = self.some([f"connections/{name}" for name in names] + ["connections/*_admin"], 1, 1)
            elif root == "secrets":
                patterns = ["secrets/vault/**", "secrets/vault/kv/${environment}/*", "secrets/*/kv/**", "secrets/vault/kv/*/shared",
                            "secrets/env/*", "secrets/**/shared", "secrets/vault/**/own/**", "secrets/awssecrets/kv/${environment}/shared"]
                if may_name:
                    patterns.append("secrets/vault/kv/people/${principal}/**")
                of, action = self.some(patterns, 1, 2), "read"
                without = self.some(["secrets/**/shared", "secrets/vault/kv/${environment}/*_own"], 1, 1)
            else:
                _, actions, kinds = TYPES[self.types[root]]
                action = self.random.choice([*actions, *actions, *(each for several in kinds.values() for each in several)])
                of = [self._pattern(root, action, may_name) for _ in range(self.random.randint(1, 2))]
                without = [self._pattern(root, action, may_name) for _ in range(self.random.randint(1, 2))]
            exception = [of[0]] if self.chance(0.03) else without
            items = can.setdefault(action, [])
            if self.chance(0.35):
                items.append({"of": of, "except": exception})
            elif self.chance(0.1):
                items.append({"of": of})
            else:
                items.extend(of)
        return dict(can)

    def _roles(self) -> None:
        roles: dict[str, Any] = {}
        names = self.role_names
        for index, name in enumerate(names):
            role: dict[str, Any] = {}
            if not self.chance(0.08):
                role["can"] = self._can(self.chance(0.4), 4)
            if index == len(names) - 1 and self.chance(0.3):
                role["inherits"] = {"all_except": self.some(names[:-1], 1, 2)}
            elif index and self.chance(0.6):
                role["inherits"] = self.some(names[:index], 1, 2)
            roles[name] = role
        self.closure: dict[str, set[str]] = {}
        for name in names:
            inherits = roles[name].get("inherits", [])
            direct = inherits if isinstance(inherits, list) else set(names) - set(inherits["all_except"]) - {name}
            self.closure[name] = {name}.union(*(self.closure[other] for other in direct))
        self.policy["roles"] = roles
        self._chains()

    def _chains(self) -> None:
        """Lets sessions assume the next one, and sometimes the last one the first: long ways, and circles."""
        sessions = [name for name, each in self.policy["connections"].items() if each["principal"] != "self"]
        self.chained: list[tuple[str, dict[str, Any]]] = []
        for name, following in zip(sessions, sessions[1:] + sessions[:1]):
            if name == following or not self.chance(0.6):
                continue
            connection = self.policy["connections"][name]
            door = f"connections/{following}"
            if connection.get("role"):
                self.policy["roles"][connection["role"]].setdefault("can", {}).setdefault("assume", []).append(door)
                binding: dict[str, Any] = {"role": [connection["role"]]}
            else:
                binding = {"can": {"assume": [door]}}
            self.chained.append((connection["principal"], binding))

    # --- bindings ---------------------------------------------------------------------------

    def _bindings(self) -> None:
        bindings: list[dict[str, Any]] = []
        for _ in range(self.random.randint(5, 14)):
            targets = self.some([*self.people, *self.policy["groups"], *self.policy["groups"]], 1, 3)
            binding: dict[str, Any] = {}
            if self.chance(0.85):
                binding["role"] = self.some(self.role_names, 1, 2)
            if "role" not in binding or self.chance(0.15):
                binding["can"] = self._can(not self.unknown & set(targets), 2)
            self._bind(bindings, binding, targets)
        # What sessions run with: a connection's principal mostly holds its role, sometimes twice and narrowed.
        for connection in self.policy["connections"].values():
            for _ in range(self.random.choice([0, 1, 1, 1, 2])):
                holder = connection["principal"]
                role = connection.get("role") or self.random.choice(self.role_names)
                above = [name for name in self.role_names if role in self.closure[name]]
                target = self.random.choice(self.people) if holder == "self" else holder
                self._bind(bindings, {"role": [self.random.choice([role, role, *above])]}, [target])
        for principal, binding in self.chained:
            self._bind(bindings, binding, [principal], is_plain=self.chance(0.8))
        self.policy["bindings"] = bindings

    def _bind(self, bindings: list[dict[str, Any]], binding: dict[str, Any], targets: list[str], is_plain: bool = False) -> None:
        """Adds a binding where the compiler would take it: it reaches some environment, and names nobody unknown."""
        given = [self.policy["roles"][other].get("can", {}) for role in binding.get("role", []) for other in self.closure[role]]
        given.append(binding.get("can", {}))
        if "${principal}" in str(given):
            targets = [target for target in targets if target not in self.unknown]
        if not targets:
            return
        reached = {environment for can in given for pattern in _patterns(can) for environment in self._reach(pattern)}
        chosen = self.some(self.environments, 1, 4)
        if any(given) and not reached & set(chosen):
            if not reached:
                return
            chosen = self.some(sorted(reached), 1, 2)
        binding |= {"to": targets, "in": ["*"] if is_plain or self.chance(0.2) else chosen}
        if is_plain:
            bindings.append(binding)
            return
        if self.chance(0.25):
            may_name = not self.unknown & set(targets) and self.chance(0.5)
            binding["resources"] = [self._narrowing(may_name) for _ in range(self.random.randint(1, 3))]
        binding |= self.interval(0.35)
        bindings.append(binding)

    def _narrowing(self, may_name: bool) -> str:
        root = self.random.choice([*self.types, *self.types, "connections", "secrets"])
        if root == "connections":
            name = self.random.choice(list(self.policy["connections"]))
            return self.random.choice(["connections/*", "connections/t*", f"connections/{name}"])
        if root == "secrets":
            return self.random.choice(["secrets/**", "secrets/vault/kv/${environment}/**"])
        return f"{root}/**" if self.chance(0.4) else self._pattern(root, self.random.choice(TYPES[self.types[root]][1]), may_name)

    def _reach(self, pattern: str) -> list[str]:
        root, _, rest = pattern.partition("/")
        if root == "secrets":
            return self.environments
        if root != "connections":
            return self.declared(root)
        expression = re.escape(rest).replace(r"\*", ".*")
        return [
            environment
            for name, connection in self.policy["connections"].items() if re.fullmatch(expression, name)
            for environment in connection["environments"]
        ]


def _patterns(can: dict[str, Any]) -> list[str]:
    return [
        pattern
        for items in can.values() for item in items
        for pattern in (item["of"] if isinstance(item, dict) else [item])
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("seed", type=int)
    parser.add_argument("folder", type=Path)
    options = parser.parse_args()
    generate(options.seed).write(options.folder, options.seed)


if __name__ == "__main__":
    main()
