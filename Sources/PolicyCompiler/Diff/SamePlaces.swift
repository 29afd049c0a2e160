/// Places that become one: an environment, or another system, that now leads where a protected environment does. What is
/// given there is given in the protected one, whatever rules say of that by its name.
struct SamePlaces {
  let old: AccessModel
  let new: AccessModel

  private struct Place {
    let system: String
    let environment: String
    let isProtected: Bool
    let span: SourceSpan?
    let shown: String
  }

  private struct Pair: Hashable {
    let one: [String]
    let other: [String]
  }

  func changes() -> [TrustChange] {
    let known = Set(Self.pairs(old).map { Pair(one: [$0.system, $0.environment], other: [$1.system, $1.environment]) })
    return Self.pairs(new).filter { one, other in
      !known.contains(Pair(one: [one.system, one.environment], other: [other.system, other.environment]))
    }.map { one, other in
      let isSame = one.system == other.system
      return TrustChange(
        // Of two systems it is about the one that others now reach.
        section: Section.systems.name, name: other.system, path: "environments.\(isSame ? one.environment : other.environment)",
        impact: .environment, before: isSame ? shown(one) : nil, after: one.shown, environment: other.environment, isProtected: true,
        oldSpan: nil, newSpan: one.span,
        note: isSame
          ? "`\(one.environment)` now leads where `\(other.environment)` does"
          : "`\(one.environment)` of `\(one.system)` now leads where `\(other.environment)` of `\(other.system)` does")
    }
  }

  /// What it was before.
  private func shown(_ place: Place) -> String? {
    Self.places(old).first { $0.place.system == place.system && $0.place.environment == place.environment }?.place.shown
  }

  /// Every place with each protected one that is the same; of two that are both protected, the later one by name leads to
  /// the earlier.
  private static func pairs(_ model: AccessModel) -> [(Place, Place)] {
    var byKey: [[String]: [Place]] = [:]
    var order: [[String]] = []
    for (key, place) in places(model) {
      if byKey[key] == nil { order.append(key) }
      byKey[key, default: []].append(place)
    }
    return order.flatMap { key -> [(Place, Place)] in
      let all = byKey[key] ?? []
      var found: [(Place, Place)] = []
      for (number, one) in all.enumerated() {
        for (otherNumber, other) in all.enumerated() where other.isProtected && number != otherNumber {
          if !one.isProtected || otherNumber < number { found.append((one, other)) }
        }
      }
      return found
    }
  }

  private static func places(_ model: AccessModel) -> [(key: [String], place: Place)] {
    model.systems.flatMap { system -> [([String], Place)] in
      // How it is spoken to there, and how far it is verified, makes it no other place.
      let fields = system.type.endpoint.filter { field in
        switch field.shape {
        case .scalar(.boolean), .scalar(.choice): false
        default: !field.name.hasPrefix("tls")
        }
      }
      return system.environments.members.compactMap { id in
        guard id.offset < model.environments.count, let node = system.endpoints[id],
          let value = CanonicalValue(node, .record(RecordShape("endpoint", "", fields))), value != .table([:])
        else { return nil }
        let place = Place(
          system: system.name, environment: model[id].name, isProtected: model[id].isProtected, span: node.span, shown: value.description)
        return ([system.type.name] + folded(value), place)
      }
    }
  }

  /// Names of hosts know no capitals, and a dot or a slash at their end says nothing.
  private static func folded(_ value: CanonicalValue) -> [String] {
    guard case .table(let table) = value else { return [value.description] }
    return table.sorted { $0.key < $1.key }.map { key, value in
      var text = value.description.lowercased()
      while text.hasSuffix(".") || text.hasSuffix("/") { text.removeLast() }
      return "\(key): \(text)"
    }
  }
}
