#!/usr/bin/env python3
"""The control for decisions: what a team would write once access is closed.

    Benchmarks/decisions.py FILE

Reads what `dev bench-access DIR --export FILE` wrote: what every principal holds, closed over groups, roles and sessions,
and requests. Then it decides the requests, as often as the product does: a dict from (principal, environment, action)
to the patterns that are held, and a loop over them. Prints JSON. Needs nothing but Python.

A pattern without wildcards is looked up in a set and one that ends in `/**` is a prefix; the rest are compiled regular
expressions. Letter case is not folded.
"""

import json
import re
import resource
import sys
import time

ROUNDS = 5


class Patterns:
    """Some patterns of which one must match."""

    def __init__(self, texts):
        self.exact = frozenset(text for text in texts if "*" not in text)
        below = [text[:-3] for text in texts if text.endswith("/**") and "*" not in text[:-3]]
        self.exact |= frozenset(below)
        self.prefixes = tuple(text + "/" for text in below)
        rest = [text for text in texts if "*" in text and not (text.endswith("/**") and "*" not in text[:-3])]
        self.regex = re.compile("|".join(map(expression, rest))) if rest else None

    def match(self, path):
        if path in self.exact or path.startswith(self.prefixes):
            return True
        return self.regex is not None and self.regex.fullmatch(path) is not None


def expression(pattern):
    parts = []
    for segment in pattern.split("/"):
        if segment == "**":
            parts.append("(?:/[^/]+)*")
        else:
            parts.append("/" + "[^/]*".join(map(re.escape, segment.split("*"))))
    return "".join(parts)[1:]


class Rule:
    def __init__(self, rule):
        self.of = Patterns(rule["of"])
        self.excepted = Patterns(rule["except"]) if "except" in rule else None
        self.only = Patterns(rule["only"]) if "only" in rule else None

    def covers(self, path):
        if not self.of.match(path):
            return False
        if self.excepted is not None and self.excepted.match(path):
            return False
        return self.only is None or self.only.match(path)


def read(path):
    """What is held, by principal, environment and action; the requests; and their answers."""
    rules, held, requests, expected = [], {}, [], []
    shared = {}
    with open(path) as file:
        for line in file:
            fields = json.loads(line)
            if "rule" in fields:
                rules.append(Rule(fields["rule"]))
            elif "held" in fields:
                principal, environment, action, numbers = fields["held"]
                key = tuple(numbers)
                if key not in shared:
                    shared[key] = [rules[number] for number in numbers]
                held[principal, environment, action] = shared[key]
            else:
                requests.append(tuple(fields["request"]))
                expected.append(fields["allowed"])
    return held, requests, expected


def decide(held, requests):
    answers = []
    for principal, environment, action, path in requests:
        allowed = False
        for rule in held.get((principal, environment, action), ()):
            if rule.covers(path):
                allowed = True
                break
        answers.append(allowed)
    return answers


def main(arguments):
    if len(arguments) != 1:
        sys.exit(__doc__)
    held, requests, expected = read(arguments[0])
    total, best = 0, float("inf")
    for _ in range(ROUNDS):
        started = time.process_time()
        answers = decide(held, requests)
        taken = time.process_time() - started
        total, best = total + taken, min(best, taken)
    print(json.dumps({
        "requests": len(requests),
        "allowed": sum(answers),
        "disagree": sum(one != other for one, other in zip(answers, expected)),
        "per_second": int(len(requests) * ROUNDS / total),
        "best_per_second": int(len(requests) / best),
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1000,
    }))


if __name__ == "__main__":
    main(sys.argv[1:])
