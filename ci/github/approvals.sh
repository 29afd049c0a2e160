# shellcheck shell=bash
# Sourced by ci/github.sh: who approved a commit.

# Prints the logins, one a line, whose last word on a pull request is an approval of exactly this commit, and who may write to
# the repository: anybody may review where anybody may read.
#
# A later comment takes nothing back; a later request for changes does, and so does a dismissal. An approval of an older
# commit is none of this one. The author is left out here, and writ is told who that is as well.
# https://docs.github.com/en/rest/pulls/reviews#list-reviews-for-a-pull-request: in chronological order.
approvers() { # NUMBER COMMIT AUTHOR
  local reviews login association
  reviews=$(told gh api --paginate "repos/$GITHUB_REPOSITORY/pulls/$1/reviews?per_page=100" --jq '
    .[] | select(.state == "APPROVED" or .state == "CHANGES_REQUESTED" or .state == "DISMISSED")
    | select(.user != null) | [.user.login, .state, (.commit_id // "-"), (.author_association // "NONE")] | @tsv') ||
    die "the reviews of pull request $1 could not be read: the job needs \`permissions: pull-requests: read\` (or write)"
  reviews=$(awk -F '\t' -v commit="$2" -v author="$3" '
      { state[$1] = $2; of[$1] = $3; as[$1] = $4 }
      END { for (login in state) if (state[login] == "APPROVED" && of[login] == commit && tolower(login) != tolower(author)) print login "\t" as[login] }
    ' <<<"$reviews" | LC_ALL=C sort)
  while IFS=$'\t' read -r login association <&3; do
    [ -n "$login" ] || continue
    if may_write "$login" "$association"; then printf '%s\n' "$login"
    else printf 'github: note: %s approved, but may not write to this repository, so that counts for nothing\n' "$login" >&2; fi
  done 3<<<"$reviews"
}

# Whether somebody may write. Where the host does not tell, what it says of whoever reviewed has to do: OWNER, MEMBER (of the
# organisation) or COLLABORATOR.
# https://docs.github.com/en/rest/collaborators/collaborators#get-repository-permissions-for-a-user
may_write() { # LOGIN ASSOCIATION
  local permission
  [[ $1 =~ ^[A-Za-z0-9_-]+(\[bot\])?$ ]] || return 1
  if permission=$(gh api "repos/$GITHUB_REPOSITORY/collaborators/$1/permission" --jq .permission 2>/dev/null); then
    case $permission in admin | maintain | write | push) return 0 ;; *) return 1 ;; esac
  fi
  case $2 in OWNER | MEMBER | COLLABORATOR) return 0 ;; *) return 1 ;; esac
}
