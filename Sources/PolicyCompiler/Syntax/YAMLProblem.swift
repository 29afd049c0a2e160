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
    if let marker = mergeConflict {
      return Diagnostic(
        .malformedYAML, "this is a marker of a merge conflict", at: marker, help: "decide which side is right, and delete the three markers"
      )
    }
    // Where something was never finished, its beginning says more than the place at which reading gave up.
    let place = isUnfinished && contextAt < bytes.count ? contextAt : at
    let (message, help) = words
    var notes: [Diagnostic.Note] = []
    if let context = beginning, contextAt < bytes.count, contextAt != place {
      notes.append(.init(context, at: span(contextAt, contextAt + 1)))
    }
    return Diagnostic(.malformedYAML, message, at: span(place, place + length(at: place)), notes: notes, help: help)
  }

  private var isUnfinished: Bool {
    ["could not find expected ':'", "found unexpected end of stream", "did not find expected alphabetic or numeric character"].contains(
      problem)
  }

  /// What libyaml was reading, in words.
  private var beginning: String? {
    switch context {
    case "while parsing a flow mapping", "while parsing a block mapping": "the mapping begins here"
    case "while parsing a flow sequence", "while parsing a block collection": "the list begins here"
    case "while scanning a quoted scalar", "while parsing a quoted scalar", "while scanning a block scalar": "the text begins here"
    default: nil
    }
  }

  /// Bytes of the character at a place.
  private func length(at place: Int) -> Int {
    place < bytes.count ? SourceText.scalar(bytes, at: place)?.1 ?? 1 : 1
  }

  /// The line of the problem, or the one where what was read began, where it is a conflict marker of git's.
  private var mergeConflict: SourceSpan? {
    for place in [at, contextAt] {
      let start = lineStart(min(place, bytes.count))
      for marker in ["<<<<<<<", "=======", ">>>>>>>"] where bytes[start...].starts(with: marker.utf8) {
        return span(start, start + marker.utf8.count)
      }
    }
    return nil
  }

  private func lineStart(_ place: Int) -> Int {
    var index = place
    while index > 0, bytes[index - 1] != 0x0A, bytes[index - 1] != 0x0D { index -= 1 }
    return index
  }

  private func span(_ start: Int, _ end: Int) -> SourceSpan {
    SourceSpan(file: file, start: UInt32(min(start, bytes.count)), end: UInt32(min(end, bytes.count)))
  }

  /// A tab where the line of the problem is indented, or right where a value was to begin.
  private var tabInIndentation: Int? {
    if at < bytes.count, bytes[at] == 0x09, problem == "found character that cannot start any token" { return at }
    var index = lineStart(min(at, bytes.count))
    while index < bytes.count, bytes[index] == 0x20 || bytes[index] == 0x09 {
      if bytes[index] == 0x09 { return index }
      index += 1
    }
    return nil
  }

  /// Whether the line holds `: ` before the problem, so that a value and not a key is what it is about.
  private var standsInValue: Bool {
    let line = bytes[lineStart(min(at, bytes.count))..<min(at, bytes.count)]
    return zip(line, line.dropFirst()).contains { $0 == UInt8(ascii: ":") && $1 == UInt8(ascii: " ") }
  }

  private var words: (message: String, help: String?) {
    let here = at < bytes.count ? SourceText.scalar(bytes, at: at).flatMap { Unicode.Scalar($0.0) }.map(Character.init) ?? " " : " "
    switch problem {
    case "mapping values are not allowed in this context":
      return (
        "a `:` is not possible here",
        standsInValue
          ? "quote the value: a text that holds `: ` needs quotes"
          : "does the line above lack its `:`, or the space behind `:` or `-`? or is this line indented too far?"
      )
    case "could not find expected ':'":
      return ("this key has no `:` behind it", "write `key: value`; lines of a text are indented further than their key")
    case "did not find expected ',' or ']'", "did not find expected ',' or '}'":
      return unclosed(here, problem.hasSuffix("']'") ? ("list", "]", "items") : ("mapping", "}", "pairs"))
    case "found unexpected end of stream":
      return ("this quote is never closed", "close it; in single quotes, write an apostrophe as `''`")
    case "did not find expected hexdecimal number", "found unknown escape character":
      return ("this escape is unknown in double quotes", "use single quotes, in which `\\` is a plain character")
    case "found character that cannot start any token":
      let shown = here == "`" ? "a backtick" : "`\(here)`"
      return ("\(shown) cannot begin a value", "put the value in double quotes")
    case "did not find expected alphabetic or numeric character":
      let sign = context == "while scanning an anchor" ? "&" : "*"
      return (
        "`\(sign)` without quotes begins \(sign == "*" ? "an alias" : "an anchor") of YAML",
        sign == "*" ? "quote it: `\"*\"`" : "quote the value"
      )
    case "found unknown directive name":
      return ("this is an unknown directive of YAML", "a line that begins with `%` is none of a policy: quote it, or begin it with `#`")
    case "found incompatible YAML document":
      return ("this version of YAML is unknown", "leave the line out")
    case "found an indentation indicator equal to 0":
      return ("a text cannot be indented by 0", "leave the number out: `|` alone")
    case "did not find expected key":
      return ("a key was expected here", "check the indentation: keys of one mapping start in the same column")
    case "did not find expected '-' indicator":
      return ("a list item was expected here", "check the indentation: the `-` of one list start in the same column")
    case "block sequence entries are not allowed in this context":
      return ("a list cannot begin here", "put the `-` on a line of its own below the key")
    case "found undefined tag handle":
      return ("tags are not supported", "quote the value if it is meant as text")
    case "did not find expected node content":
      return ("a value was expected here", "is a bracket above not closed?")
    case "did not find expected <document start>":
      return ("this does not continue what stands above it", "check the indentation, or separate documents with `---`")
    case "exceeded maximum allowed depth", "Exceeded MAX_NESTING_LEVEL":
      return ("the nesting is too deep", nil)
    default:
      return ("the YAML cannot be read: \(problem)", nil)
    }
  }

  /// Within brackets something stands that neither continues nor closes them.
  private func unclosed(_ here: Character, _ it: (name: String, end: String, parts: String)) -> (message: String, help: String?) {
    if here == "{", at > 0, bytes[at - 1] == UInt8(ascii: "$") {
      return ("a placeholder within brackets needs quotes", "put the whole text in double quotes, such as \"db/dbt_${principal}/**\"")
    }
    if here == "]" || here == "}" {
      return ("`\(here)` does not close the \(it.name) that is open", "write `\(it.end)` first, or delete the `\(here)`")
    }
    return (
      "a `,` or the closing `\(it.end)` was expected here",
      "write `,` between the \(it.parts) and `\(it.end)` at the end, and quote texts that hold `:`"
    )
  }
}
