/// A policy that compiled, from which one that differs little can be had for little: for walking along a history.
package struct PolicyState {
  package let side: PolicySide
  /// The mark of the state that it was made from by taking bindings out and in; nil where it was compiled as a whole.
  fileprivate let origin: Mark?
  fileprivate let mark = Mark()
  fileprivate let resolver: Resolver

  /// Tells states apart for as long as anybody asks: an address may be used again.
  fileprivate final class Mark {}

  /// Whether one of the two was made from the other, so that nothing but bindings differs.
  package func isNear(_ other: PolicyState) -> Bool {
    origin === other.mark || other.origin === mark
  }
}

extension Compiler {
  /// The state of some files, in the order of their paths; nil where they have errors.
  package func state(_ documents: [PolicyDocument]) -> PolicyState? {
    guard documents.allSatisfy({ $0.isReadable && !$0.diagnostics.hasErrors }) else { return nil }
    let resolver = Resolver.resolve(Declarations(documents), grammar: grammar, at: instant)
    guard !resolver.diagnostics.hasErrors else { return nil }
    let grants = GrantSet(resolver.model)
    guard !grants.membership.isTooLarge else { return nil }
    return PolicyState(
      side: PolicySide(documents: documents, policy: CompiledPolicy(grants: grants, instant: instant, sources: nil)), origin: nil,
      resolver: resolver)
  }

  /// The same, from a state near by: where only bindings differ, only these are resolved.
  package func state(_ documents: [PolicyDocument], near other: PolicyState) -> PolicyState? {
    let changed = PolicyDocument.changed(from: other.side.documents, to: documents)
    guard PolicyDocument.differOnlyInBindings(changed.gone, changed.come), !other.resolver.model.isMostlyLeftovers else {
      return state(documents)
    }
    guard let (side, resolver) = rebound(documents, near: other.side, other.resolver) else { return nil }
    return PolicyState(side: side, origin: other.mark, resolver: resolver)
  }

  /// A side of a comparison, from the other one; nil where more than bindings differs, or where it has errors.
  func side(_ documents: [PolicyDocument], near other: PolicySide, _ resolver: Resolver) -> PolicySide? {
    let changed = PolicyDocument.changed(from: other.documents, to: documents)
    guard documents.allSatisfy(\.isReadable), PolicyDocument.differOnlyInBindings(changed.gone, changed.come) else { return nil }
    return rebound(documents, near: other, resolver)?.side
  }

  private func rebound(_ documents: [PolicyDocument], near other: PolicySide, _ resolver: Resolver) -> (side: PolicySide, Resolver)? {
    let (gone, come) = PolicyDocument.changed(from: other.documents, to: documents)
    guard come.allSatisfy({ $0.isReadable && !$0.diagnostics.hasErrors }) else { return nil }
    var resolver = resolver
    resolver.rebind(documents, without: Set(gone.compactMap(\.tree?.file)), with: come)
    guard !resolver.diagnostics.hasErrors else { return nil }
    let grants = GrantSet(resolver.model, sharing: other.policy.grants)
    // Both sides' spans are places in one map.
    let policy = CompiledPolicy(grants: grants, instant: instant, sources: other.policy.sources)
    return (PolicySide(documents: documents, policy: policy), resolver)
  }
}

extension AccessModel {
  /// Whether most of what bindings point into belongs to bindings that were taken out: then it is time to begin anew, since
  /// the lists are copied for each state.
  fileprivate var isMostlyLeftovers: Bool {
    bindingTargets.count + bindingRoles.count + permissions.count > 8 * bindings.count + 10_000
  }
}

extension PolicyDocument {
  fileprivate static func changed(from old: [PolicyDocument], to new: [PolicyDocument]) -> (
    gone: [PolicyDocument], come: [PolicyDocument]
  ) {
    let (here, there) = (Set(new.map(ObjectIdentifier.init)), Set(old.map(ObjectIdentifier.init)))
    return (old.filter { !here.contains(ObjectIdentifier($0)) }, new.filter { !there.contains(ObjectIdentifier($0)) })
  }

  /// Whether two versions of some files declare the same but for bindings, at the same places of the same files: then all
  /// else that is known of the one holds for the other, where it stands included.
  fileprivate static func differOnlyInBindings(_ old: [PolicyDocument], _ new: [PolicyDocument]) -> Bool {
    struct Placed {
      let path: String
      let declaration: Declaration
    }
    func named(_ documents: [PolicyDocument]) -> [Placed] {
      documents.flatMap { document in
        document.declarations.filter { $0.name != nil }.map { Placed(path: document.path, declaration: $0) }
      }
    }
    let (before, after) = (named(old), named(new))
    guard before.count == after.count else { return false }
    return zip(before, after).allSatisfy { left, right in
      let (one, other) = (left.declaration, right.declaration)
      guard left.path.utf8.elementsEqual(right.path.utf8), one.section == other.section, let name = one.name, let otherName = other.name
      else { return false }
      return name.isWritten(as: otherName) && one.value.isWritten(as: other.value) && one.value.isSame(as: other.value)
    }
  }
}

extension SyntaxNode {
  /// Whether both stand at the same place with the same bytes.
  fileprivate func isWritten(as other: SyntaxNode) -> Bool {
    span.start == other.span.start && span.end == other.span.end
      && tree.bytes[Int(span.start)..<Int(span.end)] == other.tree.bytes[Int(span.start)..<Int(span.end)]
  }
}
