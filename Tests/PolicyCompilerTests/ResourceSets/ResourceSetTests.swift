import Testing

@testable import PolicyCompiler

@Suite struct ResourceSetTests {
  @Test(arguments: [
    // One pattern.
    ("db", "db"), ("db/**", "db"), ("db/*", "db/x"), ("db/raw_*", "db/raw_"), ("db/*/raw_*", "db/x/raw_"), ("db/**/x/**", "db/x"),
    ("db/*x*/y", "db/x/y"), ("db/.*", "db/.x"), ("db/.*.", "db/.x."), ("db/a/**/b/*", "db/a/b/x"),
    // Intersections.
    ("db/*a* & db/*b*", "db/ab"), ("db/*ab* & db/*ba*", "db/aba"), ("db/raw_* & db/*_pii", "db/raw_pii"),
    ("db/*aab* & db/*abb*", "db/aabb"), ("db/** & db/*/b", "db/x/b"), ("db/a/** & db/*/b", "db/a/b"), ("db/a & db/b", nil),
    ("db/a/** & db/**/b", "db/a/b"), ("db/a/** & db/**/a", "db/a"), ("db/**/a/** & db/**/b/** & db/**/c/**", "db/a/b/c"),
    ("db/a* & db/b*", nil), ("db/*a & db/*b", nil), ("db/a & other/a", nil), ("db/a*b & db/*ab*", "db/ab"), ("db/a*a & db/a", nil),
    ("db/*a*a* & db/*b*b*", "db/aabb"), ("db/** & db/*/*/*", "db/x/x/x"),
    // Differences.
    ("db/a/** - db/a/*", "db/a"), ("db/a/** - db/a/* - db/a", "db/a/x/x"), ("db/** - db/**", nil), ("db/a/** - db/**/a/**", nil),
    ("db/** - db - db/*/**", nil), ("db/* - db/a* - db/*a", "db/x"), ("db/a* - db/a", "db/ax"), ("db/a* - db/a - db/ab*", "db/ax"),
    ("db/* - db/x - db/y", "db/z"), ("db/*_pii - db/raw_*", "db/_pii"), ("db/raw_* - db/*_pii", "db/raw_"),
    ("db/marts/** - db/marts/*_pii", "db/marts"), ("db/*/orders - db/raw_*/** - db/x/**", "db/y/orders"),
    ("db/**/x - db/x - db/*/x", "db/y/y/x"), ("db/.* - db/.x*", "db/.y"), ("db/a - db/b", "db/a"), ("db/a - db/*", nil),
    ("db/a/** - db/*/b/**", "db/a"), ("db/*/** - db/* - db/*/*", "db/x/x/x"), ("db/**/a/** - db/**/b/** - db/a/**", "db/x/a"),
    // Unions.
    ("db/a/b; db/c", "db/c"), ("db/bb; db/a*", "db/a"), ("zz/a; db/b", "db/b"), ("db/a - db/*; db/b/c", "db/b/c"), ("", nil),
  ]) func theShortestPathIsFound(_ text: String, _ expected: String?) throws {
    let set = try SetLanguage.set(text)
    let witness = try set.witness()
    #expect(witness?.joined(separator: "/") == expected)
    #expect(try set.isEmpty() == (expected == nil))
    if let witness { #expect(set.contains(witness)) }
  }

  /// Whether the first is within the second, or what is not.
  @Test(arguments: [
    ("db/a/b", "db/**", nil), ("db/**", "db/a/**", "db"), ("db/a/*", "db/a/**", nil), ("db/a/**", "db/a/*", "db/a"),
    ("db/**/x", "db/x; db/*/**/x", nil), ("db/a/**", "db/a; db/a/*/**", nil), ("db/*", "db/a*; db/*b", "db/x"),
    ("db/a*; db/b*", "db/*", nil), ("db/*a*b*", "db/*a*; db/*b*", nil), ("db/**/*", "db/*/**", nil), ("db/*/**", "db/**/*", nil),
    ("db/** - db/a/**", "db/** - db/a", nil), ("db/** - db/a", "db/** - db/a/**", "db/a/x"), ("db/**", "db/** - db/a", "db/a"),
    ("db/a/** - db/a/b", "db/a; db/a/*/**", nil), ("db/**/a/** & db/**/b/**", "db/**/a/**/b/**; db/**/b/**/a/**", nil),
    ("db/raw_* & db/*_pii", "db/raw_*_pii", "db/raw_pii"), ("db/raw_* & db/*_pii", "db/raw_*_pii; db/raw_pii", nil),
    ("db/**", "db; db/*; db/*/*; db/*/*/*", "db/x/x/x/x"), ("other/a", "db/**", "other/a"), ("", "db/a", nil),
    ("db/*a* - db/*a", "db/*a* - db/a", nil), ("db/*", "db/* - db/a; db/a", nil), ("db/*", "db/* - db/a*; db/a* - db/ab; db/ab", nil),
    ("db/*", "db/* - db/a*; db/a* - db/ab", "db/ab"),
    // Two ways to one state: the one that is found later is the shorter.
    ("db/*/*", "db/** - db/a/ccccc/** - db/bb/d/**", "db/bb/d"),
  ]) func inclusionIsProvedOrRefuted(_ text: String, _ other: String, _ expected: String?) throws {
    let (set, wider) = (try SetLanguage.set(text), try SetLanguage.set(other))
    let outside = try set.witness(outside: wider)
    #expect(outside?.joined(separator: "/") == expected)
    #expect(try set.isSubset(of: wider) == (expected == nil))
    if let outside { #expect(set.contains(outside) && !wider.contains(outside)) }
  }

  @Test(arguments: [
    ("db/a", "db/a"), ("db/a/** & db/*/b", "db/a/b"), ("db/a/** & db/**", "db/a/**"), ("db/a & db/*", "db/a"),
    ("db/raw_* & db/*", "db/raw_*"), ("db/raw_* & db/*_x", "db/*_x that are also db/raw_*"), ("db/raw* & db/*_x", "db/raw*_x"),
    ("db/*/b & db/a/*", "db/a/b"), ("db/*/b/** & db/a/**", "db/a/b/**"), ("db/a/** & db/**/b", "db/a/**/b"),
    ("db/a/** & db/**/a", "db/**/a that are also db/a/**"), ("db/*/* & db/**/b", "db/*/b"), ("db/ra* & db/raw_*", "db/raw_*"),
    ("db/**/a/b & db/**/b", "db/**/a/b"), ("db/*a*b* & db/ab", "db/ab"), ("db/* & db/** & db/a*", "db/a*"),
    ("db/marts/** - db/marts/*_pii", "db/marts/** except db/marts/*_pii"), ("db/a - db/b", "db/a"), ("db/a/** - other/**", "db/a/**"),
    ("db/b; db/a", "db/a; db/b"), ("", "nothing"), ("db/** - db/b - db/a", "db/** except db/a, db/b"), ("db/a - db/*", "nothing"),
    ("db/**/** & db/**", "db/**"), ("db/a*/x & db/*b/x & db/**", "db/a*b/x"),
  ]) func itIsPrintedForPeople(_ text: String, _ expected: String) throws {
    #expect(try SetLanguage.set(text).description == expected)
  }

  @Test(arguments: [
    ("db/a; db/**", "db/**"), ("db/** - db/a - db/a/**", "db/** except db/a/**"), ("db/a; db/b; db/*", "db/*"),
    ("db/** - db - db/*/**; db/x/y", "db/x/y"), ("db/a/**; db/a; db/a/*/**", "db/a/**"),
    ("db/* - db/a; db/a", "db/* except db/a; db/a"),
    ("db/a* - db/ab; db/*b - db/ab; db/ab", "db/*b except db/ab; db/a* except db/ab; db/ab"),
    ("db/**/a/** & db/**/b/** - db/a/b", "db/**/a/** that are also db/**/b/** except db/a/b"),
    ("db/a* & db/*a - db/b*a - db/a", "db/*a that are also db/a* except db/a"),
    ("db/*a* & db/*b* - db/*ab* - db/*ba* - db/c*", "db/*a* that are also db/*b* except db/*ab*, db/*ba*, db/c*"),
    ("db/a & db/b", "nothing"), ("db/a/**/**; db/a/**", "db/a/**"),
  ]) func itIsSimplified(_ text: String, _ expected: String) throws {
    let set = try SetLanguage.set(text)
    #expect(set.simplified().description == expected)
    #expect(try set.equals(set.simplified()))
  }

  /// What is in one and not in the other, in words that stand for themselves.
  @Test func aDifferenceOfDifferencesIsExact() throws {
    let (set, other) = (try SetLanguage.set("db/a/**"), try SetLanguage.set("db/a/b/** - db/a/b/c"))
    let difference = try set.subtracting(other)
    #expect(difference.description == "db/a/** except db/a/b/**; db/a/b/c")
    #expect(try difference.union(other).equals(set))
    #expect(try !difference.overlaps(other))
  }

  @Test(arguments: [
    ("db/é", "db/e\u{301}", false), ("db/é", "db/é", true), ("db/*\u{301}", "db/e\u{301}", true), ("db/*\u{301}", "db/é", false),
    ("db/e*", "db/é", false), ("db/e*", "db/e\u{301}", true), ("db/*", "db/👩‍👩‍👧", true), ("db/👩*", "db/👩‍👩‍👧", true),
    ("db/Å", "db/\u{212B}", false), ("db/a", "db/A", false), ("DB/a", "db/a", false), ("db/*", "db/", false), ("db/*", "db/..", false),
    ("db/*", "db/a/b", false),
  ]) func namesAreComparedScalarByScalar(_ text: String, _ path: String, _ expected: Bool) throws {
    let segments = path.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    #expect(try SetLanguage.set(text).contains(segments) == expected)
    if segments.allSatisfy({ !$0.isEmpty && $0 != ".." }) {
      #expect(try SetLanguage.set(path).isSubset(of: SetLanguage.set(text)) == expected)
    }
  }

  @Test func composedAndDecomposedNamesAreTwo() throws {
    let (composed, decomposed) = (try SetLanguage.set("db/é"), try SetLanguage.set("db/e\u{301}"))
    #expect(try !composed.overlaps(decomposed) && !composed.equals(decomposed) && composed != decomposed)
    #expect(composed.union(decomposed).terms.count == 2)
  }

  @Test(arguments: [
    ("db/Marts/**", "db/marts/RAW", true), ("db/RAW_*", "db/raw_X", true), ("db/É", "db/é", true), ("db/İ", "db/i\u{307}", true),
    ("db/*ς", "db/aΣ", false), ("db/*σ", "db/aΣ", true), ("DB/a", "db/a", false), ("db/Straße", "db/STRASSE", false),
    ("db/k*", "db/\u{212A}", true),
  ]) func caseIsFoldedWhereTheSystemFoldsIt(_ text: String, _ path: String, _ expected: Bool) throws {
    #expect(try SetLanguage.set(text, foldsCase: true).contains(SetLanguage.path(path)) == expected)
    let one = try SetLanguage.set(path, foldsCase: true)
    #expect(try one.isSubset(of: SetLanguage.set(text, foldsCase: true)) == expected)
  }

  @Test func whatDiffersOnlyInCaseIsOneWhereItIsFolded() throws {
    let (upper, lower) = (try SetLanguage.set("db/RAW_*", foldsCase: true), try SetLanguage.set("db/raw_*", foldsCase: true))
    #expect(try upper.equals(lower))
    #expect(upper.union(lower).simplified().description == "db/RAW_*")
    #expect(try upper.intersection(lower) == lower.intersection(upper))
    #expect(try upper.subtracting(lower) == .empty)
    #expect(try SetLanguage.set("db/A*", foldsCase: true).subtracting(SetLanguage.set("db/a", foldsCase: true)).witness() == ["db", "ax"])
  }

  /// A system folds case or does not: patterns that say both are of two systems, and comparing them is refused.
  @Test func patternsThatDisagreeOnCaseAreNotCompared() throws {
    let (folding, exact) = (try SetLanguage.set("db/a*", foldsCase: true), try SetLanguage.set("db/*"))
    #expect(throws: ResourceSetTooComplex(reason: .mixedCase)) { try folding.isSubset(of: exact) }
    #expect(throws: ResourceSetTooComplex(reason: .mixedCase)) { try exact.subtracting(folding).isEmpty() }
    #expect(throws: ResourceSetTooComplex(reason: .mixedCase)) { try exact.overlaps(folding) }
    #expect(try folding.isSubset(of: SetLanguage.set("other/*")) == false)
  }

  /// Folding is Unicode's lower case of each scalar, which `String.lowercased` and so `ResourcePattern.matches` give.
  @Test func foldingAgreesWithResourcePattern() {
    for value in UInt32(0)..<0x20000 {
      guard let scalar = Unicode.Scalar(value) else { continue }
      let folded = SegmentPattern.units(of: String(scalar), foldsCase: true)
      if folded == [value] && !scalar.properties.changesWhenLowercased { continue }
      #expect(folded == String(scalar).lowercased().unicodeScalars.map(\.value))
      #expect(folded == SegmentPattern.units(of: SegmentPattern.text(of: folded), foldsCase: true), "\(scalar) folds twice")
    }
  }

  @Test func setsDoNotDependOnTheOrderInWhichTheyAreBuilt() throws {
    let texts = ["db/b", "db/a/**", "db/*_x", "db/**/c"]
    let forward = try ResourceSet.union(of: texts.map { try SetLanguage.set($0) })
    let backward = try ResourceSet.union(of: texts.reversed().map { try SetLanguage.set($0) })
    #expect(forward == backward && forward.description == "db/**/c; db/*_x; db/a/**; db/b")
    #expect(try ResourceSet(texts.map { try SetLanguage.pattern($0) }) == forward)
  }
}
