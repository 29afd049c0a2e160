/// Resolves every name of a policy. One pass for each section, in the order in which they build on each other.
struct Resolver {
  let declarations: Declarations
  let grammar: Grammar
  /// The instant at which expiry is judged.
  let instant: Instant
  var model: AccessModel
  var problems = ProblemList()
  private var comparisonsLeft = 2_000_000
  /// The names that bindings mention, once all of their sections are resolved.
  var principalTable = NameTable<PrincipalID>()
  var roleTable = NameTable<RoleID>()
  var environmentTable = NameTable<EnvironmentID>()
  var patternIDs: [UTF8Key: PatternID?] = [:]
  var judgedActions: [JudgedAction: Bool] = [:]
  /// Of each role, the environments in which something that it gives can exist, worked out once.
  var roleReach: [RoleID: (environments: EnvironmentSet, isEmpty: Bool)] = [:]
  /// Of each role, a permission of its closure that names `${principal}`; nil where there is none.
  var rolePersonal: [RoleID: Int?] = [:]

  struct JudgedAction: Hashable {
    let action: String
    let pattern: PatternID
  }

  /// Resolves everything; what came of it is the resolver's `model`.
  ///
  /// - Parameter many: how many bindings are resolved in parts side by side.
  static func resolve(_ declarations: Declarations, grammar: Grammar, at instant: Instant, many: Int = BindingParts.many) -> Resolver {
    var resolver = Resolver(declarations: declarations, grammar: grammar, instant: instant)
    resolver.environments()
    resolver.providers()
    resolver.principals()
    resolver.systems()
    resolver.connections()
    resolver.routes()
    resolver.roles()
    resolver.connectionRoles()
    resolver.principalTable = NameTable(resolver.model.principalNames)
    resolver.roleTable = NameTable(resolver.model.roleNames)
    resolver.environmentTable = NameTable(resolver.model.environmentNames)
    resolver.bindings(many: many)
    resolver.rules()
    resolver.artifacts()
    return resolver
  }

  var diagnostics: [Diagnostic] { declarations.problems.all + problems.all }

  /// Takes the bindings of some files out and those of others in, where nothing else differs between them.
  ///
  /// Bindings build on all other sections, and nothing but what is judged builds on them.
  ///
  /// - Parameters:
  ///   - documents: all that there are then, in their order.
  ///   - gone: the files' numbers.
  mutating func rebind(_ documents: [PolicyDocument], without gone: Set<Int32>, with come: [PolicyDocument]) {
    problems = ProblemList()
    model.bindingTrees.add(come)
    let before = model.bindings
    var places: [Int32: Range<Int>] = [:]
    var start = 0
    for index in before.indices where index + 1 == before.count || before[index + 1].span.file != before[index].span.file {
      places[before[index].span.file] = start..<index + 1
      start = index + 1
    }
    let fresh = Set(come.compactMap(\.tree?.file))
    model.bindings = []
    model.bindings.reserveCapacity(before.count + 64)
    for document in documents {
      guard let file = document.tree?.file else { continue }
      guard fresh.contains(file) else {
        if let place = places[file], !gone.contains(file) { model.bindings += before[place] }
        continue
      }
      for declaration in document.declarations where declaration.name == nil && declaration.value.isMapping { binding(declaration.value) }
    }
  }

  private init(declarations: Declarations, grammar: Grammar, instant: Instant) {
    self.declarations = declarations
    self.grammar = grammar
    self.instant = instant
    model = AccessModel(bindingTrees: declarations.bindingTrees)
  }

  /// Names to look for what was meant among; none once a great many have been looked through, so that a hostile policy
  /// of nothing but unknown names ends.
  mutating func candidates(_ names: some Collection<String>) -> [String] {
    guard !problems.isFull, names.count <= comparisonsLeft else { return [] }
    comparisonsLeft -= names.count
    return Array(names)
  }

  /// Leaves one of some parts its share.
  mutating func shareComparisons(among count: Int) { comparisonsLeft /= count }

  mutating func report(_ diagnostic: Diagnostic) { problems.append(diagnostic) }

  // MARK: Names

  /// The environments that a field `in` names; all of them for `*`. Unknown ones are reported and left out.
  mutating func environments(_ nodes: some Sequence<SyntaxNode>) -> EnvironmentSet {
    var set = EnvironmentSet()
    for node in nodes where node.isScalar {
      if let id = environmentTable[node] {
        set.insert(id)
        continue
      }
      let name = node.text
      if name == "*" {
        set = set.union(.all(model.environments.count))
      } else if let id = environment(node) {
        set.insert(id)
      }
    }
    return set
  }

  mutating func environment(_ node: SyntaxNode) -> EnvironmentID? {
    let name = node.text
    if let id = model.environmentNames[name] { return id }
    guard ScalarCheck.isName(name.utf8), !isBroken(name, .environments) else { return nil }
    report(.unknown(.unknownEnvironment, "environment", name, among: candidates(model.environmentNames.keys), at: node.span))
    return nil
  }

  /// Whether a name is declared, but what it declares cannot be used: that has been reported, so whoever names it is not
  /// to blame.
  func isBroken(_ name: String, _ section: Section) -> Bool { declarations.contains(name, in: section) }

  /// The principal that a node names, perhaps with `user:`, `service:` or `group:` before it.
  mutating func principal(_ node: SyntaxNode) -> PrincipalID? {
    guard node.isScalar else { return nil }
    if let id = principalTable[node] { return id }
    let text = node.text
    if let id = model.principalNames[text] { return id }
    let range = ScalarCheck.unqualified(text)
    let name = range.lowerBound == 0 ? text : String(decoding: Array(text.utf8)[range], as: UTF8.self)
    if range.lowerBound > 0, let id = model.principalNames[name] {
      let kind = model[id].kind.rawValue
      guard text.hasPrefix(kind + ":") else {
        report(.wrongQualifier(name, kind: kind, at: node.span, declared: model[id].span))
        return nil
      }
      return id
    }
    guard ScalarCheck.isName(name.utf8) else { return nil }
    if name == "self" {
      report(
        Diagnostic(
          .wrongPrincipal, "`self` is only possible as the `principal` of a connection", at: node.span,
          help: "name a user, a service or a group"))
      return nil
    }
    if Declarations.selectors.contains(name) {
      report(
        Diagnostic(
          .wrongPrincipal, "`\(name)` is only possible as the `who` of a guardrail", at: node.span,
          help: "name a group; \(name == "groups" ? "there is none of all groups" : "whoever is to have something is named")"))
      return nil
    }
    report(
      .unknown(
        .unknownPrincipal, "principal", name, among: candidates(model.principalNames.keys), at: node.span,
        declareIn: "`users`, `services` or `groups`"))
    return nil
  }

  mutating func role(_ node: SyntaxNode) -> RoleID? {
    guard node.isScalar else { return nil }
    if let id = roleTable[node] { return id }
    let name = node.text
    if let id = model.roleNames[name] { return id }
    guard ScalarCheck.isName(name.utf8) else { return nil }
    report(.unknown(.unknownRole, "role", name, among: candidates(model.roleNames.keys), at: node.span))
    return nil
  }

  mutating func system(_ node: SyntaxNode) -> SystemID? {
    guard node.isScalar else { return nil }
    let name = node.text
    if let id = model.systemNames[name] { return id }
    guard ScalarCheck.isName(name.utf8), !isBroken(name, .systems) else { return nil }
    report(.unknown(.unknownSystem, "system", name, among: candidates(model.systemNames.keys), at: node.span))
    return nil
  }

  mutating func provider(_ node: SyntaxNode) {
    guard node.isScalar, model.providers[node.text] == nil, ScalarCheck.isName(node.text.utf8) else { return }
    report(.unknown(.unknownProvider, "identity provider", node.text, among: candidates(model.providers.keys), at: node.span))
  }

  /// The interval of `from` and `until`; nil where it is empty, which is reported.
  mutating func interval(from: SyntaxNode?, until: SyntaxNode?) -> Interval? {
    let start = from.flatMap { Instant($0.text) } ?? .distantPast
    let end = until.flatMap { Instant($0.text, isEnd: true) } ?? .distantFuture
    guard start < end else {
      report(.emptyInterval(from: from?.text ?? start.text, until: until?.text ?? end.text, at: until?.span ?? from?.span))
      return nil
    }
    return Interval(from: start, until: end)
  }

  /// Says that something has ended, or will within fourteen days.
  mutating func reportEnd(of what: String, _ interval: Interval, at node: SyntaxNode?) {
    guard let node else { return }
    let (left, overflow) = interval.until.seconds.subtractingReportingOverflow(instant.seconds)
    if interval.until <= instant {
      report(.ended(what, at: node.span))
    } else if !overflow, left <= 14 * 86_400 {
      report(.endsSoon(what, in: left, at: node.span))
    }
  }
}

extension Diagnostic {
  package static func unknown(
    _ code: DiagnosticCode, _ what: String, _ name: String, among names: some Sequence<String>, at span: SourceSpan,
    declareIn: String? = nil
  ) -> Self {
    let nearest = NearestName.nearest(name, among: names)
    var notes: [Note] = []
    let all = nearest == nil ? names.prefix(13).sorted() : []
    if !all.isEmpty, all.count <= 12 {
      notes.append(.init(all.count == 1 ? "the only one is `\(all[0])`" : "there are \(listed(all))"))
    }
    let help = nearest.map { "did you mean `\($0)`?" } ?? "declare it under \(declareIn ?? "`\(Self.section(what))`")"
    return Self(
      code, "\(what) `\(name)` is not declared", at: span, notes: notes, help: help, fix: nearest.map { Fix(span: span, replacement: $0) })
  }

  private static func section(_ what: String) -> String { what == "identity provider" ? "identity_providers" : what + "s" }

  fileprivate static func wrongQualifier(_ name: String, kind: String, at span: SourceSpan, declared: SourceSpan) -> Self {
    Self(
      .wrongPrincipal, "`\(name)` is a \(kind)", at: span, notes: [.init("it is declared here", at: declared)],
      help: "write `\(kind):\(name)`, or just `\(name)`",
      fix: Fix(span: span, replacement: name))
  }

  fileprivate static func emptyInterval(from: String, until: String, at span: SourceSpan?) -> Self {
    Self(
      .emptyInterval, "`until` (\(until)) is not after `from` (\(from)): this never holds", at: span,
      notes: [.init("`from` is included, `until` is not; a date as an end includes that day")])
  }

  fileprivate static func ended(_ what: String, at span: SourceSpan) -> Self {
    Self(.ended, "\(what) has ended and gives nothing", at: span, help: "delete it, or give it a new end")
  }

  fileprivate static func endsSoon(_ what: String, in seconds: Int64, at span: SourceSpan) -> Self {
    let days = seconds / 86_400
    return Self(.endsSoon, "\(what) ends in \(days == 0 ? "less than a day" : days == 1 ? "1 day" : "\(days) days")", at: span)
  }
}
