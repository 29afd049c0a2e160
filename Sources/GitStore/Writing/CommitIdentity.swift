import CLibgit2
import Glibc

/// Who makes a commit, and when: as git finds it out.
package struct CommitIdentity: Sendable, Hashable {
  package enum Role: String, Sendable, CaseIterable {
    case author, committer
  }

  package var name: String
  package var email: String

  /// Reads `Name <mail>`, as `git commit --author` does; nil for anything else.
  package init?(_ text: String) {
    guard text.hasSuffix(">"), let open = text.firstIndex(of: "<") else { return nil }
    let mail = text[text.index(after: open)...].dropLast()
    guard !mail.contains("<"), !mail.contains(">") else { return nil }
    self.init(name: String(text[..<open]), email: String(mail))
  }

  /// Without the signs that git leaves out; nil where nothing is left of either.
  package init?(name: String, email: String) {
    let (name, email) = (Self.stripped(name), Self.stripped(email))
    guard !name.isEmpty, !email.isEmpty else { return nil }
    (self.name, self.email) = (name, email)
  }

  /// Git's `strbuf_addstr_without_crud`: https://github.com/git/git/blob/master/ident.c
  private static func stripped(_ text: String) -> String {
    func isCrud(_ byte: UInt8) -> Bool { byte <= 0x20 || ".,:;<>\"\\'".utf8.contains(byte) }
    var bytes = Array(text.utf8)[...]
    while let first = bytes.first, isCrud(first) { bytes = bytes.dropFirst() }
    while let last = bytes.last, isCrud(last) { bytes = bytes.dropLast() }
    return String(decoding: bytes.filter { ![0, 0x0A, UInt8(ascii: "<"), UInt8(ascii: ">")].contains($0) }, as: UTF8.self)
  }
}

extension Repository {
  /// Who commits here: `GIT_AUTHOR_NAME` and its companions, then `author.name`, then `user.name`. Nobody is guessed from
  /// the machine's name, as git would. nil where either name or mail is not set.
  package func identity(_ role: CommitIdentity.Role) throws(GitError) -> CommitIdentity? {
    let settings = try CommitSettings(self)
    let environment = origin.environment
    let prefix = "GIT_\(role.rawValue.uppercased())_"
    let name = environment["\(prefix)NAME"] ?? settings.string("\(role.rawValue).name") ?? settings.string("user.name")
    let email =
      environment["\(prefix)EMAIL"] ?? settings.string("\(role.rawValue).email") ?? settings.string("user.email") ?? environment["EMAIL"]
    guard let name, let email else { return nil }
    return CommitIdentity(name: name, email: email)
  }
}

extension Commit.Signature {
  /// An identity at the moment that `GIT_AUTHOR_DATE` or `GIT_COMMITTER_DATE` names; else `SOURCE_DATE_EPOCH`, in UTC
  /// (https://reproducible-builds.org/specs/source-date-epoch/); else now, by the machine's clock and zone.
  package init(
    _ who: CommitIdentity, as role: CommitIdentity.Role, environment: GitEnvironment, dates: RevisionDates
  ) throws(GitError) {
    let variable = "GIT_\(role.rawValue.uppercased())_DATE"
    let (time, offset): (Int64, Int)
    if let text = environment[variable] {
      guard let read = Self.moment(text, dates) else {
        throw GitError(
          .invalidName, "`\(escaped(text))` in \(variable) is not a moment that Writ reads",
          hint: "write `1798754400 +0100` or `2026-12-31T23:00:00+01:00`")
      }
      (time, offset) = read
    } else if let text = environment["SOURCE_DATE_EPOCH"] {
      guard let seconds = Int64(text), seconds >= 0, seconds <= Self.lastSecond else {
        throw GitError(.invalidName, "`\(escaped(text))` in SOURCE_DATE_EPOCH is not a number of seconds")
      }
      (time, offset) = (seconds, 0)
    } else {
      time = Int64(Glibc.time(nil))
      offset = Self.localOffset(at: time)
    }
    self.init(name: who.name, email: who.email, time: time, offset: offset)
  }

  /// `Ana <ana@example.org> 1798754400 +0100`, as objects have it.
  var text: String {
    let minutes = abs(offset)
    func padded(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
    return "\(name) <\(email)> \(time) \(offset < 0 ? "-" : "+")\(padded(minutes / 60))\(padded(minutes % 60))"
  }

  /// The last second of the year 9999.
  private static let lastSecond: Int64 = 253_402_300_799

  /// Git's own form, `[@]seconds [±hhmm]`, and what the policy's moments are written in.
  private static func moment(_ text: String, _ dates: RevisionDates) -> (Int64, Int)? {
    let words = text.split(separator: " ")
    let first = words.first.map { $0.hasPrefix("@") ? $0.dropFirst() : $0 } ?? ""
    if words.count <= 2, !first.isEmpty, first.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let seconds = Int64(first) {
      guard seconds <= lastSecond else { return nil }
      guard words.count == 2 else { return (seconds, localOffset(at: seconds)) }
      return zone(words[1]).map { (seconds, $0) }
    }
    guard let seconds = dates.read(text), seconds >= 0, seconds <= lastSecond else { return nil }
    return (seconds, zone(text.suffix(6)) ?? zone(text.suffix(5)) ?? 0)
  }

  /// `+01:30` or `+0130`, in minutes.
  private static func zone(_ text: Substring) -> Int? {
    let digits = text.dropFirst().filter { $0 != ":" }
    guard text.hasPrefix("+") || text.hasPrefix("-"), digits.utf8.count == 4, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
      let value = Int(digits), value / 100 < 24, value % 100 < 60
    else { return nil }
    return (value / 100 * 60 + value % 100) * (text.hasPrefix("-") ? -1 : 1)
  }

  private static func localOffset(at time: Int64) -> Int {
    var moment = time_t(time)
    var local = unsafe tm()
    guard unsafe localtime_r(&moment, &local) != nil else { return 0 }
    return unsafe local.tm_gmtoff / 60
  }
}
