extension Resolver {
  mutating func artifacts() {
    for (name, value, text) in declarations.all(.artifacts) where value.isMapping {
      let view = value.record(ArtifactField.self)
      guard let target = view[.target], target.isScalar, let path = view[.path], path.isScalar, let who = view[.audience] else { continue }
      if grammar.targets[target.text] == nil {
        let names = grammar.targets.keys.sorted()
        let nearest = NearestName.nearest(target.text, among: names)
        report(
          Diagnostic(
            .unknownTarget, "there is no target `\(target.text)`", at: target.span, notes: [.init("there are \(Diagnostic.listed(names))")],
            help: nearest.map { "did you mean `\($0)`?" }, fix: nearest.map { .init(span: target.span, replacement: $0) }))
        continue
      }
      guard let audience = principal(who) else { continue }
      model.artifacts.append(
        .init(
          name: text, span: name.span, target: target.text, targetSpan: target.span, path: path, audience: audience, audienceSpan: who.span,
          isPerPrincipal: view[.per]?.text == "principal", options: value))
    }
  }
}
