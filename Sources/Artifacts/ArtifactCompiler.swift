package import PolicyCompiler

/// Renders every artifact of a policy: pure, in the order of their paths.
package enum ArtifactCompiler {
  /// - Parameter needsBytes: whether the files' contents are wanted, or only which files there would be and what is wrong.
  package static func render(_ policy: CompiledPolicy, needsBytes: Bool = true) -> Checked<[Artifact]> {
    var artifacts: [Artifact] = []
    var problems: [Diagnostic] = []
    let access = AudienceAccess(policy)
    var owners: [String: AccessModel.ArtifactDeclaration] = [:]
    struct Pair: Hashable {
      let one: String
      let other: String
    }
    var said: Set<Pair> = []
    for rendered in declarations(policy, access, needsBytes: needsBytes) {
      problems += rendered.problems
      for artifact in rendered.artifacts {
        if artifact.path.utf8.contains(UInt8(ascii: "$")) {
          problems.append(.environmentInPath(rendered.declaration))
        } else if let taken = conflict(artifact.path, rendered.declaration, &owners) {
          // A file and its manifest collide together: one of the two says it.
          if said.insert(Pair(one: rendered.declaration.name, other: taken.other)).inserted { problems.append(taken.problem) }
        } else {
          artifacts.append(artifact)
        }
      }
    }
    return Checked(value: artifacts.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }, diagnostics: problems)
  }

  private struct Rendered: Sendable {
    let declaration: AccessModel.ArtifactDeclaration
    var artifacts: [Artifact] = []
    var problems: [Diagnostic] = []
  }

  /// Each declaration by itself, side by side: none knows of another.
  private static func declarations(_ policy: CompiledPolicy, _ access: AudienceAccess, needsBytes: Bool) -> [Rendered] {
    let all = policy.model.artifacts
    return SideBySide.map(all.count) { index in
      var rendered = Rendered(declaration: all[index])
      guard let kind = TargetKind(rawValue: all[index].target) else { return rendered }
      let holders = holders(of: all[index], policy)
      rendered.problems = holders.diagnostics
      for holder in holders.value {
        var request = ArtifactRequest(all[index], kind: kind, holder: holder, policy: policy, access: access, needsBytes: needsBytes)
        kind.target.render(&request)
        rendered.problems += request.problems
        rendered.artifacts += request.artifacts
      }
      return rendered
    }
  }

  /// One holder, or with `per: principal` every user and service of the audience; none where the audience has no members
  /// now, since what is allowed to nobody in particular would be allowed.
  private static func holders(of declaration: AccessModel.ArtifactDeclaration, _ policy: CompiledPolicy) -> Checked<[PrincipalID]> {
    let model = policy.model
    let mentions = Placeholder.occurs(.principal, in: declaration.path.text)
    let isGroup = model[declaration.audience].kind == .group
    if mentions, isGroup, !declaration.isPerPrincipal { return Checked(value: [], diagnostics: [.placeholderWithoutPer(declaration)]) }
    if !mentions, declaration.isPerPrincipal { return Checked(value: [], diagnostics: [.perWithoutPlaceholder(declaration)]) }
    guard isGroup else { return Checked(value: [declaration.audience]) }
    let members = policy.grants.membership.members(of: declaration.audience, at: policy.instant)
    if members.isEmpty { return Checked(value: [], diagnostics: [.emptyAudience(declaration, model)]) }
    guard declaration.isPerPrincipal else { return Checked(value: [declaration.audience]) }
    let unknown = members.filter { model[$0].kind == .group }
    return Checked(
      value: members.filter { model[$0].kind != .group }, diagnostics: unknown.map { .unknownMembers(model[$0], declaration) })
  }

  /// Two artifacts cannot be one file, nor a file of one a folder of another; file systems that fold case included.
  private static func conflict(
    _ path: String, _ declaration: AccessModel.ArtifactDeclaration, _ owners: inout [String: AccessModel.ArtifactDeclaration]
  ) -> (problem: Diagnostic, other: String)? {
    let folded = path.lowercased()
    var taken = owners[folded]
    var prefix = folded[...]
    while taken == nil, let slash = prefix.utf8.lastIndex(of: UInt8(ascii: "/")) {
      prefix = prefix[..<slash]
      taken = owners[String(prefix) + "\u{0}file"]
    }
    if taken == nil { taken = owners[folded + "\u{0}folder"] }
    if let taken {
      return (.pathTaken(path, declaration, by: taken), taken.name)
    }
    if folded == ArtifactIndex.path || folded.hasPrefix(ArtifactIndex.path + "/") { return (.pathReserved(path, declaration), "") }
    owners[folded] = declaration
    owners[folded + "\u{0}file"] = declaration
    prefix = folded[...]
    while let slash = prefix.utf8.lastIndex(of: UInt8(ascii: "/")) {
      prefix = prefix[..<slash]
      owners[String(prefix) + "\u{0}folder"] = declaration
    }
    return nil
  }
}

extension Diagnostic {
  fileprivate static func placeholderWithoutPer(_ it: AccessModel.ArtifactDeclaration) -> Self {
    Self(
      .missingPlaceholder, "`${principal}` in a path needs `per: principal`, since the audience is a group", at: it.path.span,
      help: "write `per: principal`, or take the placeholder out")
  }

  fileprivate static func perWithoutPlaceholder(_ it: AccessModel.ArtifactDeclaration) -> Self {
    Self(
      .missingPlaceholder, "`per: principal` needs `${principal}` in the path, or every file would be the same one", at: it.path.span,
      help: "write for instance `dbt/people/${principal}.yml`")
  }

  fileprivate static func emptyAudience(_ it: AccessModel.ArtifactDeclaration, _ model: AccessModel) -> Self {
    Self(
      .emptyAudience, "`\(model[it.audience].name)` has no members now, so nobody gets a file", at: it.audienceSpan, severity: .warning,
      notes: [.init("the group is declared here", at: model[it.audience].span)])
  }

  fileprivate static func unknownMembers(_ group: AccessModel.Principal, _ it: AccessModel.ArtifactDeclaration) -> Self {
    Self(
      .providerMembers, "only the provider knows the members of `\(group.name)`, so there cannot be a file for each", at: it.audienceSpan,
      notes: [.init("the group has `source: provider`", at: group.span)], help: "import the members (`source: snapshot`)")
  }

  fileprivate static func pathTaken(_ path: String, _ it: AccessModel.ArtifactDeclaration, by other: AccessModel.ArtifactDeclaration)
    -> Self
  {
    Self(
      .pathTakenTwice, "`\(path)` is written twice", at: it.path.span,
      notes: it.name == other.name
        ? [] : [.init("`\(other.name)` writes it, or a file where this one needs a folder", at: other.path.span)],
      help: "give each file a path of its own")
  }

  fileprivate static func environmentInPath(_ it: AccessModel.ArtifactDeclaration) -> Self {
    Self(
      .misplacedPlaceholder, "`${environment}` has no meaning in this path: `\(it.target)` writes one file for all environments",
      at: it.path.span,
      help: "take the placeholder out")
  }

  fileprivate static func pathReserved(_ path: String, _ it: AccessModel.ArtifactDeclaration) -> Self {
    Self(.unsafePath, "`\(path)` is where Writ keeps the list of its own files", at: it.path.span, help: "choose another path")
  }
}
