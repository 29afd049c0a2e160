"""What every conformance program prints: one tab-separated line per thing checked.

    ok    <program>  <file>  <item>  <detail>
    FAIL  <program>  <file>  <item>  <why>
    skip  <program>  <file>  <item>  <why it could not be checked here>

A check that cannot fail proves nothing, so a program also takes files that must be refused
(`--refuse FILE`). Beside such a file stands `FILE.refused`: one line for each item in it, the item's
name, a tab, and words the refusal must contain, or `accepted`. An item that is accepted, is refused
for another reason, or is not listed there, is a failure.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path


class Verdicts:
    """Collects and prints the verdicts of one program, and knows which ones should be refusals."""

    def __init__(self, program: str, refuse: Iterable[Path] = ()) -> None:
        self.program = program
        self.failed = 0
        self._expected = {path: _read_refusals(path) for path in refuse}

    def judge(self, file: Path | str, item: str, problems: Sequence[str], detail: str = "") -> bool:
        """Records one item, good when there are no problems; says whether it came out as it should."""
        expected = self._expected.get(Path(file))
        if expected is None:
            return self._say("FAIL" if problems else "ok", file, item, "; ".join(problems) or detail)
        fragments = expected.get(item, [])
        fragment = fragments.pop(0) if fragments else None
        reason = "; ".join(problems)
        if fragment is None:
            return self._say("FAIL", file, item, f"not listed in {Path(file).name}.refused; problems: {reason or 'none'}")
        if fragment == "accepted":
            return self._say("FAIL" if problems else "ok", file, item, reason or detail)
        if not problems:
            return self._say("FAIL", file, item, f"accepted, but must be refused: {fragment}")
        if fragment not in reason:
            return self._say("FAIL", file, item, f"refused, but not for {fragment!r}: {reason}")
        return self._say("ok", file, item, f"refused as it should be: {reason}")

    def skip(self, file: Path | str, item: str, why: str) -> None:
        """Records something that could not be checked here."""
        self._say("skip", file, item, why)

    def finish(self) -> int:
        """Reports refusals that were expected and never came; returns the exit code."""
        for file, items in self._expected.items():
            for item in (item for item, fragments in items.items() for _ in fragments):
                self._say("FAIL", file, item, f"never checked, though {file.name}.refused lists it")
        return 1 if self.failed else 0

    def _say(self, verdict: str, file: Path | str, item: str, detail: str) -> bool:
        columns = (verdict, self.program, shown(file), item, detail)
        # The real standard output: a consumer under test may have replaced sys.stdout.
        print("\t".join(" ".join(str(c).split()) for c in columns), file=sys.__stdout__, flush=True)
        self.failed += verdict == "FAIL"
        return verdict != "FAIL"


def _read_refusals(path: Path) -> dict[str, list[str]]:
    refusals: dict[str, list[str]] = {}
    for line in path.with_name(path.name + ".refused").read_text(encoding="utf-8").splitlines():
        item, _, fragment = line.partition("\t")
        refusals.setdefault(item, []).append(fragment)
    return refusals


def shown(path: Path | str) -> str:
    """A path as a reader wants it: relative to the working directory when below it."""
    text = os.path.relpath(path)
    return str(path) if text.startswith("..") else text


def arguments(description: str | None, files: str = "files to check") -> argparse.ArgumentParser:
    """The command line that all programs share."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE", help=files)
    parser.add_argument("--refuse", action="append", default=[], type=Path, metavar="FILE",
                        help="a file whose items must all be refused, as FILE.refused says (repeatable)")
    return parser


def each_file(verdicts: Verdicts, files: Iterable[Path], check: Callable[[Path], None]) -> int:
    """Checks every file; one that cannot be read or parsed is a failure of its own, named `file`."""
    for path in files:
        try:
            check(path)
        except Exception as error:  # noqa: BLE001 - whatever a consumer throws is its verdict
            verdicts.judge(path, "file", [brief(error)])
    return verdicts.finish()


def paired(options: Iterable[str], files: Iterable[Path]) -> dict[Path, list[Path]]:
    """Reads options of the form [FILE=]OTHER: which other files belong to a file; without FILE=, to every one."""
    files = list(files)
    pairs: dict[Path, list[Path]] = {}
    for option in options:
        file, equals, other = option.partition("=")
        for path in [Path(file)] if equals else files:
            pairs.setdefault(path, []).append(Path(other if equals else option))
    return pairs


def brief(error: BaseException, limit: int = 300) -> str:
    """An exception on one line."""
    return f"{type(error).__name__}: {' '.join(str(error).split())}"[:limit]


def unique_keys(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """For json's object_pairs_hook: refuses a key that is there twice, which json takes silently."""
    seen: dict[str, object] = {}
    for key, value in pairs:
        if key in seen:
            raise ValueError(f"duplicate key `{key}`")
        seen[key] = value
    return seen


def foreign_templates(text: str, allowed: Sequence[str] = ()) -> list[str]:
    """The template openings in a value that no consumer of the file would expand."""
    return [mark for mark in ("${", "{{", "{%", "<%", "ref+") if mark in text and mark not in allowed]


def walk(value: object, path: tuple[str, ...] = ()) -> Iterable[tuple[tuple[str, ...], object]]:
    """Every scalar in a parsed file, with the path to it."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from walk(inner, (*path, str(key)))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from walk(inner, (*path, str(index)))
    else:
        yield path, value
