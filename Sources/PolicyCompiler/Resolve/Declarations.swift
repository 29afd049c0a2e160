/// All documents' declarations, section by section, each name once.
struct Declarations {
  typealias Named = (name: SyntaxNode, value: SyntaxNode, text: String)

  private(set) var named: [Section: [Named]] = [:]
  private(set) var bindings: [SyntaxNode] = []
  private(set) var problems = ProblemList()
  private var names: [Section: Set<String>] = [:]

  /// - Parameter documents: in the order of their paths.
  init(_ documents: [PolicyDocument]) {
    var taken: [Namespace: [String: (section: Section, text: String, span: SourceSpan)]] = [:]
    for document in documents {
      let repeated = Set(document.diagnostics.lazy.filter { $0.code == .duplicateKey }.compactMap(\.span))
      for declaration in document.declarations {
        guard let name = declaration.name else {
          bindings.append(declaration.value)
          continue
        }
        let text = name.text
        let section = declaration.section
        if Self.reserved.contains(text.lowercased()) {
          problems.append(.reserved(text, at: name.span))
          continue
        }
        let folded = text.lowercased()
        if let first = taken[section.namespace, default: [:]][folded] {
          // A key that stands twice in one mapping has been reported as such.
          if repeated.contains(name.span) { continue }
          problems.append(.declaredTwice(text, section, at: name.span, first: first))
          continue
        }
        taken[section.namespace, default: [:]][folded] = (section, text, name.span)
        named[section, default: []].append((name, declaration.value, text))
      }
    }
    // Which of two places comes first must not matter to anybody.
    names = named.mapValues { Set($0.map(\.text)) }
    for section in named.keys { named[section]?.sort { $0.text.utf8.lexicographicallyPrecedes($1.text.utf8) } }
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
