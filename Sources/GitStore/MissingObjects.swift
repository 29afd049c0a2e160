/// The objects that a partial clone left at its remote, fetched by the `git` program.
///
/// Reading a repository runs no program, with this one exception, for which all of these must hold:
/// the clone's own configuration (`.git/config`, which no commit or pull request can change) names a
/// promisor remote; the caller allows it; and an object that was asked for is not here. Then git is run as
/// git itself would run it to read that object, with the remote and credentials that made the clone.
/// What it fetches stays in the clone.
struct MissingObjects: Sendable {
  private let origin: Repository.Origin
  private let promisor: String?

  init(origin: Repository.Origin, promisor: String?) {
    self.origin = origin
    self.promisor = promisor
  }

  var canFetch: Bool { promisor != nil }

  /// The remote that has what the clone left out: nil in a full clone.
  static func promisor(in configuration: borrowing Configuration) -> String? {
    if let remote = configuration.string("extensions.partialclone"), !remote.isEmpty { return remote }
    for setting in configuration.settings(matching: #"^remote\..*\.promisor$"#) {
      guard configuration.bool(setting.name) == true else { continue }
      return String(setting.name.dropFirst("remote.".count).dropLast(".promisor".count))
    }
    return nil
  }

  /// - Parameter stillAbsent: looks again, and says what is missing after all.
  func fetch(
    _ ids: [ObjectID], stillAbsent: () throws(GitError) -> [ObjectID]
  ) throws(GitError) {
    guard let git = GitProgram(origin.environment) else { throw .noProgram(ids) }
    let wanted = Array(Set(ids)).sorted()

    // First all of them by one connection, as git does before a checkout. An old git, or a
    // remote that hands out no single objects, may fail here: the second way then decides.
    if let promisor, !promisor.hasPrefix("-") {
      _ = try? git.run(
        [
          "-c", "fetch.negotiationAlgorithm=noop", "-c", "fetch.recurseSubmodules=false",
          "fetch", promisor, "--no-tags", "--no-write-fetch-head", "--no-auto-maintenance",
          "--filter=blob:none", "--stdin",
        ], in: origin.location.gitDirectory, input: Self.lines(wanted))
    }
    var absent = try stillAbsent()
    if absent.isEmpty { return }

    // Then one by one, by reading them: `cat-file` fetches what it does not find. The answer is
    // only type and size, so that nothing large comes through the pipe; libgit2 reads the rest.
    let outcome = try git.run(
      ["cat-file", "--batch-check"], in: origin.location.gitDirectory, input: Self.lines(absent))
    absent = try stillAbsent()
    if let first = absent.first { throw .fetchFailed(first, absent.count, outcome.complaint) }
  }

  func error(for id: ObjectID, what: String, isShallow: Bool) -> GitError {
    if let promisor { return .leftOut(id, what, promisor) }
    if isShallow { return .cutOff(id, what) }
    return GitError(
      .missingObject, "object \(id.short) (\(what)) is not in the repository",
      hint: "`git fsck` names what is missing; a fresh clone repairs it")
  }

  private static func lines(_ ids: [ObjectID]) -> [UInt8] {
    ids.flatMap { Array("\($0)\n".utf8) }
  }
}

extension GitError {
  fileprivate static func noProgram(_ ids: [ObjectID]) -> Self {
    Self(
      .missingObject, "this partial clone lacks \(count(ids.count)), and there is no `git` in PATH to fetch them",
      hint: "install git, or make a full clone: `git clone` without --filter")
  }

  fileprivate static func fetchFailed(_ first: ObjectID, _ number: Int, _ complaint: String?) -> Self {
    let reason = complaint.map { ": `git` said: \($0)" } ?? ""
    return Self(
      .missingObject,
      "this partial clone lacks \(count(number)) (\(first.short)…), and git could not fetch them\(reason)",
      hint: "check the remote and your access to it, then `git fetch --refetch --no-filter` for all of them")
  }

  fileprivate static func leftOut(_ id: ObjectID, _ what: String, _ promisor: String) -> Self {
    Self(
      .missingObject, "object \(id.short) (\(what)) is not in this partial clone",
      hint: "`git fetch --refetch --no-filter \(escaped(promisor))` fetches everything; or let writ fetch what it needs")
  }

  fileprivate static func cutOff(_ id: ObjectID, _ what: String) -> Self {
    Self(
      .missingObject, "object \(id.short) (\(what)) is not in this shallow clone",
      hint: "`git fetch --unshallow` fetches the rest; in CI, set `fetch-depth: 0`")
  }

  private static func count(_ number: Int) -> String {
    number == 1 ? "an object" : "\(number) objects"
  }
}
