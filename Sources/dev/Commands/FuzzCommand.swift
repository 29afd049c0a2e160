import ArgumentParser
import Foundation
import Fuzzing
import Synchronization

/// Feeds a parser with inputs made out of seeds: `dev fuzz policy --runs 100000`.
struct FuzzCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fuzz",
    abstract: "Feed a parser with damaged inputs, the same ones for the same seed.",
    discussion: """
      Each input is written to a file before it is run, so that whatever ends the process leaves what did it. With --input, runs \
      these files once instead: a reproducer, or a corpus. `make fuzz` has libFuzzer look for inputs.
      """)

  @Argument(help: ArgumentHelp("The parser: \(FuzzTarget.allCases.map(\.rawValue).joined(separator: ", ")).", valueName: "parser"))
  var target: FuzzTarget

  @Option(help: "How many inputs.")
  var runs = 10_000

  @Option(help: "Where the pseudo-random numbers start.")
  var seed: UInt64 = 20_261_121

  @Option(help: "An input may take this many seconds before it counts as one that hangs.")
  var patience = 20

  @Option(help: ArgumentHelp("Where the seeds lie.", valueName: "folder"))
  var corpus = "Tests/FuzzTests/Corpus"

  @Option(parsing: .upToNextOption, help: ArgumentHelp("Run these files, and nothing else.", valueName: "file"))
  var input: [String] = []

  @Option(help: ArgumentHelp("Print a git directory as an input of `repository`, and run nothing.", valueName: "folder"))
  var pack: String?

  func run() throws {
    if let pack {
      FileHandle.standardOutput.write(Data(try Self.packed(URL(fileURLWithPath: pack))))
      return
    }
    let place = FileManager.default.temporaryDirectory.appending(
      path: "writ-fuzz-\(target.rawValue)-\(ProcessInfo.processInfo.processIdentifier)")
    let folder = place.appending(path: "repository")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    RepositoryFuzz.folder.withLock { $0 = folder.path }
    let current = place.appending(path: "input")
    if !input.isEmpty {
      for path in input { try check(Array(try Data(contentsOf: URL(fileURLWithPath: path))), "`\(path)`", current) }
      print("\(target.rawValue): \(input.count) inputs, nothing found")
    } else {
      let seeds = FuzzCorpus(target, below: URL(fileURLWithPath: corpus))
      var mutator = Mutator(seed: seed, corpus: seeds.inputs, words: seeds.words)
      let watch = Watch(patience: patience, current)
      for number in 0..<runs {
        let bytes = mutator.input(limit: target.maximumBytes)
        try Data(bytes).write(to: current)
        watch.start(number)
        try check(bytes, "input \(number) of seed \(seed)", current)
      }
      print("\(target.rawValue): \(runs) inputs from \(seeds.inputs.count) seeds, seed \(seed), nothing found")
    }
    try FileManager.default.removeItem(at: place)
  }

  private func check(_ bytes: [UInt8], _ name: String, _ file: URL) throws {
    guard let problem = target.run(bytes) else { return }
    try Data(bytes).write(to: file)
    throw ValidationError("\(target.rawValue): \(name): \(problem)\nthe input is \(file.path)")
  }

  private static func packed(_ folder: URL) throws -> [UInt8] {
    var found = RepositoryBytes()
    for path in (FileManager.default.enumerator(atPath: folder.path)?.allObjects as? [String] ?? []).sorted() {
      guard let data = try? Data(contentsOf: folder.appending(path: path)) else { continue }
      found.files.append((path, Array(data)))
    }
    return found.bytes
  }
}

extension FuzzTarget: ExpressibleByArgument {}

/// Seeds and words of a parser, from the folder that holds them for all.
struct FuzzCorpus {
  let inputs: [[UInt8]]
  let words: [[UInt8]]

  init(_ target: FuzzTarget, below folder: URL) {
    let own = folder.appending(path: target.rawValue)
    let names = (FileManager.default.enumerator(atPath: own.path)?.allObjects as? [String] ?? []).sorted()
    inputs = names.compactMap { try? Array(Data(contentsOf: own.appending(path: $0))) }
    words = FuzzDictionary.words((try? String(contentsOf: folder.appending(path: "\(target.rawValue).dict"), encoding: .utf8)) ?? "")
  }
}

/// Ends the process when an input takes too long: nothing else can stop a loop without end.
private final class Watch: @unchecked Sendable {
  private let lock = NSLock()
  private var number = -1
  private var began = ContinuousClock.now

  init(patience: Int, _ file: URL) {
    let thread = Thread { [self] in
      while true {
        Thread.sleep(forTimeInterval: 1)
        let (number, began) = lock.withLock { (self.number, self.began) }
        if ContinuousClock.now - began > .seconds(patience) {
          print("input \(number) takes more than \(patience) seconds: it is \(file.path)")
          exit(1)
        }
      }
    }
    thread.start()
  }

  func start(_ number: Int) {
    lock.withLock {
      self.number = number
      began = .now
    }
  }
}
