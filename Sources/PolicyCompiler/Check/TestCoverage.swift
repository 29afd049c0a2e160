/// Which grants a policy's tests touch: each permission that each binding gives counts once.
package struct TestCoverage: Sendable {
  package let touched: Int
  package let all: Int
  /// Bindings of which no test touches any permission, in the order of their places.
  package let untouchedBindings: [BindingID]

  package init(_ grants: GrantSet, _ outcomes: [PolicyTestCheck.Outcome], at instant: Instant) {
    let model = grants.model
    var pairs: Set<Grant.Basis> = []
    for outcome in outcomes { pairs.formUnion(outcome.touched) }
    var (touched, all) = (0, 0)
    var untouched: [BindingID] = []
    for (index, binding) in model.bindings.enumerated() where binding.interval.until > instant && !binding.targets.isEmpty {
      let id = BindingID(index)
      let permissions = grants.permissions(of: id, within: nil)
      if permissions.isEmpty { continue }
      let count = permissions.count { pairs.contains(.permission($0, id)) }
      all += permissions.count
      touched += count
      if count == 0 { untouched.append(id) }
    }
    self.touched = touched
    self.all = all
    untouchedBindings = untouched
  }
}
