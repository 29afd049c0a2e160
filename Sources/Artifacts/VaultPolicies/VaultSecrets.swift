import PolicyCompiler

/// The secrets in Vault that a holder may read in an environment now, as rules of a policy that gives exactly these.
struct VaultSecrets {
  private(set) var rules: [VaultRule] = []
  private(set) var problems: [VaultProblem] = []
  /// The next moment at which the rules are no longer what the policy says; nil where that is not in sight.
  private(set) var until: Instant?
  /// The shortest `max_ttl` of the connections whose credentials these are, and which one it is.
  private(set) var budget: (life: PolicyDuration, connection: String, span: SourceSpan)?
  /// Of each pattern and reference, the line that gives it.
  private(set) var places: [String: SourceSpan] = [:]

  init(_ policy: CompiledPolicy, holder: PrincipalID, in environment: EnvironmentID, _ mounts: VaultMounts) {
    let grants = policy.grants
    let instant = policy.instant
    // What is held in a session is read as the session's principal, which has a policy of its own.
    let all = grants.grants(of: holder, in: environment, where: GrantFilter(action: "read", root: .secrets)).filter {
      $0.via == nil && !$0.isPartial
    }
    until = all.flatMap(\.times.edges).filter { $0 > instant }.min()
    var sets: [ResourceSet] = []
    var allowed: [VaultPath: Set<String>] = [:]
    for grant in all where grant.times.contains(instant) {
      do throws(ResourceSetTooComplex) {
        let set = try grants.resources(of: grant)
        for pattern in set.terms.flatMap({ $0.all + $0.except }) where places[pattern.text] == nil {
          places[pattern.text] = grants.place(of: grant)
        }
        sets.append(set)
      } catch {
        problems.append(.tooComplex)
        return
      }
      guard case .credential(let id) = grant.basis else { continue }
      let connection = grants.model.resolve(id, in: environment, caller: holder)
      if let connection, let life = connection.maximumLife, budget.map({ life < $0.life }) ?? true {
        budget = (life, connection.name, connection.span)
      }
      for reference in connection?.allSecrets ?? [] where reference.backend == .vault {
        places[reference.text] = grants.place(of: grant)
        do throws(VaultProblem) {
          if let path = try mounts.path(reference) { allowed[path, default: []].insert("connection \(grants.model[id].name)") }
        } catch {
          problems.append(error)
        }
      }
    }
    let whole = ResourceSet.union(of: sets)
    var denied: [VaultPath: Set<String>] = [:]
    for term in whole.terms {
      do throws(VaultProblem) {
        guard term.all.count == 1 else { throw .intersection(term.description) }
        let paths = try mounts.paths(term.all[0])
        for path in paths where allowed[path] == nil { allowed[path] = [term.all[0].text] }
        if paths.isEmpty { continue }
        for except in term.except {
          switch Self.rest(of: except, in: whole) {
          // Given by another grant after all.
          case .all: continue
          case .nothing: break
          case .some: throw .overlap(except.text)
          case nil: throw .tooComplex
          }
          for path in try mounts.paths(except) { denied[path, default: []].insert("not \(except.text)") }
        }
      } catch {
        problems.append(error)
      }
    }
    // Of two rules Vault takes the one with the higher priority: what is left out must have it.
    for (path, _) in denied where allowed.keys.contains(where: { $0.overlaps(path) && !$0.isBelow(path) }) {
      problems.append(.priority(path.text))
    }
    rules =
      (allowed.map { VaultRule(path: $0, isDenied: false, reasons: $1.sorted()) }
      + denied.map { VaultRule(path: $0, isDenied: true, reasons: $1.sorted()) }).sorted {
        $0.path.text.utf8.lexicographicallyPrecedes($1.path.text.utf8)
      }
    problems = Array(Set(problems)).sorted { "\($0)" < "\($1)" }
  }

  private enum Share { case all, some, nothing }

  /// How much of what one grant leaves out is given all the same; nil where that is too complex.
  private static func rest(of pattern: PathPattern, in whole: ResourceSet) -> Share? {
    let out = ResourceSet(pattern)
    guard let isGiven = try? out.isSubset(of: whole), let overlaps = try? out.overlaps(whole) else { return nil }
    return isGiven ? .all : overlaps ? .some : .nothing
  }
}
