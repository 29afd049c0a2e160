import PolicyCompiler

/// What a database will not have exactly as the policy says it, and how far.
enum PostgresExactness {
  static func problems(_ plan: PostgresPlan, _ options: PostgresGrantsOptions, _ request: ArtifactRequest) -> [Diagnostic] {
    let place = "`\(request.model[plan.system].name)` in `\(request.model[plan.environment].name)`"
    var problems: [Diagnostic] = []
    let span = request.declaration.span
    let later = plan.grants.values.joined().filter { !$0.grant.isExact(hasOwners: !options.owners.isEmpty) }.map(\.permission)
    if !later.isEmpty { problems.append(.later(later, place, hasOwners: !options.owners.isEmpty, at: span)) }
    if !plan.owning.isEmpty { problems.append(.owning(plan.owning, place, at: span)) }
    for left in plan.leftOut { problems.append(.leftOut(left.group, of: left.of, request.model, at: left.span)) }
    problems += readingWriters(plan, request, place)
    problems += sharedSchemas(plan, request)
    if let end = plan.notAfter { problems.append(.ends(end, place, at: span)) }
    return problems
  }

  /// Two schemas of one name there would be one.
  private static func sharedSchemas(_ plan: PostgresPlan, _ request: ArtifactRequest) -> [Diagnostic] {
    let names = request.model.schemaNames(of: plan.system, in: plan.environment)
    return names.enumerated().compactMap { index, name in
      guard let other = names[..<index].first(where: { $0.here.text == name.here.text }) else { return nil }
      return Diagnostic(
        .inexpressible, "`\(other.policy.text)` and `\(name.policy.text)` are one schema there: `\(name.here.text)`", at: name.here.span,
        notes: [.init("the other is called so here", at: other.here.span), .init("what is given on one would hold on the other")],
        help: "give each a schema of its own")
    }
  }

  /// Who may write what it may not read: PostgreSQL gives it both.
  private static func readingWriters(_ plan: PostgresPlan, _ request: ArtifactRequest, _ place: String) -> [Diagnostic] {
    let grants = request.policy.grants
    let model = request.model
    struct Key: Hashable { let bases: [Grant.Basis] }
    var known: [Key: String?] = [:]
    var found: [(who: String, what: String)] = []
    guard case .success(let all) = ResourcePattern.parse("\(model[plan.system].name)/*/*") else { return [] }
    let objects = ResourceSet([PathPattern(all, foldsCase: false)])
    for subject in plan.subjects.sorted() {
      func held(_ action: String) -> [Grant] {
        grants.grants(of: subject, in: plan.environment, where: GrantFilter(action: action, root: .system(plan.system))).filter {
          $0.via == nil && $0.times.contains(request.policy.instant)
        }
      }
      let (writes, reads) = (held("write"), held("read"))
      if writes.isEmpty { continue }
      let isPersonal = (writes + reads).contains { grant in
        guard case .permission(let id, let binding) = grant.basis else { return true }
        let within = model[binding].resources.map { Array(model.bindingResources[$0]) } ?? []
        return (model[id].of + model[id].except + within).contains { model[$0].pattern.mentionsPrincipal }
      }
      let key = Key(bases: writes.map(\.basis) + reads.map(\.basis))
      if !isPersonal, let answer = known[key] {
        if let answer { found.append((model[subject].name, answer)) }
        continue
      }
      let answer = unread(writes, reads, objects, grants)
      if !isPersonal { known[key] = .some(answer) }
      if let answer { found.append((model[subject].name, answer)) }
    }
    return found.isEmpty ? [] : [.reads(found, place, at: request.declaration.span)]
  }

  /// An object that is written and not read; nil where there is none.
  private static func unread(_ writes: [Grant], _ reads: [Grant], _ objects: ResourceSet, _ grants: GrantSet) -> String? {
    do throws(ResourceSetTooComplex) {
      var (written, read) = (ResourceSet.empty, ResourceSet.empty)
      for grant in writes { written = written.union(try grants.resources(of: grant)) }
      for grant in reads { read = read.union(try grants.resources(of: grant)) }
      return try written.intersection(objects).witness(outside: read)?.joined(separator: "/")
    } catch {
      return "what is too complex to compare"
    }
  }
}

extension Diagnostic {
  private static func places(_ spans: [SourceSpan], _ what: String) -> [Note] {
    let unique = Set(spans).sorted { ($0.file, $0.start) < ($1.file, $1.start) }
    return unique.prefix(5).map { Note(what, at: $0) } + (unique.count > 5 ? [Note("and \(unique.count - 5) more")] : [])
  }

  fileprivate static func later(_ spans: [SourceSpan], _ place: String, hasOwners: Bool, at span: SourceSpan) -> Self {
    Self(
      .inexpressible, "what is made later in \(place) is granted once the file is applied again, not at once", at: span,
      severity: .warning, notes: places(spans, "narrower: this reaches what exists when the file is applied"),
      help: hasOwners
        ? "apply the file after objects are made; whole schemas without `except` (`db/marts/**`) are granted at once"
        : "apply the file after objects are made, or name the roles that make them as `owners`: whole schemas are then granted at once")
  }

  fileprivate static func owning(_ spans: [SourceSpan], _ place: String, at span: SourceSpan) -> Self {
    Self(
      .inexpressible, "nobody is made an owner in \(place): PostgreSQL knows one owner of a thing, and no grant of it", at: span,
      severity: .warning, notes: places(spans, "narrower: this gives nothing there"),
      help: "let a migration set the owner (`ALTER … OWNER TO`), and grant `read`, `write` and `create`")
  }

  fileprivate static func leftOut(_ member: PrincipalID, of group: PrincipalID, _ model: AccessModel, at span: SourceSpan) -> Self {
    Self(
      .inexpressible, "`\(model[member].name)` gets nothing in the database through `\(model[group].name)`, which leaves some of it out",
      at: span, severity: .warning,
      notes: [.init("narrower: only the provider knows who is in `\(model[member].name)`, so those who are left out cannot be")],
      help: "bind `\(model[member].name)` itself, or take the exception out")
  }

  fileprivate static func reads(_ found: [(who: String, what: String)], _ place: String, at span: SourceSpan) -> Self {
    let shown = found.prefix(5).map { Note("`\($0.who)` may write and not read, for instance `\($0.what)`") }
    return Self(
      .inexpressible, "who may `write` in \(place) can read it, too: PostgreSQL's UPDATE and DELETE read what they change", at: span,
      severity: .warning, notes: shown + (found.count > 5 ? [Note("and \(found.count - 5) more")] : []),
      help: "give `read` as well, so that the policy says it")
  }

  fileprivate static func ends(_ end: Instant, _ place: String, at span: SourceSpan) -> Self {
    Self(
      .inexpressible, "the grants of \(place) are true until \(end.endText): then something starts or ends", at: span, severity: .note,
      notes: [.init("PostgreSQL ends no membership and no privilege by itself; applied later, the file refuses")],
      help: "render and apply it again then")
  }
}
