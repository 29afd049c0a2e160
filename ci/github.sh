#!/usr/bin/env bash
# Judges a change on GitHub, and says so there. Run by action.yml, which says what each input means; everything comes by
# the environment, nothing by text that a shell would read.
#
#   WRIT, WRIT_EVENT, WRIT_NUMBER (pull_request*), WRIT_RUN_OWNER, _BRANCH, _COMMIT (workflow_run), WRIT_QUEUE_BASE, _BEFORE,
#   _HEAD, _REF (merge_group), WRIT_REVISIONS and WRIT_REPOSITORY (no event), WRIT_APPROVALS (reviews, given, none),
#   WRIT_APPROVED_BY, WRIT_AUTHOR, WRIT_COMMENT and WRIT_STATUS (true, false), and what ci/judge.sh takes; GH_TOKEN and the
#   variables of a runner. WRIT_REMOTE stands in for the host's address.
#
# Exits as ci/judge.sh does; with 69 where what is judged could not be had, or a verdict could not be set.
set -euo pipefail
shopt -s inherit_errexit

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=ci/github/change.sh
. "$here/github/change.sh"
# shellcheck source=ci/github/approvals.sh
. "$here/github/approvals.sh"
# shellcheck source=ci/github/comment.sh
. "$here/github/comment.sh"

work=${WRIT_WORK:-${RUNNER_TEMP:?}/writ}
mark=writ:pull-request
# What `pull_request` and `merge_group` find out.
number='' head='' base='' range='' approval_range='' authors='' approved_head=''

die() { printf 'github: error: %s\n' "$*" >&2; exit 69; }
# The words are ours; what the host answered gives no orders to the runner, since `told` put `gh: ` before it.
warn() { printf '::warning title=Writ::%s\n' "$*"; }

# Runs gh; what it says of a failure is text.
told() { # COMMAND ARGUMENT...
  "$@" 2> >(sed 's/^\(gh: \)\{0,1\}/  gh: /; s/\r/ /g' >&2)
}

# What to change where something could not be written.
help() { # PERMISSION INPUT
  printf '%s' "the job needs \`permissions: $1: write\`, which the token of a fork never has on \`pull_request\`: " \
    "use \`pull_request_target\` (docs/pull-requests.md), or call the action with \`$2: \"false\"\`"
}

# Runs ci/judge.sh without the token, and leaves its exit code in `code`.
judge() { # REPOSITORY RANGE APPROVAL_RANGE APPROVED_BY AUTHORS
  local asked=asked reports=$work/reports
  [ "$WRIT_APPROVALS" != none ] || asked=none
  code=0
  rm -rf -- "$reports"
  env -u GH_TOKEN -u GITHUB_TOKEN -u ACTIONS_ID_TOKEN_REQUEST_TOKEN -u ACTIONS_RUNTIME_TOKEN \
    WRIT_REPOSITORY="$1" WRIT_RANGE="$2" WRIT_APPROVAL_RANGE="$3" WRIT_APPROVALS="$asked" WRIT_APPROVED_BY="$4" WRIT_APPROVAL_HOST=github \
    WRIT_AUTHORS="$5" WRIT_REPORTS="$reports" "$here/judge.sh" || code=$?
}

summary() {
  if [ -n "${GITHUB_STEP_SUMMARY:-}" ] && [ -e "$work/reports/report.md" ]; then cat "$work/reports/report.md" >>"$GITHUB_STEP_SUMMARY"; fi
}

# Called as soon as it is known which commit is judged: whatever ends this shell from here on is no verdict, and must neither
# stay pending nor leave an older verdict standing.
begin() {
  [ "$WRIT_STATUS" = true ] || return 0
  trap 'status "$head" "$base" error "could not be judged: see the log" || true' EXIT
  status "$head" "$base" pending "being judged" || warn "could not set the status writ/$base of $head: $(help statuses status)"
}

# Judges what `pull_request` or `merge_group` fetched, and ends this shell with the exit code.
one() {
  local approved='' state text attempt
  for attempt in 1 2 3 4; do
    [ "$attempt" -lt 4 ] || die "the reviews of pull request $number keep changing"
    case $WRIT_APPROVALS in
      reviews) approved=$(approvers "$number" "${approved_head:-$head}" "$authors") ;;
      given) approved=${WRIT_APPROVED_BY:-} ;;
    esac
    judge "$work/repository/.git" "$range" "$approval_range" "$approved" "$authors"
    # A review that came or went meanwhile has a run of its own, which may end before this one.
    [ "$WRIT_APPROVALS" = reviews ] || break
    [ "$(approvers "$number" "${approved_head:-$head}" "$authors" 2>/dev/null)" != "$approved" ] || break
    echo "the reviews changed meanwhile: judging again"
  done
  summary
  [ -e "$work/reports/verdict" ] || { [ "$code" -ne 0 ] || code=69; exit "$code"; }
  read -r state text <"$work/reports/verdict"
  [ "$state" != success ] || [ "$code" -eq 0 ] || die "the verdict and its exit code differ"
  if [ "$WRIT_COMMENT" = true ] && [ "$WRIT_EVENT" != merge_group ]; then
    comment "$number" "$mark" "$work/reports/comment.md" || warn "could not write the comment on pull request $number: $(help pull-requests comment)"
  fi
  trap - EXIT
  if [ "$WRIT_STATUS" = true ] && ! status "$head" "$base" "$state" "$text"; then
    die "could not set the status writ/$base of $head to $state ($text): $(help statuses status)"
  fi
  exit "$code"
}

# Read as a whole before any of it runs.
main() {
  mkdir -p "$work"
  : "${WRIT_EVENT:=}" "${WRIT_REVISIONS:=}" "${WRIT_APPROVALS:=none}" "${WRIT_COMMENT:=false}" "${WRIT_STATUS:=false}"
  case $WRIT_APPROVALS in reviews | given | none) ;; *) die "approvals are: reviews, given or none" ;; esac

  local worst=0 numbers it
  if [ -n "$WRIT_REVISIONS" ]; then
    [ "$WRIT_APPROVALS" != reviews ] || WRIT_APPROVALS=none
    judge "${WRIT_REPOSITORY:-.}" "$WRIT_REVISIONS" '' "${WRIT_APPROVED_BY:-}" "${WRIT_AUTHOR:-}"
    summary
    worst=$code
  else
    numbers=$(changes)
    [ -n "$numbers" ] || echo "no open pull request offers this commit: nothing to judge"
    for it in $numbers; do
      # Each in a shell of its own: one that cannot be judged keeps no other from it.
      set +e
      (
        set -e
        if [ "$it" = queue ]; then merge_group; else pull_request "$it"; fi
        one
      )
      code=$?
      set -e
      [ "$code" -eq 0 ] || worst=$code
    done
  fi
  [ -z "${GITHUB_OUTPUT:-}" ] || printf 'reports=%s\n' "$work/reports" >>"$GITHUB_OUTPUT"
  exit "$worst"
}

main "$@"
