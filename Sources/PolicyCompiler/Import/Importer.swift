/// Reads files of another tool as policy: text in, policy files and diagnostics out.
///
/// What has a counterpart is written as policy that compiles; whatever has none is reported at its place. The same files
/// give the same bytes, in whatever order they come.
package protocol Importer: Sendable {
  static func policy(from sources: SourceMap, options: ImportOptions) -> ImportedPolicy
}

/// The formats that can be imported.
package enum ImportFormat: String, Sendable, CaseIterable {
  case permifrost, peribolos

  package var importer: any Importer.Type {
    switch self {
    case .permifrost: PermifrostImporter.self
    case .peribolos: PeribolosImporter.self
    }
  }

  /// What the system is called where nothing else is said.
  package var system: String {
    switch self {
    case .permifrost: "snowflake"
    case .peribolos: "github"
    }
  }
}

/// What the files do not say.
package struct ImportOptions: Sendable {
  /// The environment that everything belongs to.
  package var environment = "prod"
  /// Whether the environment is declared elsewhere already.
  package var isEnvironmentDeclared = false
  /// The system's name in the policy; of several systems, what their names begin with.
  package var system: String
  /// Of Snowflake: the account's identifier, where it is known.
  package var account: String?
  /// The name of the folder that the files were read from: an organisation's, where its file lies right there.
  package var folder = ""
  /// Whether everything goes into one file, however long it gets.
  package var isOneFile = false

  package init(_ format: ImportFormat) { system = format.system }

  /// Whether a text can be the name of an environment or a system.
  package static func isName(_ text: String) -> Bool {
    // Roles and systems have more behind it.
    ScalarCheck.isName(text.utf8) && text.utf8.count <= 64 && !Declarations.reserved.contains(text.lowercased())
  }

  /// Whether a text may stand where the language takes one without placeholders and template syntax.
  package static func isText(_ text: String) -> Bool {
    TemplateSyntax.find(in: text) == nil && !Placeholder.allCases.contains { Placeholder.occurs($0, in: text) }
      && text.utf8.contains { $0 != 0x20 } && text.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F }
  }
}

/// What came of an import.
package struct ImportedPolicy: Sendable {
  package struct File: Sendable, Hashable {
    /// Below the folder of policies.
    package let path: String
    package let text: String
  }

  /// In the order of the language's sections; none where there are errors.
  package let files: [File]
  /// Every path that an import with these options may write, whatever the files hold.
  package let possiblePaths: [String]
  /// In the order in which they are printed.
  package let diagnostics: [Diagnostic]
}
