import Foundation
import PolicyCompiler

/// Measures answers in process, in processor time of one thread: a machine that does other things as well takes longer on
/// the clock, not in that.
enum AccessBench {
  /// Decisions, all in turn: the first time, when what is held is closed, and then again and again.
  static func decisions(_ grants: GrantSet, _ requests: [AccessRequest], at instant: Instant) -> JSON {
    var started = clock()
    var decider = Decider(grants, at: instant)
    let made = seconds(since: started)
    started = clock()
    var (allowed, denied) = pass(&decider, requests)
    let first = seconds(since: started)
    var best = Double.infinity
    var total = 0.0
    let rounds = 5
    for _ in 0..<rounds {
      started = clock()
      (allowed, denied) = pass(&decider, requests)
      let taken = seconds(since: started)
      best = min(best, taken)
      total += taken
    }
    return .members([
      "requests": .integer(requests.count), "allowed": .integer(allowed), "denied": .integer(denied),
      "undecided": .integer(requests.count - allowed - denied), "index_ms": .integer(Int(made * 1000)),
      "first_pass_ms": .integer(Int(first * 1000)), "per_second": .integer(Int(Double(requests.count * rounds) / total)),
      "best_per_second": .integer(Int(Double(requests.count) / best)),
    ])
  }

  private static func pass(_ decider: inout Decider, _ requests: [AccessRequest]) -> (allowed: Int, denied: Int) {
    var allowed = 0
    var denied = 0
    for request in requests {
      switch decider.decide(
        principal: request.principal, action: request.action, resource: request.resource, environment: request.environment)
      {
      case true?: allowed += 1
      case false?: denied += 1
      case nil: break
      }
    }
    return (allowed, denied)
  }

  /// Who may do something, each question by itself: the first time, and once everything that questions share is there.
  static func whoCan(_ grants: GrantSet, _ questions: [AccessQuestion]) -> JSON {
    let first = timed(grants, questions)
    let warm = timed(grants, questions)
    let holders = warm.map(\.holders).sorted()
    return .members([
      "questions": .integer(questions.count), "holders_p50": .integer(holders[holders.count / 2]),
      "holders_max": .integer(holders.last ?? 0),
      "first_us": percentiles(first.map(\.microseconds)), "warm_us": percentiles(warm.map(\.microseconds)),
    ])
  }

  private static func timed(_ grants: GrantSet, _ questions: [AccessQuestion]) -> [(microseconds: Int, holders: Int)] {
    questions.map { question in
      let started = ContinuousClock.now
      let holders = (try? grants.whoCan(question).count) ?? 0
      return (Int((ContinuousClock.now - started) / .microseconds(1)), holders)
    }
  }

  private static func percentiles(_ times: [Int]) -> JSON {
    let sorted = times.sorted()
    func at(_ share: Double) -> JSON { .integer(sorted[min(sorted.count - 1, Int(Double(sorted.count) * share))]) }
    return .members(["p50": at(0.5), "p95": at(0.95), "p99": at(0.99), "max": at(1)])
  }

  private static func seconds(since start: clock_t) -> Double { Double(clock() - start) / Double(CLOCKS_PER_SEC) }
}
