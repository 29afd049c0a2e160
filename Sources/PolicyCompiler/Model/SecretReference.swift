/// A reference to a secret, in vals' syntax: `ref+BACKEND://PATH[?PARAMS][#/FRAGMENT]`.
///
/// It says where a secret is; nothing in the compiler can hold the secret itself.
/// Source of the syntax: https://github.com/helmfile/vals#expression-syntax
public struct SecretReference: Hashable, Sendable {
  public enum Backend: String, Sendable, CaseIterable {
    case vault, awssecrets, awsssm, gcpsecrets, azurekeyvault, op, file, env, sops

    /// Whether the secret lives where the program runs, so that whoever runs it can change it.
    public var isLocal: Bool { self == .file || self == .env }
  }

  public let backend: Backend
  /// Segments without empty ones; Vault's `kv/data/x` is `kv/x`.
  public let path: [String]
  /// In the order of their names.
  public let parameters: [Parameter]
  /// The key within the secret; empty where the whole of it is meant.
  public let fragment: [String]

  public struct Parameter: Hashable, Sendable {
    public let name: String
    public let value: String
  }

  /// The resource that stands for it: `secrets/<backend>/<path>`.
  public var resource: String { "secrets/\(backend.rawValue)/\(path.joined(separator: "/"))" }

  /// What two references have in common when they may be one secret: `data` in a path of Vault may be the API's, wherever
  /// the mount ends; a server of its own makes it another.
  var place: String {
    let parts = backend == .vault ? path.filter { $0 != "data" } : path
    let servers = parameters.filter { ["address", "region", "namespace", "account"].contains($0.name) }.map { "?\($0.name)=\($0.value)" }
    return "secrets/\(backend.rawValue)/\(parts.joined(separator: "/"))\(servers.joined())"
  }

  /// The reference in its normal form.
  public var text: String {
    var path = path
    // What reads this takes a `data` behind the mount for the API's: one that belongs to the path needs it before itself.
    if backend == .vault, path.count > 2, path[1] == "data" { path.insert("data", at: 1) }
    var text = "ref+\(backend.rawValue)://\(isAbsolute ? "/" : "")\(path.joined(separator: "/"))"
    if !parameters.isEmpty {
      text += "?" + parameters.map { "\($0.name)=\($0.value)" }.joined(separator: "&")
    }
    if !fragment.isEmpty { text += "#/" + fragment.joined(separator: "/") }
    return text
  }

  /// Of a file: whether the path begins at the root.
  public let isAbsolute: Bool

  // By bytes: two ways of writing an accent are two secrets to a vault.
  public static func == (left: Self, right: Self) -> Bool { left.text.utf8.elementsEqual(right.text.utf8) }

  public func hash(into hasher: inout Hasher) { text.hash(into: &hasher) }

  /// Why a text is no reference, with the bytes of the text that are to blame.
  package struct Problem: Error, Equatable {
    package enum Kind: Equatable {
      /// It does not begin like a reference: it may be a secret, so nobody repeats it.
      case notAReference
      case unknownBackend(String, nearest: String?)
      case runsAProgram
      case emptyPath
      case character(String)
      case template(String)
      case dots
      case parameter(String)
      case fragment
    }
    package let kind: Kind
    package let range: Range<Int>
  }

  /// Parses a reference. Placeholders of Writ's own (`${principal}`, `${environment}`) may stand in path and fragment.
  package static func parse(_ text: String) -> Result<SecretReference, Problem> {
    let bytes = Array(text.utf8)
    func fail(_ kind: Problem.Kind, _ range: Range<Int>) -> Result<SecretReference, Problem> { .failure(Problem(kind: kind, range: range)) }
    func string(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

    let prefixes = ["ref+", "secretref+"]
    guard let prefix = prefixes.first(where: { text.hasPrefix($0) }) else { return fail(.notAReference, 0..<bytes.count) }
    let from = prefix.utf8.count
    guard let colon = find("://", in: bytes, from: from) else { return fail(.notAReference, 0..<bytes.count) }
    let name = string(from..<colon)
    if name == "exec" { return fail(.runsAProgram, from..<colon) }
    guard let backend = Backend(rawValue: name) else {
      guard name.utf8.count <= 24, name.utf8.allSatisfy({ Self.isWord($0) }) else { return fail(.notAReference, 0..<bytes.count) }
      return fail(
        .unknownBackend(name, nearest: NearestName.nearest(name, among: Backend.allCases.map(\.rawValue))), from..<colon)
    }
    var cursor = colon + 3
    if let problem = forbidden(bytes, from: cursor) { return .failure(problem) }

    let pathEnd = bytes[cursor...].firstIndex { $0 == UInt8(ascii: "?") || $0 == UInt8(ascii: "#") } ?? bytes.count
    var segments: [String] = []
    var start = cursor
    for index in cursor...pathEnd where index == pathEnd || bytes[index] == UInt8(ascii: "/") {
      let segment = string(start..<index)
      if segment == "." || segment == ".." { return fail(.dots, start..<index) }
      if !segment.isEmpty { segments.append(segment) }
      start = index + 1
    }
    guard !segments.isEmpty else { return fail(.emptyPath, cursor..<max(pathEnd, cursor)) }
    let isAbsolute = backend == .file && cursor < pathEnd && bytes[cursor] == UInt8(ascii: "/")
    cursor = pathEnd

    var parameters: [Parameter] = []
    if cursor < bytes.count, bytes[cursor] == UInt8(ascii: "?") {
      let end = bytes[cursor...].firstIndex(of: UInt8(ascii: "#")) ?? bytes.count
      for part in string(cursor + 1..<end).split(byte: "&") {
        let pair = part.split(byte: "=", maxSplits: 1)
        guard pair.count == 2, !pair[0].isEmpty else { return fail(.parameter(part), cursor..<end) }
        parameters.append(Parameter(name: pair[0], value: pair[1]))
      }
      cursor = end
    }
    var fragment: [String] = []
    if cursor < bytes.count {
      let raw = string(cursor + 1..<bytes.count)
      fragment = raw.split(byte: "/").filter { !$0.isEmpty }
      guard !fragment.isEmpty, !raw.utf8.contains(UInt8(ascii: "#")) else { return fail(.fragment, cursor..<bytes.count) }
    }
    parameters.sort { ($0.name, $0.value) < ($1.name, $1.value) }
    if backend == .vault, segments.count > 2, segments[1] == "data" { segments.remove(at: 1) }
    return .success(
      SecretReference(backend: backend, path: segments, parameters: parameters, fragment: fragment, isAbsolute: isAbsolute))
  }

  /// Characters that vals, or any tool that this reaches, would read as something else.
  private static func forbidden(_ bytes: [UInt8], from: Int) -> Problem? {
    var index = from
    while index < bytes.count {
      let byte = bytes[index]
      switch byte {
      case UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "`"), UInt8(ascii: "\\"),
        UInt8(ascii: ","):
        return Problem(kind: .character(String(UnicodeScalar(byte))), range: index..<index + 1)
      case 0...0x20, 0x7F:
        return Problem(kind: .character("white space"), range: index..<index + 1)
      case UInt8(ascii: "{"), UInt8(ascii: "}"), UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "%"):
        return Problem(kind: .template(String(UnicodeScalar(byte))), range: index..<index + 1)
      case UInt8(ascii: "$"):
        guard let end = Placeholder.end(bytes, at: index) else { return Problem(kind: .template("$"), range: index..<index + 1) }
        index = end
        continue
      default: break
      }
      index += 1
    }
    return nil
  }

  private static func isWord(_ byte: UInt8) -> Bool {
    (0x61...0x7A).contains(byte) || (0x41...0x5A).contains(byte) || (0x30...0x39).contains(byte) || byte == UInt8(ascii: "_")
  }

  private static func find(_ text: String, in bytes: [UInt8], from: Int) -> Int? {
    let wanted = Array(text.utf8)
    var index = from
    while index + wanted.count <= bytes.count {
      if bytes[index..<index + wanted.count].elementsEqual(wanted) { return index }
      index += 1
    }
    return nil
  }
}
