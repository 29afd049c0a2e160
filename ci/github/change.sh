# shellcheck shell=bash
# Sourced by ci/github.sh: which change is judged, and its objects in a bare repository of our own.
#
# Nothing of a change is checked out. What its author chose (names of branches, titles, texts) is asked of the host by number,
# stays in variables, and none of it is used but the name of the branch to merge into and the commit's id.

# Prints what the event is about, one a line: numbers of pull requests, or `queue`.
changes() {
  case $WRIT_EVENT in
    merge_group) echo queue ;;
    pull_request | pull_request_target | pull_request_review) printf '%s\n' "$WRIT_NUMBER" ;;
    # A run that a review began knows no number where it came from a fork; the host knows who offers this commit.
    workflow_run)
      local commit
      commit=$(only_hex "$WRIT_RUN_COMMIT")
      told gh api --method GET --paginate "repos/$GITHUB_REPOSITORY/pulls" -f state=open -f "head=$WRIT_RUN_OWNER:$WRIT_RUN_BRANCH" -f per_page=100 \
        --jq ".[] | select(.head.sha == \"$commit\") | .number" ||
        die "the pull requests of $commit could not be read: the job needs \`permissions: pull-requests: read\` (or write)"
      ;;
    *) die "cannot judge the event \`$WRIT_EVENT\`: pull_request_target, pull_request, workflow_run or merge_group; or name \`revisions\`" ;;
  esac
}

only_hex() { [[ $1 =~ ^[0-9a-f]{40,64}$ ]] || die "not the id of a commit"; printf '%s' "$1"; }
only_number() { [[ $1 =~ ^[1-9][0-9]{0,9}$ ]] || die "not the number of a pull request"; printf '%s' "$1"; }

# Fetches refs as data: no checkout, no submodules, no tags; the token stays out of what other processes see.
fetch() { # REF...
  local remote=${WRIT_REMOTE:-$GITHUB_SERVER_URL/$GITHUB_REPOSITORY.git}
  rm -rf "$work/repository/.git"
  git init --quiet --bare "$work/repository/.git"
  local authorization=''
  [ -z "${GH_TOKEN:-}" ] || authorization="AUTHORIZATION: basic $(printf 'x-access-token:%s' "$GH_TOKEN" | base64 | tr -d '\n')"
  GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0="http.$GITHUB_SERVER_URL/.extraheader" GIT_CONFIG_VALUE_0=$authorization GIT_TERMINAL_PROMPT=0 \
    git -C "$work/repository/.git" fetch --quiet --no-tags --no-recurse-submodules "$remote" "$@" || die "could not fetch $*"
}

in_repository() { git -C "$work/repository/.git" "$@"; }

# Sets head, base, authors, number, range and approval_range of one pull request, begins its verdict, and fetches it.
pull_request() { # NUMBER
  local state author merge_base tree
  number=$(only_number "$1")
  IFS=$'\t' read -r state head base author < <(
    told gh api "repos/$GITHUB_REPOSITORY/pulls/$number" --jq '[.state, .head.sha, .base.ref, .user.login // "ghost"] | @tsv'
  ) || die "pull request $number could not be read"
  [ "$state" = open ] || die "pull request $number is not open"
  head=$(only_hex "$head")
  authors=$author
  git check-ref-format "refs/heads/$base" || die "pull request $number goes to no branch"
  begin
  fetch "+refs/heads/$base:refs/writ/base" "+refs/pull/$number/head:refs/writ/head"
  # What is judged, what is approved and what the verdict is put on must be one commit.
  [ "$(in_repository rev-parse refs/writ/head)" = "$head" ] || die "pull request $number moved on meanwhile; the newer commit is judged by a run of its own"
  merge_base=$(in_repository merge-base refs/writ/base refs/writ/head) || die "pull request $number shares no history with \`$base\`"
  if [ "$merge_base" = "$(in_repository rev-parse refs/writ/base)" ]; then
    range="refs/writ/base...$head"
  else
    # The branch is behind: what a merge would give is judged, by the rules that stand there now.
    tree=$(in_repository merge-tree --write-tree refs/writ/base refs/writ/head) ||
      die "pull request $number cannot be merged as it is: update its branch, and resolve what conflicts"
    range="refs/writ/base..$(merge_of "$tree")"
  fi
  approval_range=$range
}

merge_of() { # TREE
  GIT_AUTHOR_NAME=writ GIT_AUTHOR_EMAIL=writ GIT_COMMITTER_NAME=writ GIT_COMMITTER_EMAIL=writ \
    in_repository commit-tree -p refs/writ/base -p refs/writ/head -m "what a merge would give" "${1%%$'\n'*}"
}

# The same of an entry of a merge queue: all that is before it in the queue is judged with it as one change.
merge_group() {
  local entry=${WRIT_QUEUE_REF##*/} before
  base=${WRIT_QUEUE_BASE#refs/heads/}
  head=$(only_hex "$WRIT_QUEUE_HEAD")
  before=$(only_hex "$WRIT_QUEUE_BEFORE")
  [[ $entry =~ ^pr-([0-9]+)-[0-9a-f]+$ ]] || die "not the branch of a merge queue"
  number=$(only_number "${BASH_REMATCH[1]}")
  git check-ref-format "refs/heads/$base" || die "the queue goes to no branch"
  begin
  fetch "+refs/heads/$base:refs/writ/base" "+$WRIT_QUEUE_REF:refs/writ/head"
  [ "$(in_repository rev-parse refs/writ/head)" = "$head" ] || die "the queue was built anew meanwhile"
  in_repository merge-base --is-ancestor refs/writ/base "$head" || die "the queue was built anew meanwhile: it is not on top of \`$base\`"
  in_repository merge-base --is-ancestor "$before" "$head" || die "the queue's entry is not on top of the one before it"
  range="refs/writ/base..$head"
  approval_range="$before..$head"
  # Approvals of this entry's own commit, for what it changes on top of those before it.
  IFS=$'\t' read -r approved_head authors < <(
    told gh api "repos/$GITHUB_REPOSITORY/pulls/$number" --jq '[.head.sha, .user.login // "ghost"] | @tsv'
  ) || die "pull request $number could not be read"
  approved_head=$(only_hex "$approved_head")
}
