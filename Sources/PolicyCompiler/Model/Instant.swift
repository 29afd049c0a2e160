/// A moment, in seconds since 1970-01-01T00:00:00Z.
public struct Instant: Hashable, Comparable, Sendable {
  public let seconds: Int64

  public init(seconds: Int64) { self.seconds = seconds }

  /// Before and after everything that can be written.
  package static let distantPast = Instant(seconds: .min)
  package static let distantFuture = Instant(seconds: .max)

  public static func < (left: Instant, right: Instant) -> Bool { left.seconds < right.seconds }

  /// Reads ISO 8601: `2027-01-31`, `2027-01-31T22:00Z`, `2027-01-31T22:00:30+02:00`. A time needs its zone.
  ///
  /// - Parameter isEnd: whether it ends something: a date alone then means the following midnight.
  public init?(_ text: some StringProtocol, isEnd: Bool = false) {
    var rest = Array(text.utf8)[...]
    func digits(_ count: Int) -> Int? {
      guard rest.count >= count else { return nil }
      var value = 0
      for byte in rest.prefix(count) {
        guard (0x30...0x39).contains(byte) else { return nil }
        value = value * 10 + Int(byte - 0x30)
      }
      rest = rest.dropFirst(count)
      return value
    }
    func take(_ character: Character) -> Bool {
      guard rest.first == character.asciiValue else { return false }
      rest = rest.dropFirst()
      return true
    }
    guard let year = digits(4), take("-"), let month = digits(2), take("-"), let day = digits(2), year >= 1,
      (1...12).contains(month), (1...Self.daysInMonth(year, month)).contains(day)
    else { return nil }
    let midnight = Self.days(year, month, day) * 86_400
    if rest.isEmpty {
      seconds = midnight + (isEnd ? 86_400 : 0)
      return
    }
    guard take("T") || take("t") || take(" "), let hour = digits(2), take(":"), let minute = digits(2), hour < 24, minute < 60 else {
      return nil
    }
    var second = 0
    if take(":") {
      guard let value = digits(2), value < 60 else { return nil }
      second = value
    }
    var offset = 0
    if !(take("Z") || take("z")) {
      let sign = take("+") ? 1 : take("-") ? -1 : 0
      guard sign != 0, let hours = digits(2), hours < 24 else { return nil }
      _ = take(":")
      guard let minutes = digits(2), minutes < 60 else { return nil }
      offset = sign * (hours * 3600 + minutes * 60)
    }
    guard rest.isEmpty else { return nil }
    seconds = midnight + Int64(hour * 3600 + minute * 60 + second - offset)
  }

  /// `2027-01-31`, or `2027-01-31T22:00:30Z` where it is no midnight.
  public var text: String {
    if self == .distantPast { return "always" }
    if self == .distantFuture { return "for ever" }
    let day = (seconds >= 0 ? seconds : seconds - 86_399) / 86_400
    let second = Int(seconds - day * 86_400)
    let (year, month, date) = Self.date(day)
    func padded(_ value: Int, _ width: Int) -> String {
      let digits = String(value)
      return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
    let calendar = "\(padded(year, 4))-\(padded(month, 2))-\(padded(date, 2))"
    if second == 0 { return calendar }
    return "\(calendar)T\(padded(second / 3600, 2)):\(padded(second / 60 % 60, 2)):\(padded(second % 60, 2))Z"
  }

  package var isMidnight: Bool { seconds % 86_400 == 0 && self != .distantPast && self != .distantFuture }

  /// The same of an end, which is exclusive, as the language writes it: a midnight is the end of the day before, `until` which
  /// something holds.
  package var endText: String {
    isMidnight ? Instant(seconds: seconds - 86_400).text : text
  }

  /// The day alone, in UTC: `2027-01-31`.
  package var day: String { String(text.prefix { $0 != "T" }) }

  private static func isLeap(_ year: Int) -> Bool { year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) }

  private static func daysInMonth(_ year: Int, _ month: Int) -> Int {
    switch month {
    case 2: isLeap(year) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }

  /// Days since 1970-01-01: http://howardhinnant.github.io/date_algorithms.html#days_from_civil
  private static func days(_ year: Int, _ month: Int, _ day: Int) -> Int64 {
    let y = month <= 2 ? year - 1 : year
    let era = (y >= 0 ? y : y - 399) / 400
    let yearOfEra = y - era * 400
    let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
    return Int64(era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468)
  }

  /// The inverse: http://howardhinnant.github.io/date_algorithms.html#civil_from_days
  private static func date(_ days: Int64) -> (Int, Int, Int) {
    let z = Int(days) + 719_468
    let era = (z >= 0 ? z : z - 146_096) / 146_097
    let dayOfEra = z - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let month = (5 * dayOfYear + 2) / 153
    let day = dayOfYear - (153 * month + 2) / 5 + 1
    let civilMonth = month < 10 ? month + 3 : month - 9
    return (yearOfEra + era * 400 + (civilMonth <= 2 ? 1 : 0), civilMonth, day)
  }
}

/// From an instant (inclusive) until another (exclusive).
package struct Interval: Hashable, Sendable {
  package let from: Instant
  package let until: Instant

  package static let always = Interval(from: .distantPast, until: .distantFuture)

  package init(from: Instant, until: Instant) {
    self.from = from
    self.until = until
  }

  /// A moment and no other.
  package static func moment(_ instant: Instant) -> Interval {
    Interval(from: instant, until: Instant(seconds: instant.seconds == .max ? .max : instant.seconds + 1))
  }

  package var isEmpty: Bool { from >= until }

  package func contains(_ instant: Instant) -> Bool { from <= instant && instant < until }

  package func intersection(_ other: Interval) -> Interval {
    Interval(from: max(from, other.from), until: min(until, other.until))
  }
}

/// A length of time: `15m`, `1h`, `30d`.
package struct PolicyDuration: Hashable, Comparable, Sendable {
  package let seconds: Int

  package init(seconds: Int) { self.seconds = seconds }

  package init?(_ text: String) {
    guard let unit = text.last, let count = Int(text.dropLast()), count > 0, count <= 1_000_000,
      text.utf8.allSatisfy({ $0 != UInt8(ascii: "+") })
    else { return nil }
    switch unit {
    case "s": seconds = count
    case "m": seconds = count * 60
    case "h": seconds = count * 3600
    case "d": seconds = count * 86_400
    case "w": seconds = count * 604_800
    default: return nil
    }
  }

  package static func < (left: PolicyDuration, right: PolicyDuration) -> Bool { left.seconds < right.seconds }
}
