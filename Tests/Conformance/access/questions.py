"""Makes up questions about an organisation: half of them at random, half near something that is granted."""

from __future__ import annotations

import random
import string
from collections.abc import Iterator
from typing import Any, NamedTuple

from organisation import FIRST, FOLDING, OBJECTS, TYPES, Organisation


class Question(NamedTuple):
    principal: str
    action: str
    resource: str
    environment: str
    instant: int


class Questions:
    """What is asked is legal: principals, actions, routes and connections exist."""

    def __init__(self, organisation: Organisation, seed: int) -> None:
        self.random = random.Random(seed * 104_729 + 3)
        self.policy = organisation.policy
        self.environments = list(self.policy["environments"])
        self.types = {name: system["type"] for name, system in self.policy["systems"].items()}
        self.subjects = [*self.policy["users"], *self.policy["services"], *self._answerable_groups()]
        self.instants = self._instants(organisation.moments)

    def _answerable_groups(self) -> list[str]:
        """Groups of the provider that no group with exceptions contains: whether those are left out is not known."""
        groups = self.policy["groups"]

        def above(name: str) -> Iterator[str]:
            for group, declaration in groups.items():
                if any(_member(member) == name for member in declaration.get("members", [])):
                    yield group
                    yield from above(group)

        return [
            name for name, group in groups.items()
            if group.get("source") == "provider" and not any(groups[other].get("except") for other in above(name))
        ]

    def _instants(self, moments: list[int]) -> list[int]:
        """A few moments: right where something starts or ends, a second before, and anywhere."""
        several = self.random.sample(moments, 4)
        anywhere = self.random.randint(moments[0] - 86_400, moments[-1] + 86_400)
        return sorted({several[0], several[1], several[2] - 1, several[3] - 1, anywhere})

    def __iter__(self) -> Iterator[Question]:
        while True:
            question = self._anything() if self.random.random() < 0.5 else self._near_a_grant()
            if question:
                yield question

    def _anything(self) -> Question:
        root = self.random.choice([*self.types, *self.types, "connections", "secrets"])
        if root == "connections":
            action, resource = "assume", f"connections/{self.random.choice(list(self.policy['connections']))}"
        elif root == "secrets":
            action, resource = "read", self._secret()
        else:
            depth, actions, kinds = TYPES[self.types[root]]
            action = self.random.choice([*actions, *(each for several in kinds.values() for each in several)])
            if self.types[root] == "fastapi":
                resource = f"{root}/{self._route(root)}"
            elif kinds and self.random.random() < 0.4:
                resource = f"{root}/@{self.random.choice(list(kinds))}/{self.random.choice(['nightly', 'dev_xs', 'x'])}"
            else:
                names = [self.random.choice(FIRST if index == 0 else OBJECTS) for index in range(depth)]
                resource = "/".join([root, *names[: self.random.choice([depth, depth, depth, *range(depth + 1)])]])
        return Question(
            self.random.choice(self.subjects), action, self._in_other_case(resource), self.random.choice(self.environments),
            self.random.choice(self.instants))

    def _near_a_grant(self) -> Question | None:
        """Somebody who may be meant by a binding, and a resource that one of its patterns matches; then perhaps one thing else."""
        binding = self.random.choice(self.policy["bindings"])
        principal = self._somebody(self.random.choice(binding["to"]))
        environment = self.random.choice(self.environments if binding["in"] == ["*"] else binding["in"])
        name = principal
        cans = [binding.get("can", {})] + [self._role(role) for role in binding.get("role", [])]
        if self.random.random() < 0.35 and self.policy["connections"]:
            # Through a session: its principal's name is what fills the placeholder.
            connection = self.policy["connections"][self.random.choice(list(self.policy["connections"]))]
            environment = self.random.choice(list(connection["environments"]))
            if connection.get("role"):
                cans = [self._role(connection["role"])]
            if connection["principal"] != "self":
                name = connection["principal"]
            if self.random.random() < 0.5:
                principal = self.random.choice(self.subjects)
        choices = [(action, item) for can in cans for action, items in can.items() for item in items]
        if not choices:
            return None
        action, item = self.random.choice(choices)
        pattern = self.random.choice(item["of"] if isinstance(item, dict) else [item])
        if isinstance(item, dict) and "except" in item and self.random.random() < 0.2:
            pattern = self.random.choice(item["except"])
        elif binding.get("resources") and self.random.random() < 0.3:
            pattern = self.random.choice(binding["resources"])
        resource = self._resource(pattern, name, environment)
        if resource is None or not self._has(resource.split("/")[0], action):
            return None
        mutation = self.random.choice(["none"] * 4 + ["principal", "environment", "segment", "action"])
        if mutation == "principal":
            principal = self.random.choice(self.subjects)
        elif mutation == "environment":
            environment = self.random.choice(self.environments)
        elif mutation == "segment":
            root, *segments = resource.split("/")
            if segments and root in self.types and self.types[root] != "fastapi" and not segments[0].startswith("@"):
                segments[self.random.randrange(len(segments))] = self.random.choice(FIRST + OBJECTS)
                resource = "/".join([root, *segments])
        elif mutation == "action":
            root = resource.split("/")[0]
            if root in self.types:
                action = self.random.choice(TYPES[self.types[root]][1])
        if principal not in self.subjects:
            return None
        return Question(principal, action, self._in_other_case(resource), environment, self.random.choice(self.instants))

    # --- parts ------------------------------------------------------------------------------

    def _has(self, root: str, action: str) -> bool:
        if root in ("connections", "secrets"):
            return action == ("assume" if root == "connections" else "read")
        _, actions, kinds = TYPES[self.types[root]]
        return action in actions or any(action in several for several in kinds.values())

    def _role(self, name: str) -> dict[str, Any]:
        """The permissions of a role, or of one that it inherits."""
        role = self.policy["roles"][name]
        inherits = role.get("inherits", [])
        if isinstance(inherits, list):
            above = inherits
        else:
            above = [each for each in self.policy["roles"] if each not in [name, *inherits["all_except"]]]
        if above and self.random.random() < 0.4:
            return self._role(self.random.choice(above))
        return role.get("can", {})

    def _somebody(self, target: str) -> str:
        members = self.policy["groups"].get(target, {}).get("members")
        return self._somebody(_member(self.random.choice(members))) if members else target

    def _route(self, system: str) -> str:
        return self.random.choice(list(self.policy["systems"][system]["routes"]))

    def _secret(self) -> str:
        """The secret of some connection somewhere, or one that differs in its last segment."""
        connection = self.policy["connections"][self.random.choice(list(self.policy["connections"]))]
        environment = self.random.choice(list(connection["environments"]))
        values = (connection.get("defaults", {}) | connection["environments"][environment]).values()
        references = [value for value in values if value.startswith("ref+")]
        if not references:
            return "secrets/vault/kv/nothing"
        name = connection["principal"] if connection["principal"] != "self" else self.random.choice(self.subjects)
        text = self.random.choice(references).removeprefix("ref+").split("#")[0].split("?")[0]
        text = text.replace("${environment}", environment).replace("${principal}", name).replace("/data/", "/")
        resource = "secrets/" + text.replace("://", "/")
        return resource.rpartition("/")[0] + "/other" if self.random.random() < 0.1 else resource

    def _resource(self, pattern: str, principal: str, environment: str) -> str | None:
        """Something that the pattern matches; None where it is not worth asking about."""
        root, *segments = pattern.replace("${principal}", principal).replace("${environment}", environment).split("/")
        if root == "connections":
            return f"connections/{self.random.choice(list(self.policy['connections']))}" if "*" in pattern else pattern
        if root == "secrets" and self.random.random() < 0.7:
            return self._secret()
        if root in self.types and self.types[root] == "fastapi":
            return f"{root}/{self._route(root)}" if "*" in pattern else pattern
        path: list[str] = []
        deepest = 4 if root == "secrets" else TYPES[self.types[root]][0]
        for segment in segments:
            if segment == "**":
                room = max(0, deepest - (len(segments) - 1))
                path += [self.random.choice(FIRST + OBJECTS) for _ in range(self.random.choice([room, room, *range(room + 1)]))]
            elif segment == "*":
                path.append(self.random.choice(FIRST + OBJECTS + ["nightly"]))
            else:
                path.append("".join(self._filling() if character == "*" else character for character in segment))
        if not path and root == "secrets":
            return None
        return "/".join([root, *path])

    def _filling(self) -> str:
        return self.random.choice(["", "", "x", "orders", "_", "".join(self.random.choices(string.ascii_lowercase, k=3))])

    def _in_other_case(self, resource: str) -> str:
        """The same with other letters: the same resource where the system folds case, another where it does not."""
        root, slash, rest = resource.partition("/")
        is_sql = root in self.types and TYPES[self.types[root]][0] > 1
        if is_sql and self.random.random() < (0.3 if self.types[root] in FOLDING else 0.05):
            rest = self.random.choice([rest.upper(), rest.title(), rest.swapcase()])
        return root + slash + rest


def _member(member: Any) -> str:
    return member["name"] if isinstance(member, dict) else member
