/// The permissions of one role, as they come in from Permifrost's lists.
struct PermifrostPermissions {
  private let system: String
  /// Of each action, what it is given on: segments below the system.
  private var granted: [String: Set<[String]>] = [:]

  /// In the order in which they are written.
  private static let actions = ["read", "write", "create", "own", "use"]

  init(system: String) { self.system = system }

  enum Outcome {
    case done
    /// USAGE alone: fine where something below can be reached.
    case usage
    /// No pattern can say it.
    case impossible
    /// Shared databases are granted whole.
    case onShared
  }

  mutating func use(warehouse: String) -> Bool { add("use", ["@warehouses", warehouse]) }

  mutating func add(_ verb: PermifrostSpec.Verb, _ level: PermifrostSpec.Level, _ parts: [String], isShared: Bool) -> Outcome {
    // An object that is called like a kind of resource would be taken for one.
    if parts.contains(where: { $0.hasPrefix("@") }) { return .impossible }
    if isShared {
      guard level == .databases, verb == .read else { return verb == .read ? .usage : .onShared }
      return add("read", parts + ["*", "*"]) ? .done : .impossible
    }
    switch (verb, level) {
    case (.read, .tables): return add("read", parts) ? .done : .impossible
    case (.write, .tables): return add("read", parts) && add("write", parts) ? .done : .impossible
    case (.read, _): return pattern(parts) == nil ? .impossible : .usage
    case (.write, _): return add("create", parts) ? .done : .impossible
    case (.own, _): return add("own", parts) ? .done : .impossible
    }
  }

  private mutating func add(_ action: String, _ parts: [String]) -> Bool {
    guard pattern(parts) != nil else { return false }
    granted[action, default: []].insert(parts)
    return true
  }

  /// The pattern of these segments, where each says what the object's name says.
  private func pattern(_ parts: [String]) -> String? {
    let text = ([system] + parts).joined(separator: "/")
    let isOpen = parts.contains { $0.contains("/") || $0.contains("**") || $0.contains("${") }
    guard !isOpen, case .success(let pattern) = ResourcePattern.parse(text), pattern.segments.count == parts.count else { return nil }
    return text
  }

  // MARK: Usage

  /// Whether whatever the name stands for holds something that can be acted on; then its usage comes with that.
  func reaches(into parts: [String]) -> Bool {
    granted.contains { action, all in
      action != "use" && all.contains { other in other.count >= parts.count && zip(other, parts).allSatisfy(Self.covers) }
    }
  }

  private static func covers(_ pattern: String, _ name: String) -> Bool {
    if pattern == "*" || pattern.lowercased() == name.lowercased() { return true }
    guard pattern.contains("*"), !name.contains("*"), case .success(let it) = ResourcePattern.parse("x/\(pattern)") else { return false }
    return it.matches([name], foldingCase: true)
  }

  // MARK: Printing

  var yaml: YAML {
    .mapping(
      Self.actions.compactMap { action in
        guard let all = granted[action] else { return nil }
        let patterns = Self.merged(all, action).map { ([system] + $0).joined(separator: "/") }
        return .init(action, .texts(patterns.inNameOrder()))
      })
  }

  /// What amounts to a whole tree is written as one: `db/**` for what can be acted on in a database.
  private static func merged(_ all: Set<[String]>, _ action: String) -> Set<[String]> {
    var left = all
    func merge(_ needed: [[String]], into whole: [String]) {
      guard needed.allSatisfy(left.contains) else { return }
      left.subtract(needed)
      left.insert(whole)
    }
    for parts in all.sorted(by: { $0.lexicographicallyPrecedes($1) }) {
      switch action {
      case "read", "write":
        if parts.count == 3, parts[1] == "*", parts[2] == "*" { merge([parts], into: [parts[0], "**"]) }
      case "create":
        if parts.count == 1 { merge([parts, [parts[0], "*"]], into: [parts[0], "**"]) }
      case "own":
        if parts.count == 1 { merge([parts, [parts[0], "*"], [parts[0], "*", "*"]], into: [parts[0], "**"]) }
        if parts.count == 2, parts[1] != "*" { merge([parts, [parts[0], parts[1], "*"]], into: [parts[0], parts[1], "**"]) }
      default: break
      }
    }
    return left
  }
}
