import PolicyCompiler
import Testing

@Suite struct TimeTests {
  @Test(arguments: [
    ("1970-01-01", 0), ("2027-01-31", 1_801_353_600), ("2027-01-31T00:00Z", 1_801_353_600), ("2027-01-31T18:00Z", 1_801_418_400),
    ("2027-01-31T18:00:30Z", 1_801_418_430), ("2027-01-31t18:00z", 1_801_418_400), ("2027-01-31 18:00Z", 1_801_418_400),
    ("2027-01-31T18:00+01:00", 1_801_414_800), ("2027-01-31T18:00+0100", 1_801_414_800), ("2027-01-31T18:00-05:30", 1_801_438_200),
    ("2024-02-29", 1_709_164_800), ("2000-02-29", 951_782_400), ("1969-12-31T23:59:59Z", -1), ("0001-01-01", -62_135_596_800),
    ("9999-12-31", 253_402_214_400),
  ]) func momentsAreReadAsISO8601(_ text: String, _ seconds: Int64) { #expect(Instant(text)?.seconds == seconds) }

  @Test(arguments: [
    "", "2027", "2027-01", "2027-1-31", "2027-01-32", "2027-02-29", "1900-02-29", "2027-13-01", "2027-00-01", "2027-01-00", "0000-01-01",
    "31.01.2027", "01/31/2027",
    "2027-01-31T18:00", "2027-01-31T", "2027-01-31T24:00Z", "2027-01-31T18:60Z", "2027-01-31T18:00:60Z", "2027-01-31T18:00 CET",
    "2027-01-31T18:00Z ", " 2027-01-31",
    "2027-01-31T18:00+24:00", "2027-01-31T18:00+01:60", "2027-01-31T18Z", "-2027-01-31", "20270131", "２０２７-01-31", "tomorrow",
  ]) func everythingElseIsRefused(_ text: String) { #expect(Instant(text) == nil) }

  @Test func aDateAsAnEndIncludesThatDay() {
    #expect(Instant("2027-01-31", isEnd: true) == Instant("2027-02-01"))
    #expect(Instant("2027-12-31", isEnd: true) == Instant("2028-01-01"))
    #expect(Instant("2027-01-31T18:00Z", isEnd: true) == Instant("2027-01-31T18:00Z"))
  }

  @Test(arguments: [
    "2027-01-31", "2027-12-31", "2024-02-29", "0001-01-01", "1969-12-31", "9999-12-31", "2027-01-31T18:00:00Z", "2027-01-31T00:00:30Z",
  ])
  func anEndIsPrintedAsItIsWritten(_ text: String) throws {
    let instant = try #require(Instant(text, isEnd: true))
    #expect(instant.endText == text)
    #expect(instant.timestamp.contains("T"))
  }

  @Test func otherFormsOfAnEndAreOneOfThose() {
    #expect(Instant("2027-02-01T00:00Z", isEnd: true)?.endText == "2027-01-31")
    #expect(Instant("2027-02-01T01:00+01:00", isEnd: true)?.endText == "2027-01-31")
    #expect(Instant.distantFuture.endText == "for ever" && Instant.distantPast.endText == "always")
  }

  @Test(arguments: [
    "1969-12-31", "1970-01-01", "2000-02-29", "2024-12-31", "2100-03-01", "2027-01-31T18:00:30Z", "1969-12-31T23:59:59Z", "0001-01-01",
    "9999-12-31T23:59:59Z",
  ])
  func whatIsPrintedReadsBackTheSame(_ text: String) throws {
    let instant = try #require(Instant(text))
    #expect(instant.text == text)
    #expect(Instant(instant.timestamp) == instant)
  }

  @Test func everyDayOfFourHundredYearsReadsBackTheSame() {
    for day in stride(from: Int64(0), to: 146_097, by: 1) {
      let instant = Instant(seconds: day * 86_400)
      #expect(Instant(instant.text) == instant)
    }
  }

  @Test func anIntervalHoldsFromItsStartUntilJustBeforeItsEnd() throws {
    let interval = Interval(from: Instant(seconds: 10), until: Instant(seconds: 20))
    #expect([9, 10, 19, 20].map { interval.contains(Instant(seconds: $0)) } == [false, true, true, false])
    #expect(
      interval.intersection(Interval(from: Instant(seconds: 15), until: .distantFuture))
        == Interval(from: Instant(seconds: 15), until: Instant(seconds: 20)))
    #expect(interval.intersection(Interval(from: Instant(seconds: 20), until: .distantFuture)).isEmpty)
    #expect(Interval.always.contains(Instant(seconds: .max - 1)) && Interval.always.contains(.distantPast))
  }

  @Test(arguments: [("30s", 30), ("15m", 900), ("1h", 3600), ("30d", 2_592_000), ("2w", 1_209_600), ("1000000s", 1_000_000), ("05m", 300)])
  func durationsAreANumberAndAUnit(_ text: String, _ seconds: Int) { #expect(PolicyDuration(text)?.seconds == seconds) }

  @Test(arguments: [
    "", "s", "30", "0m", "-1h", "+1h", "1.5h", "1 h", "1y", "1H", "PT1H", "30 days", "1000001s", "99999999999999999999s", " 1h", "1h ",
    "٣h",
  ])
  func otherDurationsAreRefused(_ text: String) { #expect(PolicyDuration(text) == nil) }
}
