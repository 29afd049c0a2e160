#!/usr/bin/env bash
# Runs the tests in Swift: what fails is told as it fails and once more at the end, what passes as one line for each suite.
# `scripts/unit.sh [OPTION...]` hands its options to `swift test`; .build/unit.log has every line.
set -uo pipefail
cd "$(dirname "$0")/.." || exit

log=.build/unit.log
mkdir -p .build
swift test "$@" 2>&1 | tee "$log" | awk '
  /^\[[0-9]+\/[0-9]+\]/ { if (++built % 50 == 0) print "building: " $1; next }
  /^◇|^✔ Test / { told = 0 }
  /^✔ Suite|^✘|^➜|^✔ Test run|^\/.*error:|^error:|Fatal error|SUMMARY: |WARNING: ThreadSanitizer/ { told = 1 }
  told { print; fflush() }
  /^✔|^➜/ { told = 0 }'
ended=${PIPESTATUS[0]}

skipped=$(grep -c '^➜ Test' "$log")
[ "$skipped" -eq 0 ] || echo "$skipped skipped"
if [ "$ended" -ne 0 ]; then
  echo
  echo "what failed ($log has all of it):"
  awk '/^◇|^✔|^➜/ { told = 0 } /^✘/ { told = 1 } /^\/.*error:|^error:|Fatal error|signal code|SUMMARY: / { print; next } told' "$log"
fi
exit "$ended"
