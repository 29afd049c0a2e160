/// How explanations are printed: on a terminal by `writ explain`, and in docs/diagnostics.md.
extension Explanation {
  /// `W0203  error  a role that is not declared`, for a list of all codes.
  package var line: String { "\(code.rawValue)  \(code.severity.rawValue.padded(7))  \(title)" }

  /// For a terminal.
  ///
  /// - Parameter message: what is said of the rejected files, as `DiagnosticPrinter` prints it.
  package func text(width: Int = 80, message: String = "") -> String {
    var out = "\(code.rawValue) (\(code.severity.rawValue)): \(title)\n\n"
    out += Self.wrapped(meaning, width: width, indent: 0) + "\n"
    out += Self.wrapped("To mend it: \(mending)", width: width, indent: 0)
    switch example {
    case .outside(let reason): out += "\n" + Self.wrapped(reason, width: width, indent: 0)
    case .policies(let rejected, let accepted), .imports(_, let rejected, let accepted):
      out += "\nRejected:\n" + Self.indented(rejected)
      if !message.isEmpty { out += "\nWhat Writ says:\n\n" + Self.indented(message) }
      out += "\nAccepted:\n" + Self.indented(accepted)
    }
    return out
  }

  /// A section of docs/diagnostics.md.
  package func markdown(message: String = "") -> String {
    var out =
      "## \(code.rawValue): \(title)\n\n*\(code.severity.rawValue.prefix(1).uppercased())\(code.severity.rawValue.dropFirst()).* \(meaning)\n\n**To mend it**: \(mending)\n"
    switch example {
    case .outside(let reason): out += "\n\(reason)\n"
    case .policies(let rejected, let accepted), .imports(_, let rejected, let accepted):
      out += "\nRejected:\n" + Self.fenced(rejected)
      if !message.isEmpty { out += "\n```text\n\(message.hasSuffix("\n") ? message : message + "\n")```\n" }
      out += "\nAccepted:\n" + Self.fenced(accepted)
    }
    return out
  }

  private static func indented(_ files: [File]) -> String {
    files.map { "\n" + (files.count > 1 || $0.path != path ? "    # \($0.path)\n" : "") + indented($0.shown) }.joined()
  }

  private static func indented(_ text: String) -> String {
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    while lines.last?.isEmpty == true { lines.removeLast() }
    return lines.map { $0.isEmpty ? "\n" : "    \($0)\n" }.joined()
  }

  private static func fenced(_ files: [File]) -> String {
    files.map { file in
      let name = files.count > 1 || file.path != path ? "# \(file.path)\n" : ""
      return "\n```yaml\n\(name)\(file.shown.hasSuffix("\n") ? file.shown : file.shown + "\n")```\n"
    }.joined()
  }

  /// Words on lines of at most `width` columns; a word that is longer has a line of its own.
  static func wrapped(_ text: String, width: Int, indent: Int) -> String {
    let margin = String(repeating: " ", count: indent)
    var out = ""
    var line = ""
    for word in text.split(whereSeparator: { $0 == " " || $0 == "\n" }) {
      if !line.isEmpty, indent + line.count + 1 + word.count > max(20, width) {
        out += margin + line + "\n"
        line = ""
      }
      line += line.isEmpty ? String(word) : " " + word
    }
    return line.isEmpty ? out : out + margin + line + "\n"
  }
}

extension String {
  fileprivate func padded(_ width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }
}
