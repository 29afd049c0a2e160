#!/usr/bin/env bash
# Prints which writ judges: the one that was named, or one built from this very checkout. Nothing is downloaded.
#
#   WRIT_COMMAND   a program's name in PATH, or its path; empty: build
set -euo pipefail

die() { printf 'find-writ: error: %s\n' "$@" >&2; exit 69; }

# Read as a whole before any of it runs.
main() {
  local source_tree built
  source_tree=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

  if [ -n "${WRIT_COMMAND:-}" ]; then
    command -v -- "$WRIT_COMMAND" || die "\`$WRIT_COMMAND\` is no program here: \`writ\` takes a name in PATH or a path"
    exit
  fi

  command -v swift >/dev/null || die \
    "there is no writ: no program was named (input \`writ\`), and there is no Swift toolchain to build it with" \
    "no release and no container image of Writ exists yet that could be downloaded instead" \
    "put a writ that you built (scripts/release.sh) on the runner and name it, or install Swift 6.2 or newer: https://www.swift.org/install/linux/"
  if ! command -v pkg-config >/dev/null || ! pkg-config --exists libgit2 yaml-0.1; then
    die "building writ needs libgit2 and libyaml: apt-get install -y pkg-config libgit2-dev libyaml-dev"
  fi
  cd "$source_tree"
  built=$(scripts/release.sh)
  printf '%s/%s\n' "$source_tree" "$built"
  exit
}

main "$@"
