extension Resolver {
  /// Guardrails, approvals and tests: their names are resolved here; they are judged elsewhere.
  mutating func rules() {
    for (name, value, _) in declarations.all(.guardrails) where value.isMapping { guardrail(name, value.record(GuardrailField.self)) }
    for (_, value, _) in declarations.all(.approvals) where value.isMapping { approval(value.record(ApprovalField.self)) }
    for (_, value, _) in declarations.all(.tests) where value.isMapping { test(value.record(PolicyTestField.self)) }
    for section in [Section.guardrails, .approvals, .tests] {
      let all = declarations.all(section)
      guard let first = all.map(\.name.span).min(by: { ($0.file, $0.start) < ($1.file, $1.start) }) else { continue }
      report(
        Diagnostic(
          .notYetJudged,
          "\(all.count == 1 ? "1 \(section.singular) is" : "\(all.count) \(section.name) are") read and resolved, but not yet judged by this version",
          at: first))
    }
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
    for field in [GuardrailField.never, .only] {
      guard let node = view[field], node.isMapping else { continue }
      let inner = node.record(GuardedAccessField.self)
      for who in inner.items(.who) where !Self.selectors.contains(who.text) { _ = principal(who) }
      _ = environments(inner.items(.environments))
      let actions = inner.items(.can)
      let patterns = inner.items(.resources).compactMap { item in
        misplacedPrincipal(item, item.text, 0..<item.text.utf8.count)
        return pattern(item, action: nil)
      }
      // An action is known when one of the resources has it: the others' systems have none to guard.
      for action in actions where !patterns.contains(where: { self.has(action.text, $0) }) {
        if let first = patterns.first { self.action(action, on: first) }
      }
    }
    for item in view.items(.separate) { _ = role(item) }
    if let node = view[.separate], view.items(.separate).count < 2 {
      report(Diagnostic(.guardrailKind, "`separate` needs two roles at least", at: node.span))
    }
    if let require = view[.require], require.isMapping {
      let inner = require.record(RequirementField.self)
      _ = environments(inner.items(.environments))
      if let section = inner[.of].flatMap({ node in Section.allCases.first { $0.name == node.text } }), let field = inner[.fieldName] {
        requirement(field, of: section)
      }
    }
    for waiver in view.items(.waivers) where waiver.isMapping {
      let inner = waiver.record(WaiverField.self)
      if let who = inner[.principal] { _ = principal(who) }
      if let until = inner[.until], let end = Instant(until.text, isEnd: true) {
        reportEnd(of: "this waiver", Interval(from: .distantPast, until: end), at: until)
      }
    }
  }

  private static let selectors: Set<String> = ["users", "services", "agents", "*"]

  private mutating func requirement(_ field: SyntaxNode, of section: Section) {
    guard let shape = section.declaration else { return }
    let names = shape.fields.map(\.name) + (section == .connections ? RecordShape.connectionSettings.fields.map(\.name) : [])
    guard !names.contains(field.text) else { return }
    let shown = names.filter { $0 != "description" }.prefix(14).map { "`\($0)`" }.joined(separator: ", ")
    let nearest = NearestName.nearest(field.text, among: names)
    report(
      Diagnostic(
        .unknownField, "\(Diagnostic.article(shape.title)) has no field `\(field.text)`", at: field.span,
        notes: nearest == nil ? [.init("its fields are \(shown)\(names.count > 15 ? ", …" : "")")] : [],
        help: nearest.map { "did you mean `\($0)`?" },
        fix: nearest.map { .init(span: field.span, replacement: $0) }))
  }

  private mutating func approval(_ view: RecordView<ApprovalField>) {
    for item in view.items(.resources) {
      misplacedPrincipal(item, item.text, 0..<item.text.utf8.count)
      _ = pattern(item, action: nil)
    }
    _ = environments(view.items(.environments))
    for item in view.items(.by) {
      guard let id = principal(item) else { continue }
      if model[id].kind == .service {
        report(
          Diagnostic(
            .wrongPrincipal, "`\(model[id].name)` is a service: only people can approve", at: item.span,
            notes: [.init("it is declared here", at: model[id].span)]))
      }
    }
  }

  private mutating func test(_ view: RecordView<PolicyTestField>) {
    _ = environments(view.items(.environments))
    for item in view.items(.expect) {
      guard let sentence = TestSentence(item.text) else { continue }
      named(item, sentence.principalRange)
      pattern(part: item, sentence.resourceRange, action: item, sentence.actionRange, sentence.action)
    }
    for (question, holders) in view[.whoCan]?.pairs ?? [] {
      if let it = TestSentence.question(question.text) {
        pattern(part: question, it.resourceRange, action: question, it.actionRange, it.action)
      }
      for holder in holders.items {
        guard let it = TestSentence.holder(holder.text) else {
          report(
            Diagnostic(
              .invalidSentence, "`\(holder.text)` does not say who", at: holder.span,
              help: "write a name, or `<name> via <connection>` for access through a session"))
          continue
        }
        named(holder, it.range)
        if let via = it.via, model.connectionNames[via.name] == nil, !isBroken(via.name, .connections) {
          report(
            .unknown(
              .unknownConnection, "connection", via.name, among: candidates(model.connectionNames.keys), at: holder.span(ofPart: via.range))
          )
        }
      }
    }
  }

  private mutating func named(_ node: SyntaxNode, _ range: Range<Int>) {
    let text = String(decoding: Array(node.text.utf8)[range], as: UTF8.self)
    let name = String(decoding: Array(text.utf8)[ScalarCheck.unqualified(text)], as: UTF8.self)
    guard model.principalNames[name] == nil else { return }
    report(
      .unknown(
        .unknownPrincipal, "principal", name, among: candidates(model.principalNames.keys), at: node.span(ofPart: range),
        declareIn: "`users`, `services` or `groups`"))
  }

  /// A pattern, and an action on it, that are parts of a sentence.
  private mutating func pattern(part node: SyntaxNode, _ range: Range<Int>, action: SyntaxNode, _ actionRange: Range<Int>, _ name: String) {
    let text = String(decoding: Array(node.text.utf8)[range], as: UTF8.self)
    guard case .success(let pattern) = ResourcePattern.parse(text) else { return }
    misplacedPrincipal(node, text, range)
    let names: [String]
    let title: String
    switch pattern.root {
    case "connections": (names, title) = (["assume"], "connections")
    case "secrets": (names, title) = (["read"], "secrets")
    default:
      guard let id = model.systemNames[pattern.root] else {
        if isBroken(pattern.root, .systems) { return }
        report(
          .unknown(
            .unknownSystem, "system", pattern.root, among: candidates(model.systemNames.keys),
            at: node.span(ofPart: range.lowerBound..<range.lowerBound + pattern.root.utf8.count)))
        return
      }
      (names, title) = (model[id].type.actions.map(\.name), model[id].type.title)
      // A sentence about what cannot exist would hold for ever.
      if let problem = depthProblem(pattern, .system(id), node, at: range) {
        report(problem)
        return
      }
    }
    guard !names.contains(name) else { return }
    report(.noSuchAction(name, on: title, among: names, at: action.span(ofPart: actionRange)))
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
