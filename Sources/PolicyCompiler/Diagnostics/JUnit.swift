/// Results of tests in the form that CI systems read: a `testsuite` for each group, a `testcase` for each result.
///
/// Source of the format: https://github.com/jenkinsci/xunit-plugin/blob/master/src/main/resources/org/jenkinsci/plugins/xunit/types/model/xsd/junit-10.xsd
/// It allows no place on a `testcase`, so places stand in the text.
package struct JUnit: Sendable {
  package struct Case: Sendable {
    package let name: String
    /// Nil where it passed.
    package let failure: (message: String, text: String)?
    /// What there is to know although it passed.
    package let output: String?

    package init(name: String, failure: (message: String, text: String)?, output: String? = nil) {
      self.name = name
      self.failure = failure
      self.output = output
    }
  }

  package struct Suite: Sendable {
    package let name: String
    package let cases: [Case]

    package init(name: String, cases: [Case]) {
      self.name = name
      self.cases = cases
    }
  }

  package let suites: [Suite]

  package init(_ suites: [Suite]) { self.suites = suites }

  package var text: String {
    var text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n"
    for suite in suites {
      // A name is printed by many a reader, and may be a file's.
      let name = Self.name(suite.name)
      let failures = suite.cases.count { $0.failure != nil }
      text += "  <testsuite name=\"\(name)\" tests=\"\(suite.cases.count)\" failures=\"\(failures)\" errors=\"0\">\n"
      for it in suite.cases {
        text += "    <testcase classname=\"\(name)\" name=\"\(Self.name(it.name))\""
        if let failure = it.failure {
          text +=
            ">\n      <failure message=\"\(Self.escaped(failure.message))\">\(Self.escaped(failure.text))</failure>\n    </testcase>\n"
        } else if let output = it.output {
          text += ">\n      <system-out>\(Self.escaped(output))</system-out>\n    </testcase>\n"
        } else {
          text += "/>\n"
        }
      }
      text += "  </testsuite>\n"
    }
    return text + "</testsuites>\n"
  }

  private static func name(_ text: String) -> String { escaped(SafeText.escaped(text)) }

  /// XML 1.0 has no control characters, not even as references.
  private static func escaped(_ text: String) -> String {
    var out = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": out += "&amp;"
      case "<": out += "&lt;"
      case ">": out += "&gt;"
      case "\"": out += "&quot;"
      case "\n": out += "&#10;"
      case "\t": out += "&#9;"
      case _ where scalar.value < 0x20 || scalar.value == 0xFFFE || scalar.value == 0xFFFF: out += "\u{FFFD}"
      default: out.unicodeScalars.append(scalar)
      }
    }
    return out
  }
}
