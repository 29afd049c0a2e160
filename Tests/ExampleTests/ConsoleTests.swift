import Foundation
import TestSupport
import Testing

/// What the READMEs show is what happens.
@Suite struct ConsoleTests {
  @Test(arguments: Example.all) func consoleBlocksPrintWhatTheyShow(_ example: Example) throws {
    let readme = example.folder.appending(path: "README.md")
    var document = try String(contentsOf: readme, encoding: .utf8).split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    let blocks = ConsoleBlock.all(in: document)
    // The top README may show none; an example without one shows nothing.
    #expect(!blocks.isEmpty || example.path.isEmpty, "\(example.path)/README.md has no console block")
    let scratch = try example.copy()
    var blessed: [(Range<Int>, [String])] = []
    for block in blocks {
      var lines: [String] = []
      for step in block.steps {
        let word = step.command.split(separator: " ").first.map(String.init) ?? ""
        try #require(ConsoleBlock.allowed.contains(word), "`\(step.command)` is not for a README")
        let actual = try ConsoleBlock.run(step.command, in: scratch.path)
        let isRight = ConsoleBlock.matches(actual[...], step.expected[...])
        if !Golden.isBlessing {
          #expect(isRight, "README.md:\(block.lines.lowerBound): $ \(step.command)\n\(ConsoleBlock.difference(actual, step.expected))")
        }
        lines += ["$ \(step.command)"] + (isRight ? step.expected : actual)
      }
      blessed.append((block.lines, lines))
    }
    guard Golden.isBlessing else { return }
    for (range, lines) in blessed.reversed() { document.replaceSubrange(range, with: lines) }
    try Data(document.joined(separator: "\n").utf8).write(to: readme)
  }

  // MARK: The reader of blocks itself

  @Test func aBlockIsReadAsCommandsAndOutput() throws {
    let document = [
      "text", "```console", "$ writ check", "one", "", "two", "$ cat x", "[exit 1]", "```", "```sh", "$ writ no", "```", "```console",
      "$ sed", "```",
    ]
    let blocks = ConsoleBlock.all(in: document)
    #expect(blocks.map(\.lines) == [2..<8, 13..<14])
    #expect(blocks[0].steps.map(\.command) == ["writ check", "cat x"])
    #expect(blocks[0].steps.map(\.expected) == [["one", "", "two"], ["[exit 1]"]])
  }

  @Test(arguments: [
    (["a", "b"], ["a", "b"], true), (["a", "b"], ["a"], false), (["a"], ["a", "b"], false), (["a", "x"], ["a", "b"], false), ([], [], true),
    (["a", "b", "c"], ["...", "c"], true), (["a", "b", "c"], ["a", "..."], true), (["a"], ["a", "..."], true),
    (["a", "b", "c"], ["...", "b"], false),
    ([], ["[exit 1]"], false), (["a"], ["[exit 1]"], false),
  ]) func onlyThreeDotsMatchWhatIsNotShown(_ actual: [String], _ expected: [String], _ isRight: Bool) {
    #expect(ConsoleBlock.matches(actual[...], expected[...]) == isRight)
  }

  @Test func anExitCodeIsPartOfWhatIsSeen() throws {
    let scratch = try Scratch()
    #expect(try ConsoleBlock.run("echo out; echo err >&2; exit 3", in: scratch.path) == ["out", "err", "[exit 3]"])
    #expect(try ConsoleBlock.run("writ --version", in: scratch.path).first?.hasPrefix("writ ") == true)
  }
}
