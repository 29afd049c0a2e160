/// The reference of the language in Markdown, made from the shapes and the system types: it cannot drift.
package enum Reference {
  package static func fields(_ grammar: Grammar) -> String {
    var writer = Writer()
    var text =
      "# Fields\n\nMade from the descriptions that the compiler reads (`make generate`). *Impact* says what a change of the field may do to trust: see [language.md](../language.md#trust).\n"
    for section in Section.allCases {
      text += "\n## `\(section.name)`\n\n\(section.documentation)\n"
      if let record = section.declaration {
        text += writer.table(record)
      } else {
        text += writer.table(RecordShape("artifact", "A file that is rendered. Its target adds fields of its own.", ArtifactField.common))
        for (name, record) in grammar.targets.sorted(by: { $0.key < $1.key }) {
          text += "\n### With `target: \(name)`\n\n\(record.documentation)\n" + writer.rows(record)
        }
      }
      text += writer.pending()
    }
    text += "\n## `writ.yaml`\n" + writer.table(RootSettings.shape)
    return text
  }

  package static var systems: String {
    var text = "# Systems\n\nMade from the descriptions that the compiler reads (`make generate`).\n"
    for type in SystemType.all {
      var writer = Writer()
      text += "\n## `\(type.name)`\n\n\(type.title.prefix(1).uppercased())\(type.title.dropFirst())."
      let path = (["<system>"] + type.levels.map { "<\($0)>" }).joined(separator: "/")
      text +=
        " Resources: `\(path)`"
        + type.kinds.sorted { $0.key < $1.key }.map { kind, levels in
          ", `<system>/@\(kind)/\(levels.map { "<\($0)>" }.joined(separator: "/"))`"
        }.joined() + (type.foldsCase ? "; names that differ only in case are one.\n" : ".\n")
      text += "\n| action | |\n|---|---|\n" + type.actions.map { "| `\($0.name)` | \($0.documentation) |\n" }.joined()
      if !type.endpoint.isEmpty { text += "\nIn each of the system's environments:\n" + writer.rows(RecordShape("", "", type.endpoint)) }
      if !type.session.isEmpty { text += "\nIn a connection:\n" + writer.rows(RecordShape("", "", type.session)) }
      text += "\n| `auth` | | fields |\n|---|---|---|\n"
      for method in type.methods {
        let fields = method.fields.map { "`\($0.name)`" + ($0.isRequired ? " (required)" : "") }.joined(separator: ", ")
        text += "| `\(method.name)`\(method.name == type.defaultMethod ? " (default)" : "") | \(method.documentation) | \(fields) |\n"
      }
      text += writer.pending()
    }
    return text
  }

  /// Prints tables, and remembers the records that they mention for a table of their own.
  private struct Writer {
    private var seen: Set<String> = []
    private var waiting: [RecordShape] = []

    mutating func table(_ record: RecordShape) -> String {
      (record.documentation.isEmpty ? "" : "\n\(record.documentation)\n") + rows(record)
    }

    mutating func rows(_ record: RecordShape) -> String {
      var text = "\n| field | takes | impact | |\n|---|---|---|---|\n"
      for field in record.fields {
        let value = field.defaultValue.map { " Default: `\($0)`." } ?? ""
        text +=
          "| `\(field.name)`\(field.isRequired ? " (required)" : "") | \(words(field.shape)) | \(field.impact.rawValue) | \(cell(field.documentation + value)) |\n"
      }
      return text
    }

    mutating func pending() -> String {
      var text = ""
      while !waiting.isEmpty {
        let record = waiting.removeFirst()
        text += "\n### \(record.title.prefix(1).uppercased())\(record.title.dropFirst())\n" + table(record)
      }
      return text
    }

    private mutating func words(_ shape: Shape) -> String {
      switch shape {
      case .scalar(let kind): return cell(kind.words)
      case .list(let item): return "\(words(item)), or a list"
      case .map(_, let values): return "names → \(words(values))"
      case .record(let record):
        if seen.insert(record.title).inserted { waiting.append(record) }
        return record.title
      case .either(let kind, let other): return "\(cell(kind.words)), or \(words(other))"
      case .free: return "anything"
      case .later: return words(shape.resolved)
      }
    }

    private func cell(_ text: String) -> String { text.replacing("|", with: "\\|") }
  }
}
