#!/usr/bin/env bash
# Every committed policy must be clean, and its generated files must be what it says.
#   scripts/check-rendered.sh WRIT [--write]
set -euo pipefail
writ=$1
mode=${2:---check}
failed=0
for settings in writ.yaml examples/*/writ.yaml; do
  [ -f "$settings" ] || continue
  folder=$(dirname "$settings")
  if [ "$mode" = --write ]; then
    "$writ" render --repo "$folder" --strict
  elif ! "$writ" render --repo "$folder" --check --strict; then
    failed=1
  fi
done
exit "$failed"
