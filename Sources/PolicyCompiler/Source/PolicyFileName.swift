/// What files are called that hold policy.
package enum PolicyFileName {
  package static let endings = [".yaml", ".yml"]

  /// Endings that somebody may take for one of these, whatever their case, and which each was meant to be.
  private static let meant: KeyValuePairs = [
    ".yaml": ".yaml", ".yml": ".yml", ".json": ".yaml", ".yaml.txt": ".yaml", ".yml.txt": ".yml", ".ymal": ".yaml", ".yaml.json": ".yaml",
  ]

  package static var lookAlikes: [String] { meant.map(\.key) }

  /// What a file that looks like policy should be called.
  static func corrected(_ name: String) -> String {
    let lower = name.lowercased()
    // The longest ending that it has: `.yaml.json` is no `.json`.
    guard let (ending, right) = meant.filter({ lower.hasSuffix($0.key) }).max(by: { $0.key.utf8.count < $1.key.utf8.count }) else {
      return name + ".yaml"
    }
    return String(decoding: name.utf8.dropLast(ending.utf8.count), as: UTF8.self) + right
  }
}

extension Diagnostic {
  /// - Parameter path: of a file below the policy folder whose name ends in one of `lookAlikes`.
  package static func passedOver(_ path: String) -> Self {
    let name = path.split(separator: "/").last.map(String.init) ?? path
    return Self(
      .lookAlike, "`\(path)` is not read: policy files end in `.yaml` or `.yml`", at: nil,
      help: "rename it to `\(PolicyFileName.corrected(name))`, or move it out of the policy folder")
  }
}
