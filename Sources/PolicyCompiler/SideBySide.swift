import Dispatch
import Synchronization

/// Work on many things at once, with results in the order of the things.
package enum SideBySide {
  /// Calls `body` for every index, in chunks on all cores; worth it for work of microseconds and more.
  package static func map<Result: Sendable>(_ count: Int, _ body: @Sendable (Int) -> Result) -> [Result] {
    let chunks = min(64, count)
    guard chunks > 1 else { return (0..<count).map(body) }
    let finished = Mutex<[Int: [Result]]>([:])
    DispatchQueue.concurrentPerform(iterations: chunks) { chunk in
      let results = (count * chunk / chunks..<count * (chunk + 1) / chunks).map(body)
      finished.withLock { $0[chunk] = results }
    }
    return finished.withLock { done in (0..<chunks).flatMap { done[$0] ?? [] } }
  }
}
