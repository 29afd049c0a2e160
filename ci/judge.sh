#!/usr/bin/env bash
# Judges a change: `writ check` of what would be merged, and `writ diff` of what it changes. Knows of no host, uses no
# network, and reads both sides as data out of git's objects.
#
#   WRIT                 the program
#   WRIT_REPOSITORY      the repository; bare ones will do
#   WRIT_RANGE           what changes: A...B or A..B; B is what is checked
#   WRIT_APPROVALS       none (they are listed only) or asked
#   WRIT_APPROVED_BY     logins, separated by commas or white space
#   WRIT_APPROVAL_HOST   where these approved: github or gitlab; accounts on other hosts do not count then
#   WRIT_AUTHORS         logins that never count, likewise
#   WRIT_APPROVAL_RANGE  what the approvals are for, where it is less than WRIT_RANGE
#   WRIT_FAIL_ON         errors warnings violations approvals changes (default: errors violations approvals)
#   WRIT_FORMAT          what is printed: github, human, … or none (default: human)
#   WRIT_REPORTS         a folder for the reports, new or empty, outside of what a change could write: report.md, comment.md, verdict
#   WRIT_REPORT_FORMATS  further formats to write there: check.sarif, diff.sarif, …
#
# Exits 0 where nothing fails, 1 where something does or the policy does not compile, and with another code where nothing
# could be judged.
set -euo pipefail
shopt -s inherit_errexit

die() { printf 'judge: error: %s\n' "$*" >&2; exit 64; }
fails_on() { [[ " $fail_on " == *" $1 "* ]]; }

# Runs writ; anything but `fine`, `no` and `differs` means that nothing was judged.
ask() { # FILE ARGUMENT...
  local file=$1 ran=no
  shift
  code=0
  rm -f "$scratch/messages"
  # A file that cannot be written must not look like an answer.
  {
    ran=yes
    "$WRIT" "$@" --repo "$WRIT_REPOSITORY" "${moment[@]}" || code=$?
  } >"$file" 2>"$scratch/messages" || true
  [ "$ran" = yes ] || { printf 'judge: error: cannot write %s\n' "$file" >&2; exit 74; }
  case $code in
    0 | 1 | 2) ;;
    *) cat "$scratch/messages" >&2; exit "$code" ;;
  esac
}

# The revision that a range begins at, as writ reads it.
base_of() { # RANGE
  local first=${1%%..*}
  case $1 in
    *...*) git -C "$WRIT_REPOSITORY" merge-base -- "${first:-HEAD}" "${1#*...}" ;;
    *) printf '%s' "${first:-HEAD}" ;;
  esac
}

# Read as a whole before any of it runs.
main() {
  # A comment holds 65,536 characters. A character is a byte at least, so bytes err on the safe side.
  local limit=65000 name word words
  for name in WRIT WRIT_REPOSITORY WRIT_RANGE WRIT_REPORTS; do [ -n "${!name:-}" ] || die "$name is not set"; done
  case $WRIT_RANGE in -*) die "a revision does not begin with \`-\`" ;; *..?*) ;; *) die "WRIT_RANGE is A...B or A..B" ;; esac
  local reports=$WRIT_REPORTS head=${WRIT_RANGE##*..} approval_range=${WRIT_APPROVAL_RANGE:-$WRIT_RANGE} format=${WRIT_FORMAT:-human} base
  head=${head#.}
  read -r -d '' -a words <<<"${WRIT_FAIL_ON-errors violations approvals}" || true
  fail_on="${words[*]-}"
  for word in ${words[@]+"${words[@]}"}; do
    case $word in errors | warnings | violations | approvals | changes) ;; *) die "fail-on knows errors, warnings, violations, approvals and changes, not \`$word\`" ;; esac
  done

  local approvals=() compare=(--before-errors) check=()
  case ${WRIT_APPROVALS:-none} in
    none) ;;
    asked)
      read -r -d '' -a words <<<"${WRIT_APPROVED_BY:-}" || true
      # The comma in front keeps an empty list a value, and any word from being an option.
      approvals=("--approved-by=,$(IFS=,; printf '%s' "${words[*]-}")")
      [ -z "${WRIT_APPROVAL_HOST:-}" ] || approvals+=("--approval-host=$WRIT_APPROVAL_HOST")
      ;;
    *) die "WRIT_APPROVALS is none or asked" ;;
  esac
  read -r -d '' -a words <<<"$(tr ',' ' ' <<<"${WRIT_AUTHORS:-}")" || true
  for word in ${words[@]+"${words[@]}"}; do compare+=("--author=$word"); done
  # One moment for all that is said of this change.
  moment=(--at "${WRIT_AT:-$(date -u +%Y-%m-%dT%H:%M:%SZ)}")

  # Whatever lay there could be a change's: links that lead elsewhere, or reports that look like ours.
  ! [ -L "$reports" ] || die "the folder for the reports, $reports, is a link: name a new or an empty folder outside of the checkout"
  mkdir -p -- "$reports"
  [ -z "$(ls -A -- "$reports")" ] || die "the folder for the reports, $reports, is not empty: name a new or an empty one outside of the checkout"
  set -o noclobber
  scratch=$(mktemp -d) || exit 74
  trap 'rm -rf "$scratch"' EXIT
  local reasons=() compared=yes

  # What a change adds to the baseline would let pass whatever it breaks: only what was wrong before is known.
  if ! base=$(base_of "$WRIT_RANGE"); then
    # What is missing writ says better.
    ask "$scratch/diff.md" diff "$WRIT_RANGE"
    die "git cannot tell where $WRIT_RANGE begins"
  fi
  check+=("--against=$base")
  local strict=()
  ! fails_on warnings || strict=(--strict)
  ask "$reports/check.md" check --rev "$head" --format markdown "${check[@]}" ${strict[@]+"${strict[@]}"}
  local checked=$code
  if [ "$checked" -ne 0 ] && [ ! -s "$reports/check.md" ]; then
    cat "$scratch/messages" >&2
    reasons+=("the policy could not be judged")
    printf '**The policy could not be judged**: the log of the run says why.\n' >>"$reports/check.md"
  elif [ "$checked" -ne 0 ] && { fails_on errors || fails_on warnings; }; then
    reasons+=("the policy has errors")
  fi

  ask "$scratch/diff.md" diff "$WRIT_RANGE" --format markdown --exit-code "${compare[@]}"
  local diff=$code
  [ "${#approvals[@]}" -gt 0 ] && [ -s "$scratch/diff.md" ] || cat "$scratch/messages" >&2
  if [ ! -s "$scratch/diff.md" ]; then
    # What does not compile can hide anything.
    compared=no
    reasons+=("nothing could be compared: the policy does not compile")
  else
    if [ "$diff" -eq 1 ] && fails_on violations; then reasons+=("rules are violated"); fi
    if [ "$diff" -ne 0 ] && fails_on changes; then reasons+=("access or trust changes"); fi
    if grep -q '^\*\*Not judged\*\*' "$scratch/diff.md"; then reasons+=("a part could not be judged"); fi
  fi

  local alone='' before
  if [ "$compared" = yes ] && [ "${#approvals[@]}" -gt 0 ]; then
    if [ "$approval_range" != "$WRIT_RANGE" ]; then
      alone=$scratch/alone.md
      ask "$scratch/blocked.md" diff "$approval_range" --format markdown "${compare[@]}"
      before=$code
      ask "$alone" diff "$approval_range" --format markdown "${approvals[@]}" "${compare[@]}"
    else
      before=0
      [ "$diff" -ne 1 ] || before=1
      rm -f "$scratch/diff.md"
      ask "$scratch/diff.md" diff "$WRIT_RANGE" --format markdown "${approvals[@]}" "${compare[@]}"
    fi
    cat "$scratch/messages" >&2
    # Violations are asked about apart, so the one failure is never taken for the other; `approvals` fails on both.
    if [ "$code" -eq 1 ] && fails_on approvals; then
      if [ "$before" -eq 0 ]; then reasons+=("approvals are missing")
      elif [[ " ${reasons[*]-} " != *"rules are violated"* ]]; then reasons+=("rules are violated"); fi
    fi
  fi

  say_all
  more_formats
  show

  if [ "${#reasons[@]}" -gt 0 ]; then
    local verdict
    verdict=$(printf '%s; ' "${reasons[@]}")
    printf 'failure %s\n' "${verdict%; }" | tee "$reports/verdict.new"
  else
    printf 'success nothing here needs to be changed or approved\n' | tee "$reports/verdict.new"
  fi
  # It is there as a whole, or not at all.
  mv "$reports/verdict.new" "$reports/verdict"
  [ "${#reasons[@]}" -eq 0 ] || exit 1
  exit 0
}

# --- what is said, of what main knows -------------------------------------------------------

says_something() { [ "$checked" -ne 0 ] || grep -q '^|' "$reports/check.md"; }

# What a reviewer needs first stands first: the change, or why it cannot be shown.
say_all() {
  local parts=() part bytes=0
  if [ "$compared" = yes ]; then
    parts+=("$reports/diff.md")
    cp "$scratch/diff.md" "$reports/diff.md"
    if [ -n "$alone" ]; then
      { printf '**What the last of these changes does by itself:**\n\n'; cat "$alone"; } >"$reports/alone.md"
      parts+=("$reports/alone.md")
    fi
    ! says_something || parts+=("$reports/check.md")
  else
    printf '**Nothing could be compared**: a policy that does not compile is no policy. Access that it would give or take is not known. Mend the errors, and this is judged again.\n' >"$reports/diff.md"
    parts+=("$reports/check.md" "$reports/diff.md")
  fi
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
}

more_formats() {
  local word words
  read -r -d '' -a words <<<"${WRIT_REPORT_FORMATS:-}" || true
  for word in ${words[@]+"${words[@]}"}; do
    case $word in
      json | sarif | junit | rdjson) ;;
      markdown) continue ;;
      gitlab) ask "$reports/check.gitlab" check --rev "$head" --format gitlab "${check[@]}"; continue ;;
      *) die "no report is of the format \`$word\`" ;;
    esac
    ask "$reports/check.$word" check --rev "$head" --format "$word" "${check[@]}" ${strict[@]+"${strict[@]}"}
    [ "$compared" = no ] || ask "$reports/diff.$word" diff "$WRIT_RANGE" --format "$word" ${approvals[@]+"${approvals[@]}"} "${compare[@]}"
  done
}

show() {
  [ "$format" != none ] || return 0
  ask "$scratch/check.log" check --rev "$head" --format "$format" "${check[@]}" ${strict[@]+"${strict[@]}"}
  cat "$scratch/messages" "$scratch/check.log"
  [ "$compared" = yes ] || return 0
  ask "$scratch/diff.log" diff "$WRIT_RANGE" --format "$format" ${approvals[@]+"${approvals[@]}"} "${compare[@]}"
  cat "$scratch/diff.log"
}

main "$@"
