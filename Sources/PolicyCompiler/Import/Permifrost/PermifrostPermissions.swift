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

  /// In lower case, the databases and schemas in which something is granted, and those that are patterns.
  private var reached: Set<String> = []
  private var wildcards: [(depth: Int, pattern: ResourcePattern)] = []

  /// Gets ready to answer `reaches`.
  mutating func index() {
    reached = []
    for (action, all) in granted where action != "use" {
      for parts in all {
        for depth in 1...parts.count { reached.insert(parts[..<depth].joined(separator: "/").lowercased()) }
      }
    }
    wildcards = reached.filter { $0.contains("*") }.sorted().compactMap { text in
      guard case .success(let pattern) = ResourcePattern.parse("x/\(text)") else { return nil }
      return (pattern.segments.count, pattern)
    }
  }

  /// Whether whatever the name stands for holds something that can be acted on; then its usage comes with that.
  ///
  /// - Parameter left: how many patterns may still be looked at.
  func reaches(into parts: [String], _ left: inout Int) -> Bool {
    if reached.contains(parts.joined(separator: "/").lowercased()) { return true }
    let isPattern = parts.contains { $0.contains("*") }
    for (depth, pattern) in wildcards where depth == parts.count {
      left -= 1
      if left < 0 { return false }
      // A pattern in a pattern: only the widest one is sure to hold it.
      let isWide = pattern.segments.last == .wildcard(["", ""]) && parts.last != nil
      if isPattern ? isWide && pattern.matches(parts.dropLast() + [""], foldingCase: true) : pattern.matches(parts, foldingCase: true) {
        return true
      }
    }
    return false
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
