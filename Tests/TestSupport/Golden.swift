public import Foundation

/// Folders of expected files beside what makes them. A missing golden fails; only `BLESS=1` writes.
public enum Golden {
  /// The root of this package, from where this file stands.
  public static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  public static var isBlessing: Bool { ProcessInfo.processInfo.environment["BLESS"] == "1" }

  /// Every file below a folder by its path relative to it; empty where there is no folder.
  public static func files(below folder: URL) throws -> [String: [UInt8]] {
    var found: [String: [UInt8]] = [:]
    guard let all = FileManager.default.enumerator(atPath: folder.path) else { return found }
    for case let path as String in all {
      let url = folder.appending(path: path)
      var isDirectory: ObjCBool = false
      guard unsafe FileManager.default.fileExists(atPath: url.path, isDirectory: &isDirectory), !isDirectory.boolValue else { continue }
      found[path] = Array(try Data(contentsOf: url))
    }
    return found
  }

  /// What differs between a folder and what it should hold, a line each; with `BLESS=1` the folder is made so instead.
  public static func differences(_ actual: [String: [UInt8]], in folder: URL) throws -> [String] {
    if isBlessing {
      try? FileManager.default.removeItem(at: folder)
      for (path, bytes) in actual {
        let url = folder.appending(path: path)
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(bytes).write(to: url)
      }
      return []
    }
    let expected = try files(below: folder)
    var lines: [String] = []
    for path in Set(actual.keys).union(expected.keys).sorted() {
      switch (actual[path], expected[path]) {
      case (let new?, let old?) where new != old: lines.append("\(path) differs:\n" + firstDifference(new, old))
      case (_?, nil): lines.append("\(path) has no golden: run with BLESS=1 and read what it writes")
      case (nil, _?): lines.append("\(path) is no longer made: delete its golden")
      default: break
      }
    }
    return lines
  }

  private static func firstDifference(_ new: [UInt8], _ old: [UInt8]) -> String {
    let left = String(decoding: old, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
    let right = String(decoding: new, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
    let line = zip(left, right).enumerated().first { $1.0 != $1.1 }?.offset ?? min(left.count, right.count)
    return
      "  line \(line + 1)\n  expected: \(line < left.count ? left[line] : "<end>")\n  actual:   \(line < right.count ? right[line] : "<end>")"
  }
}
