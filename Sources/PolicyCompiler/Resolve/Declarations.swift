/// All documents' declarations, section by section, each name once.
struct Declarations {
  typealias Named = (name: SyntaxNode, value: SyntaxNode, text: String)

  /// By the section's number.
  private var named: [[Named]]
  private(set) var bindings: [SyntaxNode] = []
  private(set) var problems = ProblemList()
  private var names: [Set<String>]
  let bindingTrees = BindingTrees()

  /// - Parameter documents: in the order of their paths.
  init(_ documents: [PolicyDocument]) {
    var counts = [Int](repeating: 0, count: Section.allCases.count)
    for document in documents { for declaration in document.declarations { counts[declaration.section.rawValue] += 1 } }
    bindingTrees.add(documents)
    bindings.reserveCapacity(counts[Section.bindings.rawValue])
    // Sections that share one space of names share a table of them.
    var taken = [[String: (section: Section, number: Int)]](repeating: [:], count: counts.count)
    named = [[Named]](repeating: [], count: counts.count)
    names = [Set<String>](repeating: [], count: counts.count)
    for section in Section.allCases where section != .bindings {
      named[section.rawValue].reserveCapacity(counts[section.rawValue])
      names[section.rawValue].reserveCapacity(counts[section.rawValue])
      taken[section.namespace.rawValue].reserveCapacity(taken[section.namespace.rawValue].capacity + counts[section.rawValue])
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
        let place = (section, named[section.rawValue].count)
        if let first = Self.take(folded, as: place, in: &taken[section.namespace.rawValue]) {
          // A key that stands twice in one mapping has been reported as such.
          if repeated.contains(name.span) { continue }
          let other = named[first.section.rawValue][first.number]
          problems.append(.declaredTwice(text, section, at: name.span, first: (first.section, other.text, other.name.span)))
          continue
        }
        named[section.rawValue].append((name, declaration.value, text))
        names[section.rawValue].insert(text)
      }
    }
    // Which of two places comes first must not matter to anybody.
    for section in named.indices { named[section] = NameOrder.sorted(named[section], by: \.text) }
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

  func contains(_ name: String, in section: Section) -> Bool { names[section.rawValue].contains(name) }

  func all(_ section: Section) -> [Named] { named[section.rawValue] }

  /// Words that stand for many principals.
  static let selectors: Set<String> = ["users", "services", "groups", "agents"]
  static let reserved: Set<String> = ["users", "services", "groups", "agents", "self", "connections", "secrets"]
}

extension Section {
  /// The section whose space of names this one's are in: users, services and groups share one.
  fileprivate var namespace: Section {
    switch self {
    case .services, .groups: .users
    default: self
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
