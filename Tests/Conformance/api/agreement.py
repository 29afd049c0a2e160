"""Does the guard decide as `writ can` answers? Small policies made up from a seed, and questions about each."""

from __future__ import annotations

import importlib.util
import json
import random
import subprocess
from collections import defaultdict
from datetime import datetime, timedelta, timezone
from pathlib import Path
from types import ModuleType
from typing import Any

from rendering import NotRendered, rendered

PEOPLE, SERVICES, GROUPS, UNKNOWN = ["ana", "raj", "lee", "bo", "kim"], ["loader", "worker"], ["team", "leads", "night"], ["okta_all", "okta_ops"]
ROUTES = ["list_orders", "one_order", "delete_order", "run_all", "run_one", "report", "health"]
ENVIRONMENTS = ["dev", "prod"]
# Of the policies that are made up, so many may fail to compile.
MOST_REFUSED = 0.2


class Maker:
    """One policy as a text of YAML (JSON is YAML), and the moments at which something in it starts or ends."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.now = datetime.now(timezone.utc).replace(microsecond=0)
        self.moments: list[datetime] = [self.now]

    def some(self, pool: list[Any], least: int, most: int) -> list[Any]:
        return self.random.sample(pool, min(len(pool), self.random.randint(least, most)))

    def interval(self, chance: float) -> dict[str, str]:
        found: dict[str, str] = {}
        for name, days in (("from", (-60, 20)), ("until", (21, 90))):
            if self.random.random() < chance:
                moment = self.now + timedelta(days=self.random.randint(*days), seconds=self.random.randint(0, 86_399))
                self.moments.append(moment)
                found[name] = moment.strftime("%Y-%m-%dT%H:%M:%SZ")
        return found

    def pattern(self) -> str:
        return "api/" + self.random.choice([*self.routes, *self.routes, "*", "**", "run_*", "*_order*", "*o*"])

    def can(self) -> dict[str, Any]:
        of = [self.pattern() for _ in range(self.random.randint(1, 2))]
        return {"call": {"of": of, "except": [self.pattern()]} if self.random.random() < 0.4 else of}

    def policy(self) -> dict[str, Any]:
        self.routes = self.some(ROUTES, 3, 7)
        routes: dict[str, Any] = {
            name: {"method": ["GET", "POST"][index % 2], "path": f"/{name}/{{x}}"} for index, name in enumerate(self.routes)
        }
        if "health" in routes:
            routes["health"]["public"] = True
        people = {name: {"identity": {"provider": "p", "subject": f"s-{name}"}} for name in PEOPLE}
        people["kim"] = {"email": "kim@acme.example"}
        services = {name: {"owner": "ana", "identity": {"provider": "p", "claims": {"job": name}}} for name in SERVICES}
        groups: dict[str, Any] = {}
        for index, name in enumerate(GROUPS):
            pool = PEOPLE + SERVICES + UNKNOWN + GROUPS[:index]
            members = [{"name": each, **self.interval(0.3)} for each in self.some(pool, 1, 4)]
            groups[name] = {"owners": ["ana"], "members": members}
            if self.random.random() < 0.3:
                groups[name]["except"] = self.some(PEOPLE, 1, 2)
        for name in UNKNOWN:
            groups[name] = {"owners": ["ana"], "source": "provider", "identity": {"provider": "p", "group": f"g-{name}"}}
        roles: dict[str, Any] = {"reader": {"can": self.can()}, "writer": {"can": self.can(), "inherits": ["reader"]}, "other": {"can": self.can()}}
        bindings = []
        for _ in range(self.random.randint(3, 9)):
            binding: dict[str, Any] = {"to": self.some(PEOPLE + SERVICES + GROUPS + UNKNOWN, 1, 3), "in": self.some(ENVIRONMENTS, 1, 2)}
            binding |= {"role": self.random.choice(list(roles))} if self.random.random() < 0.8 else {"can": self.can()}
            if self.random.random() < 0.3:
                binding["resources"] = [self.pattern()]
            bindings.append(binding | self.interval(0.4))
        return {
            "environments": {name: {} for name in ENVIRONMENTS},
            "identity_providers": {"p": {"type": "oidc", "issuer": "https://issuer.example", "audience": "api"}},
            "users": people, "services": services, "groups": groups,
            "systems": {"api": {"type": "fastapi", "environments": {name: {"url": f"https://{name}.example"} for name in ENVIRONMENTS}, "routes": routes}},
            "roles": roles, "bindings": bindings,
            "artifacts": {"guard": {"target": "fastapi_guard", "path": "${environment}.policy.json", "audience": "worker", "system": "api",
                                    "environment": ENVIRONMENTS, "emails_from": "p", "module": "writ_guard.py"}},
        }


def claims_of(name: str) -> dict[str, Any]:
    claims: dict[str, Any] = {"iss": "https://issuer.example", "aud": "api", "sub": f"s-{name}"}
    if name in SERVICES:
        claims["job"] = name
    if name in UNKNOWN:
        claims["groups"] = ["else", f"g-{name}"]
    if name == "kim":
        claims |= {"email": "kim@acme.example", "email_verified": True}
    return claims


def load(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("writ_guard", path)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    # Dataclasses look their module up.
    import sys

    sys.modules["writ_guard"] = module
    spec.loader.exec_module(module)
    return module


def compare(seed: int, program: Path, folder: Path) -> tuple[list[str], int, int]:
    """Disagreements, decisions and how many of them allow. Raises `NotRendered` where the policy has errors."""
    maker = Maker(seed)
    policy = maker.policy()
    generated = rendered(program, folder, json.dumps(policy, indent=1))
    module = load(generated / "writ_guard.py")
    documents = {name: module.Policy.parse((generated / f"{name}.policy.json").read_text()) for name in ENVIRONMENTS}
    public = {name for name, route in policy["systems"]["api"]["routes"].items() if route.get("public")}
    names = PEOPLE + SERVICES + UNKNOWN
    moments = sorted({moment + timedelta(seconds=second) for moment in maker.some(maker.moments, 3, 3) for second in (-1, 0)})
    problems, count, allowed = [], 0, 0
    questions: dict[datetime, list[tuple[str, str, str]]] = defaultdict(list)
    for moment in moments:
        for _ in range(40):
            questions[moment].append((maker.random.choice(names), maker.random.choice(maker.routes), maker.random.choice(ENVIRONMENTS)))
    for moment, asked in questions.items():
        lines = [json.dumps({"principal": who, "action": "call", "resource": f"api/{route}", "environment": place}) for who, route, place in asked]
        at = moment.strftime("%Y-%m-%dT%H:%M:%SZ")
        run = subprocess.run([program, "can", "--batch", "-", "--repo", folder, "--at", at], input="\n".join(lines) + "\n",
                             capture_output=True, text=True, timeout=120)
        answers = [json.loads(line) for line in run.stdout.splitlines()]
        if len(answers) != len(asked):
            return [f"seed {seed}: writ can gave {len(answers)} answers to {len(asked)} questions: {run.stderr[:200]}"], count, allowed
        for (who, name, place), answer in zip(asked, answers):
            document = documents[place]
            route = next(each for each in document.routes if each.name == name)
            named, groups = document.identify(document.providers["p"], claims_of(who)) if document.providers else ([], [])
            verdict = document.judge(route, named + groups, moment.timestamp())
            expected = answer["allowed"] or name in public
            count += 1
            allowed += verdict.is_allowed
            if verdict.is_allowed != expected:
                problems.append(f"seed {seed}: {who} call api/{name} in {place} at {at}: writ says {expected}, the guard {verdict.is_allowed}")
    return problems, count, allowed


def run(judge: Any, program: Path, folder: Path, seeds: range) -> None:
    total = allowed = refused = 0
    for seed in seeds:
        try:
            problems, count, yes = compare(seed, program, folder / str(seed))
        except NotRendered as error:
            refused += 1
            if refused > MOST_REFUSED * len(seeds):
                judge(f"seed {seed}", [f"{refused} policies do not compile; the last: {error}"], "")
                return
            continue
        total, allowed = total + count, allowed + yes
        if problems:
            judge(f"seed {seed}", problems[:5], "")
    good = total >= 1000 and total * 0.1 <= allowed <= total * 0.9
    judge(f"seeds {seeds[0]}-{seeds[-1]}", [] if good else [f"only {total} decisions, {allowed} allowed"],
          f"{total} decisions, {allowed} allowed, {refused} policies refused")
