#!/usr/bin/env bash
# Judges a change: `writ check` of what would be merged, and `writ diff` of what it changes. Knows of no host, uses no
# network, and reads both sides as data out of git's objects.
#
#   WRIT                 the program
#   WRIT_REPOSITORY      the repository; bare ones will do
#   WRIT_RANGE           what changes: A...B or A..B; B is what is checked
#   WRIT_APPROVALS       none (they are listed only) or asked
#   WRIT_APPROVED_BY     logins, separated by commas or white space
#   WRIT_AUTHORS         logins that never count, likewise
#   WRIT_APPROVAL_RANGE  what the approvals are for, where it is less than WRIT_RANGE
#   WRIT_FAIL_ON         errors warnings violations approvals changes (default: errors violations approvals)
#   WRIT_FORMAT          what is printed: github, human, … or none (default: human)
#   WRIT_REPORTS         a folder for the reports: report.md, comment.md, verdict
#   WRIT_REPORT_FORMATS  further formats to write there: check.sarif, diff.sarif, …
#
# Exits 0 where nothing fails, 1 where something does, and with writ's own code where nothing could be judged.
set -euo pipefail
shopt -s inherit_errexit

# A comment holds 65,536 characters. A character is a byte at least, so bytes err on the safe side.
limit=65000

die() { printf 'judge: error: %s\n' "$*" >&2; exit 64; }
fails_on() { [[ " $fail_on " == *" $1 "* ]]; }

for name in WRIT WRIT_REPOSITORY WRIT_RANGE WRIT_REPORTS; do [ -n "${!name:-}" ] || die "$name is not set"; done
case $WRIT_RANGE in -*) die "a revision does not begin with \`-\`" ;; *..?*) ;; *) die "WRIT_RANGE is A...B or A..B" ;; esac
reports=$WRIT_REPORTS head=${WRIT_RANGE##*..}
head=${head#.}
approval_range=${WRIT_APPROVAL_RANGE:-$WRIT_RANGE}
format=${WRIT_FORMAT:-human}
read -r -d '' -a words <<<"${WRIT_FAIL_ON-errors violations approvals}" || true
fail_on="${words[*]-}"
for word in ${words[@]+"${words[@]}"}; do
  case $word in errors | warnings | violations | approvals | changes) ;; *) die "fail-on knows errors, warnings, violations, approvals and changes, not \`$word\`" ;; esac
done

approvals=()
case ${WRIT_APPROVALS:-none} in
  none) ;;
  asked)
    read -r -d '' -a words <<<"${WRIT_APPROVED_BY:-}" || true
    # The comma in front keeps an empty list a value, and any word from being an option.
    approvals=("--approved-by=,$(IFS=,; printf '%s' "${words[*]-}")")
    ;;
  *) die "WRIT_APPROVALS is none or asked" ;;
esac
authors=()
read -r -d '' -a words <<<"$(tr ',' ' ' <<<"${WRIT_AUTHORS:-}")" || true
for word in ${words[@]+"${words[@]}"}; do authors+=("--author=$word"); done
strict=()
! fails_on warnings || strict=(--strict)
# One moment for all that is said of this change.
moment=(--at "${WRIT_AT:-$(date -u +%Y-%m-%dT%H:%M:%SZ)}")

# Runs writ; anything but `fine`, `no` and `differs` means that nothing was judged.
code=0
ask() { # FILE ARGUMENT...
  local file=$1
  shift
  code=0
  "$WRIT" "$@" --repo "$WRIT_REPOSITORY" "${moment[@]}" >"$file" 2>"$reports/messages" || code=$?
  case $code in
    0 | 1 | 2) ;;
    *) cat "$reports/messages" >&2; exit "$code" ;;
  esac
}

mkdir -p "$reports"
rm -f "$reports"/{report.md,comment.md,verdict}
reasons=()

ask "$reports/check.md" check --rev "$head" --format markdown ${strict[@]+"${strict[@]}"}
check=$code
if [ "$check" -ne 0 ] && { fails_on errors || fails_on warnings; }; then reasons+=("the policy has errors"); fi

ask "$reports/diff.md" diff "$WRIT_RANGE" --format markdown --exit-code ${authors[@]+"${authors[@]}"}
diff=$code
compared=yes
if [ ! -s "$reports/diff.md" ]; then
  # A side that does not compile can hide anything: that fails, whatever was asked for but changes alone.
  compared=no
  cat "$reports/messages" >&2
  if fails_on errors || fails_on violations || fails_on approvals; then reasons+=("a side has errors, so nothing could be compared"); fi
else
  if [ "$diff" -eq 1 ] && fails_on violations; then reasons+=("rules are violated"); fi
  if [ "$diff" -eq 2 ] && fails_on changes; then reasons+=("access or trust changes"); fi
fi

alone=
if [ "$compared" = yes ] && [ "${#approvals[@]}" -gt 0 ]; then
  if [ "$approval_range" != "$WRIT_RANGE" ]; then
    alone="$reports/alone.md"
    ask "$reports/blocked.md" diff "$approval_range" --format markdown ${authors[@]+"${authors[@]}"}
    before=$code
    ask "$alone" diff "$approval_range" --format markdown "${approvals[@]}" ${authors[@]+"${authors[@]}"}
  else
    before=0
    [ "$diff" -ne 1 ] || before=1
    ask "$reports/diff.md" diff "$WRIT_RANGE" --format markdown "${approvals[@]}" ${authors[@]+"${authors[@]}"}
  fi
  cat "$reports/messages" >&2
  # Violations are asked about apart, so the one failure is never taken for the other; `approvals` fails on both.
  if [ "$code" -eq 1 ] && fails_on approvals; then
    if [ "$before" -eq 0 ]; then reasons+=("approvals are missing")
    elif [[ " ${reasons[*]-} " != *"rules are violated"* ]]; then reasons+=("rules are violated"); fi
  fi
fi

# --- what is said ---------------------------------------------------------------------------

# What a reviewer needs first stands first: the change, or why it cannot be shown.
says_something() { [ "$check" -ne 0 ] || grep -q '^|' "$reports/check.md"; }
parts=()
if [ "$compared" = yes ]; then
  parts+=("$reports/diff.md")
  if [ -n "$alone" ]; then
    { printf '**What the last of these changes does by itself:**\n\n'; cat "$alone"; } >"$alone.said"
    mv "$alone.said" "$alone"
    parts+=("$alone")
  fi
  ! says_something || parts+=("$reports/check.md")
else
  printf '**Nothing could be compared**: a policy that does not compile is no policy. Access that it would give or take is not known.\n' >"$reports/diff.md"
  parts+=("$reports/check.md" "$reports/diff.md")
fi
bytes=0
for part in "${parts[@]}"; do
  { cat "$part"; echo; } >>"$reports/report.md"
  bytes=$((bytes + $(wc -c <"$part") + 1))
  # Each part fits a comment and closes what it opens; so a part is there, or it is said that it is not.
  if [ "$bytes" -le "$limit" ]; then
    { cat "$part"; echo; } >>"$reports/comment.md"
  else
    printf '_Cut: a comment holds 65,536 characters. More of this report (%s bytes) is in the summary of the run._\n' "$(wc -c <"$part")" >>"$reports/comment.md"
    bytes=$((limit + 1))
  fi
done

read -r -d '' -a words <<<"${WRIT_REPORT_FORMATS:-}" || true
for word in ${words[@]+"${words[@]}"}; do
  case $word in
    json | sarif | junit | rdjson | markdown) ;;
    gitlab) ask "$reports/check.gitlab" check --rev "$head" --format gitlab; continue ;;
    *) die "no report is of the format \`$word\`" ;;
  esac
  ask "$reports/check.$word" check --rev "$head" --format "$word" ${strict[@]+"${strict[@]}"}
  [ "$compared" = no ] || ask "$reports/diff.$word" diff "$WRIT_RANGE" --format "$word" ${approvals[@]+"${approvals[@]}"} ${authors[@]+"${authors[@]}"}
done
if [ "$format" != none ]; then
  ask "$reports/log" check --rev "$head" --format "$format" ${strict[@]+"${strict[@]}"}
  cat "$reports/messages" "$reports/log"
  if [ "$compared" = yes ]; then
    ask "$reports/log" diff "$WRIT_RANGE" --format "$format" ${approvals[@]+"${approvals[@]}"} ${authors[@]+"${authors[@]}"}
    cat "$reports/log"
  fi
fi
rm -f "$reports"/{messages,log,blocked.md}

if [ "${#reasons[@]}" -gt 0 ]; then
  verdict=$(printf '%s; ' "${reasons[@]}")
  printf 'failure %s\n' "${verdict%; }" | tee "$reports/verdict"
  exit 1
fi
printf 'success nothing here needs to be changed or approved\n' | tee "$reports/verdict"
