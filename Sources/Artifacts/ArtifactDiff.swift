package import PolicyCompiler

/// Which generated files differ between two revisions of a policy.
package enum ArtifactDiff {
  /// What both sides render, in the order of the paths.
  package struct Sides: Sendable {
    package let old: [Artifact]
    package let new: [Artifact]

    /// - Parameter onlyBindingsDiffer: then no file holds anything else, as long as nothing is wrong with any: bindings
    ///   decide who may have a file, not what stands in it, unless it is one that holds access.
    package init(old: CompiledPolicy, new: CompiledPolicy, onlyBindingsDiffer: Bool = false) {
      let holdsAccess = new.model.artifacts.contains { TargetKind(rawValue: $0.target)?.target.holdsAccess == true }
      if onlyBindingsDiffer, !holdsAccess {
        let (before, after) = (ArtifactCompiler.render(old, needsBytes: false), ArtifactCompiler.render(new, needsBytes: false))
        if before.diagnostics.isEmpty, after.diagnostics.isEmpty {
          (self.old, self.new) = (before.value, after.value)
          return
        }
      }
      self.old = ArtifactCompiler.render(old).value
      self.new = ArtifactCompiler.render(new).value
    }
  }

  package static func changes(_ diff: AccessDiff, _ sides: Sides) -> [ArtifactChange] {
    let before = files(sides.old)
    let after = files(sides.new)
    let sections: Set<String> = Set(
      [Section.connections, .systems, .users, .services, .groups, .identityProviders, .environments, .roles].map(\.name))
    let changesInput = diff.trust.contains { sections.contains($0.section) }
    let declared = Set(diff.trust.filter { $0.section == Section.artifacts.name }.map(\.name))
    let moved = Set(diff.changes.map(\.principal))
    var found: [ArtifactChange] = []
    for path in Set(before.keys).union(after.keys).sorted(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) }) {
      let (one, other) = (before[path], after[path])
      if one?.bytes == other?.bytes { continue }
      let name = (other ?? one)?.declaration ?? ""
      // Whoever holds the file, what changes in it is somebody's access, or the lines that it rests on.
      let holdsAccess = (other ?? one)?.target.target.holdsAccess == true
      let holders = holders(name, diff.old.policy).union(holders(name, diff.new.policy))
      found.append(
        ArtifactChange(
          path: path, kind: one == nil ? .new : other == nil ? .gone : .changed,
          isExplained: changesInput || declared.contains(name) || !holders.isDisjoint(with: moved)
            || (holdsAccess && !moved.isEmpty)))
    }
    return found
  }

  private static func files(_ artifacts: [Artifact]) -> [String: Artifact] {
    Dictionary(artifacts.map { ($0.path, $0) }, uniquingKeysWith: { first, _ in first })
  }

  private static func holders(_ name: String, _ policy: CompiledPolicy) -> Set<String> {
    guard let declaration = policy.model.artifacts.first(where: { $0.name == name }) else { return [] }
    return Set(policy.grants.membership.members(of: declaration.audience).map { policy.model[$0.principal].name })
  }
}
