"""Holds the reports of `check` and `diff` to what their readers take.

    .venv/tools/bin/python Tests/Conformance/reports.py FILE…

What a file is, its name says: `*.sarif`, `*.rdjson`, `*.gitlab.json`, `*.junit.xml`, `*.github`, `*.md`.

SARIF is validated with the published schema, and with what GitHub's code scanning asks for besides. JUnit is read by
junitparser, and holds only what the schema of Jenkins' xUnit plugin knows. The others have no reader on PyPI, so the rules
of their documentation stand here; each function names its source.
"""

from __future__ import annotations

import json
import re
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import jsonschema
import junitparser

from verdicts import Verdicts, arguments, each_file, unique_keys

SCHEMA = Path(sys.prefix) / "sarif-schema-2.1.0.json"
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
ORDER = re.compile(r"^\s*::|##\[|##vso\[", re.MULTILINE)


def main() -> int:
    options = arguments(__doc__).parse_intermixed_args()
    verdicts = Verdicts("reports", options.refuse)
    kinds = {".sarif": sarif, ".rdjson": rdjson, ".gitlab.json": gitlab, ".junit.xml": junit, ".github": github, ".md": markdown}

    def check(path: Path) -> None:
        check_file = next((kinds[suffix] for suffix in kinds if path.name.endswith(suffix)), None)
        if check_file is None:
            verdicts.judge(path, "file", ["a kind of report that is not known"])
            return
        if check_file is sarif and not SCHEMA.exists():
            verdicts.skip(path, "file", f"{SCHEMA} is not there: run Tests/Conformance/setup.sh")
            return
        text = path.read_text(encoding="utf-8")
        problems = list(check_file(text))
        if check_file is not github and ORDER.search(text):
            problems.append("a line that a runner takes for an order")
        if CONTROL.search(text):
            problems.append("a control character")
        verdicts.judge(path, "file", problems, detail=check_file.__name__)

    return each_file(verdicts, [*options.files, *options.refuse], check)


def load(text: str) -> Any:
    return json.loads(text, object_pairs_hook=unique_keys)


# --- SARIF ----------------------------------------------------------------------------------

_validator: list[Any] = []


def sarif(text: str) -> list[str]:
    """https://docs.github.com/en/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning"""
    if not _validator:
        schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
        kind = jsonschema.validators.validator_for(schema)
        _validator.append(kind(schema, format_checker=kind.FORMAT_CHECKER))
    document = load(text)
    problems = [f"{'/'.join(map(str, e.absolute_path))}: {e.message[:160]}" for e in _validator[0].iter_errors(document)]
    if problems:
        return problems
    (run,) = document["runs"]
    rules = run["tool"]["driver"]["rules"]
    if [rule["id"] for rule in rules] != sorted({rule["id"] for rule in rules}):
        problems.append("rules that are not in order, or twice there")
    for rule in rules:
        problems += [f"{rule['id']}: no {name}" for name in ("shortDescription", "fullDescription", "help") if not rule.get(name)]
        if not rule["help"].get("markdown"):
            problems.append(f"{rule['id']}: its help has no markdown")
    if run.get("columnKind") != "unicodeCodePoints":
        problems.append("columns of a kind that Writ does not count")
    seen: set[str] = set()
    for number, result in enumerate(run["results"]):
        where = f"result {number}"
        if not 0 <= result["ruleIndex"] < len(rules) or rules[result["ruleIndex"]]["id"] != result["ruleId"]:
            problems.append(f"{where}: its rule is not the one at its index")
        fingerprint = result["partialFingerprints"]["primaryLocationLineHash"]
        if not re.fullmatch(r"[0-9a-f]{32}:[1-9][0-9]*", fingerprint) or fingerprint in seen:
            problems.append(f"{where}: a fingerprint that is none, or another's: {fingerprint}")
        seen.add(fingerprint)
        if len(result["locations"]) != 1:
            problems.append(f"{where}: GitHub asks for a location")
        if "](" in result["message"]["text"]:
            problems.append(f"{where}: a link in its message")
        for physical in places(result):
            problems += [f"{where}: {problem}" for problem in check_place(physical)]
    return problems


def places(value: Any) -> list[dict[str, Any]]:
    if isinstance(value, list):
        return [found for inner in value for found in places(inner)]
    if not isinstance(value, dict):
        return []
    own = [value] if "artifactLocation" in value else []
    return own + [found for inner in value.values() for found in places(inner)]


def check_place(physical: dict[str, Any]) -> list[str]:
    location = physical["artifactLocation"]
    uri, problems = location["uri"], []
    if not re.fullmatch(r"(?:[A-Za-z0-9._~/-]|%[0-9A-F]{2})+", uri) or uri.startswith("/") or ".." in unquote(uri).split("/"):
        problems.append(f"a URI that is not relative, or not percent-encoded: {uri}")
    if location.get("uriBaseId") != "%SRCROOT%":
        problems.append("a URI that is not the repository's")
    region = physical.get("region")
    if region and (region["endLine"], region["endColumn"]) < (region["startLine"], region["startColumn"]):
        problems.append(f"a region that ends before it begins: {region}")
    return problems


# --- The others -----------------------------------------------------------------------------


def rdjson(text: str) -> list[str]:
    """https://github.com/reviewdog/reviewdog/blob/master/proto/rdf/jsonschema/DiagnosticResult.json, without what Writ never says."""
    position = shape({"line": {"type": "integer", "minimum": 1}, "column": {"type": "integer", "minimum": 1}}, "line", "column")
    span = shape({"start": position, "end": position}, "start", "end")
    location = shape({"path": {"type": "string", "pattern": "^[^/]"}, "range": span}, "path")
    words = {"type": "string", "minLength": 1}
    diagnostic = shape(
        {
            "message": words, "location": location, "severity": {"enum": ["ERROR", "WARNING", "INFO"]}, "code": shape({"value": words}, "value"),
            "suggestions": {"type": "array", "items": shape({"range": span, "text": {"type": "string"}}, "range", "text")},
            "related_locations": {"type": "array", "items": shape({"message": words, "location": location}, "location")},
        },
        "message", "location", "severity", "code",
    )
    whole = shape({"source": shape({"name": {"const": "writ"}}, "name"), "diagnostics": {"type": "array", "items": diagnostic}}, "source", "diagnostics")
    return [f"{'/'.join(map(str, e.absolute_path))}: {e.message[:160]}" for e in jsonschema.Draft7Validator(whole).iter_errors(load(text))]


def gitlab(text: str) -> list[str]:
    """https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format"""
    words = {"type": "string", "minLength": 1}
    item = shape(
        {
            "description": words, "check_name": words, "fingerprint": words, "severity": {"enum": ["info", "minor", "major", "critical", "blocker"]},
            "location": shape(
                {"path": {"type": "string", "pattern": r"^(?!\./|/)."}, "lines": shape({"begin": {"type": "integer", "minimum": 1}}, "begin")}, "path", "lines"
            ),
        },
        "description", "check_name", "fingerprint", "severity", "location",
    )
    document = load(text)
    problems = [f"{e.message[:160]}" for e in jsonschema.Draft7Validator({"type": "array", "items": item}).iter_errors(document)]
    if not problems and len({it["fingerprint"] for it in document}) != len(document):
        problems.append("a fingerprint that is twice there: only the first would be shown")
    return problems


def shape(properties: dict[str, Any], *required: str) -> dict[str, Any]:
    return {"type": "object", "additionalProperties": False, "required": list(required), "properties": properties}


# Attributes and children of the elements that Writ writes:
# https://github.com/jenkinsci/xunit-plugin/blob/master/src/main/resources/org/jenkinsci/plugins/xunit/types/model/xsd/junit-10.xsd
JUNIT = {
    "testsuites": (set(), {"name", "time", "tests", "failures", "errors"}, {"testsuite"}),
    "testsuite": ({"name", "tests", "failures", "errors"}, {"time", "timestamp", "hostname", "id", "package", "skipped", "file"}, {"testcase"}),
    "testcase": ({"name"}, {"classname", "time", "group"}, {"failure", "error", "skipped", "system-out", "system-err"}),
    "failure": (set(), {"type", "message"}, set()),
    "system-out": (set(), set(), set()),
}


def junit(text: str) -> list[str]:
    problems: list[str] = []
    root = ElementTree.fromstring(text)
    if root.tag != "testsuites":
        problems.append(f"its root is {root.tag}")
    for element in root.iter():
        needed, allowed, children = JUNIT.get(element.tag, (set(), set(), set()))
        if element.tag not in JUNIT:
            problems.append(f"an element that the schema does not know: {element.tag}")
        if needed - set(element.attrib) or set(element.attrib) - needed - allowed:
            problems.append(f"{element.tag}: attributes {sorted(element.attrib)}")
        problems += [f"{child.tag} in {element.tag}" for child in element if child.tag not in children]
    read = junitparser.JUnitXml.fromstring(text.encode())
    cases = 0
    for suite in read:
        results = [case.result for case in suite]
        failures = sum(isinstance(it, junitparser.Failure) for result in results for it in result)
        cases += len(results)
        if (suite.tests, suite.failures, suite.errors) != (len(results), failures, 0):
            problems.append(f"{suite.name}: counts that are not those of its cases")
    if not cases:
        problems.append("no test at all, which many readers take for a failure")
    return problems


def github(text: str) -> list[str]:
    """https://github.com/actions/runner/blob/main/src/Runner.Common/ActionCommand.cs: how a runner reads a line."""
    problems: list[str] = []
    counts: dict[str, int] = {}
    for line in text.splitlines():
        if "##[" in line or "##vso[" in line:
            problems.append(f"an order of the old form: {line[:80]}")
        if not line.lstrip().startswith("::"):
            continue
        command, separator, data = line.lstrip()[2:].partition("::")
        name, _, properties = command.partition(" ")
        counts[name] = counts.get(name, 0) + 1
        if not separator or name not in ("error", "warning", "notice") or not data:
            problems.append(f"an order that Writ does not give: {line[:80]}")
        read = dict(pair.partition("=")[::2] for pair in properties.split(","))
        if set(read) - {"file", "line", "endLine", "col", "endColumn", "title"} or not read.get("title"):
            problems.append(f"properties that are none: {properties[:80]}")
        if any(not read[key].isdigit() for key in ("line", "endLine", "col", "endColumn") if key in read):
            problems.append(f"a place that is none: {properties[:80]}")
        if "col" in read and read["line"] != read["endLine"]:
            problems.append("columns on several lines, which GitHub refuses")
        if re.search(r"%(?!25|0D|0A)", data) or re.search(r"%(?!25|0D|0A|3A|2C)", properties):
            problems.append(f"an escape that is none: {line[:80]}")
    problems += [f"{count} of `{name}`: GitHub shows ten" for name, count in counts.items() if count > 10]
    return problems


def markdown(text: str) -> list[str]:
    """GitHub takes 65,536 characters as a comment; no name may be HTML, a mention or a link."""
    problems = [] if len(text.encode()) <= 65_536 else ["too long for a comment"]
    if text.count("<details>") != text.count("</details>"):
        problems.append("a fold that does not end")
    plain = re.sub(r"`[^`\n]*`|<code>[^<\n]*</code>", "", text)
    for tag in set(re.findall(r"<[^>\n]*>?", plain)) - {"<details>", "</details>", "<summary>", "</summary>", "<sub>", "</sub>", "<br>"}:
        problems.append(f"HTML: {tag[:60]}")
    if re.search(r"(?<!\\)\]\(|(?<![\w\\])@\w|https?://", plain):
        problems.append("a link or a mention")
    return problems


if __name__ == "__main__":
    sys.exit(main())
