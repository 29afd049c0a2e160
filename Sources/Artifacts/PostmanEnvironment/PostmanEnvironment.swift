import PolicyCompiler

/// The file that Postman exports and imports for an environment or for a workspace's globals.
///
/// Postman publishes no schema of it; the form is that of its own exports, without their timestamps:
/// https://learning.postman.com/docs/getting-started/importing-and-exporting/exporting-data/
struct PostmanEnvironment: Sendable, Equatable {
  enum Scope: String, Sendable { case environment, globals }

  struct Variable: Sendable, Equatable {
    enum Value: Sendable, Equatable {
      case text(String)
      /// A secret that the app takes from Postman's vault, under this key.
      case vault(String)
      /// A secret that whoever starts the run passes in.
      case passedIn
    }
    let key: String
    let value: Value
  }

  let id: NameUUID
  let name: String
  let values: [Variable]
  let scope: Scope

  var json: JSON {
    .members([
      "id": .string(id.text),
      "name": .string(name),
      "values": .array(values.map(\.json)),
      "_postman_variable_scope": .string(scope.rawValue),
    ])
  }
}

extension PostmanEnvironment.Variable {
  // `enabled` is always true: newman uses a variable that is not.
  fileprivate var json: JSON {
    let (text, type) =
      switch value {
      case .text(let text): (text, "default")
      case .vault(let key): ("{{vault:\(key)}}", "secret")
      case .passedIn: ("", "secret")
      }
    return .members(["key": .string(key), "value": .string(text), "type": .string(type), "enabled": true])
  }
}

extension PostmanEnvironment.Variable {
  /// What Postman's documentation allows, `--env-var NAME=VALUE` can carry and `{{NAME}}` can hold: letters, digits,
  /// `_`, `-` and `.`
  static func isName(_ text: String) -> Bool {
    !text.isEmpty
      && text.utf8.allSatisfy {
        (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0) || $0 == UInt8(ascii: "_")
          || $0 == UInt8(ascii: "-")
          || $0 == UInt8(ascii: ".")
      }
  }
}
