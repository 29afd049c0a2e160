import Foundation
import TestSupport

/// Commits for `git fast-import`, with any clock, parents and files: thousands take a second.
struct ImportStream {
  private(set) var bytes: [UInt8] = []
  private(set) var count = 0

  /// Adds a commit and gives its mark.
  @discardableResult
  mutating func commit(
    _ message: String = "change", on branch: String = "main", time: Int64, author: String = "Ada", parents: [Int] = [],
    _ files: [(path: String, content: String?)] = []
  ) -> Int {
    count += 1
    var text = "commit refs/heads/\(branch)\nmark :\(count)\n"
    text += "author \(author) <ada@example.org> \(time - 10) +0130\ncommitter Carl <carl@example.org> \(time) -0500\n"
    text += "data \(message.utf8.count)\n\(message)\n"
    for (position, parent) in parents.enumerated() { text += "\(position == 0 ? "from" : "merge") :\(parent)\n" }
    for (path, content) in files {
      if path.isEmpty {
        text += "deleteall\n"
      } else {
        text += content.map { "M 100644 inline \(path)\ndata \($0.utf8.count)\n\($0)\n" } ?? "D \(path)\n"
      }
    }
    bytes += text.utf8
    return count
  }

  /// A file's content, line by line.
  static func lines(_ lines: [String]) -> String { lines.map { $0 + "\n" }.joined() }
}

extension TemporaryRepository {
  /// Runs `git fast-import` and gives the ids of the marks, from 1.
  @discardableResult
  func take(_ stream: ImportStream) throws -> [String] {
    try git("fast-import", "--quiet", "--force", "--export-marks=.git/marks", input: stream.bytes)
    let marks = try String(contentsOfFile: "\(path)/.git/marks", encoding: .utf8)
    var ids = [Int: String]()
    for line in marks.split(separator: "\n") {
      let parts = line.dropFirst().split(separator: " ")
      ids[Int(parts[0])!] = String(parts[1])
    }
    return (1...ids.count).map { ids[$0]! }
  }

  /// A history made by chance: branches that part and meet, criss-cross and octopus merges, clocks that go wrong, files
  /// that come, go and move, commits that change nothing.
  static func random(seed: UInt64, commits: Int) throws -> TemporaryRepository {
    var chance = SeededGenerator(seed: seed)
    var stream = ImportStream()
    var trees: [[String: [String]]] = []
    var heads: [Int] = []
    for number in 0..<commits {
      var parents: [Int] = []
      if !heads.isEmpty {
        parents = Array(
          heads.shuffled(using: &chance).prefix(Int.random(in: 0..<10, using: &chance) < 7 ? 1 : Int.random(in: 2...3, using: &chance)))
        // Now and then from further back, which makes a branch; the last one joins them all.
        if Int.random(in: 0..<6, using: &chance) == 0 { parents[0] = Int.random(in: 1...number, using: &chance) }
        if number == commits - 1 { parents = heads.shuffled(using: &chance) }
      }
      var seen: Set<Int> = []
      parents = parents.filter { seen.insert($0).inserted }
      var tree = parents.first.map { trees[$0 - 1] } ?? [:]
      var files: [(path: String, content: String?)] = []
      for parent in parents.dropFirst() {
        for (path, lines) in trees[parent - 1].sorted(by: { $0.key < $1.key }) where tree[path] == nil || Bool.random(using: &chance) {
          tree[path] = lines
        }
      }
      if parents.count == 2, number % 3 == 0 { tree = trees[parents[0] - 1] }
      for _ in 0..<(parents.count > 1 ? Int.random(in: 0...1, using: &chance) : Int.random(in: 0...2, using: &chance)) {
        let path = ["policies/a.yaml", "policies/sub/b.yaml", "policies/sub/deep/c.yaml", "other/d.txt", "writ.yaml"].randomElement(
          using: &chance)!
        var lines = tree[path] ?? (0..<12).map { "\(path) line \($0)" }
        for _ in 0..<Int.random(in: 0...3, using: &chance) {
          let place = Int.random(in: 0...lines.count, using: &chance)
          if place < lines.count, Bool.random(using: &chance) {
            lines.remove(at: place)
          } else {
            lines.insert("line of commit \(number) \(place)", at: place)
          }
        }
        tree[path] = lines
      }
      files = [("", nil)]
      for (path, lines) in tree.sorted(by: { $0.key < $1.key }) { files.append((path, ImportStream.lines(lines))) }
      let skew = Int.random(in: 0..<8, using: &chance) == 0 ? Int64.random(in: -50_000...50_000, using: &chance) : 0
      let mark = stream.commit("number \(number)", time: 1_700_000_000 + Int64(number) * 100 + skew, parents: parents, files)
      trees.append(tree)
      heads.removeAll { parents.contains($0) }
      heads.append(mark)
    }
    let repository = try TemporaryRepository()
    try repository.take(stream)
    return repository
  }
}
