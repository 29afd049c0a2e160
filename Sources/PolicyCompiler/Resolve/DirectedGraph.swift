/// Circles and an order of dependence in a directed graph, found without recursion: a hostile policy may nest deeper
/// than a stack.
struct DirectedGraph {
  struct Circle {
    let from: Int
    /// Which of the edges of `from` closes it.
    let edge: Int
    /// From the node that is reached again to `from`; empty once `maximumPaths` have been written out.
    let path: [Int]
  }

  /// Nobody reads more circles than these, and a hostile policy may be nothing else.
  static let maximumPaths = 100

  /// The edges that close circles, in the order in which a depth-first walk meets them.
  private(set) var circles: [Circle] = []
  /// Every node after all that it leads to, but for edges that close circles.
  private(set) var order: [Int] = []

  init(count: Int, edges: (Int) -> [Int]) {
    var mark = [UInt8](repeating: 0, count: count)
    for start in 0..<count where mark[start] == 0 {
      var stack: [(node: Int, targets: [Int], next: Int)] = [(start, edges(start), 0)]
      mark[start] = 1
      while let top = stack.last {
        guard top.next < top.targets.count else {
          mark[top.node] = 2
          order.append(top.node)
          stack.removeLast()
          continue
        }
        stack[stack.count - 1].next += 1
        let target = top.targets[top.next]
        switch mark[target] {
        case 0:
          mark[target] = 1
          stack.append((target, edges(target), 0))
        case 1:
          let begin = circles.count < Self.maximumPaths ? stack.firstIndex { $0.node == target } ?? 0 : 0
          circles.append(Circle(from: top.node, edge: top.next, path: circles.count < Self.maximumPaths ? stack[begin...].map(\.node) : []))
        default: break
        }
      }
    }
  }
}

extension Diagnostic {
  /// A way from name to name; of a long one its beginning and its end.
  static func way(_ names: [String]) -> String {
    let shown = names.count > 14 ? names.prefix(7) + ["… \(names.count - 13) more …"] + names.suffix(6) : names[...]
    return shown.joined(separator: " → ")
  }
}
