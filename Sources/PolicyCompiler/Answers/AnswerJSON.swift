/// Answers about access, for machines: each a value of a versioned document; `AnswerSchema.swift` has their schemas.
package struct AnswerJSON {
  package static let version = 1

  let policy: CompiledPolicy
  let sources: SourceMap
  package var origin: @Sendable (SourceSpan) -> String? = { _ in nil }

  package init(_ policy: CompiledPolicy, _ sources: SourceMap) {
    self.policy = policy
    self.sources = sources
  }

  private var model: AccessModel { _read { yield policy.model } }
  private var grants: GrantSet { policy.grants }

  package static func document(_ answers: [JSON], at instant: Instant) -> JSON {
    .members(["version": .integer(version), "at": .string(instant.timestamp), "answers": .array(answers)])
  }

  package func can(_ question: AccessQuestion, _ answer: AccessAnswer) -> JSON {
    .members([
      "principal": .string(model[question.principal].name), "action": .string(question.action),
      "resource": .string(question.resource.text), "environment": .string(model[question.environment].name),
      "allowed": .boolean(answer.isAllowed), "example": answer.allowed.map { .string($0.joined(separator: "/")) },
      "missing": answer.missing.map { .string($0.joined(separator: "/")) },
      "possible": answer.possible.isEmpty ? nil : .array(answer.possible.map { .string(model[$0].name) }),
      "grants": .array(answer.grants.sorted { $0.order < $1.order }.map { grant($0, from: question.instant) }),
      "nearest": answer.isAllowed
        ? nil
        : .array(
          grants.nearestMisses(question, missing: answer.missing ?? []).map { miss in
            .members(["message": .string(grants.note(miss, question).message), "location": sources.json(miss.span)])
          }),
    ])
  }

  package func why(_ question: AccessQuestion, _ answer: AccessAnswer) -> JSON {
    guard case .object(let members) = can(question, answer) else { return .null }
    let (all, isCut) = grants.derivations(of: answer.grants, question)
    let text = AnswerText(policy, sources)
    return .object(
      members.filter { $0.name != "grants" } + [
        JSON.Member(
          name: "derivations",
          value: .array(
            all.map { it in
              .members([
                "via": .array(it.via.map { .string("connections/\(model[$0].name)") }), "times": it.times.from(question.instant).json,
                "steps": .array(
                  it.steps.map { step in
                    .members([
                      "kind": .string(kind(step)), "text": .string(text.describe(step)), "location": sources.json(step.span),
                      "commit": origin(step.span).map { .string($0) },
                    ])
                  }),
              ])
            })),
        JSON.Member(name: "complete", value: .boolean(!isCut)),
      ])
  }

  private func kind(_ step: Derivation.Step) -> String {
    switch step.kind {
    case .connection: "connection"
    case .membership: "membership"
    case .binding: "binding"
    case .inheritance: "inheritance"
    case .permission: "permission"
    }
  }

  package func whoCan(_ question: AccessQuestion, _ holders: [AccessHolder]) -> JSON {
    .members([
      "action": .string(question.action), "resource": .string(question.resource.text),
      "environment": .string(model[question.environment].name),
      "holders": .array(
        holders.map { holder in
          .members([
            "principal": .string(model[holder.principal].name), "kind": .string(model[holder.principal].kind.rawValue),
            "all": .boolean(holder.hasAll), "direct": .boolean(holder.isDirect),
            "via": .array(holder.vias.map { .string("connections/\(model[$0].name)") }),
            "unknown_members": model[holder.principal].kind == .group ? .boolean(true) : nil,
            "partial": holder.isPartial ? .boolean(true) : nil,
            "grants": .array(holder.grants.map { grant($0, from: question.instant) }),
          ])
        }),
    ])
  }

  package func whatCan(_ principal: PrincipalID, in environment: EnvironmentID, at instant: Instant) throws(ResourceSetTooComplex) -> JSON {
    let list = try AccessList(grants, principal, in: environment, at: instant)
    return .members([
      "principal": .string(model[principal].name), "environment": .string(model[environment].name),
      "access": .array(
        list.entries.map { entry in
          .members([
            "action": .string(entry.action), "via": entry.via.map { .string("connections/\(model[$0].name)") },
            "resources": .array(entry.resources.terms.map { .string($0.description) }), "times": entry.times.json,
            "partial": entry.isPartial ? .boolean(true) : nil,
            "grants": .array(entry.grants.map { grant($0, from: instant) }),
          ])
        }),
    ])
  }

  private func grant(_ it: Grant, from instant: Instant) -> JSON {
    .members([
      "by": .string(AnswerText(policy, sources).basis(of: it)), "location": sources.json(grants.place(of: it)),
      "via": it.via.map { .string("connections/\(model[$0].name)") }, "times": it.times.from(instant).json,
    ])
  }
}
