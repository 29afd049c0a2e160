import PolicyCompiler

/// The names that a history is asked about, and whether any revision of it knows them.
struct SoughtNames {
  let principal: String?
  let resource: String?
  /// What the first revision that was looked in says of what none has known yet.
  private var problems: (principal: AskingProblem?, resource: AskingProblem?) = (nil, nil)
  private var unknown: (principal: Bool, resource: Bool)

  init(principal: String?, resource: String?) {
    self.principal = principal
    self.resource = resource
    unknown = (principal != nil, resource != nil)
  }

  var areKnown: Bool { !unknown.principal && !unknown.resource }

  mutating func look(in policy: CompiledPolicy) {
    if areKnown { return }
    let asking = Asking(policy)
    if let principal, unknown.principal {
      do throws(AskingProblem) {
        _ = try asking.principal(principal)
        unknown.principal = false
      } catch {
        problems.principal = problems.principal ?? error
      }
    }
    if let resource, unknown.resource {
      do throws(AskingProblem) {
        _ = try asking.resource(resource)
        unknown.resource = false
      } catch {
        problems.resource = problems.resource ?? error
      }
    }
  }

  /// Nil where all is known, or where there was no revision to look in.
  var failure: Failure? {
    guard let problem = unknown.principal ? problems.principal : unknown.resource ? problems.resource : nil else { return nil }
    return Failure(.badUsage, "\(problem.message), nor was it before", help: problem.help)
  }
}
