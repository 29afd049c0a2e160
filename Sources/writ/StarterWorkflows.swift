// Made by `swift run dev generate` from examples/pull-requests/.github: edit those.

/// What `writ init --github` adds.
enum StarterWorkflows {
  static let files: [(path: String, text: String)] = [
    (
      ".github/workflows/writ.yml",
      #"""
      # Judges every change of the access policy: https://docs.github.com/actions tells of the words, Writ's docs/pull-requests.md why
      # they are these. Copy it to the default branch, with writ-review.yml.
      #
      # Set two variables of the repository: WRIT_SOURCE, the repository that holds Writ, and WRIT_REVISION, the full id of its
      # commit that you reviewed. A pull request can change neither.
      name: writ

      on:
        # Both run the workflow of the default branch, whatever the pull request makes of this file.
        pull_request_target: # zizmor: ignore[dangerous-triggers] nothing of the change is checked out or run: writ reads it as data
          types: [opened, reopened, synchronize, edited, ready_for_review]
          branches: [main]
        workflow_run: # zizmor: ignore[dangerous-triggers] takes the id of a commit from the run, and nothing that it made
          workflows: [writ-review]
          types: [completed]
        # Two good changes can be a bad one: a merge queue has them judged together.
        merge_group:
          branches: [main]

      permissions: {}

      # By the pull request, not by its commit alone: several may offer the same one, each with a verdict of its own.
      concurrency:
        group: writ-${{ github.event.pull_request.number || github.event.workflow_run.head_sha || github.event.merge_group.head_ref }}
        cancel-in-progress: true

      jobs:
        judge:
          name: judge
          runs-on: ubuntu-24.04
          timeout-minutes: 30
          permissions:
            contents: read # fetches the commits
            pull-requests: write # reads the reviews, writes one comment
            statuses: write # the verdict
          steps:
            - name: Writ comes from where the variables say
              env:
                WRIT_SOURCE: ${{ vars.WRIT_SOURCE }}
                WRIT_REVISION: ${{ vars.WRIT_REVISION }}
              run: |
                [[ $WRIT_SOURCE == ?*/?* && $WRIT_REVISION =~ ^[0-9a-f]{40}$ ]] && exit
                echo "set the variables WRIT_SOURCE (owner/name) and WRIT_REVISION (40 hex digits) of this repository" >&2
                exit 1
            - name: Fetch Writ, and nothing else
              uses: actions/checkout@08c6903cd8c0fde910a37f88322edcfb5dd907a8 # v5.0.0
              with:
                repository: ${{ vars.WRIT_SOURCE }}
                ref: ${{ vars.WRIT_REVISION }}
                path: writ
                persist-credentials: false
            # Where runners have a writ already, leave this out and name it below: `writ: /usr/local/bin/writ`.
            - name: Install what building Writ needs
              run: sudo apt-get update && sudo apt-get install --yes --no-install-recommends pkg-config libgit2-dev libyaml-dev
            - name: Judge
              uses: ./writ # zizmor: ignore[self-repository] the checkout above, which is no part of this repository
              with:
                comment: "true"
                status: "true"

      """#
    ),
    (
      ".github/workflows/writ-review.yml",
      #"""
      # Says that a review came or went, so that writ.yml judges again. A pull request can change this file, hence it may do nothing.
      name: writ-review

      on:
        pull_request_review:
          types: [submitted, dismissed]

      permissions: {}

      concurrency:
        group: writ-review-${{ github.event.review.id }}
        cancel-in-progress: false

      jobs:
        notice:
          name: notice
          runs-on: ubuntu-24.04
          timeout-minutes: 5
          steps:
            - name: Nothing but an event
              run: "true"

      """#
    ),
  ]
}
