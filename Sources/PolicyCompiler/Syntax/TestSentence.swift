/// The sentences of `tests`: `ana can read db/marts/orders`, `ana cannot write db/**`, and the questions of `who_can`.
package struct TestSentence: Sendable {
  package let principal: String
  package let isAllowed: Bool
  package let action: String
  package let resource: ResourcePattern
  /// Bytes of the sentence.
  package let principalRange: Range<Int>
  package let actionRange: Range<Int>
  package let resourceRange: Range<Int>

  package init?(_ text: String) {
    let words = Self.words(text)
    guard words.count == 4, words[1].text == "can" || words[1].text == "cannot",
      ScalarCheck.isName(words[0].text.utf8.dropFirst(ScalarCheck.unqualified(words[0].text).lowerBound)),
      ScalarCheck.isName(words[2].text.utf8),
      case .success(let pattern) = ResourcePattern.parse(words[3].text)
    else { return nil }
    principal = words[0].text
    isAllowed = words[1].text == "can"
    action = words[2].text
    resource = pattern
    principalRange = words[0].range
    actionRange = words[2].range
    resourceRange = words[3].range
  }

  /// `read db/payroll/salaries`, as action and resource.
  package static func question(_ text: String) -> (
    action: String, actionRange: Range<Int>, resource: ResourcePattern, resourceRange: Range<Int>
  )? {
    let words = words(text)
    guard words.count == 2, ScalarCheck.isName(words[0].text.utf8), case .success(let pattern) = ResourcePattern.parse(words[1].text) else {
      return nil
    }
    return (words[0].text, words[0].range, pattern, words[1].range)
  }

  /// One entry of an exact set: `airflow_worker`, or `airflow_worker via transform`.
  package static func holder(_ text: String) -> (principal: String, range: Range<Int>, via: (name: String, range: Range<Int>)?)? {
    let words = words(text)
    if words.count == 1 { return (words[0].text, words[0].range, nil) }
    guard words.count == 3, words[1].text == "via" else { return nil }
    return (words[0].text, words[0].range, (words[2].text, words[2].range))
  }

  static func problem(_ node: SyntaxNode) -> Diagnostic? {
    if TestSentence(node.text) != nil { return nil }
    let words = words(node.text)
    if words.count == 4, words[1].text == "can" || words[1].text == "cannot",
      case .failure(let problem) = ResourcePattern.parse(words[3].text)
    {
      return Diagnostic(
        .invalidPattern, problem.message, at: node.span(ofPart: problem.range.offset(by: words[3].range.lowerBound)), help: problem.help)
    }
    if words.count == 5, words[1].text == "can", words[2].text == "not" {
      return Diagnostic(
        .invalidSentence, "`can not` is one word here", at: node.span(ofPart: words[1].range.lowerBound..<words[2].range.upperBound),
        help: "write `cannot`",
        fix: .init(span: node.span(ofPart: words[1].range.lowerBound..<words[2].range.upperBound), replacement: "cannot", isSafe: true))
    }
    return Diagnostic(
      .invalidSentence, "this is not a sentence that a test can judge", at: node.span,
      help: "write `<principal> can <action> <resource>`, or `cannot`: `ana can read db/marts/orders`")
  }

  static func questionProblem(_ node: SyntaxNode) -> Diagnostic? {
    if question(node.text) != nil { return nil }
    let words = words(node.text)
    if words.count == 2, case .failure(let problem) = ResourcePattern.parse(words[1].text) {
      return Diagnostic(
        .invalidPattern, problem.message, at: node.span(ofPart: problem.range.offset(by: words[1].range.lowerBound)), help: problem.help)
    }
    return Diagnostic(
      .invalidSentence, "a question is an action and a resource", at: node.span, help: "write `read db/marts/orders: [ana]`")
  }

  private static func words(_ text: String) -> [(text: String, range: Range<Int>)] {
    let bytes = Array(text.utf8)
    var found: [(String, Range<Int>)] = []
    var index = 0
    while index < bytes.count {
      while index < bytes.count, bytes[index] == 0x20 || bytes[index] == 0x0A { index += 1 }
      let start = index
      while index < bytes.count, bytes[index] != 0x20, bytes[index] != 0x0A { index += 1 }
      if start < index { found.append((String(decoding: bytes[start..<index], as: UTF8.self), start..<index)) }
    }
    return found
  }
}

extension Range<Int> {
  fileprivate func offset(by distance: Int) -> Range<Int> { lowerBound + distance..<upperBound + distance }
}
