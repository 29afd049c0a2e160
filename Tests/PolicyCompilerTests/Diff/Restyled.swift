import Artifacts
import TestSupport

@testable import PolicyCompiler

/// A policy written otherwise: in other files, order, quotes, blocks, and in other words that say the same.
struct Restyled {
  private indirect enum Value {
    case scalar(String, isPlain: Bool)
    case list([Value])
    case map([(String, Value)])
  }

  private var generator: SeededGenerator
  private var anchors = 0
  /// What roles are called now.
  private let roles: [String: String]

  static func files(_ files: [SourceFile], seed: UInt64, renamesRoles: Bool = true) throws -> [SourceFile] {
    var sections: [(String, String?, Value)] = []
    var names: [String: String] = [:]
    for file in files {
      let document = PolicyDocument.parse(file, file: 0, grammar: .complete)
      for declaration in document.declarations {
        sections.append((declaration.section.name, declaration.name?.text, value(declaration.value)))
        if declaration.section == .roles, renamesRoles, let name = declaration.name?.text { names[name] = "\(name)_renamed" }
      }
    }
    // What sessions take on keeps the name that the system knows.
    for case ("connections", _, .map(let pairs)) in sections {
      guard case .scalar(let system, _)? = pairs.first(where: { $0.0 == "system" })?.1,
        case .scalar(let role, _)? = pairs.first(where: { $0.0 == "role" })?.1, renamesRoles,
        let index = sections.firstIndex(where: { $0.0 == "roles" && $0.1 == role })
      else { continue }
      sections[index].2 = named(sections[index].2, role, on: system)
    }
    var it = Restyled(generator: SeededGenerator(seed: seed), roles: names)
    return it.written(sections)
  }

  private init(generator: SeededGenerator, roles: [String: String]) {
    self.generator = generator
    self.roles = roles
  }

  private static func value(_ node: SyntaxNode) -> Value {
    if node.isMapping { return .map(node.pairs.map { ($0.text, value($1)) }) }
    if node.isSequence { return .list(node.items.map(value)) }
    return node.isNull ? .map([]) : .scalar(node.text, isPlain: node.isPlain)
  }

  /// A role that is called so on a system, if it has no other name there.
  private static func named(_ role: Value, _ name: String, on system: String) -> Value {
    guard case .map(let pairs) = role else { return role }
    var names: [(String, Value)] = []
    if case .map(let known)? = pairs.first(where: { $0.0 == "name_on" })?.1 { names = known }
    if !names.contains(where: { $0.0 == system }) { names.append((system, .scalar(name, isPlain: true))) }
    return .map(pairs.filter { $0.0 != "name_on" } + [("name_on", .map(names))])
  }

  private mutating func flag(_ chance: Double = 0.5) -> Bool { Double.random(in: 0..<1, using: &generator) < chance }

  private mutating func written(_ declarations: [(String, String?, Value)]) -> [SourceFile] {
    let count = Int.random(in: 1...5, using: &generator)
    var texts = [String](repeating: "", count: count)
    for (section, name, value) in declarations.shuffled(using: &generator) {
      let index = Int.random(in: 0..<count, using: &generator)
      let value = restyled(value, [section])
      texts[index] += "---\n# \(section) of somebody else\n\(section):\n"
      if let name {
        texts[index] += "  \(section == "roles" ? roles[name] ?? name : quoted(name)):\(block(value, 4))"
      } else {
        texts[index] += "  -\(block(value, 4))"
      }
    }
    return texts.enumerated().map { SourceFile(path: "policies/restyled\($0)/\($0).yaml", text: $1) }
  }

  // MARK: The same in other words

  private mutating func restyled(_ value: Value, _ path: [String]) -> Value {
    let last = path.last ?? ""
    switch value {
    case .scalar(let text, let isPlain):
      let isRole =
        (path == ["bindings", "role"] || path == ["connections", "role"] || path == ["roles", "inherits"] || last == "separate"
          || path == ["roles", "inherits", "all_except"])
      if isRole { return .scalar(roles[text] ?? text, isPlain: isPlain) }
      if last == "until", let instant = Instant(text, isEnd: true) {
        return .scalar(instant.text.utf8.count == 10 ? "\(instant.text)T01:00+01:00" : instant.text, isPlain: true)
      }
      if last == "from", text.utf8.count == 10 { return .scalar("\(text)T00:00Z", isPlain: true) }
      if ["max_ttl", "rotate_every", "at_most", "at_least"].contains(last), let duration = PolicyDuration(text) {
        return .scalar("\(duration.seconds)s".utf8.count < 8 ? "\(duration.seconds)s" : text, isPlain: true)
      }
      if path == ["groups", "members"], flag(0.4) { return .map([("name", value)]) }
      if path.count == 3, path[1] == "can", flag(0.3) { return .map([("of", flag() ? .list([value]) : value)]) }
      return value
    case .list(let items):
      let items = items.map { restyled($0, path) }
      if items.count == 1, path.count > 1, flag(0.4), case .scalar = items[0] { return items[0] }
      return .list(path.first == "artifacts" ? items : items.shuffled(using: &generator))
    case .map(let pairs):
      var pairs = pairs.map { ($0, restyled($1, path + [$0])) }
      func has(_ name: String) -> Bool { pairs.contains { $0.0 == name } }
      if path == ["environments"], !has("protected"), flag() { pairs.append(("protected", .scalar("false", isPlain: true))) }
      if path == ["groups"], !has("source"), flag() { pairs.append(("source", .scalar("policy", isPlain: true))) }
      if path == ["services"], !has("agent"), flag() { pairs.append(("agent", .scalar("false", isPlain: true))) }
      if path == ["approvals"] || path.last == "never" || path.last == "only", !has("in"), flag() {
        pairs.append(("in", .scalar("*", isPlain: false)))
      }
      if path.count == 1, !has("description"), flag(0.3), path != ["bindings"] {
        pairs.append(("description", .scalar("another", isPlain: true)))
      }
      return .map(pairs.shuffled(using: &generator))
    }
  }

  // MARK: In another style

  private mutating func block(_ value: Value, _ indent: Int) -> String {
    let space = String(repeating: " ", count: indent)
    switch value {
    case .map(let pairs) where !pairs.isEmpty && flag(0.7):
      return "\n" + pairs.map { "\(space)\(quoted($0)):\(block($1, indent + 2))" }.joined()
    case .list(let items) where !items.isEmpty && flag(0.5):
      return "\n" + items.map { "\(space)-\(block($0, indent + 2))" }.joined()
    default: return " \(flow(value))\(flag(0.2) ? "  # a word" : "")\n"
    }
  }

  private mutating func flow(_ value: Value) -> String {
    switch value {
    case .scalar(let text, let isPlain): return scalar(text, isPlain)
    case .list(let items): return "[\(items.map { flow($0) }.joined(separator: flag() ? ", " : " , "))]"
    case .map(let pairs): return pairs.isEmpty ? "{}" : "{ \(pairs.map { "\(quoted($0)): \(flow($1))" }.joined(separator: ", ")) }"
    }
  }

  private mutating func scalar(_ text: String, _ isPlain: Bool) -> String {
    if isPlain, text == "true" || text == "false" || Int(text) != nil { return text }
    let isWord = !text.isEmpty && text.utf8.allSatisfy { Self.word.contains($0) } && Int(text) == nil
    if isWord, !["true", "false", "null"].contains(text), flag(0.4) { return text }
    if flag(0.3), !text.contains("\n") { return "'\(text.replacing("'", with: "''"))'" }
    anchors += 1
    let body = text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
    return "\(flag(0.2) ? "&a\(anchors) " : "")\"\(body)\""
  }

  private static let word = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.".utf8)

  private mutating func quoted(_ name: String) -> String {
    let isWord = name.utf8.allSatisfy { Self.word.contains($0) }
    return isWord && flag(0.8) ? name : "\"\(name.replacing("\"", with: "\\\""))\""
  }
}
