import Artifacts
import PolicyCompiler

/// `writ check --fix`: makes the corrections that give nobody anything, and says which it left.
struct CheckFix {
  private let fixes: SafeFixes

  /// Writes the files that change.
  init(_ workspace: Workspace, at instant: Instant) throws {
    let policy = try workspace.policyFiles()
    // What cannot be read may say anything: then nothing is known about who would gain what.
    let fixes = SafeFixes(Compiler(grammar: .complete, at: instant), policy.problems.isEmpty ? policy.files : [])
    for change in fixes.changes { try workspace.replace(change.old, with: change.new.bytes) }
    self.fixes = fixes
    for it in fixes.made {
      Terminal.say(
        "fixed \(Self.place(it.place)): \(it.code.rawValue): `\(SafeText.escaped(it.before))` is now `\(SafeText.escaped(it.after))`\n")
    }
  }

  /// - Parameter diagnostics: what is wrong now.
  func reportLeft(_ diagnostics: [Diagnostic], _ sources: SourceMap) {
    for it in fixes.refused {
      Terminal.say("left \(Self.place(it.place)): \(it.code.rawValue), since \(SafeText.escaped(it.reason))\n")
    }
    var count = 0
    for diagnostic in diagnostics {
      guard let fix = diagnostic.fix, !fix.isSafe else { continue }
      count += 1
      Terminal.say("left \(Self.place(sources.start(of: fix.span))): \(diagnostic.code.rawValue), since a guess there might widen access\n")
    }
    if fixes.made.isEmpty, fixes.refused.isEmpty, count == 0 { Terminal.say("there is nothing that --fix could change\n") }
  }

  private static func place(_ it: SourceMap.Location) -> String { "\(SafeText.escaped(it.path)):\(it.line):\(it.column)" }
}
