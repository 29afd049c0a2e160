#!/usr/bin/env python3
"""Runs Writ and its controls, interleaved, and writes Benchmarks/RESULTS.md.

    Benchmarks/run.py [--quick] [--runs N] [--slow-runs N] [--startup-runs N]
                      [--date YYYY-MM-DD] [--writ PATH]

Builds with RELEASE_FLAGS (default `-c release --static-swift-stdlib`), unless --writ names a binary that is
there already. What it makes lies in Benchmarks/scratch and .venv/bench; git ignores both. The controls
are floor.c (E), team_script.py (U) and decisions.py (a dict loop over closed sets). Needs cc, libgit2, libyaml, git, and PyPI once for U.
"""

import argparse
import datetime
import hashlib
import json
import os
import pathlib
import platform
import shlex
import shutil
import statistics
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent
WORK = HERE / "scratch"
VENV = ROOT / ".venv" / "bench"
REQUIREMENTS = ["PyYAML==6.0.3", "jsonschema==4.25.1", "Jinja2==3.1.6"]

# What the controls and the product are called in the tables.
READ, EVENTS = "E read", "E events"
CHECK_REV, CHECK_TREE, RENDER = "writ check --rev HEAD", "writ check", "writ render"
DIFF, SARIF = "writ diff HEAD~1..HEAD", "writ check --rev HEAD --format sarif"
U_CHECK, U_RENDER = "U check", "U render"
REV_PARSE, VERSION, OPEN = "git rev-parse HEAD", "writ --version", "writ check --rev HEAD, tiny repository"
CONTROL = {
    READ: EVENTS, CHECK_REV: EVENTS, CHECK_TREE: EVENTS, RENDER: EVENTS, DIFF: CHECK_REV,
    SARIF: CHECK_REV,
    U_CHECK: EVENTS, U_RENDER: EVENTS, VERSION: REV_PARSE, OPEN: REV_PARSE,
}

# Commits of ours have the same ids everywhere, and nobody's configuration takes part in anything.
GIT = {
    "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_AUTHOR_NAME": "Bench", "GIT_AUTHOR_EMAIL": "bench@acme.example",
    "GIT_AUTHOR_DATE": "2026-01-05T09:00:00Z", "GIT_COMMITTER_NAME": "Bench",
    "GIT_COMMITTER_EMAIL": "bench@acme.example", "GIT_COMMITTER_DATE": "2026-01-05T09:00:00Z",
}
ANSWERS = """\
`dev bench-access` compiles a corpus once and answers in one thread. Requests are strings; every second one is about \
something that its principal holds, or nearly. Decisions a second are of processor time, once everybody's access has been \
closed, which the first pass does; **Python** is `decisions.py`, a loop over the same closed access in a dict, and both must \
give the same answers. `who-can` is the time of one question on the clock, when all questions have been asked once before."""
TINY = """\
environments:
  dev: {}
users:
  ana: { email: ana@acme.example }
"""


def main():
    options = parse_options()
    WORK.mkdir(exist_ok=True)
    tools = build(options)
    sizes = ["S", "M"] if options.quick else ["S", "M", "L"]
    corpora = {size: corpus(size, tools["dev"]) for size in sizes}
    tiny = tiny_repository()
    load = os.getloadavg()[0]

    startup = measure(startup_commands(tools, tiny), lambda _: options.startup_runs)
    results = {}
    for size, (folder, _) in corpora.items():
        slow = options.slow_runs if size == "L" else options.runs
        results[size] = measure(
            size_commands(tools, folder),
            lambda name: min(slow, options.runs) if name in (U_CHECK, U_RENDER) else options.runs)
        rendered = rendered_facts(folder / "generated")
        corpora[size][1].update(rendered)
        shutil.rmtree(folder / "generated", ignore_errors=True)
    history = measure_log(tools, corpora["M"][0], options.commits)
    answers = {size: measure_answers(tools, size, corpora[size][0], min(options.runs, 5)) for size in sizes}

    report = Report(options, corpora, startup, results, answers, history, load).text()
    (HERE / "RESULTS.md").write_text(report)
    print(report)


def parse_options():
    parser = argparse.ArgumentParser(description="Writ and its controls, interleaved.")
    parser.add_argument("--quick", action="store_true", help="S and M only, three runs of each")
    parser.add_argument("--runs", type=int, help="runs of each command (7; quick: 3)")
    parser.add_argument("--slow-runs", type=int, default=3, help="runs of U on L")
    parser.add_argument("--startup-runs", type=int, help="runs of the start-up commands (60; quick: 20)")
    parser.add_argument("--commits", type=int, help="commits of the history that `writ log` walks (10000; quick: 500)")
    parser.add_argument("--date", default=datetime.date.today().isoformat(), help="the date of the table")
    parser.add_argument("--writ", type=pathlib.Path, help="a binary to measure instead of building one")
    options = parser.parse_args()
    options.runs = options.runs or (3 if options.quick else 7)
    options.commits = options.commits or (500 if options.quick else 10_000)
    options.startup_runs = options.startup_runs or (20 if options.quick else 60)
    return options


# What is measured


def startup_commands(tools, tiny):
    return [
        Command(REV_PARSE, [tools["git"], "-C", tiny, "rev-parse", "HEAD"]),
        Command(VERSION, [tools["writ"], "--version"]),
        Command(OPEN, [tools["writ"], "check", "--repo", tiny, "--rev", "HEAD"]),
    ]


def size_commands(tools, folder):
    def cold():
        shutil.rmtree(folder / "generated", ignore_errors=True)
        shutil.rmtree(folder / ".git" / "writ", ignore_errors=True)

    def fresh():
        shutil.rmtree(WORK / "team", ignore_errors=True)

    python, script = VENV / "bin" / "python", HERE / "team_script.py"
    return [
        Command(READ, [tools["floor"], "read", folder, "HEAD"]),
        Command(EVENTS, [tools["floor"], "events", folder, "HEAD"]),
        Command(CHECK_REV, [tools["writ"], "check", "--repo", folder, "--rev", "HEAD"], cold),
        Command(CHECK_TREE, [tools["writ"], "check", "--repo", folder], cold),
        Command(SARIF, [tools["writ"], "check", "--repo", folder, "--rev", "HEAD", "--format", "sarif"], cold),
        Command(DIFF, [tools["writ"], "diff", "--repo", folder, "HEAD~1..HEAD"], cold),
        Command(U_CHECK, [python, script, "check", folder, "HEAD"]),
        Command(U_RENDER, [python, script, "render", folder, "HEAD", WORK / "team"], fresh),
        # Last, so that its files are there to be counted.
        Command(RENDER, [tools["writ"], "render", "--repo", folder], cold),
    ]


class Command:
    def __init__(self, name, arguments, prepare=lambda: None):
        self.name = name
        self.arguments = [str(argument) for argument in arguments]
        self.prepare = prepare

    def run(self):
        """Wall seconds, CPU seconds and peak bytes of one run, its output thrown away."""
        self.prepare()
        start = time.perf_counter()
        child = os.posix_spawn(
            self.arguments[0], self.arguments, os.environ,
            file_actions=[
                (os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0),
                (os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0),
            ])
        _, status, usage = os.wait4(child, 0)
        wall = time.perf_counter() - start
        if os.waitstatus_to_exitcode(status) != 0:
            self.explain()
        return wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024

    def explain(self):
        """Runs once more to say what went wrong, and stops everything."""
        self.prepare()
        again = subprocess.run(self.arguments, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        lines = again.stdout.splitlines()
        shown = "\n".join("  " + line for line in lines[:20])
        sys.exit(f"benchmark error: {self.name} exited with {again.returncode} ({len(lines)} lines):\n{shown}")


def measure(commands, repeats):
    """Every command in turn, round after round; one round before that does not count."""
    samples = {command.name: [] for command in commands}
    for command in commands:
        if command.name not in (U_CHECK, U_RENDER):
            command.run()
    rounds = max(repeats(command.name) for command in commands)
    for nth in range(rounds):
        for command in commands:
            if nth < repeats(command.name):
                samples[command.name].append(command.run())
    return {name: Summary(runs) for name, runs in samples.items()}


class Summary:
    def __init__(self, runs):
        walls, cpus, peaks = zip(*runs)
        self.count = len(runs)
        self.wall, self.cpu = statistics.median(walls), statistics.median(cpus)
        self.least, self.most = min(walls), max(walls)
        self.peak = max(peaks)


def measure_log(tools, folder, commits):
    """One walk over a history of small changes that `history.py` writes on top of a corpus; in a clone, which keeps the corpus."""
    clone = WORK / "history"
    shutil.rmtree(clone, ignore_errors=True)
    subprocess.run(["git", "clone", "--quiet", str(folder), str(clone)], check=True, stdout=subprocess.DEVNULL)
    subprocess.run([sys.executable, str(HERE / "history.py"), str(clone), str(commits)], check=True, stdout=subprocess.DEVNULL)
    wall, cpu, peak = Command("writ log", [tools["writ"], "log", "--repo", clone, "--rev", "history"]).run()
    first, _, _ = Command("writ log", [tools["writ"], "log", "--repo", clone, "--rev", "HEAD"]).run()
    return {"commits": commits, "wall": wall, "first": first, "cpu": cpu, "peak": peak}


def measure_answers(tools, size, folder, rounds):
    """Answers in process, and the same requests as a Python program decides them; in turn, round after round."""
    sets = WORK / f"{size}.sets.jsonl"
    output([tools["dev"], "bench-access", folder, "--export", sets])
    pairs = []
    for _ in range(rounds):
        own = json.loads(output([tools["dev"], "bench-access", folder]))
        control = json.loads(output([sys.executable, HERE / "decisions.py", sets]))
        if control["disagree"] or own["decisions"]["undecided"]:
            sys.exit(f"benchmark error: {size}: decisions.py disagrees about {control['disagree']} requests")
        pairs.append((own, control))
    return Answers(pairs)


class Answers:
    """Medians of some rounds."""

    def __init__(self, pairs):
        def median(value):
            return statistics.median(value(own, control) for own, control in pairs)

        self.count = len(pairs)
        self.requests = pairs[0][0]["decisions"]["requests"]
        self.allowed = pairs[0][0]["decisions"]["allowed"]
        self.own = median(lambda own, _: own["decisions"]["per_second"])
        self.control = median(lambda _, control: control["per_second"])
        self.first = median(lambda own, _: own["decisions"]["index_ms"] + own["decisions"]["first_pass_ms"])
        self.questions = pairs[0][0]["who_can"]["questions"]
        self.holders = pairs[0][0]["who_can"]["holders_p50"]
        self.who_can = {share: median(lambda own, _: own["who_can"]["warm_us"][share]) for share in ("p50", "p95", "p99")}


def output(arguments):
    arguments = [str(argument) for argument in arguments]
    done = subprocess.run(arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if done.returncode != 0:
        sys.exit(f"benchmark error: {' '.join(arguments)} exited with {done.returncode}:\n{done.stderr}")
    return done.stdout


def rendered_facts(folder):
    files = [path for path in folder.rglob("*") if path.is_file()]
    return {"rendered_files": len(files), "rendered_bytes": sum(path.stat().st_size for path in files)}


# What is needed for it


def build(options):
    flags = shlex.split(os.environ.get("RELEASE_FLAGS", "-c release --static-swift-stdlib"))

    def product(name):
        say(f"building {name}")
        command = ["swift", "build", *flags, "--product", name]
        subprocess.run(command, cwd=ROOT, check=True, stdout=sys.stderr)
        folder = subprocess.run(
            ["swift", "build", *flags, "--show-bin-path"], cwd=ROOT, check=True,
            stdout=subprocess.PIPE, text=True).stdout.strip()
        return pathlib.Path(folder) / name

    floor = WORK / "floor"
    subprocess.run(
        ["cc", "-O2", str(HERE / "floor.c"), "-o", str(floor), "-lgit2", "-lyaml"], check=True)
    installed = VENV / "requirements.txt"
    if not installed.exists() or installed.read_text().split() != REQUIREMENTS:
        say("installing what U needs")
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(VENV)], check=True)
        subprocess.run(
            [str(VENV / "bin" / "python"), "-m", "pip", "install", "--quiet", *REQUIREMENTS], check=True)
        installed.write_text("\n".join(REQUIREMENTS) + "\n")
    writ = options.writ.resolve() if options.writ else product("writ")
    return {"writ": writ, "dev": product("dev"), "floor": floor, "git": shutil.which("git")}


def corpus(size, dev):
    """The folder of a corpus and its facts; made again when its generator has changed."""
    sources = sorted((ROOT / "Sources" / "dev" / "Corpus").glob("*.swift"))
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in sources)).hexdigest()
    folder, notes = WORK / size, WORK / f"{size}.json"
    if folder.exists() and notes.exists():
        facts = json.loads(notes.read_text())
        if facts.pop("generator") == digest:
            return folder, facts
    say(f"generating {size}")
    shutil.rmtree(folder, ignore_errors=True)
    made = subprocess.run(
        [str(dev), "corpus", size, str(folder), "--git"], check=True, stdout=subprocess.PIPE)
    facts = json.loads(made.stdout)
    facts["revision"] = git(folder, "rev-parse", "HEAD")
    notes.write_text(json.dumps({**facts, "generator": digest}))
    return folder, facts


def tiny_repository():
    folder = WORK / "tiny"
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "policies").mkdir(parents=True)
    (folder / "writ.yaml").write_text("version: 1\n")
    (folder / "policies" / "policy.yaml").write_text(TINY)
    git(folder, "init", "--quiet", "--initial-branch=main")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "a tiny policy")
    return folder


def git(folder, *arguments):
    return subprocess.run(
        ["git", "-C", str(folder), *arguments], check=True, stdout=subprocess.PIPE, text=True,
        env={**os.environ, **GIT}).stdout.strip()


def say(text):
    print(f"bench: {text}", file=sys.stderr, flush=True)


# What is said about it


class Report:
    def __init__(self, options, corpora, startup, results, answers, history, load):
        self.options, self.corpora, self.startup, self.results = options, corpora, startup, results
        self.answers, self.history, self.load = answers, history, load

    def text(self):
        parts = [
            "# Benchmark results",
            f"{self.options.date}. Written by `make bench` (`Benchmarks/run.py`); not edited by hand.",
            "A ratio compares medians of wall time from one interleaved run. **E** is `floor.c` (libgit2 "
            "and libyaml's events, one core), **U** is `team_script.py` (PyYAML, jsonschema, Jinja2). "
            "Times are medians in milliseconds, with all output thrown away and files in the page cache; CPU is user and system "
            f"together; the peak is the largest of all runs, and less than {mebibytes(own_peak())} MB cannot be told apart, "
            "since a child starts out with its parent's.",
            "## Goals", self.goals(), "## Start-up", self.table(self.startup),
        ]
        for size, results in self.results.items():
            parts += [f"## Size {size}", self.corpus_facts(size), self.table(results)]
        parts += ["## Answers in process", ANSWERS, self.answers_table()]
        parts += ["## History", self.history_text()]
        parts += ["## Machine", self.machine()]
        return "\n\n".join(parts) + "\n"

    def goals(self):
        lines = [
            "| what | measured | goal for now | | final goal | |", "|---|---:|---:|---|---:|---|",
        ]
        large = self.results.get("L")

        def line(what, value, unit, now, final, is_least=False):
            def verdict(goal):
                if goal is None:
                    return "", ""
                good = value is not None and (value >= goal if is_least else value <= goal)
                met = "not measured" if value is None else "met" if good else "**missed**"
                return f"{'≥' if is_least else '≤'} {goal:.4g}{unit}", met

            shown = "" if value is None else f"{value:.2f}{unit}" if unit in (" ×", " ms") else f"{value:.0f}{unit}"
            cells = [what, shown, *verdict(now), *verdict(final)]
            lines.append("| " + " | ".join(cells) + " |")

        def ratio(results, name):
            return results[name].wall / results[CONTROL[name]].wall if results else None

        line("cold check of a revision, L, against E", ratio(large, CHECK_REV), " ×", 2.0, 1.0)
        line("cold check of the work tree, L, against E", ratio(large, CHECK_TREE), " ×", 2.0, 1.0)
        peak = large and max(large[CHECK_REV].peak, large[CHECK_TREE].peak) / 1e6
        corpus_bytes = self.corpora["L"][1]["bytes"] if large else 0
        line("peak memory of a cold check, L", peak, " MB", 150, 4 * corpus_bytes / 1e6 if large else None)
        line("diff of five changed files, L, against a cold check", ratio(large, DIFF), " ×", 1.3, 1.3)
        line("peak memory of that diff, against a cold check's", large and large[DIFF].peak / large[CHECK_REV].peak, " ×", 1.5, 1.5)
        line("`check --format sarif`, L, against a plain check", ratio(large, SARIF), " ×", 1.1, 1.1)
        if self.history["commits"] == 10_000:
            line("`log` over 10,000 commits of M", self.history["wall"], " s", 30, 30)
        line("render of everything, cold, L, against E", ratio(large, RENDER), " ×", None, 1.5)
        growth = None
        if large:
            medium = self.results["M"]
            growth = (large[CHECK_REV].wall / medium[CHECK_REV].wall) / (
                large[EVENTS].wall / medium[EVENTS].wall)
        line("growth of a cold check, M to L, against E's", growth, " ×", None, 1.05)
        answers, fewer = self.answers.get("L"), self.answers.get("M")
        line("decisions in process, L, against a Python dict loop", answers and answers.own / answers.control, " ×", 10.0, 15.0, True)
        line("slowdown of decisions, M to L", answers and fewer.own / answers.own, " ×", 1.5, 1.5)
        line("`who-can` in process, L, 95 of 100", answers and answers.who_can["p95"] / 1000, " ms", 1.0, 1.0)
        line("start-up with an open repository, against `git rev-parse HEAD`", ratio(self.startup, OPEN), " ×", 3.0, 2.0)
        line("`writ --version`, against `git rev-parse HEAD`", ratio(self.startup, VERSION), " ×", None, 2.0)
        return "\n".join(lines)

    def table(self, results):
        lines = ["| command | runs | wall | least–most | CPU | peak MB | ratio |", "|---|---:|---:|---:|---:|---:|---:|"]
        for name, summary in sorted(results.items(), key=lambda item: item[0] == RENDER):
            control = CONTROL.get(name)
            ratio = f"{summary.wall / results[control].wall:.2f}" if control else "1"
            spread = f"{milliseconds(summary.least)}–{milliseconds(summary.most)}"
            lines.append(
                f"| {name} | {summary.count} | {milliseconds(summary.wall)} | {spread} "
                f"| {milliseconds(summary.cpu)} | {mebibytes(summary.peak)} | {ratio} |")
        return "\n".join(lines)

    def answers_table(self):
        lines = [
            "| size | runs | requests | decisions/s | Python/s | ratio | first pass ms | questions | holders p50 "
            "| who-can p50 µs | p95 µs | p99 µs |",
            "|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|",
        ]
        for size, it in self.answers.items():
            times = " | ".join(f"{it.who_can[share]:,.0f}" for share in ("p50", "p95", "p99"))
            lines.append(
                f"| {size} | {it.count} | {it.requests:,} | {it.own:,.0f} | {it.control:,.0f} | {it.own / it.control:.1f} "
                f"| {it.first:,.0f} | {it.questions:,} | {it.holders:,} | {times} |")
        return "\n".join(lines)

    def history_text(self):
        it = self.history
        return (
            f"`writ log` over {it['commits']:,} commits on top of M, each of which changes one file as people do: "
            f"{it['wall']:.1f} s on the clock ({it['first']:.1f} s of it for M's own two commits, which give everything), "
            f"{it['cpu']:.1f} s of processors, peak {mebibytes(it['peak'])} MB. One run.")

    def corpus_facts(self, size):
        facts = self.corpora[size][1]
        return (
            f"{facts['principals']:,} principals ({facts['users']:,} users, {facts['services']:,} services), "
            f"{facts['bindings']:,} bindings, {facts['files']:,} policy files of {facts['bytes'] / 1e6:.2f} MB, "
            f"{facts['artifacts']:,} artifacts declared; `writ render` wrote {facts['rendered_files']:,} files of "
            f"{facts['rendered_bytes'] / 1e6:.2f} MB. Revision `{facts['revision'][:12]}`.")

    def machine(self):
        facts = [
            f"{len(os.sched_getaffinity(0))} cores, {cpu_model()}, {memory()} GB of memory, "
            f"load {self.load:.1f} before the first run",
            operating_system(),
            first_line("swift", "--version"),
            first_line("git", "--version"),
            "libgit2 " + first_line("pkg-config", "--modversion", "libgit2"),
            "libyaml " + first_line("pkg-config", "--modversion", "yaml-0.1"),
            f"Python {version_of_python()} with " + ", ".join(
                requirement.replace("==", " ") for requirement in REQUIREMENTS),
        ]
        return "\n".join(f"- {fact}" for fact in facts)


def own_peak():
    status = pathlib.Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) * 1024


def milliseconds(seconds):
    value = seconds * 1000
    return f"{value:.2f}" if value < 10 else f"{value:.1f}" if value < 100 else f"{value:,.0f}"


def mebibytes(size):
    return f"{size / 1e6:.0f}"


def cpu_model():
    for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return platform.machine()


def memory():
    total = pathlib.Path("/proc/meminfo").read_text().split("MemTotal:")[1].split()[0]
    return f"{int(total) / 1e6:.0f}"


def operating_system():
    for line in pathlib.Path("/etc/os-release").read_text().splitlines():
        if line.startswith("PRETTY_NAME="):
            return line.split("=", 1)[1].strip('"')
    return platform.system()


def version_of_python():
    return first_line(str(VENV / "bin" / "python"), "--version").removeprefix("Python ")


def first_line(*command):
    try:
        out = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True).stdout
        return out.strip().splitlines()[0]
    except (OSError, IndexError):
        return "unknown"


if __name__ == "__main__":
    main()
