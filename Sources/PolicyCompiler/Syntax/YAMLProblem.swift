/// What libyaml refused, said in words that a policy's author can act on.
struct YAMLProblem {
  let problem: String
  let at: Int
  let context: String?
  let contextAt: Int
  let bytes: [UInt8]
  let file: Int32

  var diagnostic: Diagnostic {
    if let tab = tabInIndentation {
      return Diagnostic(
        .tabIndentation, "a tab cannot indent YAML", at: span(tab, tab + 1), help: "use spaces, two for each level")
    }
    let (message, help) = words
    var notes: [Diagnostic.Note] = []
    if let context, contextAt < bytes.count, contextAt != at { notes.append(.init(context, at: span(contextAt, contextAt + 1))) }
    return Diagnostic(.malformedYAML, message, at: span(at, at + 1), notes: notes, help: help)
  }

  private func span(_ start: Int, _ end: Int) -> SourceSpan {
    SourceSpan(file: file, start: UInt32(min(start, bytes.count)), end: UInt32(min(end, bytes.count)))
  }

  /// A tab before the first visible character of the line of the problem.
  private var tabInIndentation: Int? {
    var index = min(at, bytes.count)
    while index > 0, bytes[index - 1] != 0x0A, bytes[index - 1] != 0x0D { index -= 1 }
    while index < bytes.count, bytes[index] == 0x20 || bytes[index] == 0x09 {
      if bytes[index] == 0x09 { return index }
      index += 1
    }
    return nil
  }

  private var words: (message: String, help: String?) {
    let here = at < bytes.count ? Character(Unicode.Scalar(bytes[at])) : " "
    switch problem {
    case "mapping values are not allowed in this context":
      return ("a `:` is not possible here", "is the line above missing its `:`, or is this value in need of quotes?")
    case "could not find expected ':'":
      return ("this key has no `:` after it", "write `key: value`")
    case "did not find expected key":
      return ("a key was expected here", "check the indentation: keys of one mapping start in the same column")
    case "did not find expected '-' indicator":
      return ("a list item was expected here", "check the indentation: the `-` of one list start in the same column")
    case "block sequence entries are not allowed in this context":
      return ("a list cannot begin here", "put the `-` on a line of its own below the key")
    case "did not find expected ',' or ']'":
      return ("this list is not closed", "write `,` between the items and `]` at the end")
    case "did not find expected ',' or '}'":
      return ("this mapping is not closed", "write `,` between the pairs and `}` at the end")
    case "found unexpected end of stream":
      return ("the file ends inside a quoted text", "close the quote")
    case "found unknown escape character":
      return ("this escape is unknown in double quotes", "use single quotes, in which `\\` is a plain character")
    case "found character that cannot start any token":
      return ("`\(here)` cannot begin a value", "quote the value: \"\(here)…\"")
    case "found undefined tag handle":
      return ("tags are not supported", "quote the value if it begins with `!`")
    case "did not find expected node content":
      return ("a value was expected here", nil)
    case "did not find expected <document start>":
      return ("this does not continue what stands above it", "check the indentation, or separate documents with `---`")
    case "exceeded maximum allowed depth", "Exceeded MAX_NESTING_LEVEL":
      return ("the nesting is too deep", nil)
    default:
      return ("the YAML cannot be read: \(problem)", nil)
    }
  }
}
