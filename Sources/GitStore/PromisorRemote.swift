/// The remote that has what a partial clone left out, and what of the clone's configuration is needed to reach it.
///
/// `git` runs programs that configuration names (`core.sshCommand`, `credential.helper`, `remote.*.uploadpack`, …), and a
/// folder that somebody else prepared may have any configuration. So git is given none of the clone's own: only the
/// address, and what `actions/checkout` and others leave there to log in with. The user's own configuration counts.
struct PromisorRemote: Sendable, Hashable {
  /// What the clone calls it.
  var name: String
  /// nil where the clone's configuration names none.
  var url: String?
  /// `http.extraHeader`, for all addresses and for some: the key as git writes it, and its value.
  private var headers: [Header] = []
  /// Settings that change how git reaches a remote, and that are passed over.
  private(set) var ignored: [String] = []

  private struct Header: Hashable {
    var subsection: String?
    var value: String
  }

  /// nil in a full clone.
  init?(in configuration: borrowing Configuration) {
    guard let name = Self.name(in: configuration) else { return nil }
    self.name = name
    // Of several addresses git fetches from the first.
    url = configuration.values(of: "remote.\(name).url").first { !$0.isEmpty }
    for setting in configuration.settings(of: ["core", "credential", "http", "remote", "ssh", "url"]) {
      if setting.name == "http.extraheader" {
        headers.append(Header(subsection: nil, value: setting.value))
      } else if setting.name.hasPrefix("http."), setting.name.hasSuffix(".extraheader") {
        headers.append(
          Header(subsection: String(setting.name.dropFirst("http.".count).dropLast(".extraheader".count)), value: setting.value))
      } else if ignored.count < 10, Self.isAboutReaching(setting.name, name), !ignored.contains(setting.name) {
        ignored.append(setting.name)
      }
    }
  }

  private static func name(in configuration: borrowing Configuration) -> String? {
    if let remote = configuration.string("extensions.partialclone"), !remote.isEmpty { return remote }
    for setting in configuration.settings(of: ["remote"]) where setting.name.hasSuffix(".promisor") {
      guard setting.name.utf8.count > "remote..promisor".utf8.count, configuration.bool(setting.name) == true else { continue }
      return String(setting.name.dropFirst("remote.".count).dropLast(".promisor".count))
    }
    return nil
  }

  private static func isAboutReaching(_ setting: String, _ remote: String) -> Bool {
    if ["core.sshcommand", "core.gitproxy", "core.askpass", "ssh.variant"].contains(setting) { return true }
    if setting.hasPrefix("credential.") || setting.hasPrefix("http.") || setting.hasPrefix("url.") { return true }
    return ["uploadpack", "vcs", "proxy"].contains { setting == "remote.\(remote).\($0)" }
  }

  /// A configuration file with this remote and nothing else; nil where its address is none that git could be given.
  ///
  /// - Parameter folder: what a relative path is relative to.
  func file(relativeTo folder: String) -> [UInt8]? {
    guard let url, !url.hasPrefix("-"), Self.isPlain(url) else { return nil }
    let isPath = !url.contains(":") && !url.hasPrefix("/")
    var text = """
      [core]
      \trepositoryFormatVersion = 1
      \tbare = true
      [extensions]
      \tpartialClone = \(Self.remote)
      [remote "\(Self.remote)"]
      \turl = \(Self.quoted(isPath ? "\(folder)/\(url)" : url))
      \tpromisor = true
      \tpartialCloneFilter = blob:none

      """
    for header in headers where Self.isPlain(header.value) && Self.isPlain(header.subsection ?? "") {
      text += "[http\(header.subsection.map { " \(Self.quoted($0))" } ?? "")]\n\textraHeader = \(Self.quoted(header.value))\n"
    }
    return Array(text.utf8)
  }

  /// What it is called in ``file(relativeTo:)``.
  static let remote = "promisor"

  private static func isPlain(_ text: String) -> Bool { text.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F } }

  /// A value or subsection: both take the same escapes (`git help config`, "Syntax").
  private static func quoted(_ text: String) -> String {
    "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
  }
}
