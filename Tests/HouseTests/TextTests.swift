import Foundation
import TestSupport
import Testing

/// The tree as its readers see it.
@Suite struct TextTests {
  /// One idea a file.
  @Test func sourceFilesStayShort() throws {
    for (path, bytes) in try Golden.files(below: Golden.root.appending(path: "Sources")) where path.hasSuffix(".swift") {
      let isData = path == "writ/StarterPolicy.swift"
      let lines = bytes.count { $0 == 0x0A }
      #expect(lines <= 500 || isData, "\(path) has \(lines) lines")
    }
  }

  @Test func relativeLinksInDocumentsLeadSomewhere() throws {
    let link = /\]\(([^)#:\s]+)(#[^)]*)?\)/
    for (path, bytes) in try Golden.files(below: Golden.root) where path.hasSuffix(".md") && !path.hasPrefix(".") && !path.contains("/.") {
      let text = String(decoding: bytes, as: UTF8.self)
      let folder = Golden.root.appending(path: path).deletingLastPathComponent()
      for match in text.matches(of: link) {
        let target = folder.appending(path: String(match.1)).standardizedFileURL
        #expect(FileManager.default.fileExists(atPath: target.path), "\(path) links to \(match.1), which is not there")
      }
    }
  }
}
