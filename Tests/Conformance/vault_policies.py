"""Holds policies and roles for Vault to what Vault makes of them, and to what Writ says may be read.

    .venv/tools/bin/python Tests/Conformance/vault_policies.py --writ WRIT [--random N] FILE…

A policy is read with HCL's grammar and decides about paths by the priorities of Vault's documentation, written here once more:
what it lets be read must be what `writ can` allows, path by path, for paths at, beside and below every rule. With --random the
same for N made-up policies and every path of a small world. Seeds are printed.
"""

from __future__ import annotations

import json
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from itertools import product
from pathlib import Path

import hcl2
import yaml
from verdicts import Verdicts, arguments, each_file, unique_keys

INSTANT = "2026-11-20T22:00:00Z"
ROLE_KEYS = {
    "bound_audiences", "bound_claims", "bound_claims_type", "bound_subject", "role_type", "token_max_ttl", "token_no_default_policy",
    "token_policies", "token_ttl", "token_type", "user_claim",
}
Rules = dict[str, str]


def main() -> int:
    parser = arguments(__doc__)
    parser.add_argument("--writ", type=Path, required=True)
    parser.add_argument("--random", type=int, default=0)
    options = parser.parse_intermixed_args()
    verdicts = Verdicts("vault_policies", options.refuse)

    def check(path: Path) -> None:
        if path.suffix == ".json":
            role = json.loads(path.read_text(encoding="utf-8"), object_pairs_hook=unique_keys)
            verdicts.judge(path, "role", list(check_role(role, path)))
            return
        rules = read(path.read_text(encoding="utf-8"))
        if path in options.refuse:
            verdicts.judge(path, "policy", list(check_rules(rules)))
            return
        root = next(folder for folder in path.parents if (folder / "policies").is_dir())
        words = next(line for line in path.read_text(encoding="utf-8").splitlines() if line.startswith("# What ")).split()
        holder, environment = words[2], words[-1].removesuffix(".")
        old = old_mounts(root / "policies")
        probes = sorted(set(probes_of(rules, old)))
        wrong = list(check_rules(rules)) + compare(options.writ, root / "policies", holder, environment, rules, probes, old)
        verdicts.judge(path, "policy", wrong[:5], detail=f"{len(rules)} rules, {len(probes)} paths compared")

    code = each_file(verdicts, [*options.files, *options.refuse], check) if options.files or options.refuse else 0
    for seed in range(options.random):
        outcome, wrong = check_random(options.writ, seed)
        verdicts.judge("-", f"seed {seed}", wrong[:5], detail=outcome)
    return 1 if verdicts.failed else code


# --- what Vault makes of it -----------------------------------------------------------------


def read(text: str) -> Rules:
    """The paths of a policy and the only capability of each."""
    rules: Rules = {}
    for block in hcl2.loads(text).get("path", []):
        for path, body in block.items():
            name = path.strip('"')
            if name in rules:
                raise ValueError(f"{name} stands twice")
            capabilities = [word.strip('"') for word in body["capabilities"]]
            if len(capabilities) != 1:
                raise ValueError(f"{name} has {capabilities}")
            rules[name] = capabilities[0]
    return rules


def check_rules(rules: Rules) -> Iterator[str]:
    for path, capability in rules.items():
        if capability not in ("read", "deny"):
            yield f"{path}: {capability} is neither read nor deny"
        if path.split("/")[0] in ("sys", "auth", "+", "*", ""):
            yield f"{path} is no path of secrets"
        if "*" in path[:-1]:
            yield f"{path}: a * before the end is a character to Vault"


def matches(rule: str, path: str) -> bool:
    glob = rule.endswith("*")
    wanted, given = rule.removesuffix("*").split("/"), path.split("/")
    if glob:
        if len(given) < len(wanted):
            return False
        head = all(left in ("+", right) for left, right in zip(wanted[:-1], given))
        return head and "/".join(given[len(wanted) - 1 :]).startswith(wanted[-1])
    return len(wanted) == len(given) and all(left in ("+", right) for left, right in zip(wanted, given))


def priority(rule: str) -> tuple[object, ...]:
    """Greater is taken: developer.hashicorp.com/vault/docs/concepts/policies#priority-matching"""
    marks = [index for index, letter in enumerate(rule) if (letter == "*" and index == len(rule) - 1) or (
        letter == "+" and rule[index - 1 : index] in ("", "/") and rule[index + 1 : index + 2] in ("", "/"))]
    return (marks[0] if marks else len(rule) + 1_000_000, not rule.endswith("*"), -rule.split("/").count("+"), len(rule), rule)


def may_read(rules: Rules, path: str) -> bool:
    found = [rule for rule in rules if matches(rule, path)]
    return bool(found) and rules[max(found, key=priority)] == "read"


def check_role(role: dict[str, object], path: Path) -> Iterator[str]:
    yield from (f"unknown key {key}" for key in role.keys() - ROLE_KEYS)
    if role.get("role_type") != "jwt" or role.get("user_claim") != "sub":
        yield "no role of the JWT login"
    if not role.get("bound_audiences"):
        yield "tokens for any audience would do"
    if not role.get("bound_subject") and not role.get("bound_claims"):
        yield "nothing binds it: Vault refuses such a role"
    usual, most = role.get("token_ttl"), role.get("token_max_ttl")
    if not isinstance(usual, int) or not isinstance(most, int) or not 0 < usual <= most:
        yield f"lives {usual} and {most} do not go together"
    if role.get("token_no_default_policy") is not True or len(role.get("token_policies", [])) != 1:  # type: ignore[arg-type]
        yield "it gives more than its policy"
    if not path.with_name(path.name.removesuffix(".role.json") + ".hcl").is_file():
        yield "there is no policy beside it"


# --- what Writ says -------------------------------------------------------------------------


def old_mounts(policies: Path) -> set[str]:
    """The mounts of version 1 that an artifact names."""
    found: set[str] = set()
    for file in policies.rglob("*.yaml"):
        for artifact in ((yaml.safe_load(file.read_text(encoding="utf-8")) or {}).get("artifacts") or {}).values():
            if artifact.get("target") == "vault_policies":
                found |= {mount for mount, version in (artifact.get("kv") or {}).items() if str(version) == "1"}
    return found


def api_path(secret: str, old: set[str]) -> str:
    mount, _, rest = secret.partition("/")
    return secret if mount in old else f"{mount}/data/{rest}"


def probes_of(rules: Rules, old: set[str]) -> Iterator[str]:
    """Secrets at, beside, above and below every rule, as `mount/path`."""
    for rule in rules:
        mount, *rest = rule.split("/")
        parts = rest if mount in old else rest[1:]
        for filler, tail in product(("x", "data"), ("a", "a/b")):
            filled = [filler if part == "+" else tail if part == "*" else part for part in parts]
            for path in ("/".join(filled), "/".join(filled) + "x", "/".join(filled) + "/below", "/".join(filled[:-1])):
                if path:
                    yield f"{mount}/{path}"


def compare(writ: Path, policies: Path, holder: str, environment: str, rules: Rules, secrets: Iterable[str], old: set[str]) -> list[str]:
    wanted = list(secrets)
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(policies, Path(folder) / "policies")
        (Path(folder) / "writ.yaml").write_text("version: 1\n", encoding="utf-8")
        questions = "".join(
            json.dumps({"principal": holder, "action": "read", "resource": f"secrets/vault/{secret}", "environment": environment}) + "\n"
            for secret in wanted)
        run = subprocess.run(
            [writ, "can", "--batch", "-", "--repo", folder, "--at", INSTANT], input=questions, capture_output=True, text=True, timeout=120)
    replies = [json.loads(line) for line in run.stdout.splitlines()]
    if len(replies) != len(wanted):
        return [f"writ can ended with {run.returncode}: {run.stderr[:300]}"]
    return [
        f"{secret}: Vault {'reads' if here else 'refuses'}, Writ says {'yes' if reply.get('allowed') else 'no'}"
        for secret, reply in zip(wanted, replies)
        if (here := may_read(rules, api_path(secret, old))) != reply.get("allowed")
    ]


# --- made-up policies -----------------------------------------------------------------------


def check_random(writ: Path, seed: int) -> tuple[str, list[str]]:
    dice = random.Random(seed)

    def pattern() -> str:
        parts = [dice.choice(["a", "b", "c", "*"] if dice.random() < 0.3 else ["a", "b", "c"]) for _ in range(dice.randint(1, 3))]
        return "secrets/vault/" + dice.choice(["kv", "kv", "old"]) + "/" + "/".join(parts) + ("/**" if dice.random() < 0.4 else "")

    bindings = []
    for _ in range(dice.randint(1, 3)):
        entry: dict[str, object] = {"of": sorted({pattern() for _ in range(dice.randint(1, 2))})}
        if dice.random() < 0.6:
            entry["except"] = sorted({pattern() for _ in range(dice.randint(1, 2))})
        bindings.append({"to": ["job"], "can": {"read": [entry]}, "in": ["dev"]})
    policy = {
        "environments": {"dev": {}}, "users": {"ana": {}}, "services": {"job": {"owner": "ana"}}, "bindings": bindings,
        "artifacts": {"vault": {"target": "vault_policies", "path": "job.hcl", "audience": "job", "environment": ["dev"], "kv": {"old": 1}}},
    }
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "policies").mkdir()
        (folder / "writ.yaml").write_text("version: 1\n", encoding="utf-8")
        (folder / "policies" / "policy.yaml").write_text(json.dumps(policy), encoding="utf-8")
        run = subprocess.run([writ, "render", "--repo", folder, "--at", INSTANT], capture_output=True, text=True, timeout=120)
        if run.returncode == 1:
            known = all("[W0404]" in line for line in (run.stdout + run.stderr).splitlines() if "error[" in line)
            return "refused as wider", [] if known else [run.stdout[:300] + run.stderr[:300]]
        if run.returncode != 0:
            return "", [f"writ render ended with {run.returncode}: {run.stderr[:300]}"]
        rules = read((folder / "generated" / "job.hcl").read_text(encoding="utf-8"))
        world = ["/".join([mount, *parts]) for mount in ("kv", "old", "kw") for depth in (1, 2, 3, 4) for parts in product("abd", repeat=depth)]
        wrong = list(check_rules(rules)) + compare(writ, folder / "policies", "job", "dev", rules, world, {"old"})
        return f"{len(rules)} rules, {len(world)} paths compared", [f"{each} in {json.dumps(bindings)}" for each in wrong]


if __name__ == "__main__":
    sys.exit(main())
