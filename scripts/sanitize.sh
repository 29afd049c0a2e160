#!/usr/bin/env bash
# Runs the tests of the core with a sanitizer: `scripts/sanitize.sh address|thread [FILTER]`. A build of its own; skipped, and
# said so, where the toolchain has none.
set -euo pipefail
cd "$(dirname "$0")/.."

sanitizer=${1:?usage: scripts/sanitize.sh address|thread [filter]}
# Without RobustnessTests: what they measure takes several times as long here, and FuzzTests reach the same code.
filter=${2:-GitStoreTests|FuzzTests|DerivationPropertyTests|YAMLReaderTests}
place=.build/sanitize-$sanitizer

mkdir -p "$place"
printf 'print([1, 2, 3].map { $0 + 1 })\n' >"$place/probe.swift"
if ! swiftc -sanitize="$sanitizer" "$place/probe.swift" -o "$place/probe" >/dev/null 2>&1 || ! "$place/probe" >/dev/null; then
  echo "skipped: this toolchain has no $sanitizer sanitizer"
  exit 0
fi

# libgit2 keeps what it caches until the process ends, which is no leak.
export ASAN_OPTIONS=${ASAN_OPTIONS:-detect_leaks=0} TSAN_OPTIONS=${TSAN_OPTIONS:-halt_on_error=1}
swift test --scratch-path "$place" --sanitize="$sanitizer" --filter "$filter"
