# shellcheck shell=bash
# Sourced by ci/github.sh: one comment a pull request, found again by a hidden mark.

# Anybody can write the mark into a comment, so only our own comments with it count. Fails where it could not be written.
comment() { # NUMBER MARK FILE
  local mark="<!-- $2 -->" found body="$work/body"
  { printf '%s\n' "$mark"; cat "$3"; } >"$body"
  found=$(MARK=$mark BY=${WRIT_COMMENT_AUTHOR:-github-actions[bot]} told gh api --paginate "repos/$GITHUB_REPOSITORY/issues/$1/comments?per_page=100" \
    --jq '.[] | select(.user.login == env.BY) | select(.body | startswith(env.MARK)) | .id') || return
  found=${found%%$'\n'*}
  if [ -n "$found" ]; then
    [[ $found =~ ^[0-9]+$ ]] || die "not the id of a comment"
    told gh api --silent --method PATCH "repos/$GITHUB_REPOSITORY/issues/comments/$found" -F "body=@$body"
  else
    told gh api --silent --method POST "repos/$GITHUB_REPOSITORY/issues/$1/comments" -F "body=@$body"
  fi
}

# The verdict on a commit. Its context names the branch to merge into: with one name for all, a change that is judged by the
# policy of one branch would pass at another, where it is the same commit. Fails where it could not be set.
status() { # COMMIT BASE STATE TEXT
  told gh api --silent --method POST "repos/$GITHUB_REPOSITORY/statuses/$1" -f "state=$3" -f "context=writ/$2" -f "description=${4:0:140}" \
    -f "target_url=$GITHUB_SERVER_URL/$GITHUB_REPOSITORY/actions/runs/$GITHUB_RUN_ID"
}
