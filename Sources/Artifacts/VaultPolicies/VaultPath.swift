import PolicyCompiler

/// A path in a policy of Vault: `+` is any one segment, `*` at the end anything at all.
struct VaultPath: Hashable {
  let text: String

  /// Which of two rules that match a path decides: https://developer.hashicorp.com/vault/docs/concepts/policies#priority-matching
  func isBelow(_ other: VaultPath) -> Bool {
    let (one, two) = (shape, other.shape)
    if one.firstWildcard != two.firstWildcard { return one.firstWildcard < two.firstWildcard }
    if one.endsInGlob != two.endsInGlob { return one.endsInGlob }
    if one.pluses != two.pluses { return one.pluses > two.pluses }
    if one.length != two.length { return one.length < two.length }
    return text.utf8.lexicographicallyPrecedes(other.text.utf8)
  }

  /// Whether some path is matched by both.
  func overlaps(_ other: VaultPath) -> Bool {
    var (one, two) = (
      text.split(separator: "/", omittingEmptySubsequences: false)[...],
      other.text.split(separator: "/", omittingEmptySubsequences: false)[...]
    )
    while let left = one.popFirst(), let right = two.popFirst() {
      // A glob goes on over any number of segments, and is never at the beginning of one here.
      if left == "*" || right == "*" { return true }
      if left != right, left != "+", right != "+" { return false }
      if one.isEmpty != two.isEmpty { return false }
    }
    return one.isEmpty && two.isEmpty
  }

  private var shape: (firstWildcard: Int, endsInGlob: Bool, pluses: Int, length: Int) {
    let segments = text.split(separator: "/", omittingEmptySubsequences: false)
    var first = Int.max
    var offset = 0
    for segment in segments {
      if first == .max, segment == "+" || segment.hasSuffix("*") { first = offset + (segment == "+" ? 0 : segment.utf8.count - 1) }
      offset += segment.utf8.count + 1
    }
    return (first, text.hasSuffix("*"), segments.count { $0 == "+" }, text.utf8.count)
  }
}

/// The versions of mounts, which decide whether the API's paths have `data` behind the mount.
struct VaultMounts {
  private var old: Set<String> = []

  init(_ node: SyntaxNode?) {
    for (mount, version) in node?.pairs ?? [] where version.text == "1" { old.insert(mount.text) }
  }

  /// What stands before the paths of a mount in the API.
  func prefix(_ mount: String) -> String { old.contains(mount) ? mount : mount + "/data" }
}

/// Why a set of secrets cannot be written in Vault's language without giving more.
enum VaultProblem: Error, Hashable {
  case backend(String)
  case mount(String)
  case partial(String)
  case middle(String)
  case plus(String)
  case glob(String)
  case intersection(String)
  case overlap(String)
  case priority(String)
  case tooComplex

  /// The pattern or reference that it is about.
  var text: String? {
    switch self {
    case .backend(let text), .mount(let text), .partial(let text), .middle(let text), .plus(let text), .glob(let text),
      .intersection(let text), .overlap(let text), .priority(let text):
      text
    case .tooComplex: nil
    }
  }
}

extension VaultMounts {
  /// The paths of the API that a pattern of secrets stands for; none where it is about another backend.
  func paths(_ pattern: PathPattern) throws(VaultProblem) -> [VaultPath] {
    var segments = pattern.text.split(separator: "/", omittingEmptySubsequences: false).dropFirst().map(String.init)
    guard let backend = segments.first else { return [] }
    if backend != SecretReference.Backend.vault.rawValue {
      if backend.contains("*") { throw .backend(pattern.text) }
      return []
    }
    segments.removeFirst()
    guard let mount = segments.first else { return [] }
    if mount.contains("*") { throw .mount(pattern.text) }
    return try paths(mount, segments.dropFirst(), pattern.text)
  }

  /// The path of the API for one secret.
  func path(_ reference: SecretReference) throws(VaultProblem) -> VaultPath? {
    guard let mount = reference.path.first, reference.path.count > 1 else { return nil }
    for segment in reference.path where segment.contains("*") { throw .glob(reference.text) }
    return try paths(mount, reference.path.dropFirst(), reference.text).first
  }

  private func paths(_ mount: String, _ segments: ArraySlice<String>, _ whole: String) throws(VaultProblem) -> [VaultPath] {
    if mount == "+" { throw .plus(whole) }
    var parts = [prefix(mount)]
    for (index, segment) in zip(segments.indices, segments) {
      switch segment {
      case "**":
        guard index == segments.endIndex - 1 else { throw .middle(whole) }
        // Any number of segments, none among them.
        let all = VaultPath(text: parts.joined(separator: "/") + "/*")
        return parts.count == 1 ? [all] : [VaultPath(text: parts.joined(separator: "/")), all]
      case "*": parts.append("+")
      case "+": throw .plus(whole)
      default:
        if segment.contains("*") { throw .partial(whole) }
        parts.append(segment)
      }
    }
    return parts.count == 1 ? [] : [VaultPath(text: parts.joined(separator: "/"))]
  }
}
