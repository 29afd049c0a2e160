import Testing

@testable import PolicyCompiler

/// Sets of resources as tests write them.
enum SetLanguage {
  static func pattern(_ text: String, foldsCase: Bool = false) throws -> PathPattern {
    PathPattern(try ResourcePattern.parse(text).get(), foldsCase: foldsCase)
  }

  /// `db/a/** - db/a/b - db/a/c; db/x & db/*`: terms, their intersections and exceptions.
  static func set(_ text: String, foldsCase: Bool = false) throws -> ResourceSet {
    var result = ResourceSet.empty
    for term in text.split(separator: ";") {
      let parts = try term.split(separator: "-").map { part in
        try part.split(separator: "&").map { ResourceSet(try pattern(trimmed($0), foldsCase: foldsCase)) }
      }
      var set = try #require(parts.first?.first)
      for other in try #require(parts.first).dropFirst() { set = try set.intersection(other) }
      for other in parts.dropFirst() { set = try set.subtracting(try #require(other.first)) }
      result = result.union(set)
    }
    return result
  }

  static func path(_ text: String) -> [String] { text.split(separator: "/").map(String.init) }

  private static func trimmed(_ text: Substring) -> String { String(text.filter { $0 != " " }) }
}
