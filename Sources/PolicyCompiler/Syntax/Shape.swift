/// What a field may hold: read by the decoder, by "did you mean" and by the JSON Schema alike.
package indirect enum Shape: Sendable {
  case scalar(ScalarKind)
  /// Several of them; one may stand alone without its brackets.
  case list(Shape)
  /// Names of the author's choice, each with a value.
  case map(keys: ScalarKind, values: Shape)
  case record(RecordShape)
  /// A name alone, or a mapping that says more.
  case either(ScalarKind, Shape)
  /// Anything at all, down to any depth: settings that are handed on as they are.
  case free
  /// A shape that refers back to one that contains it.
  case later(@Sendable () -> Shape)

  var resolved: Shape {
    if case .later(let shape) = self { shape().resolved } else { self }
  }
}

/// One kind of text.
package enum ScalarKind: Sendable, Equatable {
  /// For people: reaches no generated file.
  case text
  /// Text that may reach a generated file, so that no tool's template syntax may stand in it.
  case plain
  /// The same, with `${principal}` and `${environment}` filled in.
  case template
  /// A name that is declared here or elsewhere.
  case name
  /// A principal's name, perhaps with `user:`, `service:` or `group:` before it.
  case principal
  /// A name of a principal, a word for some of them, or `*` for all.
  case selector
  /// A name of an environment, or `*` for all of them.
  case environment
  case choice([String])
  case boolean
  case integer(ClosedRange<Int>)
  case instant
  case duration
  case url
  /// The name or address of a server, with placeholders filled in.
  case host
  /// The name of an HTTP header.
  case header
  case email
  /// A pattern of resources: `system/segment/**`.
  case pattern
  /// A reference to a secret in vals' syntax.
  case reference
  /// A sentence of a test: `ana can read db/marts/orders`.
  case sentence
  /// `read db/marts/orders`.
  case question
  /// A path below the folder of generated files.
  case path
  /// A folder below the policy root, perhaps with a `/` at its end.
  case folder
}

/// What a change of a field may do to trust; see docs/language.md, "Trust".
package enum Impact: String, Sendable, CaseIterable {
  case identity, destination, environment, secret, meaning, control, delivery
  /// The field's effect is a grant: the access diff shows it.
  case access
  /// Says nothing to any system: descriptions, reasons.
  case none
  /// Nobody has said yet, so it counts as relevant to security.
  case unreviewed
}

/// One field of a record, described once.
///
/// A class, because every value of a policy is matched against one: to hold it is cheaper than to copy its texts.
package final class Field: Sendable {
  package let name: String
  package let shape: Shape
  package let isRequired: Bool
  package let impact: Impact
  package let documentation: String
  /// The value that holds where the field is left out, in words for the reader.
  package let defaultValue: String?
  /// Whether it can be written out as it stands, and then says the same.
  package let hasWritableDefault: Bool
  /// Whether to write it can only take away, compared with leaving it out: access, time, or what the policy lets pass.
  package let isRestriction: Bool

  /// - Parameters:
  ///   - defaultValue: the value that holds where the field is left out.
  ///   - words: what holds then, where no value says it.
  ///   - isRestriction: whether to write it can only take away.
  package init(
    _ name: String, _ shape: Shape, required: Bool = false, impact: Impact = .unreviewed, default defaultValue: String? = nil,
    otherwise words: String? = nil, isRestriction: Bool = false, _ documentation: String
  ) {
    self.name = name
    self.shape = shape
    self.isRequired = required
    self.impact = impact
    self.defaultValue = defaultValue ?? words
    hasWritableDefault = defaultValue != nil
    self.isRestriction = isRestriction
    self.documentation = documentation
  }
}

extension Field {
  /// Whether a misspelt key may be taken for this field without asking. Not where it is required: then a declaration that
  /// counted for nothing would begin to count.
  var isSafeToSpellOut: Bool {
    if isRequired { return false }
    // Said to people only.
    if impact == .none, case .scalar(.text) = shape { return true }
    return isRestriction
  }
}

/// The fields of one kind of mapping.
package final class RecordShape: Sendable {
  /// What a person calls it: `binding`, `connection`.
  package let title: String
  package let documentation: String
  package let fields: [Field]
  /// The ordinals of the fields that must be there.
  let required: [Int]
  private let ordinals: [String: Int]
  private let byLength: [[Int]]

  package init(_ title: String, _ documentation: String = "", _ fields: [Field]) {
    self.title = title
    self.documentation = documentation
    self.fields = fields
    required = fields.indices.filter { fields[$0].isRequired }
    ordinals = Dictionary(fields.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
    var buckets = [[Int]](repeating: [], count: 64)
    for (index, field) in fields.enumerated() { buckets[min(63, field.name.utf8.count)].append(index) }
    byLength = buckets
    names = fields.map { Array($0.name.utf8) }
  }

  package convenience init<Key: FieldKey>(_ title: String, _ documentation: String = "", keys: Key.Type) {
    self.init(title, documentation, Key.allCases.map(\.field))
  }

  private let names: [[UInt8]]

  package func ordinal(of name: String) -> Int? { ordinals[name] }

  /// The same for text in a file, without making a string of it.
  func ordinal(of bytes: ArraySlice<UInt8>) -> Int? {
    byLength[min(63, bytes.count)].first { names[$0].elementsEqual(bytes) }
  }
}

/// The fields of a record as an enum, so that the compiler demands a description of each.
package protocol FieldKey: RawRepresentable<Int>, CaseIterable, Sendable {
  var field: Field { get }
}
