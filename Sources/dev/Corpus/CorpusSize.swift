/// How large an organisation is: L, a tenth of it, a hundredth of it.
enum CorpusSize: String, CaseIterable {
  case small = "S"
  case medium = "M"
  case large = "L"

  var users: Int { 8_500 / divisor }
  var services: Int { 1_500 / divisor }
  var teams: Int { 800 / divisor }
  var departments: Int { max(1, 40 / divisor) }
  var bindings: Int { 100_000 / divisor }

  /// Seven is the least that has every type of system, with a database for each purpose.
  var systems: Int { max(7, 200 / divisor) }

  private var divisor: Int {
    switch self {
    case .large: 1
    case .medium: 10
    case .small: 100
    }
  }
}
