#!/usr/bin/env python3
"""Writes a history of small changes on top of a corpus' repository: for measuring `writ log`.

    Benchmarks/history.py REPOSITORY COMMITS [--seed N]

Each commit changes one file as people do: a binding comes or goes, its end moves, a comment is
written. The branch is called `history`; the work tree is left alone. The seed is printed.
"""
import argparse
import random
import re
import subprocess


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("repository")
    parser.add_argument("commits", type=int)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    print(f"seed {arguments.seed}")
    dice = random.Random(arguments.seed)

    def git(*words: str) -> str:
        return subprocess.run(["git", "-C", arguments.repository, *words], check=True, capture_output=True, text=True).stdout

    head = git("rev-parse", "HEAD").strip()
    files = {path: git("show", f"HEAD:{path}") for path in git("ls-tree", "-r", "--name-only", "HEAD", "policies/teams").split()}
    # A file that ends with its bindings takes another at its end.
    lists = [path for path, text in files.items() if text.rfind("\nbindings:") > max(text.rfind(f"\n{word}:") for word in ("artifacts", "connections", "roles"))]
    users = [name for path in git("ls-tree", "-r", "--name-only", "HEAD", "policies/people").split()
             for name in re.findall(r"(?m)^  ([a-z0-9_]+):", git("show", f"HEAD:{path}"))]
    stems = sorted(files)
    added: dict[str, list[str]] = {path: [] for path in stems}
    stream = subprocess.Popen(["git", "-C", arguments.repository, "fast-import", "--quiet", "--force"], stdin=subprocess.PIPE)
    assert stream.stdin
    for number in range(arguments.commits):
        path = dice.choice(lists or stems)
        kind = dice.randrange(4)
        if kind == 0 or not added[path] or not users:
            role = dice.choice([line.split("role:")[1].split(",")[0].strip() for line in files[path].splitlines() if "role:" in line and "bindings" not in line] or ["analyst"])
            added[path].append(f"  - {{ role: {role}, to: [{dice.choice(users or ['nobody'])}], in: [dev], until: 2031-{dice.randrange(1, 13):02}-01 }}\n")
        elif kind == 1:
            added[path].pop(dice.randrange(len(added[path])))
        elif kind == 2 and (bindings := [i for i, line in enumerate(added[path]) if line.startswith("  - ")]):
            index = dice.choice(bindings)
            added[path][index] = added[path][index].split("until:")[0] + f"until: 2032-{dice.randrange(1, 13):02}-15 }}\n"
        else:
            added[path].append(f"  # note {number}\n")
        data = (files[path].rstrip("\n") + "\n" + "".join(added[path])).encode()
        stream.stdin.write(b"commit refs/heads/history\n")
        stream.stdin.write(f"committer Bench <bench@acme.example> {1767225600 + number * 600} +0000\n".encode())
        message = f"change {number}".encode()
        stream.stdin.write(b"data %d\n%s\n" % (len(message), message))
        if number == 0:
            stream.stdin.write(f"from {head}\n".encode())
        stream.stdin.write(f"M 100644 inline {path}\ndata {len(data)}\n".encode() + data + b"\n")
    stream.stdin.close()
    if stream.wait():
        raise SystemExit("git fast-import failed")
    print(f"{arguments.commits} commits on `history`, over {len(lists)} files")


if __name__ == "__main__":
    main()
