/// An imported policy section by section, laid out in files: one while it is short, else one for each theme.
struct PolicyPages {
  /// A file longer than this is split.
  static let longestPage = 200

  /// What stands on top of every file.
  let heading: [String]
  private var sections: [(section: Section, comments: [String], value: YAML)] = []

  init(heading: [String]) { self.heading = heading }

  /// - Parameter comments: lines above the section.
  mutating func add(_ section: Section, _ value: YAML, comments: [String] = []) {
    switch value {
    case .mapping(let entries) where entries.isEmpty: return
    case .list(let items) where items.isEmpty: return
    default: sections.append((section, comments, value))
    }
  }

  /// - Parameter name: of the one file, or of the folder of several.
  func files(_ name: String, isOneFile: Bool) -> [ImportedPolicy.File] {
    let all = page(Section.allCases)
    if isOneFile || all.utf8.count(where: { $0 == 0x0A }) <= Self.longestPage { return [.init(path: "\(name).yaml", text: all)] }
    return Self.themes.compactMap { theme, members in
      let text = page(members)
      return text.isEmpty ? nil : .init(path: "\(name)/\(theme).yaml", text: text)
    }
  }

  static func possiblePaths(_ name: String) -> [String] { ["\(name).yaml"] + themes.map { "\(name)/\($0.name).yaml" } }

  private static let themes: [(name: String, sections: [Section])] = [
    ("users", [.users]), ("groups", [.groups]), ("systems", [.environments, .systems]), ("roles", [.roles]), ("bindings", [.bindings]),
  ]

  private func page(_ members: [Section]) -> String {
    let shown = members.flatMap { member in sections.filter { $0.section == member } }
    if shown.isEmpty { return "" }
    func comment(_ lines: [String]) -> String { lines.map { $0.isEmpty ? "#\n" : "# \($0)\n" }.joined() }
    return comment(heading)
      + shown.map { section, comments, value in
        "\n" + comment(comments) + YAML.mapping([.init(section.name, value)]).compact(levels: section == .systems ? 3 : 2)
      }.joined()
  }
}

extension YAML {
  /// A list of texts.
  static func texts(_ texts: some Sequence<String>) -> YAML { .list(texts.map { .string($0) }) }

  /// A mapping of the fields that are there and hold something.
  static func fields(_ fields: KeyValuePairs<String, YAML?>) -> YAML {
    .mapping(
      fields.compactMap { name, value in
        switch value {
        case nil: nil
        case .list(let items)? where items.isEmpty: nil
        case .mapping(let entries)? where entries.isEmpty: nil
        case let value?: Entry(name, value)
        }
      })
  }
}

/// Comment lines hold names of files: nothing in one may end it.
func commentable(_ text: String) -> String {
  String(
    String.UnicodeScalarView(
      text.unicodeScalars.map { $0.value < 0x20 || $0.value == 0x7F || SourceText.isHidden($0.value) ? "\u{FFFD}" : $0 }))
}
