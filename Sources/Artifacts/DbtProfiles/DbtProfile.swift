import PolicyCompiler

/// The format of dbt's profiles.yml; https://docs.getdbt.com/docs/core/connect-data-platform/profiles.yml
struct DbtProfiles {
  let comments: [String]
  let profiles: [DbtProfile]

  var text: String {
    YAML.mapping(profiles.map { YAML.Entry($0.name, $0.yaml) }).document(comments: comments)
  }
}

struct DbtProfile {
  let name: String
  /// The output that dbt takes where `--target` names none.
  let target: String
  let outputs: [DbtOutput]

  fileprivate var yaml: YAML {
    .mapping([.init("target", .string(target)), .init("outputs", .mapping(outputs.map { YAML.Entry($0.name, $0.yaml) }))])
  }
}

/// One way for dbt to reach a warehouse; dbt calls it a target too.
struct DbtOutput {
  let name: String
  let adapter: String
  /// In the order in which they are printed.
  let entries: [YAML.Entry]

  fileprivate var yaml: YAML { .mapping([YAML.Entry("type", .string(adapter))] + entries) }
}

/// A secret as a profile has it: one environment variable that dbt hides from its logs, one for each scalar, without
/// default and filter, which would see a placeholder; https://docs.getdbt.com/reference/dbt-jinja-functions/env_var
struct DbtVariable: Hashable {
  static let prefix = "DBT_ENV_SECRET_"

  let name: String

  /// An author's own name for it; nil where dbt would not keep such a variable secret.
  init?(named name: String) {
    guard name.hasPrefix(Self.prefix), name.utf8.count > Self.prefix.utf8.count, name.utf8.allSatisfy(Self.isWord) else { return nil }
    self.name = name
  }

  /// `DBT_ENV_SECRET_<CONNECTION>_<ENVIRONMENT>_<FIELD>`, in capitals, each run of other characters one `_`.
  init(connection: String, environment: String, field: String) {
    name = Self.prefix + [connection, environment, field].map(Self.folded).joined(separator: "_")
  }

  var yaml: YAML { .string("{{ env_var('\(name)') }}") }

  private static func folded(_ text: String) -> String {
    var bytes: [UInt8] = []
    for byte in text.uppercased().utf8 {
      if isWord(byte), byte != UInt8(ascii: "_") {
        bytes.append(byte)
      } else if bytes.last != UInt8(ascii: "_") {
        bytes.append(UInt8(ascii: "_"))
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  private static func isWord(_ byte: UInt8) -> Bool {
    (0x41...0x5A).contains(byte) || (0x30...0x39).contains(byte) || byte == UInt8(ascii: "_")
  }
}
