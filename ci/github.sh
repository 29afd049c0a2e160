#!/usr/bin/env bash
# Judges a change on GitHub, and says so there. Run by action.yml, which says what each input means; everything comes by
# the environment, nothing by text that a shell would read.
#
#   WRIT, WRIT_EVENT, WRIT_NUMBER (pull_request*), WRIT_RUN_OWNER, _BRANCH, _COMMIT (workflow_run), WRIT_QUEUE_BASE, _BEFORE,
#   _HEAD, _REF (merge_group), WRIT_REVISIONS and WRIT_REPOSITORY (no event), WRIT_APPROVALS (reviews, given, none),
#   WRIT_APPROVED_BY, WRIT_AUTHOR, WRIT_COMMENT and WRIT_STATUS (true, false), and what ci/judge.sh takes; GH_TOKEN and the
#   variables of a runner. WRIT_REMOTE stands in for the host's address.
set -euo pipefail
shopt -s inherit_errexit

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=ci/github/change.sh
. "$here/github/change.sh"
# shellcheck source=ci/github/approvals.sh
. "$here/github/approvals.sh"
# shellcheck source=ci/github/comment.sh
. "$here/github/comment.sh"

die() { printf 'github: error: %s\n' "$*" >&2; exit 69; }

work=${WRIT_WORK:-${RUNNER_TEMP:?}/writ}
mkdir -p "$work"
mark=writ:pull-request
: "${WRIT_EVENT:=}" "${WRIT_REVISIONS:=}" "${WRIT_APPROVALS:=none}" "${WRIT_COMMENT:=false}" "${WRIT_STATUS:=false}"
case $WRIT_APPROVALS in reviews | given | none) ;; *) die "approvals are: reviews, given or none" ;; esac

# Runs ci/judge.sh without the token, and leaves its exit code in `code`.
judge() { # REPOSITORY RANGE APPROVAL_RANGE APPROVED_BY AUTHORS REPORTS
  local asked=asked
  [ "$WRIT_APPROVALS" != none ] || asked=none
  code=0
  env -u GH_TOKEN -u GITHUB_TOKEN -u ACTIONS_ID_TOKEN_REQUEST_TOKEN -u ACTIONS_RUNTIME_TOKEN \
    WRIT_REPOSITORY="$1" WRIT_RANGE="$2" WRIT_APPROVAL_RANGE="$3" WRIT_APPROVALS="$asked" WRIT_APPROVED_BY="$4" WRIT_AUTHORS="$5" WRIT_REPORTS="$6" \
    "$here/judge.sh" || code=$?
  if [ -n "${GITHUB_STEP_SUMMARY:-}" ] && [ -e "$6/report.md" ]; then cat "$6/report.md" >>"$GITHUB_STEP_SUMMARY"; fi
}

# Judges what `pull_request` or `merge_group` fetched.
one() { # REPORTS
  local approved='' state text
  ! [ "$WRIT_STATUS" = true ] || status "$head" "$base" pending "being judged"
  # Whatever ends this script from here on is no verdict, and must not stay pending.
  [ "$WRIT_STATUS" != true ] || trap 'status "$head" "$base" error "could not be judged: see the log"' EXIT
  case $WRIT_APPROVALS in
    reviews) approved=$(approvers "$number" "${approved_head:-$head}" "$authors") ;;
    given) approved=${WRIT_APPROVED_BY:-} ;;
  esac
  judge "$work/repository/.git" "$range" "$approval_range" "$approved" "$authors" "$1"
  [ -e "$1/verdict" ] || exit "$code"
  read -r state text <"$1/verdict"
  if [ "$WRIT_COMMENT" = true ] && [ "$WRIT_EVENT" != merge_group ]; then comment "$number" "$mark" "$1/comment.md"; fi
  trap - EXIT
  ! [ "$WRIT_STATUS" = true ] || status "$head" "$base" "$state" "$text"
}

worst=0
if [ -n "$WRIT_REVISIONS" ]; then
  [ "$WRIT_APPROVALS" != reviews ] || WRIT_APPROVALS=none
  judge "${WRIT_REPOSITORY:-.}" "$WRIT_REVISIONS" '' "${WRIT_APPROVED_BY:-}" "${WRIT_AUTHOR:-}" "$work/reports"
  worst=$code
elif [ "$WRIT_EVENT" = merge_group ]; then
  merge_group
  one "$work/reports"
  worst=$code
else
  numbers=$(pull_requests)
  [ -n "$numbers" ] || echo "no open pull request offers this commit: nothing to judge"
  for it in $numbers; do
    pull_request "$it"
    one "$work/reports"
    [ "$code" -eq 0 ] || worst=$code
  done
fi
[ -z "${GITHUB_OUTPUT:-}" ] || printf 'reports=%s\n' "$work/reports" >>"$GITHUB_OUTPUT"
exit "$worst"
