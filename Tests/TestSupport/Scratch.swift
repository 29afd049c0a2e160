public import Foundation

/// A folder that goes when its owner does, for running `writ` and `git` in.
public final class Scratch: Sendable {
  public let path: String

  public init() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "writ-test-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    path = folder.resolvingSymlinksInPath().path
  }

  deinit {
    // What a test made read-only would stay.
    _ = try? Program.run("/bin/sh", ["-c", "chmod -R u+rwX \"$1\"; rm -rf \"$1\"", "sh", path], in: "/")
  }

  /// A repository on branch `main`.
  public static func repository() throws -> Scratch {
    let scratch = try Scratch()
    try scratch.git("init", "--quiet", "--initial-branch=main", ".")
    return scratch
  }

  // MARK: Files

  public func url(_ name: String) -> URL { URL(filePath: name.isEmpty ? path : "\(path)/\(name)") }

  /// Writes a file and the folders above it.
  public func write(_ name: String, _ bytes: [UInt8]) throws {
    try FileManager.default.createDirectory(at: url(name).deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(bytes).write(to: url(name))
  }

  public func write(_ name: String, _ text: String) throws { try write(name, Array(text.utf8)) }

  public func read(_ name: String) throws -> String { String(decoding: try Data(contentsOf: url(name)), as: UTF8.self) }

  public func has(_ name: String) -> Bool { (try? FileManager.default.attributesOfItem(atPath: url(name).path)) != nil }

  public func makeFolder(_ name: String) throws { try FileManager.default.createDirectory(at: url(name), withIntermediateDirectories: true) }

  public func link(_ name: String, to target: String) throws {
    try FileManager.default.createDirectory(at: url(name).deletingLastPathComponent(), withIntermediateDirectories: true)
    try FileManager.default.createSymbolicLink(atPath: url(name).path, withDestinationPath: target)
  }

  public func remove(_ name: String) throws { try FileManager.default.removeItem(at: url(name)) }

  /// What there is below the folder, git's own files apart: a line for each name with its kind, permissions, time of
  /// change and content. Two that are equal have seen no write in between.
  public func state(below name: String = "") throws -> [String: String] {
    var found: [String: String] = [:]
    for case let entry as String in FileManager.default.enumerator(atPath: url(name).path) ?? .init() {
      if entry == ".git" || entry.hasPrefix(".git/") { continue }
      let file = url(name).appending(path: entry)
      let attributes = try FileManager.default.attributesOfItem(atPath: file.path)
      let kind = attributes[.type] as? FileAttributeType
      let time = (attributes[.modificationDate] as? Date)?.timeIntervalSinceReferenceDate ?? 0
      var line = "\(kind?.rawValue ?? "?") \(attributes[.posixPermissions] ?? 0) \(time)"
      if kind == .typeRegular { line += " " + (try Data(contentsOf: file)).base64EncodedString() }
      if kind == .typeSymbolicLink { line += " " + (try FileManager.default.destinationOfSymbolicLink(atPath: file.path)) }
      found[entry] = line
    }
    return found
  }

  /// The paths of all files below a folder, in order.
  public func files(below name: String = "") throws -> [String] {
    try state(below: name).filter { !$0.value.hasPrefix(FileAttributeType.typeDirectory.rawValue) }.keys.sorted()
  }

  // MARK: Programs

  /// Runs the built `writ` in this folder.
  public func writ(_ arguments: String..., in folder: String = "", environment: [String: String] = [:]) throws -> Run {
    try Program.run(Program.writ, arguments, in: url(folder).path, environment: environment)
  }

  /// The same with an address space of 1.5 GB, which is what reading anything at all must do with.
  public func boundedWrit(_ arguments: String..., in folder: String = "") throws -> Run {
    try Program.run(
      "/bin/sh", ["-c", "ulimit -v 1500000 && ulimit -t 60 && exec \"$0\" \"$@\"", Program.writ] + arguments, in: url(folder).path)
  }

  @discardableResult
  public func git(_ arguments: String..., in folder: String = "") throws -> String {
    let run = try Program.run("/usr/bin/env", ["git"] + arguments, in: url(folder).path)
    guard run.status == 0 else { throw GitFailed(description: "git \(arguments): \(run.errors)") }
    return run.output
  }

  public func commit(_ message: String = "policy") throws {
    try git("add", "--all")
    try git("commit", "--quiet", "--allow-empty", "--message", message)
  }

  struct GitFailed: Error, CustomStringConvertible {
    let description: String
  }
}
