/// Texts that look like secrets and that one side newly says to be none: whoever writes a pull request can write the mark.
struct SecretMarkChanges {
  let old: [PolicyDocument]
  let new: [PolicyDocument]

  func changes() -> [TrustChange] {
    guard new.contains(where: { $0.secrets.contains(where: \.isMarked) }) else { return [] }
    let known = Set(old.flatMap(\.textsMarkedAsNone))
    return new.flatMap { document in
      zip(document.secrets.filter(\.isMarked), document.textsMarkedAsNone).filter { !known.contains($1) }.map { finding, _ in
        TrustChange(
          section: "secret", name: SecretScan.mark, path: "", impact: .secret, before: nil, after: finding.words,
          newSpan: finding.span(in: document.file),
          note: "a line says that this is no secret, so no check reports it")
      }
    }
  }
}

/// Texts that may be secrets, kept out of what a comparison shows.
struct UncertainTexts {
  private let texts: Set<String>
  /// What stands where a reference belongs: whatever it looks like.
  private let literals: [String]

  init(_ documents: [PolicyDocument]) {
    var texts: Set<String> = []
    for document in documents where document.secrets.contains(where: { !$0.isMarked && !$0.isCertain }) {
      guard let tree = document.tree else { continue }
      for finding in document.secrets where !finding.isMarked && !finding.isCertain {
        texts.insert(String(decoding: tree.bytes[finding.hidden.clamped(to: 0..<tree.bytes.count)], as: UTF8.self))
      }
    }
    self.texts = texts
    literals = Set(documents.flatMap(\.literalSecrets)).sorted { ($0.utf8.count, $0) > ($1.utf8.count, $1) }
  }

  func masked(_ change: TrustChange) -> TrustChange {
    if texts.isEmpty, literals.isEmpty { return change }
    return TrustChange(
      section: change.section, name: change.name, path: change.path, impact: change.impact, before: change.before.map(masked),
      after: change.after.map(masked), environment: change.environment, isProtected: change.isProtected, oldSpan: change.oldSpan,
      newSpan: change.newSpan, note: change.note)
  }

  private func masked(_ text: String) -> String { hidden(literals.reduce(text, Self.without)) }

  /// Without a value, wherever it stands as one: alone, or in a list or a table. How long it was is not told either.
  private static func without(_ text: String, _ literal: String) -> String {
    var shown = ""
    var rest = text[...]
    while !literal.isEmpty, let found = rest.firstRange(of: literal) {
      let before = found.lowerBound == text.startIndex ? nil : text[text.index(before: found.lowerBound)]
      let after = found.upperBound == text.endIndex ? nil : text[found.upperBound]
      let isWhole = before.map { " [{".contains($0) } ?? true && after.map { " ,]}".contains($0) } ?? true
      shown += rest[..<found.lowerBound] + (isWhole ? "•••" : text[found])
      rest = rest[found.upperBound...]
    }
    return shown + rest
  }

  private func hidden(_ text: String) -> String {
    var bytes = Array(text.utf8)
    if texts.contains(text) {
      MaskedText.hide(CollectionOfOne(SecretFinding(.random, 0..<bytes.count)), in: &bytes)
    } else {
      let found = SecretScan.findings(bytes).filter { texts.contains(String(decoding: bytes[$0.hidden], as: UTF8.self)) }
      if found.isEmpty { return text }
      MaskedText.hide(found, in: &bytes)
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}

extension PolicyDocument {
  /// The texts that stand where references belong.
  fileprivate var literalSecrets: [String] {
    let spans = Set(diagnostics.lazy.filter { $0.code == .literalSecret }.compactMap(\.span))
    guard !spans.isEmpty else { return [] }
    return declarations.flatMap { $0.value.leaves }.filter { spans.contains($0.span) }.map(\.text)
  }
}
