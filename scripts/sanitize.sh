#!/usr/bin/env bash
# Runs the tests of the core with a sanitizer: `scripts/sanitize.sh address|thread [FILTER]`. A build of its own; skipped, and
# said so, where the toolchain has none.
set -euo pipefail
cd "$(dirname "$0")/.."

sanitizer=${1:?usage: scripts/sanitize.sh address|thread [filter]}
# The address sanitizer where bytes of others are read, the thread sanitizer where work is done side by side.
case $sanitizer in
  address) filter='GitStoreTests|FuzzTests|YAMLReaderTests' ;;
  thread) filter='GitStoreTests|BindingPartsTests|DerivationPropertyTests|GoldenTests' ;;
  *) filter= ;;
esac
filter=${2:-$filter}
place=.build/sanitize-$sanitizer

mkdir -p "$place"
echo 'print([1, 2, 3].reversed())' >"$place/probe.swift"
if ! swiftc -sanitize="$sanitizer" "$place/probe.swift" -o "$place/probe" >/dev/null 2>&1 || ! "$place/probe" >/dev/null; then
  echo "skipped: this toolchain has no $sanitizer sanitizer"
  exit 0
fi

# libgit2 keeps what it caches until the process ends, which is no leak.
export ASAN_OPTIONS=${ASAN_OPTIONS:-detect_leaks=0} TSAN_OPTIONS=${TSAN_OPTIONS:-halt_on_error=1}
scripts/unit.sh --scratch-path "$place" --sanitize="$sanitizer" --filter "$filter"
