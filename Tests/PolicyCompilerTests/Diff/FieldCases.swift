@testable import PolicyCompiler

/// One field changed in a declaration, and what of it must be seen.
struct FieldCase: CustomStringConvertible {
  enum Expected: Equatable {
    case change(at: String, Impact)
    /// Something at this field or inside of it.
    case some(below: String)
    case nothing
  }

  let what: String
  let before: String
  let after: String
  let expected: Expected

  var description: String { "\(what): \(before) → \(after)" }
}

/// Every change of every field of a record, made from its shape alone, so that a field nobody thought of is changed as well.
struct FieldCases {
  /// Texts for fields that must be there, by name, where what is made from their shape would be another thing.
  var given: [String: String] = [:]
  /// Paths that cannot be changed in isolation.
  var excepted: Set<String> = []

  func cases(_ record: RecordShape, _ path: [String] = [], wrap: @escaping (String) -> String = { $0 }) -> [FieldCase] {
    record.fields.flatMap { field -> [FieldCase] in
      let inner = path + [field.name]
      if excepted.contains(inner.joined(separator: ".")) { return [] }
      func with(_ value: String?) -> String {
        let others = record.fields.filter { $0.isRequired && $0.name != field.name }.map {
          "\($0.name): \(given[$0.name] ?? text($0.shape, 0))"
        }
        return wrap("{ \((others + (value.map { ["\(field.name): \($0)"] } ?? [])).joined(separator: ", ")) }")
      }
      return cases(field.shape, field, inner, with)
    }
  }

  private func cases(_ shape: Shape, _ field: Field, _ path: [String], _ with: @escaping (String?) -> String) -> [FieldCase] {
    let place = path.joined(separator: ".")
    func leaf(_ values: [String], _ expected: FieldCase.Expected) -> [FieldCase] {
      var found: [FieldCase] = []
      if values.count > 1 {
        found.append(FieldCase(what: "\(place) changes", before: with(values[0]), after: with(values[1]), expected: expected))
      }
      if !field.isRequired {
        found.append(FieldCase(what: "\(place) comes", before: with(nil), after: with(values[0]), expected: expected))
        found.append(FieldCase(what: "\(place) goes", before: with(values[0]), after: with(nil), expected: expected))
      }
      return found
    }
    let own: FieldCase.Expected = field.impact == .none || field.impact == .access ? .nothing : .change(at: place, field.impact)
    if case .nothing = own { return leaf([text(shape, 0), text(shape, 1)], .nothing) }
    let comesAndGoes =
      field.isRequired
      ? []
      : [
        FieldCase(what: "\(place) comes", before: with(nil), after: with(text(shape, 0)), expected: .some(below: place)),
        FieldCase(what: "\(place) goes", before: with(text(shape, 0)), after: with(nil), expected: .some(below: place)),
      ]
    switch shape.resolved {
    case .record(let record): return comesAndGoes + cases(record, path) { with($0) }
    case .map(let keys, let values):
      let key = keys == .question ? "read db/one" : "prod"
      let quoted = "\"\(key)\""
      let inner = path + [key]
      let at = FieldCase.Expected.change(at: inner.joined(separator: "."), field.impact)
      func entry(_ value: String) -> String { with("{ \(quoted): \(value) }") }
      switch values.resolved {
      case .record(let record):
        return comesAndGoes + cases(record, inner) { entry($0) } + [
          FieldCase(
            what: "\(place) gains a name", before: entry(text(values, 0)),
            after: with("{ \(quoted): \(text(values, 0)), dev: \(text(values, 0)) }"),
            expected: .some(below: place + ".dev"))
        ]
      case .either(_, let other):
        var found = [FieldCase(what: "\(place) changes", before: entry(text(values, 0)), after: entry(text(values, 1)), expected: at)]
        if case .map = other.resolved {
          found.append(
            FieldCase(
              what: "\(place) changes in an environment", before: entry("{ prod: a1 }"), after: entry("{ prod: a2 }"),
              expected: .change(at: inner.joined(separator: ".") + ".prod", field.impact)))
        }
        return comesAndGoes + found
      default:
        return comesAndGoes + [
          FieldCase(what: "\(place) changes", before: entry(text(values, 0)), after: entry(text(values, 1)), expected: at),
          FieldCase(what: "\(place) gains a name", before: with("{}"), after: entry(text(values, 0)), expected: at),
        ]
      }
    case .either(_, let other):
      guard case .record(let record) = other.resolved else { return leaf(values(shape, field), own) }
      return leaf(values(shape, field), own) + cases(record, path) { with($0) }
    case .list(let item):
      var found = leaf(values(shape, field), own)
      // Of items that are records, each field: it is the list that changes.
      if case .record(let record) = item.resolved {
        found += FieldCases(given: given).cases(record) { with("[\($0)]") }.map { it in
          FieldCase(what: "\(place): \(it.what)", before: it.before, after: it.after, expected: it.expected == .nothing ? .nothing : own)
        }
      }
      return found
    default: return leaf(values(shape, field), own)
    }
  }

  /// Two values, none but perhaps the second of which is the default.
  private func values(_ shape: Shape, _ field: Field) -> [String] {
    var found = (0..<8).map { text(shape, $0) }
    found = found.enumerated().filter { found.firstIndex(of: $1) == $0 }.map(\.element)
    let isDefault = { (text: String) in
      let plain = text.filter { !"[]\"".contains($0) }
      return field.hasWritableDefault && plain == field.defaultValue
    }
    return Array((found.filter { !isDefault($0) } + found.filter(isDefault)).prefix(2))
  }

  /// A value of a shape.
  func text(_ shape: Shape, _ number: Int) -> String {
    switch shape.resolved {
    case .scalar(let kind): return text(kind, number)
    case .list(let item): return "[\(text(item, number))]"
    case .map(let keys, let values): return "{ \(keys == .question ? "\"read db/one\"" : "prod"): \(text(values, number)) }"
    case .record(let record):
      return "{ \(record.fields.filter(\.isRequired).map { "\($0.name): \(text($0.shape, number))" }.joined(separator: ", ")) }"
    case .either(let kind, _): return text(kind, number)
    case .free: return "{ some: [x\(number)] }"
    case .later: return "{}"
    }
  }

  private func text(_ kind: ScalarKind, _ n: Int) -> String {
    switch kind {
    case .text, .plain, .template, .name, .principal, .selector: "\"a\(n)\""
    case .environment: n % 2 == 0 ? "prod" : "dev"
    case .choice(let values): "\"\(values[n % values.count])\""
    case .boolean: n % 2 == 0 ? "true" : "false"
    case .integer(let range): "\(min(range.upperBound, range.lowerBound + n))"
    case .instant: "202\(7 + n % 2)-01-01"
    case .duration: "\(n + 5)m"
    case .url: "\"https://h\(n).example\""
    case .host: "\"h\(n).example\""
    case .header: "\"X-H\(n)\""
    case .email: "\"a\(n)@acme.example\""
    case .pattern: "\"db/a\(n)\""
    case .reference: "\"ref+vault://kv/a\(n)#/x\""
    case .sentence: "\"ana can read db/a\(n)\""
    case .question: "\"read db/a\(n)\""
    case .path: "\"a\(n).yml\""
    case .folder: "\"a\(n)\""
    }
  }
}
