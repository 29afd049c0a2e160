/// All documents' declarations, section by section, each name once.
struct Declarations {
  typealias Named = (name: SyntaxNode, value: SyntaxNode, text: String)

  private(set) var named: [Section: [Named]] = [:]
  private(set) var bindings: [SyntaxNode] = []
  private(set) var problems = ProblemList()
  private var names: [Section: Set<String>] = [:]
  let bindingTrees = BindingTrees()

  /// - Parameter documents: in the order of their paths.
  init(_ documents: [PolicyDocument]) {
    var counts: [Section: Int] = [:]
    for document in documents { for declaration in document.declarations { counts[declaration.section, default: 0] += 1 } }
    bindingTrees.add(documents)
    bindings.reserveCapacity(counts[.bindings] ?? 0)
    var taken: [Namespace: [String: (section: Section, number: Int)]] = [:]
    for (section, count) in counts where section != .bindings {
      named[section, default: []].reserveCapacity(count)
      taken[section.namespace, default: [:]].reserveCapacity(count)
    }
    for document in documents {
      let repeated = Set(document.diagnostics.lazy.filter { $0.code == .duplicateKey }.compactMap(\.span))
      for declaration in document.declarations {
        guard let name = declaration.name else {
          bindings.append(declaration.value)
          continue
        }
        let text = name.text
        let section = declaration.section
        let folded = Self.folded(text)
        if Self.reserved.contains(folded) {
          problems.append(.reserved(text, at: name.span))
          continue
        }
        let number = named[section]?.count ?? 0
        let first = Self.take(folded, as: (section, number), in: &taken[section.namespace, default: [:]])
        if let first, let other = named[first.section]?[first.number] {
          // A key that stands twice in one mapping has been reported as such.
          if repeated.contains(name.span) { continue }
          problems.append(.declaredTwice(text, section, at: name.span, first: (first.section, other.text, other.name.span)))
          continue
        }
        named[section, default: []].append((name, declaration.value, text))
      }
    }
    // Which of two places comes first must not matter to anybody.
    names = named.mapValues { Set($0.map(\.text)) }
    for section in named.keys { named[section]?.sort { $0.text.utf8.lexicographicallyPrecedes($1.text.utf8) } }
  }

  /// Who took the name before; nobody where it is taken now.
  private static func take(
    _ name: String, as place: (section: Section, number: Int), in taken: inout [String: (section: Section, number: Int)]
  ) -> (section: Section, number: Int)? {
    if let first = taken[name] { return first }
    taken[name] = place
    return nil
  }

  /// Without capitals; most names have none.
  private static func folded(_ text: String) -> String {
    text.utf8.allSatisfy { $0 < 0x80 && !(0x41...0x5A).contains($0) } ? text : text.lowercased()
  }

  func contains(_ name: String, in section: Section) -> Bool { names[section]?.contains(name) ?? false }

  func all(_ section: Section) -> [Named] { named[section] ?? [] }

  /// Words that stand for many principals.
  static let selectors: Set<String> = ["users", "services", "groups", "agents"]
  static let reserved: Set<String> = ["users", "services", "groups", "agents", "self", "connections", "secrets"]

  fileprivate enum Namespace: Hashable { case principals, section(Section) }
}

extension Section {
  /// Users, services and groups share one space of names.
  fileprivate var namespace: Declarations.Namespace {
    switch self {
    case .users, .services, .groups: .principals
    default: .section(self)
    }
  }

  /// One declaration of it, in words.
  var singular: String {
    switch self {
    case .identityProviders: "identity provider"
    case .bindings: "binding"
    default: String(name.dropLast())
    }
  }
}

extension Diagnostic {
  fileprivate static func reserved(_ name: String, at span: SourceSpan) -> Self {
    Self(
      .reservedName, "`\(name)` is a word of the language and cannot be a name", at: span,
      notes: [.init("reserved are \(listed(Declarations.reserved.sorted()))")])
  }

  fileprivate static func declaredTwice(
    _ name: String, _ section: Section, at span: SourceSpan, first: (section: Section, text: String, span: SourceSpan)
  ) -> Self {
    let message: String
    if first.section != section {
      message = "`\(name)` is already \(article(first.section.singular)): users, services and groups share their names"
    } else if first.text != name {
      message = "\(section.singular) `\(name)` differs only in case from `\(first.text)`"
    } else {
      message = "\(section.singular) `\(name)` is declared twice"
    }
    return Self(
      .declaredTwice, message, at: span, notes: [.init("the first declaration is here", at: first.span)], help: "rename one, or delete it")
  }
}
