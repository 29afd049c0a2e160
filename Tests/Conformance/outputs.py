"""Writes what every command prints for machines, for json_schema.py: a folder for each schema.

    .venv/tools/bin/python Tests/Conformance/outputs.py FOLDER

Of each example, in a repository with two commits: the policy, and a binding more. The writ that is asked is $WRIT, or the
newest in .build. A schema of `schemas/` for which nothing is printed is a failure.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

from verdicts import Verdicts, arguments, shown

ROOT = Path(__file__).resolve().parent.parent.parent
# What files of the tree are judged by, not what is printed.
OF_FILES = {"policy", "writ", "manifest", "fastapi-guard"}
# Of each example: a principal, an action and a resource to ask about, and a binding that a second commit adds.
CASES = {
    "analytics-team": (("amara", "read", "snow/ANALYTICS/**"), "{ role: analyst, to: [dmitri], in: [prod], until: 2099-01-31 }"),
    "one-identity-per-job": (("airflow", "write", "warehouse/**"), "{ role: orders_reader, to: [tom], in: [prod] }"),
    "pull-requests": (("nightly", "write", "warehouse/marts/**"), "{ role: reader, to: [lee], in: [prod] }"),
}


def main() -> int:
    options = arguments(__doc__, files="the folder to write to").parse_args()
    folder = options.files[0]
    verdicts = Verdicts("outputs")
    writ = find_writ()
    if writ is None:
        verdicts.judge(os.environ.get("WRIT") or ".build/*/writ", "program", ["it is not there: run `make build`"])
        return verdicts.finish()
    printed: Counter[str] = Counter()
    for example in sorted(path for path in (ROOT / "examples").iterdir() if (path / "writ.yaml").is_file()):
        with tempfile.TemporaryDirectory() as place:
            repository = Path(place) / "repository"
            history(example, repository)
            for schema, words in commands(example.name):
                problems = []
                run = subprocess.run([writ, *words], cwd=repository, capture_output=True, text=True, timeout=300)
                written = repository / "known.json"
                texts = run.stdout.splitlines() if schema == "can-batch" else [run.stdout]
                if schema == "baseline":
                    texts = [written.read_text(encoding="utf-8") if written.is_file() else run.stdout]
                for text in texts:
                    try:
                        json.loads(text)
                    except ValueError:
                        problems.append(f"no JSON, exit {run.returncode}: {(text + run.stderr)[:200]}")
                        continue
                    target = folder / f"{schema}.schema.json" / f"{example.name}-{printed[schema]}.json"
                    target.parent.mkdir(parents=True, exist_ok=True)
                    target.write_text(text, encoding="utf-8")
                    printed[schema] += 1
                verdicts.judge(shown(example), f"writ {' '.join(words)}", problems)
    for path in sorted((ROOT / "schemas").glob("*.schema.json")):
        name = path.name.removesuffix(".schema.json")
        if name not in OF_FILES:
            verdicts.judge(shown(path), "outputs", [] if printed[name] else ["no command here prints such a document"], f"{printed[name]}")
    return verdicts.finish()


def commands(example: str) -> list[tuple[str, list[str]]]:
    json_format = ["--format", "json"]
    found = [
        ("diagnostics", ["check", "--notes", *json_format]),
        ("diff", ["diff", "HEAD~1..HEAD", *json_format]),
        ("diff", ["diff", "HEAD..HEAD~1", *json_format]),
        ("drift", ["drift", *json_format]),
        ("log", ["log", *json_format]),
        ("test", ["test", *json_format]),
        ("can-batch", ["can", "--batch", "questions.jsonl"]),
        # Written to a file, not printed.
        ("baseline", ["check", "--write-baseline", "known.json"]),
    ]
    (principal, action, resource), _ = CASES[example]
    return found + [
        ("can", ["can", principal, action, resource, *json_format]),
        ("why", ["why", principal, action, resource, *json_format]),
        ("who-can", ["who-can", action, resource, *json_format]),
        ("what-can", ["what-can", principal, *json_format]),
    ]


def history(example: Path, repository: Path) -> None:
    question, binding = CASES[example.name]
    shutil.copytree(example, repository)
    line = json.dumps(dict(zip(("principal", "action", "resource"), question)) | {"environment": "prod"})
    (repository / "questions.jsonl").write_text(f"{line}\n[1]\n", encoding="utf-8")
    git(repository, "init", "--quiet")
    commit(repository, "the policy")
    (repository / "policies/more.yaml").write_text(f"bindings:\n  - {binding}\n", encoding="utf-8")
    commit(repository, "a binding more")


def commit(repository: Path, message: str) -> None:
    git(repository, "add", "--all")
    git(repository, "-c", "user.name=Ada", "-c", "user.email=ada@example.org", "commit", "--quiet", "--allow-empty", "--message", message)


def git(repository: Path, *words: str) -> None:
    environment = os.environ | {"GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1"}
    subprocess.run(["git", *words], cwd=repository, env=environment, check=True, timeout=60)


def find_writ() -> Path | None:
    named = os.environ.get("WRIT")
    built = [path for path in (ROOT / ".build/release/writ", ROOT / ".build/debug/writ") if path.is_file()]
    chosen = Path(named) if named else max(built, key=lambda path: path.stat().st_mtime, default=None)
    return chosen.resolve() if chosen and chosen.is_file() else None


if __name__ == "__main__":
    sys.exit(main())
