extension Resolver {
  /// Guardrails, approvals and tests: their names are resolved here; they are judged in `Judge`.
  mutating func rules() {
    for (name, value, _) in declarations.all(.guardrails) where value.isMapping { guardrail(name, value.record(GuardrailField.self)) }
    for (name, value, _) in declarations.all(.approvals) where value.isMapping { approval(name, value.record(ApprovalField.self)) }
    for (name, value, _) in declarations.all(.tests) where value.isMapping { test(name, value.record(PolicyTestField.self)) }
  }

  private mutating func guardrail(_ name: SyntaxNode, _ view: RecordView<GuardrailField>) {
    let kinds: [GuardrailField] = [.never, .only, .separate, .require].filter { view[$0] != nil }
    if kinds.count != 1 {
      report(
        Diagnostic(
          .guardrailKind, kinds.isEmpty ? "guardrail `\(name.text)` says nothing" : "guardrail `\(name.text)` says several things",
          at: name.span,
          help: "write exactly one of `never`, `only`, `separate` and `require`"))
    }
    var kind: Rules.Guardrail.Kind?
    if let node = view[.never], node.isMapping { kind = .never(guardedAccess(node.record(GuardedAccessField.self))) }
    if let node = view[.only], node.isMapping { kind = .only(guardedAccess(node.record(GuardedAccessField.self))) }
    if let node = view[.separate] {
      let items = view.items(.separate)
      let known = items.filter { role($0) != nil }
      if items.count < 2 {
        report(Diagnostic(.guardrailKind, "`separate` needs two roles at least", at: node.span))
      } else if Set(known.map(\.text)).count < items.count, known.count == items.count {
        report(Diagnostic(.guardrailKind, "`separate` names a role twice", at: node.span))
      }
      kind = .separate(known.map(Rules.Word.init))
    }
    if let node = view[.require], node.isMapping { kind = requirement(node.record(RequirementField.self)).map { .require($0) } ?? kind }
    var waivers: [Rules.Waiver] = []
    for waiver in view.items(.waivers) where waiver.isMapping {
      let inner = waiver.record(WaiverField.self)
      guard let who = inner[.principal], let id = principal(who), let until = inner[.until], let end = Instant(until.text, isEnd: true)
      else { continue }
      if let kind, let problem = uselessWaiver(id, who.span, of: kind) { report(problem) }
      reportEnd(of: "this waiver", Interval(from: .distantPast, until: end), at: until)
      waivers.append(.init(principal: .init(text: Self.unqualified(who.text), span: who.span), until: end))
    }
    guard kinds.count == 1, let kind else { return }
    model.rules.guardrails.append(
      .init(name: name.text, span: name.span, kind: kind, waivers: waivers, reason: view[.reason]?.text))
  }

  /// What is wrong with a waiver that could never waive anything of its guardrail.
  private func uselessWaiver(_ id: PrincipalID, _ span: SourceSpan, of kind: Rules.Guardrail.Kind) -> Diagnostic? {
    let it = model[id]
    let declared = [Diagnostic.Note("it is declared here", at: it.span)]
    guard case .require(let requirement) = kind else {
      guard it.kind == .group, model.groups[id]?.source != .provider else { return nil }
      return Diagnostic(
        .wrongPrincipal, "`\(it.name)` is a group: a waiver here is for one principal", at: span, notes: declared,
        help: "write a waiver for each member that needs one")
    }
    let meant: (kinds: [AccessModel.Principal.Kind], words: String)
    switch requirement.section {
    case .users: meant = ([.user], "users")
    case .services: meant = ([.service], "services")
    case .groups: meant = ([.group], "groups")
    case .connections: meant = ([.user, .service], "the principals of connections")
    case .bindings: return nil
    default:
      return Diagnostic(
        .guardrailKind, "a waiver has no meaning here: \(requirement.section.name) belong to no principal", at: span,
        help: "leave it out; `in` may name fewer environments")
    }
    if meant.kinds.contains(it.kind) { return nil }
    return Diagnostic(
      .wrongPrincipal, "`\(it.name)` is a \(it.kind.rawValue): a waiver here is for \(meant.words)", at: span, notes: declared,
      help: "leave it out, or name whom it is for")
  }

  private mutating func guardedAccess(_ view: RecordView<GuardedAccessField>) -> Rules.GuardedAccess {
    let who = view.items(.who).filter { Self.selectors.contains($0.text) || principal($0) != nil }
    let environments = environmentWords(view.items(.environments))
    var patterns: [(id: PatternID, node: SyntaxNode)] = []
    for item in view.items(.resources) {
      misplacedPrincipal(item, item.text, 0..<item.text.utf8.count)
      if let id = pattern(item, action: nil) { patterns.append((id, item)) }
    }
    // An action is known when one of the resources has it: the others' systems have none to guard.
    let actions = view.items(.can)
    for action in actions where !patterns.contains(where: { self.has(action.text, $0.id) }) {
      if let first = patterns.first { self.action(action, on: first.id) }
    }
    return .init(
      who: who.map { .init(text: Self.unqualified($0.text), span: $0.span) }, actions: actions.map(Rules.Word.init),
      resources: patterns.map { .init(pattern: model[$0.id].pattern, span: $0.node.span) }, environments: environments)
  }

  /// The environments that a rule names: nil for all of them.
  private mutating func environmentWords(_ nodes: [SyntaxNode]) -> Rules.Environments {
    let known = nodes.filter { $0.isScalar && ($0.text == "*" || environment($0) != nil) }
    return nodes.isEmpty || known.contains { $0.text == "*" } ? nil : known.map(Rules.Word.init)
  }

  private mutating func requirement(_ view: RecordView<RequirementField>) -> Rules.Requirement? {
    let environments = environmentWords(view.items(.environments))
    guard let of = view[.of], let section = Section.allCases.first(where: { $0.name == of.text }), let field = view[.fieldName],
      requirement(field, of: section, bound: view[.atMost] ?? view[.atLeast])
    else { return nil }
    if let node = view[.environments], ![.connections, .systems, .bindings].contains(section) {
      report(
        Diagnostic(
          .guardrailKind, "`in` has no meaning here: \(section.name) are the same in every environment", at: node.span,
          help: "leave `in` out"))
    }
    return .init(
      section: section, field: Rules.Word(field), environments: environments, atMost: view[.atMost].flatMap { PolicyDuration($0.text) },
      atLeast: view[.atLeast].flatMap { PolicyDuration($0.text) })
  }

  private static let selectors: Set<String> = ["users", "services", "agents", "*"]

  private mutating func requirement(_ field: SyntaxNode, of section: Section, bound: SyntaxNode?) -> Bool {
    guard let shape = section.declaration else { return false }
    let names = shape.fields.map(\.name) + (section == .connections ? RecordShape.connectionSettings.fields.map(\.name) : [])
    guard !names.contains(field.text) else {
      let all = shape.fields + (section == .connections ? RecordShape.connectionSettings.fields : [])
      if let bound, let known = all.first(where: { $0.name == field.text }), !known.isLength {
        report(
          Diagnostic(
            .guardrailKind, "`\(field.text)` is not a length of time, so it has no bounds", at: bound.span,
            help: "leave the bound out: the guardrail then requires that the field is there"))
        return false
      }
      return true
    }
    let shown = names.filter { $0 != "description" }.prefix(14).map { "`\($0)`" }.joined(separator: ", ")
    let nearest = NearestName.nearest(field.text, among: names)
    report(
      Diagnostic(
        .unknownField, "\(Diagnostic.article(shape.title)) has no field `\(field.text)`", at: field.span,
        notes: nearest == nil ? [.init("its fields are \(shown)\(names.count > 15 ? ", …" : "")")] : [],
        help: nearest.map { "did you mean `\($0)`?" },
        fix: nearest.map { .init(span: field.span, replacement: $0) }))
    return false
  }

  private mutating func approval(_ name: SyntaxNode, _ view: RecordView<ApprovalField>) {
    var resources: [Rules.Pattern] = []
    for item in view.items(.resources) {
      misplacedPrincipal(item, item.text, 0..<item.text.utf8.count)
      if let id = pattern(item, action: nil) { resources.append(.init(pattern: model[id].pattern, span: item.span)) }
    }
    let environments = environmentWords(view.items(.environments))
    var by: [Rules.Word] = []
    for item in view.items(.by) {
      guard let id = principal(item) else { continue }
      by.append(Rules.Word(text: model[id].name, span: item.span))
      if model[id].kind == .service {
        report(
          Diagnostic(
            .wrongPrincipal, "`\(model[id].name)` is a service: only people can approve", at: item.span,
            notes: [.init("it is declared here", at: model[id].span)]))
      }
    }
    model.rules.approvals.append(
      .init(name: name.text, span: name.span, resources: resources, environments: environments, by: by))
  }

  private mutating func test(_ name: SyntaxNode, _ view: RecordView<PolicyTestField>) {
    let environments = environments(view.items(.environments))
    let place = view[.environments]?.span ?? name.span
    var sentences: [Rules.Sentence] = []
    for item in view.items(.expect) {
      guard let sentence = TestSentence(item.text) else { continue }
      let isNamed = named(item, sentence.principalRange)
      let isPattern = pattern(part: item, sentence.resourceRange, action: item, sentence.actionRange, sentence.action)
      if isNamed, isPattern { sentences.append(.init(sentence: sentence, text: item.text, span: item.span)) }
    }
    var questions: [Rules.Question] = []
    for (question, holders) in view[.whoCan]?.pairs ?? [] {
      var isKnown = true
      let asked = TestSentence.question(question.text)
      if let it = asked {
        isKnown = pattern(part: question, it.resourceRange, action: question, it.actionRange, it.action)
      }
      var named: [Rules.Holder] = []
      for holder in holders.items {
        guard let it = TestSentence.holder(holder.text) else {
          report(
            Diagnostic(
              .invalidSentence, "`\(holder.text)` does not say who", at: holder.span,
              help: "write a name, or `<name> via <connection>` for access through a session"))
          continue
        }
        if self.named(holder, it.range) {
          named.append(.init(principal: Self.unqualified(it.principal), via: it.via?.name, span: holder.span))
        } else {
          isKnown = false
        }
        if let via = it.via, model.connectionNames[via.name] == nil, !isBroken(via.name, .connections) {
          isKnown = false
          report(
            .unknown(
              .unknownConnection, "connection", via.name, among: candidates(model.connectionNames.keys), at: holder.span(ofPart: via.range))
          )
        }
      }
      if isKnown, let asked {
        questions.append(
          .init(action: asked.action, resource: asked.resource, text: question.text, span: question.span, holders: named))
      }
    }
    model.rules.tests.append(
      .init(
        name: name.text, span: name.span, environments: environments.members.map { .init(text: model[$0].name, span: place) },
        instant: view[.at].flatMap { Instant($0.text) }, sentences: sentences, questions: questions))
  }

  private static func unqualified(_ text: String) -> String {
    String(decoding: Array(text.utf8)[ScalarCheck.unqualified(text)], as: UTF8.self)
  }

  private mutating func named(_ node: SyntaxNode, _ range: Range<Int>) -> Bool {
    let name = Self.unqualified(String(decoding: Array(node.text.utf8)[range], as: UTF8.self))
    guard model.principalNames[name] == nil else { return true }
    report(
      .unknown(
        .unknownPrincipal, "principal", name, among: candidates(model.principalNames.keys), at: node.span(ofPart: range),
        declareIn: "`users`, `services` or `groups`"))
    return false
  }

  /// A pattern, and an action on it, that are parts of a sentence.
  private mutating func pattern(part node: SyntaxNode, _ range: Range<Int>, action: SyntaxNode, _ actionRange: Range<Int>, _ name: String)
    -> Bool
  {
    let text = String(decoding: Array(node.text.utf8)[range], as: UTF8.self)
    guard case .success(let pattern) = ResourcePattern.parse(text) else { return false }
    misplacedPrincipal(node, text, range)
    let names: [String]
    let title: String
    switch pattern.root {
    case "connections": (names, title) = (["assume"], "connections")
    case "secrets": (names, title) = (["read"], "secrets")
    default:
      guard let id = model.systemNames[pattern.root] else {
        if isBroken(pattern.root, .systems) { return false }
        report(
          .unknown(
            .unknownSystem, "system", pattern.root, among: candidates(model.systemNames.keys),
            at: node.span(ofPart: range.lowerBound..<range.lowerBound + pattern.root.utf8.count)))
        return false
      }
      (names, title) = (model[id].type.actions.map(\.name), model[id].type.title)
      // A sentence about what cannot exist would hold for ever.
      if let problem = depthProblem(pattern, .system(id), node, at: range) {
        report(problem)
        return false
      }
    }
    guard !names.contains(name) else { return true }
    report(.noSuchAction(name, on: title, among: names, at: action.span(ofPart: actionRange)))
    return false
  }

  /// `${principal}` stands for whoever holds a permission; where nobody does, it has no meaning.
  private mutating func misplacedPrincipal(_ node: SyntaxNode, _ text: String, _ range: Range<Int>) {
    guard let place = text.firstRange(of: Placeholder.principal.text) else { return }
    let start = range.lowerBound + text.utf8.distance(from: text.startIndex, to: place.lowerBound)
    report(.misplacedPrincipal(at: node.span(ofPart: start..<start + Placeholder.principal.text.utf8.count)))
  }

  private func has(_ action: String, _ id: PatternID) -> Bool {
    switch model[id].root {
    case .connections: action == "assume"
    case .secrets: action == "read"
    case .system(let system): model[system].type.action(action) != nil
    }
  }

  private mutating func action(_ node: SyntaxNode, on id: PatternID) {
    let names: [String]
    let title: String
    switch model[id].root {
    case .connections: (names, title) = (["assume"], "connections")
    case .secrets: (names, title) = (["read"], "secrets")
    case .system(let system): (names, title) = (model[system].type.actions.map(\.name), model[system].type.title)
    }
    guard !names.contains(node.text), ScalarCheck.isName(node.text.utf8) else { return }
    report(.noSuchAction(node.text, on: title, among: names, at: node.span))
  }
}

extension Field {
  /// Whether its value is a length of time, or has one from now on.
  fileprivate var isLength: Bool {
    if case .scalar(let kind) = shape { kind == .duration || kind == .instant } else { false }
  }
}

extension Rules.Word {
  fileprivate init(_ node: SyntaxNode) { self.init(text: node.text, span: node.span) }
}

extension Diagnostic {
  fileprivate static func misplacedPrincipal(at span: SourceSpan) -> Self {
    Self(
      .misplacedPlaceholder, "`${principal}` has no meaning here: it stands for whoever holds a permission", at: span,
      help: "write a name, or `*` for any")
  }

  fileprivate static func noSuchAction(_ name: String, on what: String, among names: [String], at span: SourceSpan) -> Self {
    let nearest = NearestName.nearest(name, among: names)
    return Self(
      .unknownAction, "\(what) \(what == "connections" || what == "secrets" ? "have" : "has") no action `\(name)`", at: span,
      notes: [.init(names.count == 1 ? "the only one is `\(names[0])`" : "there are \(listed(names))")],
      help: nearest.map { "did you mean `\($0)`?" },
      fix: nearest.map { Fix(span: span, replacement: $0) })
  }
}
