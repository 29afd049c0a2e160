import Artifacts
import PolicyCompiler

/// Questions in JSON Lines, asked of a policy with groups, patterns, sessions and ends.
enum BatchFuzz {
  static func batch(_ bytes: [UInt8]) -> String? {
    guard let policy else { return "the policy to ask does not compile" }
    var questions = BatchQuestions(policy, defaultEnvironment: "dev", at: FuzzTarget.instant)
    for (number, line) in bytes.split(separator: 0x0A).enumerated() {
      guard let answer = questions.answer(line, number + 1) else { continue }
      if let problem = FuzzCheck.harmless(answer, "an answer") { return problem }
      guard let node = SyntaxNode.json(Array(answer.utf8)), node.isMapping else { return "an answer is not JSON: \(answer)" }
      let names = node.pairs.map(\.key.text)
      if names.contains("allowed") == names.contains("error") { return "an answer says both or nothing: \(answer)" }
      if let problem = agreement(node, policy) { return problem }
    }
    return nil
  }

  /// The fast way and the thorough way say the same.
  private static func agreement(_ answer: SyntaxNode, _ policy: CompiledPolicy) -> String? {
    guard let allowed = answer.value(of: "allowed")?.text, let principal = answer.value(of: "principal")?.text,
      let action = answer.value(of: "action")?.text, let resource = answer.value(of: "resource")?.text
    else { return nil }
    let asking = Asking(policy)
    guard let id = try? asking.principal(principal),
      let environment = try? asking.environment(answer.value(of: "environment")?.text ?? "dev"),
      let question = try? asking.question(id, action, resource, in: environment, at: FuzzTarget.instant),
      let found = try? policy.grants.answer(question)
    else { return nil }
    return String(found.isAllowed) == allowed
      ? nil : "`\(principal) \(action) \(resource)` is \(allowed) by decider and \(found.isAllowed) by proof"
  }

  private static let policy: CompiledPolicy? = {
    let compilation = Compiler(grammar: .complete, at: FuzzTarget.instant).compile([SourceFile(path: "policies/policy.yaml", text: text)])
    return compilation.diagnostics.hasErrors ? nil : compilation.policy
  }()

  private static let text = """
    environments: { dev: {}, prod: { protected: true } }
    users: { ana: {}, raj: {} }
    groups:
      team: { members: [ana, raj], owners: [ana] }
      some: { members: [team], except: [raj], owners: [ana] }
    services: { job: { owner: team }, worker: { owner: team } }
    systems:
      db: { type: postgres, owners: [team], environments: { dev: { host: db.example.org, port: 5432, database: shop }, prod: { host: db.example.org, port: 5432, database: shop } } }
    roles:
      reader: { can: { read: [db/marts/**, "db/stg/raw_*"] } }
      writer: { inherits: [reader], can: { write: [db/marts/*] } }
      runner: { can: { assume: [connections/build] } }
    bindings:
      - { role: writer, to: [job], in: [dev] }
      - { role: reader, to: [some], in: [dev, prod], until: 2030-01-31 }
      - { role: runner, to: [worker], in: [dev] }
      - { to: [team], can: { read: ["db/home/${principal}"] }, in: [dev] }
    connections:
      build: { system: db, principal: job, role: writer, environments: { dev: { password: "ref+vault://kv/dev/job#/password" } } }

    """
}
