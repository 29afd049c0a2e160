#!/usr/bin/env bash
# Fuzzes the parsers with libFuzzer: `scripts/fuzz.sh [PARSER...]`, all of them without one. RUNS, SECONDS_EACH and JOBS say how
# much. Without libFuzzer in the toolchain, `dev fuzz` makes its inputs blindly.
set -euo pipefail
cd "$(dirname "$0")/.."

runs=${RUNS:--1}
seconds=${SECONDS_EACH:-60}
place=.build/fuzz
corpus=Tests/FuzzTests/Corpus
parsers=("$@")
if [ ${#parsers[@]} -eq 0 ]; then
  for folder in "$corpus"/*/; do parsers+=("$(basename "$folder")"); done
fi

mkdir -p "$place/probe"
printf '@_cdecl("LLVMFuzzerTestOneInput") public func probe(_ data: UnsafePointer<UInt8>?, _ count: Int) -> Int32 { 0 }\n' \
  >"$place/probe/probe.swift"
if ! swiftc -parse-as-library -sanitize=fuzzer "$place/probe/probe.swift" -o "$place/probe/probe" 2>/dev/null; then
  echo "no libFuzzer in this toolchain: inputs are made without looking at what they reach"
  swift build --product dev
  for parser in "${parsers[@]}"; do .build/debug/dev fuzz "$parser" --runs "$((runs > 0 ? runs : 100000))"; done
  exit
fi

# The libraries with coverage, then one program of their objects: libFuzzer brings its own `main`.
swift build --scratch-path "$place/build" --target Fuzzing -Xswiftc -sanitize=fuzzer
bin=$(swift build --scratch-path "$place/build" --show-bin-path)
mapfile -t objects < <(find "$bin"/{Fuzzing,GitStore,PolicyCompiler,Artifacts,CLibgit2,CLibYAML}.build -name '*.o')
swiftc -sanitize=fuzzer "${objects[@]}" -lgit2 -lyaml -o "$place/fuzzer"

found=0
for parser in "${parsers[@]}"; do
  mkdir -p "$place/corpus/$parser" "$place/repository"
  echo "== $parser"
  if ! WRIT_FUZZ_TARGET=$parser WRIT_FUZZ_FOLDER=$PWD/$place/repository SWIFT_BACKTRACE=enable=no "$place/fuzzer" \
    -runs="$runs" -max_total_time="$seconds" -timeout=20 -rss_limit_mb=2048 -dict="$corpus/$parser.dict" \
    -artifact_prefix="$place/$parser-" -print_final_stats=1 "$place/corpus/$parser" "$corpus/$parser" >"$place/$parser.log" 2>&1; then
    found=1
    echo "found something: $place/$parser.log"
    grep -aE 'Fatal error|SUMMARY|Test unit written' "$place/$parser.log" || true
  else
    grep -aE 'stat::(number_of_executed|average_exec|peak_rss)|Done' "$place/$parser.log" || true
  fi
done
exit "$found"
