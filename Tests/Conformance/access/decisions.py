"""Do three engines give the same answers: Writ, the plain definition, and Cedar?

    .venv/access/bin/python Tests/Conformance/access/decisions.py [--decisions 1000000] [--seeds 1-40] [--writ PATH]

First the policies of fixtures/, whose answers are known; then an organisation for each seed, and questions about it: half
of them at random, half near a grant, half (as far as there are any) allowed. A disagreement is shown with its question, the
three answers, and a command that asks again. Exits 1 on any.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections import defaultdict
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timezone
from itertools import islice
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(1, str(HERE.parent))

from brute_force import Policy, seconds  # noqa: E402
from cedar import CedarEngine  # noqa: E402
from organisation import generate  # noqa: E402
from questions import Question, Questions  # noqa: E402
from verdicts import Verdicts, brief, shown  # noqa: E402

# Of the policies that are made up, so many may fail to compile.
MOST_REFUSED = 0.05
# Disagreements that are shown of one organisation.
MOST_SHOWN = 5


@dataclass
class Outcome:
    """What came of one seed."""

    seed: int
    decisions: int = 0
    allowed: int = 0
    disagreements: list[str] = field(default_factory=list)
    refusal: str = ""


class NotCompiled(Exception):
    """Writ found errors in a policy."""


def main() -> int:
    options = _options()
    verdicts = Verdicts("decisions")
    writ = None if options.without_writ else _writ(options.writ)
    if writ is None:
        if not options.without_writ:
            wanted = options.writ or os.environ.get("WRIT") or ".build/*/writ"
            verdicts.judge(wanted, "program", ["it is not there: run `make build`, or say --writ PATH"])
            return verdicts.finish()
        verdicts.skip("writ", "program", "--without-writ: only the plain definition and Cedar are compared")
    for folder in sorted(path.parent for path in (HERE / "fixtures").glob("*/questions.jsonl")):
        try:
            problems, count = _fixture(folder, writ)
        except Exception as error:  # noqa: BLE001 - a broken fixture is a failure of its own
            problems, count = [brief(error)], 0
        verdicts.judge(folder, "fixture", problems, f"{count} decisions")

    seeds = range(*options.seeds) if options.seeds else range(1, max(1, min(1000, options.decisions // 500)) + 1)
    each = -(-options.decisions // len(seeds))
    total = allowed = refused = 0
    with ProcessPoolExecutor(options.jobs) as pool:
        for outcome in pool.map(_judge_seed, seeds, [each] * len(seeds), [writ] * len(seeds)):
            name = f"seed {outcome.seed}"
            if outcome.refusal:
                refused += 1
                verdicts.skip(name, "organisation", f"does not compile: {outcome.refusal}")
                continue
            total += outcome.decisions
            allowed += outcome.allowed
            if options.verbose or outcome.disagreements:
                verdicts.judge(name, "decisions", outcome.disagreements, f"{outcome.decisions} decisions, {outcome.allowed} allowed")
    problems = [f"{refused} of {len(seeds)} organisations do not compile"] if refused > MOST_REFUSED * len(seeds) else []
    verdicts.judge(f"seeds {seeds[0]}-{seeds[-1]}", "total", problems, f"{total} decisions, {allowed} allowed")
    return verdicts.finish()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", metavar="A-B", type=_seeds, help="which organisations (default: as many as make sense)")
    parser.add_argument("--decisions", metavar="N", type=int, default=20_000, help="how many in all (default: %(default)s)")
    parser.add_argument("--writ", metavar="PATH", type=Path, help="the program under test (default: $WRIT, or the newest in .build)")
    parser.add_argument("--without-writ", action="store_true", help="compare the other two with each other")
    parser.add_argument("--jobs", metavar="N", type=int, default=os.cpu_count(), help="seeds at a time (default: %(default)s)")
    parser.add_argument("--verbose", action="store_true", help="a line for each seed")
    return parser.parse_args()


def _seeds(text: str) -> tuple[int, int]:
    first, _, last = text.partition("-")
    return int(first), int(last or first) + 1


def _writ(given: Path | None) -> Path | None:
    named = given or (Path(os.environ["WRIT"]) if os.environ.get("WRIT") else None)
    root = HERE.parent.parent.parent
    built = [path for path in (root / ".build/release/writ", root / ".build/debug/writ") if path.is_file()]
    chosen = named or max(built, key=lambda path: path.stat().st_mtime, default=None)
    return chosen.resolve() if chosen and chosen.is_file() else None


def _judge_seed(seed: int, count: int, writ: Path | None) -> Outcome:
    organisation = generate(seed)
    outcome = Outcome(seed)
    with tempfile.TemporaryDirectory() as folder:
        organisation.write(Path(folder), seed)
        policy = Policy(Path(folder))
        questions, plain = _balanced(Questions(organisation, seed), policy, count)
        outcome.decisions, outcome.allowed = len(questions), sum(plain)
        try:
            answers = {"the plain definition": plain, "Cedar": CedarEngine(Path(folder)).answer(questions)}
            if writ:
                answers["Writ"] = ask_writ(writ, Path(folder), questions)
        except NotCompiled as error:
            outcome.refusal = str(error)
            return outcome
        except Exception as error:  # noqa: BLE001 - an engine that dies has not agreed
            outcome.disagreements = [brief(error)]
            return outcome
    for question, *given in zip(questions, *answers.values(), strict=True):
        if len(set(given)) > 1:
            said = ", ".join(f"{engine}: {_word(answer)}" for engine, answer in zip(answers, given))
            outcome.disagreements.append(f"{_sentence(question)}; {said}; again: {_again(seed, question)}")
    if len(outcome.disagreements) > MOST_SHOWN:
        more = len(outcome.disagreements) - MOST_SHOWN
        outcome.disagreements[MOST_SHOWN:] = [f"and {more} more"]
    return outcome


def _balanced(stream: Questions, policy: Policy, count: int) -> tuple[list[Question], list[bool]]:
    """Questions with as many answers of one kind as of the other, and no question twice, as far as there are such."""
    chosen: dict[Question, bool] = {}
    spare: list[tuple[Question, bool]] = []
    room = {True: count - count // 2, False: count // 2}
    for question in islice(stream, 4 * count):
        answer = policy.allows(*question)
        if room[answer] and question not in chosen:
            chosen[question] = answer
            room[answer] -= 1
        else:
            spare.append((question, answer))
        if not any(room.values()):
            break
    pairs = [*chosen.items(), *sorted(spare, key=lambda pair: pair[0] in chosen)][:count]
    return [question for question, _ in pairs], [answer for _, answer in pairs]


# --- asking Writ ----------------------------------------------------------------------------


def ask_writ(writ: Path, folder: Path, questions: list[Question]) -> list[bool | str]:
    """Writ's answers, one run for each instant; a text where it refuses the question."""
    answers: dict[int, bool | str] = {}
    by_instant: dict[int, list[int]] = defaultdict(list)
    for index, question in enumerate(questions):
        by_instant[question.instant].append(index)
    for instant, indices in by_instant.items():
        lines = "".join(_line(questions[index]) + "\n" for index in indices)
        command = [writ, "can", "--batch", "-", "--repo", folder, "--at", _moment(instant)]
        run = subprocess.run(command, input=lines, capture_output=True, text=True, timeout=600)
        replies = [json.loads(line) for line in run.stdout.splitlines()]
        if len(replies) != len(indices):
            check = subprocess.run([writ, "check", "--repo", folder], capture_output=True, text=True, timeout=600)
            if check.returncode == 1:
                raise NotCompiled(next((line for line in (check.stdout + check.stderr).splitlines() if "error[" in line), "errors"))
            raise RuntimeError(f"writ can: exit {run.returncode}, {len(replies)} answers to {len(indices)} questions: {run.stderr[:300]}")
        for index, reply in zip(indices, replies):
            asked = json.loads(_line(questions[index]))
            if {key: reply.get(key) for key in asked} != asked:
                raise RuntimeError(f"writ can: the answer {reply} is not to {asked}")
            answers[index] = f"refused ({reply['error']})" if "error" in reply else reply["allowed"]
    return [answers[index] for index in range(len(questions))]


def _line(question: Question) -> str:
    fields = question._asdict()
    del fields["instant"]
    return json.dumps(fields)


def _moment(instant: int) -> str:
    return datetime.fromtimestamp(instant, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def _word(answer: bool | str) -> str:
    return answer if isinstance(answer, str) else "yes" if answer else "no"


def _sentence(question: Question) -> str:
    principal, action, resource, environment, instant = question
    return f"{principal} {action} {resource} in {environment} at {_moment(instant)}"


def _again(seed: int, question: Question) -> str:
    generator = shown(HERE / "organisation.py")
    return (
        f"python {generator} {seed} /tmp/organisation-{seed} && echo '{_line(question)}'"
        f" | writ can --batch - --repo /tmp/organisation-{seed} --at {_moment(question.instant)}"
    )


# --- known answers --------------------------------------------------------------------------


def _fixture(folder: Path, writ: Path | None) -> tuple[list[str], int]:
    """The problems with a fixture, and how many answers it has: `allowed`, or `error` where Writ must refuse the question."""
    lines = [json.loads(line) for line in (folder / "questions.jsonl").read_text(encoding="utf-8").splitlines() if line.strip()]
    questions = [
        Question(line["principal"], line["action"], line["resource"], line["environment"], seconds(line["at"])) for line in lines
    ]
    expected = [line.get("allowed", "refused") for line in lines]
    legal = [index for index, line in enumerate(lines) if "allowed" in line]
    policy = Policy(folder)
    answers: dict[str, dict[int, bool | str]] = {
        "the plain definition": {index: policy.allows(*questions[index]) for index in legal},
        "Cedar": dict(zip(legal, CedarEngine(folder).answer([questions[index] for index in legal]), strict=True)),
    }
    if writ:
        answers["Writ"] = dict(enumerate(ask_writ(writ, folder, questions)))
    problems = [
        f"{_sentence(questions[index])}: {_word(expected[index])} expected, {engine}: {_word(answer)}"
        for engine, given in answers.items()
        for index, answer in given.items()
        if (answer != expected[index] if isinstance(expected[index], bool) else not isinstance(answer, str))
    ]
    return problems, len(questions)


if __name__ == "__main__":
    sys.exit(main())
