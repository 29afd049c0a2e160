import ArgumentParser
import GitStore
import PolicyCompiler

struct InitCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "init", abstract: "Starts a policy repository: `writ.yaml` and a small commented policy that compiles.",
    discussion: "Writes nothing where `writ.yaml` or one of the files exists.")

  @Option(name: .customLong("repo"), help: ArgumentHelp("The folder to start in.", valueName: "path"))
  var repository = "."

  func run() throws {
    try reporting {
      let place = try Enclosing(repository)
      let folder = Workspace.join(place.root == "/" ? "" : place.root, place.folders[0])
      let root = folder.isEmpty ? "/" : folder.hasSuffix("/") && folder.count > 1 ? String(folder.dropLast()) : folder
      let tree = WorkTree(root: root)
      for (path, _) in StarterPolicy.files {
        switch try tree.content(at: path) {
        case .absent: continue
        default: throw Failure(.refused, "`\(path)` exists already: nothing was written", help: "`writ check` checks the policy that is there")
        }
      }
      for (path, text) in StarterPolicy.files {
        let parts = path.split(separator: "/", maxSplits: 1).map(String.init)
        let writer = FolderWriter(root: root, folder: parts.count == 2 ? parts[0] : "")
        try writer.write(Array(text.utf8), to: parts.last ?? path)
        Terminal.write("created \(path)\n")
      }
      Terminal.write(
        """

        Next:
          writ check      checks the policy
          writ render     writes the files of the tools below generated/

        """)
    }
  }
}
