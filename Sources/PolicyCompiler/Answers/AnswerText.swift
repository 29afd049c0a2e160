/// Answers about access, for people.
package struct AnswerText {
  let policy: CompiledPolicy
  let sources: SourceMap
  /// Of a line, the commit that brought it in; nothing where there is no history.
  package var origin: @Sendable (SourceSpan) -> String? = { _ in nil }

  package init(_ policy: CompiledPolicy, _ sources: SourceMap) {
    self.policy = policy
    self.sources = sources
  }

  private var model: AccessModel { _read { yield policy.model } }
  private var grants: GrantSet { policy.grants }

  func place(_ span: SourceSpan) -> String {
    let start = sources.start(of: span)
    return "\(SafeText.escaped(start.path)):\(start.line)"
  }

  /// `policies/bindings.yaml:9  analyst to analysts`.
  package func line(of binding: BindingID) -> String {
    let it = model[binding]
    let roles = model.bindingRoles[it.roles].map { "`\(model[$0].name)`" }
    let targets = model.bindingTargets[it.targets].map { "`\(model[$0.principal].name)`" }
    let shown = targets.prefix(3).joined(separator: ", ") + (targets.count > 3 ? ", …" : "")
    return "\(place(it.span))  \(roles.isEmpty ? "permissions" : roles.joined(separator: ", ")) to \(shown)"
  }

  // MARK: can

  /// One line, then what gives it, or what is nearest.
  package func can(_ question: AccessQuestion, _ answer: AccessAnswer) -> String {
    let subject = "`\(model[question.principal].name)`"
    let what = "\(question.action) `\(question.resource.text)` in `\(model[question.environment].name)`"
    var text = "\(answer.isAllowed ? "yes" : "no"): \(subject) \(answer.isAllowed ? "can" : "cannot") \(what)\n"
    if !answer.isAllowed, let missing = answer.missing, let allowed = answer.allowed {
      text += "  some of it: `\(allowed.joined(separator: "/"))`, but not `\(missing.joined(separator: "/"))`\n"
    }
    if answer.isAllowed {
      for grant in answer.grants.sorted(by: { $0.order < $1.order }).prefix(3) {
        text += "  by \(basis(of: grant)) (\(place(grants.place(of: grant))))\(grant.times.phrase(from: question.instant))\n"
      }
    } else {
      text += misses(question, answer)
    }
    text += possible(answer)
    return text
  }

  private func misses(_ question: AccessQuestion, _ answer: AccessAnswer) -> String {
    grants.nearestMisses(question, missing: answer.missing ?? []).map { miss in
      let note = grants.note(miss, question)
      return "  \(place(miss.span)): \(note.message)\n"
    }.joined()
  }

  private func possible(_ answer: AccessAnswer) -> String {
    answer.possible.map { "  but whoever is in `\(model[$0].name)` can, and only its provider knows who that is\n" }.joined()
  }

  /// What gives a grant, in a few words.
  func basis(of grant: Grant) -> String {
    let through = grant.via.map { ", through `\(model[$0].name)`" } ?? ""
    switch grant.basis {
    case .permission(let permission, let binding):
      let roles = model.bindingRoles[model[binding].roles].map { "`\(model[$0].name)`" }
      let what = grants.role(of: permission) == nil ? "a permission" : roles.joined(separator: ", ")
      return "\(what) to `\(model[grant.holder].name)`\(through)"
    case .role(let role, _): return "`\(model[role].name)` to `\(model[grant.holder].name)`\(through)"
    case .ownConnection(let id): return "`\(model[id].name)`, which logs in as `\(model[grant.principal].name)`"
    case .callerConnection(let id, _):
      return "`\(model[id].name)`, which is for whoever holds \(model[id].role.map { "`\(model[$0].name)`" } ?? "its role")"
    case .credential(let id): return "`\(model[id].name)`, whose credential it is"
    }
  }

  // MARK: why

  package func why(_ question: AccessQuestion, _ answer: AccessAnswer) -> String {
    let subject = "`\(model[question.principal].name)`"
    let what = "\(question.action) `\(question.resource.text)` in `\(model[question.environment].name)`"
    var text = "\(answer.isAllowed ? "yes" : "no"): \(subject) \(answer.isAllowed ? "can" : "cannot") \(what)\n"
    if !answer.isAllowed, let missing = answer.missing, let allowed = answer.allowed {
      text += "  some of it: `\(allowed.joined(separator: "/"))`, but not `\(missing.joined(separator: "/"))`\n"
    }
    let (all, isCut) = grants.derivations(of: answer.grants, question)
    for (index, derivation) in all.enumerated() {
      let until = derivation.times.phrase(from: question.instant)
      let via = derivation.via.isEmpty ? "" : " through \(derivation.via.map { "`\(model[$0].name)`" }.joined(separator: ", then "))"
      text += "\n\(index + 1).\(via)\(until)".trimmingTrailingSpace + "\n"
      text += table(derivation.steps.map { [place($0.span), origin($0.span) ?? "", describe($0)] }, indent: 3)
    }
    if isCut { text += "\nThere are more.\n" }
    if !answer.isAllowed {
      let misses = misses(question, answer)
      if !misses.isEmpty { text += (all.isEmpty ? "" : "\nnearest to the rest:\n") + misses }
    }
    return text + possible(answer)
  }

  /// A step of a proof, in words.
  func describe(_ step: Derivation.Step) -> String {
    switch step.kind {
    case .connection(let id):
      if case .principal(let who) = model[id].identity { return "`\(model[id].name)` logs in as `\(model[who].name)`" }
      return "`\(model[id].name)` is for each person as themselves"
    case .membership(let member, let group): return "`\(model[member].name)` is in `\(model[group].name)`"
    case .binding(let id, let holder):
      let roles = model.bindingRoles[model[id].roles].map { "`\(model[$0].name)`" }
      let what = roles.isEmpty ? "permissions" : roles.joined(separator: ", ")
      return "binding of \(what) to `\(model[holder].name)`"
    case .inheritance(let outer, let inner): return "`\(model[outer].name)` inherits `\(model[inner].name)`"
    case .permission(let id):
      let it = model[id]
      let owner = grants.role(of: id).map { " of `\(model[$0].name)`" } ?? ""
      let of = it.of.map { model[$0].pattern.text }
      let except = it.except.map { model[$0].pattern.text }
      return "permission\(owner): \(it.action) \(shortened(of))\(except.isEmpty ? "" : " except \(shortened(except))")"
    }
  }

  private func shortened(_ patterns: [String]) -> String {
    patterns.count > 3 ? patterns.prefix(3).joined(separator: ", ") + ", … (\(patterns.count))" : patterns.joined(separator: ", ")
  }

  // MARK: who-can

  package func whoCan(_ question: AccessQuestion, _ holders: [AccessHolder]) -> String {
    var rows: [[String]] = []
    for holder in holders.filter({ model[$0.principal].kind != .group }) {
      rows.append([model[holder.principal].name] + columns(holder, question))
    }
    for holder in holders.filter({ model[$0.principal].kind == .group }) {
      let provider = model.providerGroup(holder.principal).map { " (\($0))" } ?? ""
      rows.append(
        ["+ \(holder.isPartial ? "some of whoever" : "whoever") is in \(model[holder.principal].name)\(provider)"]
          + columns(holder, question))
    }
    return rows.isEmpty ? "  nobody\n" : table(rows, indent: 2)
  }

  private func columns(_ holder: AccessHolder, _ question: AccessQuestion) -> [String] {
    let first = holder.grants.first
    let how = holder.isDirect ? "" : "via \(holder.vias.map { model[$0].name }.joined(separator: ", "))"
    let times = holder.grants.reduce(IntervalSet.never) { $0.union($1.times) }.phrase(from: question.instant)
    return [
      how, holder.hasAll ? "" : "some of it", times.trimmingLeadingSpace, first.map { place(grants.place(of: $0)) } ?? "",
    ]
  }

  // MARK: what-can

  /// Everything that a principal holds in an environment at a moment.
  package func whatCan(_ principal: PrincipalID, in environment: EnvironmentID, at instant: Instant) throws(ResourceSetTooComplex) -> String
  {
    let all = try AccessList(grants, principal, in: environment, at: instant)
    guard !all.entries.isEmpty else { return "  nothing\n" }
    var text = ""
    var current: ConnectionID??
    for entry in all.entries {
      if current != .some(entry.via) {
        current = .some(entry.via)
        if let via = entry.via { text += "  via \(model[via].name)\(session(via))\n" }
      }
      let place = entry.grants.first.map { self.place(grants.place(of: $0)) } ?? ""
      let rows = entry.resources.terms.enumerated().map { index, term in
        [
          index == 0 ? entry.action : "", term.description, index == 0 ? entry.times.phrase(from: instant).trimmingLeadingSpace : "",
          index == 0 ? place : "",
        ]
      }
      text += table(rows, indent: entry.via == nil ? 2 : 4, widths: [8, 44])
    }
    return text
  }

  private func session(_ id: ConnectionID) -> String {
    guard case .principal(let who) = model[id].identity else { return "" }
    return " (as \(model[who].name)\(model[id].role.map { ", \(model[$0].name)" } ?? ""))"
  }

  // MARK: Columns

  private func table(_ rows: [[String]], indent: Int, widths least: [Int] = []) -> String {
    let count = rows.map(\.count).max() ?? 0
    let widths = (0..<count).map { column in
      max(column < least.count ? least[column] : 0, rows.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0)
    }
    let space = String(repeating: " ", count: indent)
    return rows.map { row in
      let cells = row.enumerated().map { column, cell in
        cell + String(repeating: " ", count: widths[column] == 0 ? 0 : widths[column] - cell.count + 2)
      }
      return (space + cells.joined()).trimmingTrailingSpace + "\n"
    }.joined()
  }
}

extension AccessModel {
  /// What a group is called where its members are known: `okta: data-analysts`.
  package func providerGroup(_ id: PrincipalID) -> String? {
    let declaration = self[id].declaration
    guard declaration.isMapping, let identity = declaration.value(of: "identity"), identity.isMapping,
      let provider = identity.value(of: "provider"), let group = identity.value(of: "group")
    else { return nil }
    return "\(provider.text): \(group.text)"
  }
}

extension String {
  var trimmingTrailingSpace: String {
    var text = self[...]
    while text.last == " " { text = text.dropLast() }
    return String(text)
  }

  var trimmingLeadingSpace: String { String(drop { $0 == " " }) }
}
