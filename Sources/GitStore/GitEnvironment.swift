import CLibgit2

/// The environment variables that git itself would look at, as a value.
///
/// Everything that depends on the environment takes one of these, so that tests and embedders decide.
package struct GitEnvironment: Sendable, Hashable {
  package var variables: [String: String]

  package init(_ variables: [String: String]) {
    self.variables = variables
  }

  /// An unset and an empty variable are the same, as they are to git.
  package subscript(name: String) -> String? {
    guard let value = variables[name], !value.isEmpty else { return nil }
    return value
  }

  /// This process' environment as it is now.
  package static var current: GitEnvironment {
    var variables: [String: String] = [:]
    guard var next = unsafe writ_environment() else { return GitEnvironment(variables) }
    while let pair = unsafe next.pointee {
      let text = unsafe String(cString: pair)
      if let equals = text.utf8.firstIndex(of: UInt8(ascii: "=")) {
        variables[String(text[..<equals])] = String(text[text.utf8.index(after: equals)...])
      }
      unsafe next += 1
    }
    return GitEnvironment(variables)
  }

  /// git's reading of a boolean variable; nil when it is unset.
  func flag(_ name: String) -> Bool? {
    guard let value = self[name]?.lowercased() else { return nil }
    return !["0", "false", "no", "off"].contains(value)
  }
}
