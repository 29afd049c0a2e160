#!/usr/bin/env bash
# Judges a merge request in a job of GitLab, from its predefined variables and what ci/judge.sh takes. Run by ci/gitlab.yml.
#
# The work tree is the change's: nothing in it is read, run or written through. Reports are made outside of it, and put into
# the folder `.writ-reports` for the job's artifacts once all are there.
set -euo pipefail
shopt -s inherit_errexit

die() { printf 'gitlab: error: %s\n' "$@" >&2; exit 69; }

# Read as a whole before any of it runs.
main() {
  local here code=0 name work folder=$CI_PROJECT_DIR/.writ-reports
  here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
  command -v -- "${WRIT:=writ}" >/dev/null || die "there is no \`$WRIT\` in this image: build one with it (scripts/release.sh), since none is published"
  # A fork has branches of its own, so it could choose what it is compared with.
  [ "$CI_PROJECT_ID" = "$CI_MERGE_REQUEST_PROJECT_ID" ] || die "this pipeline runs in a fork: let a member run it in the parent project"

  # What is judged is the pipeline's commit: of merged results and merge trains what would be merged, with whatever is before
  # it in the train. What changes is counted from where it left the branch as that stands now.
  git -C "$CI_PROJECT_DIR" fetch --quiet --no-tags --no-recurse-submodules origin "+refs/heads/$CI_MERGE_REQUEST_TARGET_BRANCH_NAME:refs/writ/base" ||
    die "the branch \`$CI_MERGE_REQUEST_TARGET_BRANCH_NAME\` could not be fetched"
  work=$(mktemp -d) || die "no folder outside of the checkout could be made for the reports"
  WRIT=$WRIT WRIT_REPOSITORY=$CI_PROJECT_DIR WRIT_RANGE="refs/writ/base...$CI_COMMIT_SHA" WRIT_REPORTS=$work/reports WRIT_APPROVAL_HOST=gitlab \
    "$here/judge.sh" || code=$?

  # A link is removed, never followed; what a change committed there goes as well.
  rm -rf -- "$folder"
  mkdir -- "$folder"
  [ ! -d "$work/reports" ] || for name in "$work/reports"/*; do [ ! -f "$name" ] || cp -- "$name" "$folder/"; done
  rm -rf -- "$work"
  exit "$code"
}

main "$@"
