import Foundation
import TestSupport

/// A code host in a folder: a bare repository, the answers of its interface as files, and a `gh` that reads and writes them.
struct FakeGitHub {
  let scratch: Scratch

  /// `gh` filters answers itself; ours asks jq.
  static let canAnswer = (try? Program.run("/usr/bin/env", ["jq", "--version"], in: "/").status) == 0

  /// - Parameter files: what is on `main` beside the small policy.
  init(_ files: [String: String] = [:]) throws {
    scratch = try Scratch.withPolicy()
    for (path, text) in files { try scratch.write(path, text) }
    try scratch.write(".gitignore", "/host/\n")
    try scratch.commit("main")
    try scratch.git("clone", "--quiet", "--bare", ".", "host/origin.git")
    try scratch.write("host/bin/gh", Self.program)
    try scratch.git("remote", "add", "origin", scratch.url("host/origin.git").path)
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: scratch.url("host/bin/gh").path)
  }

  /// A pull request whose commit is in no branch of the host, as it is where it comes from a fork.
  @discardableResult
  func offer(_ number: Int, by author: String = "raj", to base: String = "main", _ change: (Scratch) throws -> Void) throws -> String {
    try scratch.git("checkout", "--quiet", "-B", "topic", "main")
    try change(scratch)
    try scratch.commit("::error::change \(number)")
    try scratch.git("push", "--quiet", "--force", "origin", "HEAD:refs/pull/\(number)/head")
    let head = try commit("HEAD")
    try scratch.git("checkout", "--quiet", "main")
    try answer("pulls/\(number)", Self.pull(number, head: head, base: base, author: author))
    try answer("pulls", "[\(Self.pull(number, head: head, base: base, author: author))]")
    if !scratch.has("host/api/repos_acme_policy_issues_\(number)_comments.json") { try answer("issues/\(number)/comments", "[]") }
    if !scratch.has("host/api/repos_acme_policy_pulls_\(number)_reviews.json") { try review(number, []) }
    return head
  }

  func review(_ number: Int, _ reviews: [(login: String, state: String, commit: String)], as association: String = "MEMBER") throws {
    let items = reviews.map {
      #"""
      {"user": {"login": "\#($0.login)"}, "state": "\#($0.state)", "commit_id": "\#($0.commit)", "author_association": "\#(association)"}
      """#
    }
    try answer(
      "pulls/\(number)/reviews", "[\((items + [#"{"user": null, "state": "APPROVED", "commit_id": null}"#]).joined(separator: ","))]")
  }

  /// Several pull requests to branches whose heads are one commit.
  func offerOnce(_ numbers: [Int: String], _ change: (Scratch) throws -> Void) throws -> String {
    var head = ""
    for (number, base) in numbers.sorted(by: { $0.key < $1.key }) {
      if head.isEmpty {
        head = try offer(number, to: base, change)
      } else {
        try scratch.git("push", "--quiet", "--force", "origin", "\(head):refs/pull/\(number)/head")
        try answer("pulls/\(number)", Self.pull(number, head: head, base: base, author: "raj"))
        try answer("issues/\(number)/comments", "[]")
        try review(number, [])
      }
    }
    let all = numbers.sorted { $0.key < $1.key }.map { Self.pull($0.key, head: head, base: $0.value, author: "raj") }
    try answer("pulls", "[\(all.joined(separator: ","))]")
    return head
  }

  /// Has the host refuse what the token has no right to: extended regular expressions of `METHOD path`.
  func refuse(_ patterns: String...) throws {
    try scratch.write("host/refused", patterns.joined(separator: "\n") + "\n")
  }

  /// More on `main`, after which whatever was offered is behind.
  func moveOn(_ change: (Scratch) throws -> Void) throws {
    try change(scratch)
    try scratch.commit("main moves on")
    try scratch.git("push", "--quiet", "origin", "main")
  }

  func judge(_ number: Int? = nil, _ environment: [String: String] = [:]) throws -> Run {
    var variables = [
      "WRIT": Program.writ, "WRIT_EVENT": "pull_request_target", "WRIT_NUMBER": number.map { "\($0)" } ?? "", "WRIT_APPROVALS": "reviews",
      "WRIT_COMMENT": "true", "WRIT_STATUS": "true", "WRIT_FORMAT": "github", "WRIT_REMOTE": scratch.url("host/origin.git").path,
      "WRIT_AT": "2026-11-20T22:00:00Z", "GH_TOKEN": "ghs_canary", "GITHUB_REPOSITORY": "acme/policy",
      "GITHUB_SERVER_URL": "https://git.invalid", "GITHUB_RUN_ID": "7", "RUNNER_TEMP": scratch.url("host/temp").path,
      "FAKE_HOST": scratch.url("host").path,
      "PATH": scratch.url("host/bin").path + ":" + (Program.environment["PATH"] ?? ""),
    ]
    variables.merge(environment) { $1 }
    return try Program.run(Golden.root.appending(path: "ci/github.sh").path, [], in: scratch.path, environment: variables)
  }

  // MARK: What the host holds

  func commit(_ revision: String) throws -> String {
    try scratch.git("rev-parse", revision).trimmingCharacters(in: .whitespacesAndNewlines)
  }

  func answer(_ path: String, _ text: String) throws {
    try scratch.write("host/api/repos_acme_policy_\(path.replacing("/", with: "_")).json", text)
  }

  /// The texts of the comments, oldest first.
  func comments(_ number: Int) throws -> [String] {
    let text = try scratch.read("host/api/repos_acme_policy_issues_\(number)_comments.json")
    let list = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [[String: Any]] ?? []
    return list.compactMap { $0["body"] as? String }
  }

  /// Each verdict: commit, state, context and description.
  var statuses: [String] { get throws { try lines("statuses") } }

  /// What was written to the host: method and path.
  var calls: [String] { get throws { try lines("calls") } }

  private func lines(_ name: String) throws -> [String] {
    scratch.has("host/\(name)") ? try scratch.read("host/\(name)").split(separator: "\n").map(String.init) : []
  }

  private static func pull(_ number: Int, head: String, base: String, author: String) -> String {
    #"""
    {"number": \#(number), "state": "open", "title": "::error::$(id)", "user": {"login": "\#(author)"},
     "head": {"sha": "\#(head)", "ref": "$(touch pwned)"}, "base": {"ref": "\#(base)"}}
    """#
  }

  private static let program = #"""
    #!/usr/bin/env bash
    # `gh api`, as far as the scripts use it. Refuses what the host would refuse.
    set -euo pipefail
    [ "$1" = api ] || exit 64
    shift
    method=GET path='' filter=. fields=()
    while [ $# -gt 0 ]; do
      case $1 in
        --method) method=$2; shift 2 ;;
        --jq) filter=$2; shift 2 ;;
        -f | -F) fields+=("$2"); shift 2 ;;
        --paginate | --silent) shift ;;
        -*) echo "gh: unknown option $1" >&2; exit 64 ;;
        *) path=${1%%\?*}; shift ;;
      esac
    done
    field() {
      local it
      for it in ${fields[@]+"${fields[@]}"}; do
        case $it in "$1=@"*) cat "${it#*=@}"; return ;; "$1="*) printf '%s' "${it#*=}"; return ;; esac
      done
    }
    file() { printf '%s/api/%s.json' "$FAKE_HOST" "${1//\//_}"; }
    if [ -e "$FAKE_HOST/refused" ] && grep -qE -f "$FAKE_HOST/refused" <<<"$method $path $(field state)"; then
      printf 'gh: Resource not accessible by integration (HTTP 403)\n::error::orders\n' >&2
      exit 1
    fi
    [ "$method" = GET ] || printf '%s %s\n' "$method" "$path" >>"$FAKE_HOST/calls"
    case $method:$path in
      GET:*) [ -e "$(file "$path")" ] || { echo "gh: Not Found (HTTP 404)" >&2; exit 1; }; jq -r "$filter" "$(file "$path")" ;;
      POST:*/statuses/*)
        [ "$(field description | wc -m)" -le 140 ] || { echo "gh: description is too long (HTTP 422)" >&2; exit 1; }
        printf '%s %s %s: %s\n' "${path##*/}" "$(field state)" "$(field context)" "$(field description)" >>"$FAKE_HOST/statuses"
        ;;
      *:*/comments*)
        field body >"$FAKE_HOST/body"
        [ "$(wc -m <"$FAKE_HOST/body")" -le 65536 ] || { echo "gh: body is too long (maximum is 65536 characters) (HTTP 422)" >&2; exit 1; }
        if [ "$method" = POST ]; then
          list=$(file "$path")
          jq --rawfile body "$FAKE_HOST/body" '. + [{id: (90 + length), user: {login: "github-actions[bot]"}, body: $body}]' "$list" >"$FAKE_HOST/new"
        else
          list=$(grep -l "\"id\": ${path##*/}," "$FAKE_HOST"/api/*_comments.json)
          jq --rawfile body "$FAKE_HOST/body" --argjson id "${path##*/}" 'map(if .id == $id then .body = $body else . end)' "$list" >"$FAKE_HOST/new"
        fi
        mv "$FAKE_HOST/new" "$list"
        ;;
      *) echo "gh: Not Found (HTTP 404)" >&2; exit 1 ;;
    esac
    """#
}
