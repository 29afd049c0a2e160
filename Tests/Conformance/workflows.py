"""Holds what runs on code hosts to what reads it there: actions, workflows, GitLab's jobs, pre-commit's hooks, scripts.

    .venv/tools/bin/python Tests/Conformance/workflows.py [--writ WRIT] FILE…

What a file is, its name says: `action*.yml`, `*gitlab*.yml`, `*pre-commit-hooks.yaml`, `*.sh`; any other YAML is a workflow.

Actions and workflows pass the published schema and zizmor, offline, in its strictest persona; workflows also actionlint, where
it is installed. GitLab's jobs pass its published schema, and are run. Hooks pass pre-commit, which also runs them. Scripts pass
shellcheck.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import yaml

from verdicts import Verdicts, arguments, each_file

BIN = Path(sys.prefix) / "bin"
ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = ROOT / "examples" / "pull-requests"
PINNED = re.compile(r"^[\w.-]+/[\w./-]+@[0-9a-f]{40} # v[\d.]+$")


def main() -> int:
    parser = arguments(__doc__)
    parser.add_argument("--writ", type=Path, help="the writ that hooks and jobs run")
    options = parser.parse_intermixed_args()
    verdicts = Verdicts("workflows", options.refuse)

    def check(path: Path) -> None:
        name, is_fixture = path.name, path in options.refuse
        if name.endswith(".sh"):
            verdicts.judge(path, "shellcheck", run([BIN / "shellcheck", "--external-sources", path]))
        elif "pre-commit-hooks" in name:
            verdicts.judge(path, "manifest", run([BIN / "pre-commit", "validate-manifest", path]))
            if options.writ and not is_fixture:
                hooks(verdicts, path, options.writ)
        elif "gitlab" in name:
            verdicts.judge(path, "schema", schema("gitlab-ci", path, "--data-transform", "gitlab-ci"))
            if options.writ and not is_fixture:
                gitlab_job(verdicts, path, options.writ)
        else:
            verdicts.judge(path, "schema", schema("github-actions" if name.startswith("action") else "github-workflows", path))
            verdicts.judge(path, "zizmor", zizmor(path))
            verdicts.judge(path, "pinned", unpinned(path))
            if not name.startswith("action"):
                if shutil.which("actionlint"):
                    verdicts.judge(path, "actionlint", run(["actionlint", path]))
                elif not is_fixture:
                    verdicts.skip(path, "actionlint", "actionlint is not installed: https://github.com/rhysd/actionlint")

    return each_file(verdicts, [*options.files, *options.refuse], check)


def run(command: list[object], **more: object) -> list[str]:
    """The last lines of what a program said, where it failed."""
    done = subprocess.run([str(it) for it in command], capture_output=True, text=True, timeout=300, check=False, **more)  # type: ignore[call-overload]
    return [] if done.returncode == 0 else [f"ended with {done.returncode}: {(done.stdout + done.stderr)[-1500:]}"]


def schema(name: str, path: Path, *more: str) -> list[str]:
    return run([BIN / "check-jsonschema", "--builtin-schema", f"vendor.{name}", *more, path])


def zizmor(path: Path) -> list[str]:
    command = [BIN / "zizmor", "--offline", "--persona", "auditor", "--no-config", "--no-progress", "--no-exit-codes", "--format", "json-v1", path]
    done = subprocess.run([str(it) for it in command], capture_output=True, text=True, timeout=300, check=False)
    if done.returncode != 0:
        return [f"ended with {done.returncode}: {done.stderr[-500:]}"]
    # What is ignored stands in the file with its reason, for a reviewer to read.
    return [f"{it['ident']}: {it['desc']}" for it in json.loads(done.stdout) if not it.get("ignored")]


def unpinned(path: Path) -> list[str]:
    """Whatever is fetched is named by the full id of a commit, with its version beside it."""
    used = re.findall(r"^\s*(?:- )?uses:\s*(.+?)\s*$", path.read_text(encoding="utf-8"), re.MULTILINE)
    return [f"not pinned: {it}" for it in used if not it.startswith("./") and not PINNED.match(it)]


# --- what can be run here -------------------------------------------------------------------


def environment(writ: Path, **more: str) -> dict[str, str]:
    return {
        "PATH": f"{writ.resolve().parent}{os.pathsep}{os.environ['PATH']}", "HOME": os.environ.get("HOME", "/"), "LC_ALL": "C.UTF-8",
        "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1", "GIT_AUTHOR_NAME": "Ada", "GIT_AUTHOR_EMAIL": "ada@example.org",
        "GIT_COMMITTER_NAME": "Ada", "GIT_COMMITTER_EMAIL": "ada@example.org", **more,
    }


def repository(folder: Path, variables: dict[str, str]) -> None:
    """The example's policy as a repository, with branches that gain, and that violate."""
    for name in ("writ.yaml", "policies", "generated"):
        source = EXAMPLE / name
        (shutil.copytree if source.is_dir() else shutil.copy)(source, folder / name)
    script = """
      git init --quiet --initial-branch=main . && git add --all && git commit --quiet --message main
      git checkout --quiet -b good
      printf 'bindings:\\n  - { to: [raj], can: { read: [warehouse/payroll/**] }, in: [prod], until: 2098-12-31, reason: x }\\n' > policies/more.yaml
      git add --all && git commit --quiet --message good
      git checkout --quiet -b bad main
      printf 'bindings:\\n  - { role: builder, to: [raj], in: [prod], until: 2098-12-31, reason: x }\\n' > policies/more.yaml
      git add --all && git commit --quiet --message bad
      git checkout --quiet main
    """
    subprocess.run(["bash", "-euc", script], cwd=folder, env=variables, check=True, capture_output=True)


def gitlab_job(verdicts: Verdicts, path: Path, writ: Path) -> None:
    """The job's script, as a runner puts it together, of a change that is good, bad, or from a fork."""
    document = yaml.safe_load(path.read_text(encoding="utf-8"))
    job = document["writ"]
    script = "\n".join(job["script"])
    with tempfile.TemporaryDirectory() as place:
        origin, clone = Path(place) / "origin", Path(place) / "clone"
        origin.mkdir()
        variables = environment(writ)
        repository(origin, variables)
        subprocess.run(["git", "clone", "--quiet", origin, clone], env=variables, check=True, capture_output=True)
        own = {**document["variables"], **job["variables"], "WRIT_HOME": str(ROOT), "CI_PROJECT_DIR": str(clone)}
        own = {name: re.sub(r"\$(\w+)", lambda found: own.get(found[1], found[0]), value) for name, value in own.items()}
        for branch, target, code in (("good", "1", 0), ("bad", "1", 1), ("good", "2", 69)):
            revision = subprocess.run(["git", "rev-parse", f"origin/{branch}"], cwd=clone, env=variables, check=True, capture_output=True, text=True).stdout.strip()
            given = {
                "CI_COMMIT_SHA": revision, "CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "main", "CI_PROJECT_ID": "1", "CI_MERGE_REQUEST_PROJECT_ID": target,
            }
            shutil.rmtree(clone / ".writ-reports", ignore_errors=True)
            done = subprocess.run(["bash", "-eo", "pipefail", "-c", script], cwd=clone, env={**variables, **own, **given}, capture_output=True, text=True, check=False)
            problems = [] if done.returncode == code else [f"ended with {done.returncode}, not {code}: {(done.stdout + done.stderr)[-600:]}"]
            if target == "1":
                named = [*job["artifacts"]["paths"], job["artifacts"]["reports"]["codequality"], *job["artifacts"]["reports"]["junit"]]
                problems += [f"{it} is not there" for it in named if not list(clone.glob(it))]
            verdicts.judge(path, f"job-{branch}-{'fork' if target == '2' else 'own'}", problems)


def hooks(verdicts: Verdicts, path: Path, writ: Path) -> None:
    """The hooks, installed by pre-commit from a repository with this manifest, on a policy that is right, wrong, and stale."""
    with tempfile.TemporaryDirectory() as place:
        source, user = Path(place) / "source", Path(place) / "user"
        source.mkdir()
        user.mkdir()
        variables = environment(writ, PRE_COMMIT_HOME=str(Path(place) / "home"))
        shutil.copy(path, source / ".pre-commit-hooks.yaml")
        subprocess.run(["bash", "-euc", "git init -q . && git add -A && git commit -qm hooks"], cwd=source, env=variables, check=True, capture_output=True)
        repository(user, variables)

        def tries(hook: str, *files: str) -> list[str]:
            return run([BIN / "pre-commit", "try-repo", source, hook, *files], cwd=user, env=variables)

        def git(*command: str) -> None:
            subprocess.run(["git", *command], cwd=user, env=variables, check=True, capture_output=True)

        for hook in yaml.safe_load(path.read_text(encoding="utf-8")):
            verdicts.judge(path, f"{hook['id']}-good", tries(hook["id"], "--all-files"))
        # What a commit deletes is no file that a hook is given, and what it plants beside the policy is none of a hook's kind.
        git("rm", "--quiet", "policies/people.yaml")
        verdicts.judge(path, "writ-check-deletion", [] if tries("writ-check") else ["a deletion that breaks the policy passes"])
        git("reset", "--quiet", "--hard")
        git("rm", "--quiet", "generated/dbt/profiles.yml")
        verdicts.judge(path, "writ-render-deletion", [] if tries("writ-render") else ["the deletion of a generated file passes"])
        git("reset", "--quiet", "--hard")
        (user / "generated" / "note.txt").write_text("ghp_" + "wWPw5k4aXcaT4fNP0UcnZwJUVFk6LO0pINUx" + "\n", encoding="utf-8")
        git("add", "--all")
        verdicts.judge(path, "writ-check-planted", [] if tries("writ-check") else ["a secret among generated files passes"])
        git("reset", "--quiet", "--hard")
        (user / "generated" / "dbt" / "profiles.yml").write_text("edited: by hand\n", encoding="utf-8")
        verdicts.judge(path, "writ-render-stale", [] if tries("writ-render", "--all-files") else ["a stale file passes"])
        (user / "policies" / "more.yaml").write_text("bindings:   []\n", encoding="utf-8")
        subprocess.run(["git", "add", "-A"], cwd=user, env=variables, check=True)
        verdicts.judge(path, "writ-fmt-loose", [] if tries("writ-fmt", "--all-files") else ["a file that is laid out otherwise passes"])
        (user / "policies" / "more.yaml").write_text("bindings: 3\n", encoding="utf-8")
        subprocess.run(["git", "add", "-A"], cwd=user, env=variables, check=True)
        verdicts.judge(path, "writ-check-bad", [] if tries("writ-check", "--all-files") else ["a policy with errors passes"])


if __name__ == "__main__":
    sys.exit(main())
