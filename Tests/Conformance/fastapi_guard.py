"""Shows guards to what they are for: FastAPI behind uvicorn, a real OpenID provider, and `writ can`.

    .venv/api/bin/python Tests/Conformance/fastapi_guard.py [--live] [--seeds A-B] [--refuse FILE]… FILE…

Each document must be read by the module that was rendered beside it (or, where there is none, beside another document), and
each module must pass mypy and ruff. With a module among the files, its units run. With --live a real application is
served and asked; with --seeds small policies are made up, and what the guard decides is compared with what Writ answers.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from verdicts import Verdicts, arguments, each_file, shown

sys.path.insert(1, str(Path(__file__).resolve().parent / "api"))

import agreement  # noqa: E402
import live  # noqa: E402
import rendering  # noqa: E402
import units  # noqa: E402

GOLDEN = Path(__file__).resolve().parent.parent.parent / "Sources/Artifacts/FastapiGuard/Golden/orders/expected/api"


def main() -> int:
    parser = arguments(__doc__)
    parser.add_argument("--live", action="store_true", help="serve a real application, and ask it")
    parser.add_argument("--seeds", metavar="A-B", help="policies to make up and compare with `writ can`")
    options = parser.parse_intermixed_args()
    verdicts = Verdicts("fastapi_guard", options.refuse)
    # Of several that are alike, one is shown to the tools.
    modules = {path.read_text(encoding="utf-8").partition("\n")[2]: path for path in options.files if path.suffix == ".py"}
    module = agreement.load(next(iter(modules.values()), GOLDEN / "writ_guard.py"))

    def check(path: Path) -> None:
        if path.suffix == ".py":
            judge_module(verdicts, path)
            return
        try:
            policy = module.Policy.parse(path.read_text(encoding="utf-8"))
            rules = sum(len(route.rules) for route in policy.routes)
            verdicts.judge(path, "document", [], f"{len(policy.routes)} routes, {rules} rules")
        except module.PolicyError as error:
            verdicts.judge(path, "document", [str(error)])

    code = each_file(verdicts, [*[path for path in options.files if path.suffix != ".py" or path in modules.values()], *options.refuse], check)
    if modules:
        units.run(lambda item, problems, detail: verdicts.judge(shown(GOLDEN), item, problems, detail), module, GOLDEN / "orders-prod.policy.json")
    program = rendering.writ()
    if options.live or options.seeds:
        if program is None:
            verdicts.judge("writ", "program", ["it is not there: run `make build`"])
            return 1
        with tempfile.TemporaryDirectory() as place:
            if options.live:
                live.run(lambda item, problems, detail="": verdicts.judge("live", item, problems, detail), program, Path(place) / "live")
            if options.seeds:
                first, _, last = options.seeds.partition("-")
                seeds = range(int(first), int(last or first) + 1)
                agreement.run(lambda item, problems, detail: verdicts.judge("writ can", item, problems, detail), program, Path(place), seeds)
    return 1 if verdicts.failed else code


def judge_module(verdicts: Verdicts, path: Path) -> None:
    folder = Path(sys.executable).parent
    for item, words in {
        "mypy": ["mypy", "--strict", "--python-version", "3.10", "--cache-dir", "/dev/null"],
        "ruff": ["ruff", "check", "--no-cache", "--target-version", "py310"],
        "ruff format": ["ruff", "format", "--no-cache", "--check", "--line-length", "120", "--target-version", "py310"],
    }.items():
        run = subprocess.run([folder / words[0], *words[1:], path], capture_output=True, text=True, timeout=300)
        verdicts.judge(path, item, [] if run.returncode == 0 else [(run.stdout + run.stderr)[-400:]])


if __name__ == "__main__":
    sys.exit(main())
