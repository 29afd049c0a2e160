import ArgumentParser
import Foundation

/// Writes an organisation in Writ's language, for benchmarks: `dev corpus L DIR`.
struct CorpusCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "corpus",
    abstract: "Write a made-up organisation as a policy repository.",
    discussion: """
      L has 10,000 principals and 100,000 bindings in about 2,600 files (24 MB); M is a tenth and
      S a hundredth of it. The same size and seed give the same bytes, and with --git the same
      commits, on every machine.
      """)

  @Argument(help: "S, M or L.")
  var size: CorpusSize

  @Argument(help: "A folder that does not exist yet, or is empty.")
  var directory: String

  @Option(help: "Where the pseudo-random numbers start.")
  var seed: UInt64 = 20_261_120

  @Flag(
    name: .customLong("git"),
    help: "Commit it: once as written, once more with five files changed.")
  var commits = false

  func run() throws {
    let root = URL(fileURLWithPath: directory, isDirectory: true)
    let present = try? FileManager.default.contentsOfDirectory(atPath: root.path)
    guard present?.isEmpty ?? true else {
      throw ValidationError("`\(directory)` is not empty")
    }

    let corpus = Corpus(size: size, seed: seed)
    try write(corpus.files, below: root)
    if commits {
      let repository = CorpusRepository(root: root)
      try repository.start(message: "policy of a made-up organisation, size \(size)")
      try write(corpus.revisedFiles, below: root)
      try repository.commit(message: "five files change")
      try repository.pack()
    }
    try print(summary(of: corpus))
  }

  private func write(_ files: [CorpusFile], below root: URL) throws {
    for file in files {
      let url = root.appendingPathComponent(file.path)
      try FileManager.default.createDirectory(
        at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(file.text.utf8).write(to: url)
    }
  }

  /// What was written, as JSON for the bench script. Counts the revised files where they were written.
  private func summary(of corpus: Corpus) throws -> String {
    let organisation = corpus.organisation
    var byPath = Dictionary(uniqueKeysWithValues: corpus.files.map { ($0.path, $0) })
    if commits {
      for file in corpus.revisedFiles { byPath[file.path] = file }
    }
    let policies = byPath.values.filter { $0.path.hasPrefix("policies/") }
    let facts: [String: Int] = [
      "files": policies.count,
      "bytes": policies.reduce(0) { $0 + $1.text.utf8.count },
      "users": organisation.users.count,
      "services": organisation.services.count,
      "principals": organisation.users.count + organisation.services.count,
      "teams": organisation.teams.count,
      "systems": organisation.systems.count,
      "bindings": policies.reduce(0) { $0 + $1.bindings },
      "artifacts": policies.reduce(0) { $0 + $1.artifacts },
    ]
    let data = try JSONSerialization.data(withJSONObject: facts, options: [.sortedKeys])
    return String(decoding: data, as: UTF8.self)
  }
}

extension CorpusSize: ExpressibleByArgument {}
