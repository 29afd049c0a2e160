import CLibYAML

/// Reads YAML into a `SyntaxTree`. The one file that touches libyaml, which stays the authority on what YAML is.
///
/// Scalars are not resolved here: whoever reads a field decides from its raw text and style, so `no`, `on` and `1e3`
/// are what was typed. Bounds: `maximumDepth` levels, `maximumExpansion` nodes out of aliases.
struct YAMLReader {
  /// Levels of nesting; libyaml itself would go to 1,000.
  static let maximumDepth = 64
  /// Nodes that all aliases of a file may add up to.
  static let maximumExpansion = 5_000

  private let bytes: [UInt8]
  private let file: Int32
  private let offsets: ByteOffsets
  private var nodes: [SyntaxTree.Node] = []
  private var texts: [String] = []
  private var roots: [Int] = []
  private var open: [Collection] = []
  private var anchors: [String: Int] = [:]
  private var expanded = 0
  /// Where the last token of the value that was read last ends.
  private var tokenEnd = 0
  private var problems = ProblemList(limit: 250)

  private struct Collection {
    let node: Int
    let isMapping: Bool
    var expectsKey: Bool
    var keys: [(hash: UInt64, node: Int)] = []
  }

  private enum Stop: Error { case broken }

  /// The tree, or nil where the file cannot be read as YAML at all; problems either way.
  static func read(_ bytes: [UInt8], file: Int32) -> Checked<SyntaxTree?> {
    let text = SourceText.check(bytes, file: file)
    guard text.isReadable else { return Checked(value: nil, diagnostics: text.problems) }
    var reader = YAMLReader(bytes: bytes, file: file, isASCII: text.isASCII)
    do {
      try reader.run()
    } catch {
      return Checked(value: nil, diagnostics: reader.problems.all)
    }
    let tree = SyntaxTree(
      file: file, bytes: bytes, nodes: reader.nodes, texts: reader.texts, roots: reader.roots)
    return Checked(value: tree, diagnostics: reader.problems.all)
  }

  private init(bytes: [UInt8], file: Int32, isASCII: Bool) {
    self.bytes = bytes
    self.file = file
    offsets = ByteOffsets(bytes, isASCII: isASCII)
    nodes.reserveCapacity(bytes.count / 10)
  }

  private mutating func run() throws(Stop) {
    var parser = unsafe yaml_parser_t()
    guard unsafe yaml_parser_initialize(&parser) == 1 else {
      problems.append(Diagnostic(.malformedYAML, "there is not enough memory to read this file", at: span(0, 0)))
      throw .broken
    }
    defer { unsafe yaml_parser_delete(&parser) }
    let skipped = offsets.start
    let result: Result<Void, Stop> = unsafe bytes.withUnsafeBufferPointer { buffer in
      // INVARIANT: libyaml reads from this memory only inside this closure.
      unsafe yaml_parser_set_input_string(
        &parser, buffer.baseAddress.map { unsafe $0 + skipped }, buffer.count - skipped)
      unsafe yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING)
      return Result { () throws(Stop) in try unsafe events(&parser) }
    }
    try result.get()
  }

  private mutating func events(_ parser: inout yaml_parser_t) throws(Stop) {
    while true {
      var event = unsafe yaml_event_t()
      guard unsafe yaml_parser_parse(&parser, &event) == 1 else {
        unsafe problems.append(malformed(parser))
        throw .broken
      }
      defer { unsafe yaml_event_delete(&event) }
      let start = unsafe offsets[event.start_mark.index]
      let end = unsafe offsets[event.end_mark.index]
      switch unsafe event.type {
      case YAML_STREAM_END_EVENT: return
      case YAML_DOCUMENT_START_EVENT: anchors = [:]
      case YAML_SCALAR_EVENT: try unsafe scalar(event.data.scalar, start, end)
      case YAML_MAPPING_START_EVENT:
        let it = unsafe event.data.mapping_start
        try unsafe begin(.mapping, anchor: it.anchor, tag: it.tag, isFlow: it.style == YAML_FLOW_MAPPING_STYLE, start, end)
      case YAML_SEQUENCE_START_EVENT:
        let it = unsafe event.data.sequence_start
        try unsafe begin(.sequence, anchor: it.anchor, tag: it.tag, isFlow: it.style == YAML_FLOW_SEQUENCE_STYLE, start, end)
      case YAML_MAPPING_END_EVENT, YAML_SEQUENCE_END_EVENT: close(at: end)
      case YAML_ALIAS_EVENT:
        try unsafe alias(String(cString: UnsafeRawPointer(event.data.alias.anchor).assumingMemoryBound(to: UInt8.self)), start, end)
      default: break
      }
    }
  }

  // MARK: Nodes

  /// Notes that a node begins at this place in the collection that is open.
  private mutating func place(_ node: Int, isScalar: Bool) throws(Stop) {
    // In place: a copy of the collection would be a copy of all its keys.
    let top = open.count - 1
    guard top >= 0 else {
      roots.append(node)
      return
    }
    guard open[top].isMapping else { return }
    if open[top].expectsKey {
      guard isScalar else {
        let start = Int(nodes[node].start)
        let isTemplate = start > 0 && bytes[start] == UInt8(ascii: "{") && bytes[start - 1] == UInt8(ascii: "{")
        problems.append(
          .unsupported(
            isTemplate ? "`{{` without quotes is YAML for a mapping in a mapping" : "a key must be a single name, not a list or a mapping",
            at: isTemplate ? span(start - 1, start + 1) : span(start, start + 1),
            help: isTemplate ? "quote the value if it is meant as text" : "write one key for each name"))
        throw .broken
      }
      let hash = hash(of: node)
      if let range = raw(node), bytes[range].elementsEqual("<<".utf8) {
        problems.append(
          .unsupported(
            "merge keys (`<<`) are not supported", at: span(of: node),
            help: "write the keys out, or use a role or `defaults` to share them"))
      }
      open[top].keys.append((hash, node))
    }
    open[top].expectsKey.toggle()
  }

  private mutating func scalar(_ it: yaml_event_t.__Unnamed_union_data.__Unnamed_struct_scalar, _ start: Int, _ end: Int) throws(Stop) {
    let node = nodes.count
    let style: SyntaxTree.Style =
      switch unsafe it.style {
      case YAML_PLAIN_SCALAR_STYLE: .plain
      case YAML_LITERAL_SCALAR_STYLE, YAML_FOLDED_SCALAR_STYLE: .block
      default: .quoted
      }
    var from = start
    if unsafe it.anchor != nil || it.tag != nil { from = skipProperties(start, end) }
    var stop = end
    if style == .plain { stop = min(end, from + (unsafe it.length)) }
    let inner = style == .quoted ? from + 1..<max(from + 1, stop - 1) : from..<stop
    let length = unsafe it.length
    let isVerbatim: Bool =
      unsafe style != .block && inner.count == length
      && bytes.withUnsafeBufferPointer { buffer in
        for offset in 0..<length where unsafe buffer[inner.lowerBound + offset] != it.value[offset] { return false }
        return true
      }
    var link = 0
    if !isVerbatim {
      stop = end
      unsafe texts.append(String(decoding: UnsafeBufferPointer(start: it.value, count: length), as: UTF8.self))
      link = texts.count
      if let hidden = texts[link - 1].unicodeScalars.first(where: { SourceText.isHidden($0.value) }) {
        problems.append(SourceText.hidden(hidden.value, at: span(from, max(from, end))))
      }
    }
    tokenEnd = trimmed(from, stop, style)
    nodes.append(.init(.scalar, style: style, start: from, end: tokenEnd, link: link))
    try unsafe properties(anchor: it.anchor, tag: it.tag, node, from: start)
    try place(node, isScalar: true)
  }

  private mutating func begin(
    _ kind: SyntaxTree.Kind, anchor: UnsafeMutablePointer<yaml_char_t>?, tag: UnsafeMutablePointer<yaml_char_t>?, isFlow: Bool,
    _ start: Int, _ end: Int
  ) throws(Stop) {
    let node = nodes.count
    let from = unsafe anchor != nil || tag != nil ? skipProperties(start, bytes.count) : start
    nodes.append(.init(kind, style: isFlow ? .flow : .block, start: from, end: max(from, end), link: 0))
    try unsafe properties(anchor: anchor, tag: tag, node, from: start)
    try place(node, isScalar: false)
    guard open.count < Self.maximumDepth else {
      problems.append(
        Diagnostic(
          .tooDeep, "more than \(Self.maximumDepth) levels of nesting", at: span(from, from + 1),
          notes: [.init("no section needs more than ten")]))
      throw .broken
    }
    open.append(Collection(node: node, isMapping: kind == .mapping, expectsKey: true))
  }

  private mutating func close(at end: Int) {
    guard let it = open.popLast() else { return }
    nodes[it.node].link = UInt32(nodes.count)
    // libyaml ends a block collection where the next thing begins: leave out the space and comments between.
    let stop = nodes[it.node].style == .block ? tokenEnd : end
    tokenEnd = stop
    nodes[it.node].end = UInt32(max(Int(nodes[it.node].start), stop))
    if it.isMapping { reportDuplicates(it.keys) }
  }

  private mutating func alias(_ name: String, _ start: Int, _ end: Int) throws(Stop) {
    guard let target = anchors[name] else {
      problems.append(
        isBehindSecretKey
          ? .secretAsAlias(at: span(start, start + 1))
          : .unknownAlias(name, at: span(start, end), nearest: NearestName.nearest(name, among: anchors.keys.sorted())))
      throw .broken
    }
    let isScalar = nodes[target].kind == .scalar
    let stop = isScalar ? target + 1 : Int(nodes[target].link)
    guard stop > target else {
      problems.append(.aliasBounds("`*\(name)` stands inside what it names, so it would never end", at: span(start, end)))
      throw .broken
    }
    expanded += stop - target
    guard expanded <= Self.maximumExpansion else {
      problems.append(
        .aliasBounds("aliases expand to more than \(Self.maximumExpansion) values in this file", at: span(start, end)))
      throw .broken
    }
    tokenEnd = end
    let node = nodes.count
    for index in target..<stop {
      var copy = nodes[index]
      if copy.kind != .scalar { copy.link = UInt32(Int(copy.link) - target + node) }
      nodes.append(copy)
    }
    try place(node, isScalar: isScalar)
  }

  private mutating func properties(
    anchor: UnsafeMutablePointer<yaml_char_t>?, tag: UnsafeMutablePointer<yaml_char_t>?, _ node: Int, from start: Int
  ) throws(Stop) {
    if let anchor = unsafe anchor { unsafe anchors[String(cString: UnsafeRawPointer(anchor).assumingMemoryBound(to: UInt8.self))] = node }
    if unsafe tag != nil {
      let place = tagSpan(start, Int(nodes[node].start))
      if isBehindSecretKey {
        problems.append(.secretAsTag(at: place.part(0..<1)))
        return
      }
      problems.append(
        .unsupported(
          "tags such as `\(String(decoding: bytes[Int(place.start)..<Int(place.end)], as: UTF8.self))` are not supported", at: place,
          help: "leave it out, or quote the value if it is meant as text"))
    }
  }

  /// Whether what is read now is the value of a key that speaks of a secret: then it is not repeated.
  private var isBehindSecretKey: Bool {
    guard let parent = open.last, parent.isMapping, !parent.expectsKey, let key = parent.keys.last?.node else { return false }
    let name = string(key).lowercased()
    return SecretWords.endings.contains(where: name.hasSuffix)
  }

  /// The tag among a node's properties, as it was written.
  private func tagSpan(_ start: Int, _ end: Int) -> SourceSpan {
    var index = start
    while index < end {
      switch bytes[index] {
      case UInt8(ascii: "!"):
        var stop = index
        while stop < bytes.count, !Self.isSpace(bytes[stop]), bytes[stop] != UInt8(ascii: ","), bytes[stop] != UInt8(ascii: "]"),
          bytes[stop] != UInt8(ascii: "}")
        { stop += 1 }
        return span(index, stop)
      case UInt8(ascii: "#"):
        while index < end, bytes[index] != 0x0A, bytes[index] != 0x0D { index += 1 }
      case UInt8(ascii: "&"):
        while index < end, !Self.isSpace(bytes[index]) { index += 1 }
      default: index += 1
      }
    }
    return span(start, max(start, end))
  }

  // MARK: Duplicate keys

  private mutating func reportDuplicates(_ keys: [(hash: UInt64, node: Int)]) {
    guard keys.count > 1 else { return }
    if keys.count <= 8 {
      for later in 1..<keys.count {
        for earlier in 0..<later where keys[earlier].hash == keys[later].hash && sameText(keys[earlier].node, keys[later].node) {
          problems.append(.duplicateKey(string(keys[later].node), at: span(of: keys[later].node), first: span(of: keys[earlier].node)))
          break
        }
      }
      return
    }
    let sorted = keys.sorted { ($0.hash, $0.node) < ($1.hash, $1.node) }
    var first = 0
    for index in 1..<sorted.count {
      if sorted[index].hash != sorted[first].hash { first = index }
      // Texts that share a hash are compared with all before them, so that none can hide behind another.
      for earlier in sorted[first..<index] where sameText(earlier.node, sorted[index].node) {
        let second = sorted[index].node
        problems.append(.duplicateKey(string(second), at: span(of: second), first: span(of: earlier.node)))
        break
      }
    }
  }

  private func sameText(_ a: Int, _ b: Int) -> Bool {
    if let left = raw(a), let right = raw(b) { return bytes[left].elementsEqual(bytes[right]) }
    return string(a) == string(b)
  }

  /// FNV-1a, the same on every run: http://www.isthe.com/chongo/tech/comp/fnv/
  private func hash(of node: Int) -> UInt64 {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    func add(_ byte: UInt8) { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    if let range = raw(node) {
      for index in range { add(bytes[index]) }
    } else {
      for byte in string(node).utf8 { add(byte) }
    }
    return hash
  }

  private func raw(_ node: Int) -> Range<Int>? {
    let it = nodes[node]
    guard it.link == 0 else { return nil }
    return it.style == .quoted ? Int(it.start) + 1..<Int(it.end) - 1 : Int(it.start)..<Int(it.end)
  }

  private func string(_ node: Int) -> String {
    raw(node).map { String(decoding: bytes[$0], as: UTF8.self) } ?? texts[Int(nodes[node].link) - 1]
  }

  // MARK: Places

  private func span(_ start: Int, _ end: Int) -> SourceSpan {
    SourceSpan(file: file, start: UInt32(min(start, bytes.count)), end: UInt32(min(max(start, end), bytes.count)))
  }

  private func span(of node: Int) -> SourceSpan {
    SourceSpan(file: file, start: nodes[node].start, end: nodes[node].end)
  }

  /// Past `&anchor` and `!tag`, to where the value itself begins.
  private func skipProperties(_ start: Int, _ end: Int) -> Int {
    var index = start
    while index < end {
      switch bytes[index] {
      case UInt8(ascii: "&"), UInt8(ascii: "!"):
        while index < end, !Self.isSpace(bytes[index]) { index += 1 }
      case UInt8(ascii: "#"):
        while index < end, bytes[index] != 0x0A, bytes[index] != 0x0D { index += 1 }
      case let byte where Self.isSpace(byte): index += 1
      default: return index
      }
    }
    return end
  }

  private func trimmed(_ start: Int, _ end: Int, _ style: SyntaxTree.Style) -> Int {
    guard style == .block else { return end }
    var stop = end
    while stop > start, Self.isSpace(bytes[stop - 1]) { stop -= 1 }
    return stop
  }

  private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D }

  // MARK: What libyaml refuses

  private func malformed(_ parser: yaml_parser_t) -> Diagnostic {
    let problem = unsafe parser.problem.map { unsafe String(cString: $0) } ?? "the YAML cannot be read"
    var at = unsafe min(offsets[parser.problem_mark.index], bytes.count)
    if unsafe parser.error == YAML_READER_ERROR { at = min(unsafe Int(parser.problem_offset) + offsets.start, bytes.count) }
    let context = unsafe parser.context.map { unsafe String(cString: $0) }
    let contextAt = unsafe offsets[parser.context_mark.index]
    return YAMLProblem(
      problem: problem, at: at, context: context, contextAt: contextAt, bytes: bytes, file: file
    ).diagnostic
  }
}

/// From libyaml's marks, which count characters, to bytes.
private struct ByteOffsets {
  /// Where the text begins: after a byte order mark.
  let start: Int
  private let count: Int
  /// The byte at which every 64th character begins; empty for ASCII, where they are the same.
  private let checkpoints: [UInt32]
  private let bytes: [UInt8]

  init(_ bytes: [UInt8], isASCII: Bool) {
    start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    count = bytes.count
    guard !isASCII else {
      checkpoints = []
      self.bytes = []
      return
    }
    self.bytes = bytes
    var found: [UInt32] = []
    var characters = 0
    for index in start..<bytes.count where bytes[index] & 0xC0 != 0x80 {
      if characters & 63 == 0 { found.append(UInt32(index)) }
      characters += 1
    }
    checkpoints = found
  }

  subscript(character: Int) -> Int {
    guard !checkpoints.isEmpty else { return min(start + character, count) }
    let block = character >> 6
    guard block < checkpoints.count else { return count }
    var index = Int(checkpoints[block])
    var left = character & 63
    while left > 0, index < count {
      index += 1
      while index < count, bytes[index] & 0xC0 == 0x80 { index += 1 }
      left -= 1
    }
    return index
  }
}

extension Diagnostic {
  fileprivate static func unsupported(_ message: String, at span: SourceSpan, help: String) -> Self {
    Self(.unsupportedYAML, message, at: span, help: help)
  }

  fileprivate static func duplicateKey(_ key: String, at span: SourceSpan, first: SourceSpan) -> Self {
    Self(
      .duplicateKey, "`\(key)` stands twice in the same mapping", at: span, notes: [.init("the first one is here", at: first)],
      help: "keep one of them, or merge the two")
  }

  fileprivate static func unknownAlias(_ name: String, at span: SourceSpan, nearest: String?) -> Self {
    Self(
      .unknownAlias, "`*\(name)` names an anchor that does not stand before it in this document", at: span,
      help: nearest.map { "did you mean `*\($0)`?" } ?? "quote it if it is meant as text, for instance \"*\(name)\"",
      fix: nearest.map { Fix(span: span, replacement: "*\($0)") })
  }

  fileprivate static func secretAsAlias(at span: SourceSpan) -> Self {
    Self(
      .unknownAlias, "`*` begins an alias, and what stands behind it names no anchor", at: span,
      help: "if this is a secret, store it in a vault and write a reference: `ref+vault://mount/path#/key`")
  }

  fileprivate static func secretAsTag(at span: SourceSpan) -> Self {
    Self(
      .unsupportedYAML, "`!` begins a tag, and tags are not supported", at: span,
      help: "if this is a secret, store it in a vault and write a reference: `ref+vault://mount/path#/key`")
  }

  fileprivate static func aliasBounds(_ message: String, at span: SourceSpan) -> Self {
    Self(.aliasBounds, message, at: span, help: "write the values out, or share them through roles, groups and `defaults`")
  }
}
