package import PolicyCompiler

/// Renders every artifact of a policy: pure, in the order of their paths.
package enum ArtifactCompiler {
  /// - Parameter needsBytes: whether the files' contents are wanted, or only which files there would be and what is wrong.
  package static func render(_ policy: CompiledPolicy, needsBytes: Bool = true) -> Checked<[Artifact]> {
    var artifacts: [Artifact] = []
    var problems: [Diagnostic] = []
    let access = AudienceAccess(policy)
    struct Pair: Hashable {
      let one: String
      let other: String
    }
    var said: Set<Pair> = []
    var claims: [MadeClaim] = []
    let all = declarations(policy, access, needsBytes: needsBytes)
    var paths = TakenPaths(all.map(\.declaration), count: all.reduce(0) { $0 + $1.artifacts.count })
    for (number, rendered) in all.enumerated() {
      problems += rendered.problems
      claims += rendered.claims
      for artifact in rendered.artifacts {
        if Placeholder.occurs(.environment, in: artifact.path) {
          problems.append(.environmentInPath(rendered.declaration))
        } else if rendered.declaration.path.text.utf8.contains(UInt8(ascii: "$")),
          let problem = Diagnostic.path(artifact.path, at: rendered.declaration.path.span)
        {
          // A name that is fine by itself may not be one in a path: `con`.
          if !artifact.path.hasSuffix(Manifest.path(for: "")) { problems.append(problem) }
        } else if let taken = paths.take(artifact.path, for: number) {
          // A file and its manifest collide together: one of the two says it.
          if said.insert(Pair(one: rendered.declaration.name, other: taken.other)).inserted { problems.append(taken.problem) }
        } else {
          artifacts.append(artifact)
        }
      }
    }
    problems += ClaimCheck.problems(claims, policy)
    return Checked(value: artifacts.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }, diagnostics: problems)
  }

  private struct Rendered: Sendable {
    let declaration: AccessModel.ArtifactDeclaration
    var artifacts: [Artifact] = []
    var problems: [Diagnostic] = []
    var claims: [MadeClaim] = []
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
        rendered.claims += request.claims
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

  fileprivate struct Owner {
    let path: String
    let declaration: AccessModel.ArtifactDeclaration
  }
}

/// Which artifact writes which path. Two cannot be one file, nor a file of one a folder of another; file systems that fold
/// case included.
private struct TakenPaths {
  private struct Place {
    let path: String
    let rendered: Int
  }

  private let declarations: [AccessModel.ArtifactDeclaration]
  /// By folded path.
  private var files: [String: Place]
  private var folders: [String: Place] = [:]

  /// - Parameter count: how many paths there will be.
  init(_ declarations: [AccessModel.ArtifactDeclaration], count: Int) {
    self.declarations = declarations
    files = Dictionary(minimumCapacity: count)
  }

  /// Takes a path for the declaration with that number; where it is taken, says by whom.
  mutating func take(_ path: String, for number: Int) -> (problem: Diagnostic, other: String)? {
    let declaration = declarations[number]
    let folded = path.lowercased()
    var ancestors: [String] = []
    var prefix = folded[...]
    while let slash = prefix.utf8.lastIndex(of: UInt8(ascii: "/")) {
      prefix = prefix[..<slash]
      let folder = String(prefix)
      // Whatever lies above a folder that is known is known, too.
      if folders[folder] != nil { break }
      ancestors.append(folder)
    }
    if let taken = files[folded] ?? firstFile(ancestors) ?? folders[folded] {
      let other = declarations[taken.rendered]
      return (.pathTaken(path, declaration, by: .init(path: taken.path, declaration: other)), other.name)
    }
    if folded == ArtifactIndex.path || folded.hasPrefix(ArtifactIndex.path + "/") { return (.pathReserved(path, declaration), "") }
    let place = Place(path: path, rendered: number)
    files[folded] = place
    for folder in ancestors { folders[folder] = place }
    return nil
  }

  private func firstFile(_ paths: [String]) -> Place? {
    for path in paths { if let place = files[path] { return place } }
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

  fileprivate static func pathTaken(_ path: String, _ it: AccessModel.ArtifactDeclaration, by owner: ArtifactCompiler.Owner) -> Self {
    let other = owner.declaration
    let isSpelling = !path.utf8.elementsEqual(owner.path.utf8) && path.lowercased() == owner.path.lowercased()
    return Self(
      .pathTakenTwice, isSpelling ? "`\(path)` and `\(owner.path)` are one file on many machines" : "`\(path)` is written twice",
      at: it.path.span,
      notes: (isSpelling
        ? [.init("their disks do not tell capitals from small letters, nor one way of writing an accent from another")] : [])
        + (it.name == other.name
          ? [] : [.init("`\(other.name)` writes it, or a file where this one needs a folder", at: other.path.span)]),
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
