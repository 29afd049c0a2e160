import ArgumentParser
import GitStore
import PolicyCompiler

struct InitCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "init", abstract: "Starts a policy repository: `writ.yaml` and a small commented policy that compiles.",
    discussion: """
      Writes nothing where `writ.yaml` or one of the files exists. Where there is a policy already, --github adds the workflows alone.
      """)

  @OptionGroup var folder: FolderArgument

  @Option(name: .customLong("repo"), help: ArgumentHelp("The folder to start in.", valueName: "path"))
  var repository = "."

  @Flag(name: .customLong("github"), help: "Add workflows that judge pull requests on GitHub.")
  var forGitHub = false

  func run() throws {
    try reporting {
      let (root, below) = try Self.place(folder.chosen(repository), mayBeNew: folder.path != nil)
      let tree = WorkTree(root: root)
      var files = StarterPolicy.files
      if forGitHub {
        if below.isEmpty, case .file = try tree.content(at: RootSettings.fileName) { files = [] }
        files += StarterWorkflows.files
      }
      for (path, _) in files where below.isEmpty {
        if let taken = try Self.taken(path, tree) {
          throw Failure(.refused, "`\(taken)` exists already: nothing was written", help: "`writ check` checks the policy that is there")
        }
      }
      for (path, text) in files {
        let parts = path.split(separator: "/", maxSplits: 1).map(String.init)
        let writer = FolderWriter(root: root, folder: String((below + (parts.count == 2 ? "/" + parts[0] : "")).dropFirst()))
        try writer.write(Array(text.utf8), to: parts.last ?? path)
        Terminal.write("created \(path)\n")
      }
      Terminal.write(
        """

        Next\(below.isEmpty ? "" : ", in `\(SafeText.escaped(String(below.dropFirst())))`"):
          writ check      checks the policy
          writ render     writes the files of the tools below generated/
        \(forGitHub ? Self.onGitHub : "")
        """)
    }
  }

  private static let onGitHub = """
      On GitHub, set WRIT_SOURCE and WRIT_REVISION, and what keeps a pull request from judging itself:
      .github/workflows/writ.yml and Writ's docs/pull-requests.md say how.

    """

  /// A folder that is there, and what is to be made below it: as `git init NAME`, a folder that is not there yet.
  private static func place(_ path: String, mayBeNew: Bool) throws -> (root: String, below: String) {
    do {
      return (try Enclosing(path).place, "")
    } catch {
      guard mayBeNew else { throw error }
      var parts = path.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).map {
        String(decoding: $0, as: UTF8.self)
      }
      while parts.count > 1, parts.last == "" { parts.removeLast() }
      guard let name = parts.popLast(), !["", ".", ".."].contains(name) else { throw error }
      let parent = try Enclosing(parts.isEmpty ? "." : parts == [""] ? "/" : parts.joined(separator: "/"))
      guard case .absent = try WorkTree(root: parent.place).content(at: name) else { throw error }
      return (parent.place, "/" + name)
    }
  }

  /// What stands where the file, or a folder that it needs, is to be.
  private static func taken(_ path: String, _ tree: WorkTree) throws -> String? {
    if let slash = path.utf8.firstIndex(of: UInt8(ascii: "/")) {
      switch try tree.content(at: String(path[..<slash])) {
      case .absent: return nil
      case .folder: break
      default: return String(path[..<slash])
      }
    }
    if case .absent = try tree.content(at: path) { return nil }
    return path
  }
}
