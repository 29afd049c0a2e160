"""Makes up small policies for one PostgreSQL database, the same for the same seed; and what is in that database."""

from __future__ import annotations

import random
from typing import Any

# `_` and `%` mean something to LIKE, quotes to SQL; names that differ in case are two.
SCHEMAS = ["marts", "raw_a", "rawXa", "raw_b", "payroll", "o'd\"d", "dev_u1", "dev_u2"]
OBJECTS = ["orders", "Orders", "orders_pii", "aXb", "a_b", "p%q", "x'y\"z;--", "$1"]
SYSTEM = "db"


def world(seed: int) -> list[tuple[str, str]]:
    """Schemas and objects that there are, as the policy calls them."""
    chance = random.Random(f"world {seed}")
    return [(schema, name) for schema in SCHEMAS for name in chance.sample(OBJECTS, chance.randint(0, 4)) if "$" not in name or chance.random() < 0.9]


def pattern(chance: random.Random, whole: bool, personal: bool) -> str:
    schema = chance.choice(SCHEMAS)
    if whole:
        return chance.choice([f"{SYSTEM}/{schema}/**", f"{SYSTEM}/{schema}/*", f"{SYSTEM}/**" if chance.random() < 0.3 else f"{SYSTEM}/{schema}/**"])
    name = chance.choice([name for name in OBJECTS if "$" not in name])
    kinds = [f"{SYSTEM}/{schema}/**", f"{SYSTEM}/{schema}/{name}", f"{SYSTEM}/raw_*/**", f"{SYSTEM}/raw_*/{name}", f"{SYSTEM}/*/{name[:1]}*",
             f"{SYSTEM}/**/{name}", f"{SYSTEM}/{schema}/*_*", f"{SYSTEM}/**", f"{SYSTEM}/{schema}/**/{name}", f"{SYSTEM}/{schema}/*%*"]
    if personal:
        kinds += [f"{SYSTEM}/dev_${{principal}}/**"] * 4
    return chance.choice(kinds)


def permissions(chance: random.Random, whole: bool, personal: bool) -> dict[str, Any]:
    can: dict[str, Any] = {}
    for action in chance.sample(["read", "read", "write", "connect", "create"], chance.randint(1, 3)):
        if action == "connect":
            can[action] = [chance.choice([SYSTEM, f"{SYSTEM}/**"])]
        elif action == "create":
            can[action] = [chance.choice([SYSTEM, f"{SYSTEM}/{chance.choice(SCHEMAS)}", f"{SYSTEM}/raw_*", f"{SYSTEM}/*", f"{SYSTEM}/marts/**"])]
        else:
            of = [pattern(chance, whole, personal) for _ in range(chance.randint(1, 3))]
            if not whole and chance.random() < 0.4:
                can[action] = {"of": of, "except": [pattern(chance, False, personal) for _ in range(chance.randint(1, 2))]}
            else:
                can[action] = of
    return can


def policy(seed: int) -> dict[str, Any]:
    chance = random.Random(seed)
    # Half of them give whole schemas only, which is lowered exactly.
    whole = seed % 2 == 0
    people = [f"u{number}" for number in range(1, chance.randint(3, 6))]
    robots = [f"s{number}" for number in range(1, chance.randint(2, 4))]
    accounts = ["{}", "{}@acme.example", "{}'x", '{}"; drop role postgres; --', "{} -- \\"]
    result: dict[str, Any] = {
        "environments": {"dev": {}, "prod": {}},
        "users": {name: {"email": f"{name}@acme.example", "accounts": {SYSTEM: chance.choice(accounts).format(name)}} for name in people},
        "services": {name: {"owner": people[0]} for name in robots},
        "groups": {}, "roles": {}, "bindings": [],
        "systems": {SYSTEM: {"type": "postgres", "environments": {
            "dev": {"host": "localhost", "database": f"shop{seed}"}, "prod": {"host": "localhost", "database": f"other{seed}"}}}},
    }
    if chance.random() < 0.5:
        result["systems"][SYSTEM]["names"] = {"marts": {"dev": "marts_in_dev"}}
    for number in range(chance.randint(1, 3)):
        inner = list(result["groups"])
        members: list[Any] = chance.sample(people + robots + inner, chance.randint(1, len(people)))
        members = [{"name": name, "until": chance.choice(["2026-01-31", "2099-01-31"])} if chance.random() < 0.2 else name for name in members]
        group: dict[str, Any] = {"owners": [people[0]], "members": members}
        if chance.random() < 0.3:
            group["except"] = [chance.choice(people)]
        result["groups"][f"g{number}"] = group
    for number in range(chance.randint(1, 5)):
        role: dict[str, Any] = {"can": permissions(chance, whole, not whole)}
        if number and chance.random() < 0.5:
            role["inherits"] = chance.sample([f"r{other}" for other in range(number)], 1)
        if chance.random() < 0.3:
            role["name_on"] = {SYSTEM: f"Role {number}'\"%"}
        result["roles"][f"r{number}"] = role
    for _ in range(chance.randint(2, 6)):
        binding: dict[str, Any] = {"to": chance.sample(people + robots + list(result["groups"]), chance.randint(1, 2)),
                                   "in": chance.choice([["dev"], ["dev"], ["dev", "prod"], ["*"], ["prod"]])}
        if chance.random() < 0.7:
            binding["role"] = chance.choice(list(result["roles"]))
            if not whole and chance.random() < 0.3:
                binding["resources"] = [pattern(chance, False, True)]
        else:
            binding["can"] = permissions(chance, whole, not whole)
        if chance.random() < 0.15:
            binding["until"] = chance.choice(["2026-01-31", "2099-01-31"])
        elif chance.random() < 0.1:
            binding["from"] = chance.choice(["2026-01-31", "2098-01-31"])
        result["bindings"].append(binding)
    # Somebody holds something.
    result["bindings"].append({"role": "r0", "to": [people[-1]], "in": ["dev"]})
    result["artifacts"] = {"grants": {"target": "postgres_grants", "path": "db.sql", "audience": people[0], "system": SYSTEM,
                                      "environment": "dev", "owners": ["maker", "mak'er \"2\""]}}
    return result
