/// The objects that a partial clone left at its remote, fetched by the `git` program.
///
/// Reading a repository runs no program, with this one exception, for which all of these must hold:
/// the clone's own configuration (`.git/config`, which no commit or pull request can change) names a
/// promisor remote; the caller allows it; and an object that was asked for is not here. Then git is run with the
/// user's configuration and the remote's address, and with nothing else of the clone's: see ``PromisorRemote``.
/// What it fetches stays in the clone.
struct MissingObjects: Sendable {
  private let origin: Repository.Origin
  private let promisor: PromisorRemote?

  init(origin: Repository.Origin, promisor: PromisorRemote?) {
    self.origin = origin
    self.promisor = promisor
  }

  var canFetch: Bool { promisor != nil }

  /// - Parameter stillAbsent: looks again, and says what is missing after all.
  func fetch(
    _ ids: [ObjectID], stillAbsent: () throws(GitError) -> [ObjectID]
  ) throws(GitError) {
    guard let promisor else { return }
    let location = origin.location
    guard let configuration = promisor.file(relativeTo: location.workTree ?? location.gitDirectory) else {
      throw .noAddress(ids, promisor)
    }
    guard let git = GitProgram(origin.environment) else { throw .noProgram(ids) }
    let folder = try FetchFolder(for: location, configuration: configuration)
    let wanted = Array(Set(ids)).sorted()

    // First all of them by one connection, as git does before a checkout. An old git, or a
    // remote that hands out no single objects, may fail here: the second way then decides.
    let first = try? git.run(
      [
        "-c", "fetch.negotiationAlgorithm=noop", "-c", "fetch.recurseSubmodules=false",
        "fetch", PromisorRemote.remote, "--no-tags", "--no-write-fetch-head", "--no-auto-maintenance",
        "--filter=blob:none", "--stdin",
      ], in: folder, input: Self.lines(wanted), fetchesLazily: false)
    var absent = try stillAbsent()
    if absent.isEmpty { return }

    // Then one by one, by reading them: `cat-file` fetches what it does not find. The answer is
    // only type and size, so that nothing large comes through the pipe; libgit2 reads the rest.
    let second = try git.run(["cat-file", "--batch-check"], in: folder, input: Self.lines(absent), fetchesLazily: true)
    absent = try stillAbsent()
    if let missing = absent.first { throw .fetchFailed(missing, absent.count, second.complaint ?? first?.complaint, promisor) }
  }

  func error(for id: ObjectID, what: String, isShallow: Bool) -> GitError {
    if let promisor { return .leftOut(id, what, promisor.name) }
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

  fileprivate static func noAddress(_ ids: [ObjectID], _ promisor: PromisorRemote) -> Self {
    Self(
      .missingObject,
      "this partial clone lacks \(count(ids.count)), and `\(escaped(promisor.name))`, which has them, has no address to fetch from",
      hint: "`git remote -v` shows the addresses")
  }

  fileprivate static func fetchFailed(_ first: ObjectID, _ number: Int, _ complaint: String?, _ promisor: PromisorRemote) -> Self {
    let reason = complaint.map { ": `git` said: \($0)" } ?? ""
    let all = "`git fetch --refetch --no-filter` for all of them"
    let ignored = promisor.ignored.prefix(3).map { "`\(escaped($0))`" }.joined(separator: ", ")
    return Self(
      .missingObject,
      "this partial clone lacks \(count(number)) (\(first.short)…), and git could not fetch them\(reason)",
      hint: ignored.isEmpty
        ? "check the remote and your access to it, then \(all)"
        : "of a clone's own configuration writ uses no more than the remote's address, so not \(ignored): set it with --global, or \(all)")
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
