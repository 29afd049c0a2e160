/// What principals are called elsewhere.
extension Resolver {
  /// Accounts name systems and providers, which are known only now.
  mutating func accounts() {
    let known = Array(model.systemNames.keys) + model.providers.keys
    // Many people have an account at the same place: each name is compared once.
    var meant: [String: String?] = [:]
    for principal in model.principals where principal.declaration.isMapping && principal.kind != .group {
      for (key, value) in principal.declaration.value(of: "accounts")?.pairs ?? [] {
        let name = key.text
        guard model.systemNames[name] != nil || model.providers[name] != nil else {
          if isBroken(name, .systems) { continue }
          // Accounts elsewhere (a forge, a chat) are facts too, as long as nothing was misspelt: `gitlab` is no `github`.
          let near = meant[name] ?? NearestName.nearest(name, among: candidates(known), share: 4)
          meant[name] = .some(near)
          if let near, ScalarCheck.isName(name.utf8), near != name {
            report(.misspeltPlace(name, near: near, at: key.span))
          }
          continue
        }
        for (environment, _) in value.pairs {
          guard let id = self.environment(environment) else { continue }
          if let system = model.systemNames[name], !model[system].environments.contains(id) {
            report(.environmentMissing(environment.text, system: model[system], at: environment.span))
          }
        }
      }
    }
  }

  /// Two principals with one account are one there: each holds what the other is given.
  mutating func sharedAccounts() {
    struct Account: Hashable {
      let place: String
      let name: String
    }
    // Without an environment: in all of them.
    var owners: [Account: [(principal: AccessModel.Principal, environment: String, span: SourceSpan)]] = [:]
    var told: Set<[SourceSpan]> = []
    func folded(_ name: String, at place: String) -> String {
      let folds = model.systemNames[place].map { model[$0].type.foldsCase } ?? true
      return folds ? name.lowercased() : name
    }
    for principal in model.principals where principal.declaration.isMapping && principal.kind != .group {
      for (key, value) in principal.declaration.value(of: "accounts")?.pairs ?? [] {
        let names = value.isScalar ? [("", value)] : value.pairs.map { ($0.key.text, $0.value) }
        for (environment, name) in names where name.isScalar {
          let account = Account(place: key.text, name: folded(name.text, at: key.text))
          let known = owners[account]?.first {
            $0.principal.name != principal.name && ($0.environment == environment || $0.environment.isEmpty || environment.isEmpty)
          }
          if let other = known {
            if told.insert([name.span, other.span]).inserted {
              report(.sharedAccount(principal, name.text, on: key.text, at: name.span, other.principal, at: other.span))
            }
          } else {
            owners[account, default: []].append((principal, environment, name.span))
          }
          // Whoever has no account of their own is called what the policy calls them.
          guard let id = model.principalNames[name.text], model.systemNames[key.text] != nil else { continue }
          let other = model[id]
          guard other.kind != .group, other.name != principal.name, !other.hasAccount(on: key.text) else { continue }
          if told.insert([name.span, other.span]).inserted {
            report(.sharedAccount(principal, name.text, on: key.text, at: name.span, other, at: other.span))
          }
        }
      }
    }
  }
}

extension AccessModel.Principal {
  fileprivate func hasAccount(on place: String) -> Bool {
    declaration.isMapping && declaration.value(of: "accounts")?.value(of: place) != nil
  }
}

extension Diagnostic {
  fileprivate static func misspeltPlace(_ name: String, near: String, at span: SourceSpan) -> Self {
    Self(
      .unknownSystem, "system or provider `\(name)` is not declared", at: span,
      notes: [.init("accounts at places that are not declared are possible, but this one reads like `\(near)`")],
      help: "did you mean `\(near)`?", fix: Fix(span: span, replacement: near))
  }

  fileprivate static func sharedAccount(
    _ principal: AccessModel.Principal, _ account: String, on place: String, at span: SourceSpan, _ other: AccessModel.Principal,
    at otherSpan: SourceSpan
  ) -> Self {
    Self(
      .sharedAccount, "`\(principal.name)` and `\(other.name)` are one account on `\(place)`: `\(account)`", at: span,
      notes: [
        .init("`\(other.name)` has it here", at: otherSpan), .init("what the policy gives to one of them, the other has there as well"),
      ], help: "give each an account of its own, or make them one principal")
  }
}
