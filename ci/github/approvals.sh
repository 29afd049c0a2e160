# shellcheck shell=bash
# Sourced by ci/github.sh: who approved a commit.

# Prints the logins, one a line, whose last word on a pull request is an approval of exactly this commit.
#
# A later comment takes nothing back; a later request for changes does, and so does a dismissal. An approval of an older
# commit is none of this one. The author is left out here, and writ is told who that is as well.
# https://docs.github.com/en/rest/pulls/reviews#list-reviews-for-a-pull-request: in chronological order.
approvers() { # NUMBER COMMIT AUTHOR
  gh api --paginate "repos/$GITHUB_REPOSITORY/pulls/$1/reviews?per_page=100" --jq '
    .[] | select(.state == "APPROVED" or .state == "CHANGES_REQUESTED" or .state == "DISMISSED")
    | select(.user != null) | [.user.login, .state, (.commit_id // "-")] | @tsv' |
    awk -F '\t' -v commit="$2" -v author="$3" '
      { state[$1] = $2; of[$1] = $3 }
      END { for (login in state) if (state[login] == "APPROVED" && of[login] == commit && tolower(login) != tolower(author)) print login }
    ' | LC_ALL=C sort
}
