import TestSupport
import Testing

@testable import PolicyCompiler

/// Random policies and changed ones: the comparison against asking each side about everything.
@Suite struct DiffPropertyTests {
  static let seeds = Array(UInt64(1)...60)

  /// Two policies that may differ; nil where one of them has errors, which no comparison takes.
  private static func pair(_ seed: UInt64) throws -> (old: GrantSet, new: GrantSet, diff: AccessDiff)? {
    var generator = SeededGenerator(seed: seed)
    let one = RandomPolicy(seed: seed)
    let other = one.mutated(&generator)
    guard let diff = try? Comparing.diff(one.text, other.text) else { return nil }
    return (diff.old.policy.grants, diff.new.policy.grants, diff)
  }

  private static func allows(
    _ set: GrantSet, _ name: String, _ action: String, _ resource: String, _ environment: String, _ instant: Instant
  ) throws
    -> Bool
  {
    guard let id = set.model.principalNames[name], set.isSubject(id), let place = set.model.environmentNames[environment],
      case .success(let pattern) = ResourcePattern.parse(resource), let root = set.model.root(of: pattern)
    else { return false }
    return try set.answer(
      AccessQuestion(principal: id, action: action, resource: pattern, root: root, environment: place, instant: instant)
    ).isAllowed
  }

  private static func folds(_ set: GrantSet) -> Bool? { set.model.systemNames["wh"].map { set.model[$0].type.foldsCase } }

  private static let questions: [(action: String, resource: String)] = {
    var found: [(String, String)] = []
    for action in ["read", "write"] {
      for system in ["db", "wh"] {
        for schema in ["a", "A", "b", "u_u1", "u_a", "dev", "prod"] {
          for object in ["x", "xy", "y"] { found.append((action, "\(system)/\(schema)/\(object)")) }
        }
      }
    }
    for connection in RandomPolicy.connections {
      found.append(("assume", "connections/\(connection)"))
      for place in ["dev1", "dev2", "prod1", "prod2"] { found.append(("read", "secrets/vault/kv/\(connection)/\(place)")) }
    }
    return found + [("call", "api/run")]
  }()

  /// Moments at which something may change, from the judged one on, and those just before them.
  private static let moments: [Instant] =
    ["2026-12-01", "2027-02-01", "2027-03-01", "2027-07-01", "2028-02-01", "2028-07-01"].flatMap { text in
      let seconds = Instant(text)!.seconds
      return [Instant(seconds: seconds - 1), Instant(seconds: seconds)]
    } + [Compiling.instant, Instant("2040-01-01")!]

  /// Where nothing but bindings differs, one side is made from the other: nothing that is said may tell.
  @Test func oneSideMadeFromTheOtherIsTheSame() throws {
    var (made, changed) = (0, 0)
    for seed in Self.seeds {
      var generator = SeededGenerator(seed: seed)
      let one = RandomPolicy(seed: seed)
      let other = one.mutated(&generator, onlyBindings: true)
      func files(_ policy: RandomPolicy, _ rest: String = "all") -> [SourceFile] {
        let lines = policy.text.split(separator: "\n")
        let start = lines.firstIndex(of: "bindings:") ?? lines.endIndex
        let end = lines[start...].dropFirst().firstIndex { $0.first?.isLetter ?? false } ?? lines.endIndex
        func file(_ name: String, _ lines: some Sequence<Substring>) -> SourceFile {
          SourceFile(path: "policies/\(name).yaml", text: lines.joined(separator: "\n") + "\n")
        }
        return [file("bindings", lines[start..<end]), file(rest, lines[..<start] + lines[end...])]
      }
      guard let shared = try? Comparing.diff(files(one), files(other)),
        let apart = try? Comparing.diff(files(one), files(other), isSharing: false)
      else { continue }
      // A file by another name is another place.
      #expect((try? Comparing.diff(files(one), files(other, "rest")))?.onlyBindingsDiffer != true, "seed \(seed)")
      made += shared.onlyBindingsDiffer ? 1 : 0
      changed += shared.diff.isEmpty ? 0 : 1
      #expect(!apart.onlyBindingsDiffer && shared.text == apart.text, "seed \(seed)")
    }
    #expect(made > 25 && changed > 20, "\(made) made from the other, \(changed) changed")
  }

  @Test(arguments: seeds) func whatIsGainedAndLostIsWhatAnswersSay(_ seed: UInt64) throws {
    guard let (old, new, diff) = try Self.pair(seed) else { return }
    #expect(diff.problems.isEmpty)
    var wrong: [String] = []
    let names = Set(old.subjects.map { old.model[$0].name } + new.subjects.map { new.model[$0].name }).sorted()
    for name in names {
      for environment in RandomPolicy.environments {
        let changes = diff.changes.filter { $0.principal == name && $0.environment == environment && !$0.isPartial }
        for (action, resource) in Self.questions {
          let path = resource.split(separator: "/").map(String.init)
          let about = changes.filter { $0.action == action && $0.resources.contains(path) }
          for moment in Self.moments {
            let before = try Self.allows(old, name, action, resource, environment, moment)
            let after = try Self.allows(new, name, action, resource, environment, moment)
            let gained = about.contains { $0.direction == .gained && $0.times.contains(moment) }
            let lost = about.contains { $0.direction == .lost && $0.times.contains(moment) }
            // Where names are read with another sense of case, all of the one side goes and all of the other comes.
            let isReadOtherwise = resource.hasPrefix("wh/") && Self.folds(old) != Self.folds(new)
            let isRight =
              isReadOtherwise ? gained == after && lost == before : gained == (after && !before) && lost == (before && !after)
            if !isRight {
              wrong.append(
                "\(name) \(action) \(resource) in \(environment) at \(moment.text): \(before) → \(after), gained \(gained), lost \(lost)")
            }
          }
        }
      }
    }
    #expect(wrong.isEmpty, "seed \(seed): \(wrong.count)\n\(wrong.prefix(5).joined(separator: "\n"))")
  }

  @Test(arguments: Array(UInt64(1)...400)) func nobodyWhoseAccessDiffersIsLeftOut(_ seed: UInt64) throws {
    guard let (old, new, diff) = try Self.pair(seed) else { return }
    let affected = AffectedPrincipals(old: old, new: new, shared: []).names
    let differ = PrincipalDiff(old: old, new: new, instant: Compiling.instant)
    for name in Set(old.subjects.map { old.model[$0].name } + new.subjects.map { new.model[$0].name }).subtracting(affected).sorted() {
      #expect(try differ.changes(of: name).isEmpty, "seed \(seed): \(name)")
    }
    // Each change has something to show, and a reason.
    for change in diff.changes {
      #expect(try !change.resources.isEmpty(), "seed \(seed): \(change.principal)")
      #expect(!change.times.isEmpty && !change.causes.isEmpty, "seed \(seed): \(change.principal) \(change.action) \(change.resources)")
    }
    #expect(diff.changes.isEmpty || !diff.isEmpty)
  }

  @Test func mostPairsCompile() throws {
    let pairs = try Array(UInt64(1)...400).compactMap { try Self.pair($0) }
    #expect(pairs.count > 200, "\(pairs.count)")
    #expect(pairs.filter { !$0.diff.changes.isEmpty }.count > 100)
  }
}
