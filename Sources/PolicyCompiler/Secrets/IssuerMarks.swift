/// The marks that issuers put at the beginning of their tokens, so that scanners find them.
///
/// Gathered from the issuers' documentation; many are listed in
/// https://docs.github.com/en/code-security/secret-scanning/introduction/supported-secret-scanning-patterns
enum IssuerMarks {
  struct Mark {
    let beginning: [UInt8]
    /// What follows: how much of it at least, and of which characters.
    let count: Int
    let alphabet: Alphabet
    let name: String
  }

  enum Alphabet {
    /// So many and no more.
    case capitals
    /// Perhaps with `-` between.
    case hexadecimal
    case word
    /// The beginning alone says little.
    case mixed
  }

  static let all: [Mark] = {
    func marks(_ name: String, _ beginnings: String, _ count: Int, _ alphabet: Alphabet) -> [Mark] {
      beginnings.split(separator: " ").map { Mark(beginning: Array($0.utf8), count: count, alphabet: alphabet, name: name) }
    }
    return clouds(marks) + code(marks) + services(marks)
  }()

  private typealias Maker = (String, String, Int, Alphabet) -> [Mark]

  private static func clouds(_ marks: Maker) -> [Mark] {
    marks("a key of AWS", "AKIA ASIA ABIA ACCA", 16, .capitals)
      + marks("a key of Google", "AIza", 30, .word)
      + marks("a token of Google", "ya29. GOCSPX-", 20, .word)
      + marks("a token of DigitalOcean", "dop_v1_ doo_v1_ dor_v1_", 40, .hexadecimal)
      + marks("a token of Databricks", "dapi dose", 32, .hexadecimal)
      + marks("a token of Vault", "hvs. hvb. hvr.", 16, .word)
      + marks("a token of Pulumi", "pul-", 40, .hexadecimal)
      + marks("a token of Supabase", "sbp_", 40, .hexadecimal)
      + marks("a token of Tailscale", "tskey-", 20, .word)
      + marks("a token of PlanetScale", "pscale_tkn_ pscale_pw_ pscale_oauth_", 30, .word)
      + marks("a token of Doppler", "dp.pt. dp.st. dp.ct. dp.sa. dp.scim. dp.audit.", 40, .word)
      + marks("a secret key of age", "AGE-SECRET-KEY-1", 50, .word)
      + marks("a token of Grafana", "glc_ glsa_", 30, .mixed)
      + marks("a token of Sentry", "sntrys_ sntryu_", 30, .word)
  }

  private static func code(_ marks: Maker) -> [Mark] {
    marks("a token of GitHub", "ghp_ gho_ ghr_ ghs_ ghu_", 16, .word) + marks("a token of GitHub", "github_pat_", 20, .word)
      + marks("a token of GitLab", "glpat- gldt- glrt- glptt- glft- glsoat- gloas- glcbt- glagent- glimt- glffct-", 16, .word)
      + marks("a token of npm", "npm_", 30, .mixed) + marks("a token of PyPI", "pypi-", 40, .mixed)
      + marks("a token of RubyGems", "rubygems_", 40, .hexadecimal) + marks("a token of crates.io", "cio", 32, .mixed)
      + marks("a token of Docker", "dckr_pat_ dckr_oat_", 20, .word) + marks("a token of Buildkite", "bkua_", 30, .word)
      + marks("a token of CircleCI", "CCIPAT_ CCIPRJ_", 30, .word) + marks("a token of Artifactory", "AKCp cmVmdGtu", 50, .word)
      + marks("a token of Atlassian", "ATATT ATCTT", 50, .word) + marks("a password of Bitbucket", "ATBB", 24, .mixed)
      + marks("a token of Netlify", "nfp_", 30, .mixed) + marks("a token of Prefect", "pnu_ pnb_", 30, .mixed)
      + marks("a token of dbt", "dbtc_ dbtu_ dbts_", 16, .word)
  }

  private static func services(_ marks: Maker) -> [Mark] {
    marks("a token of Slack", "xoxa- xoxb- xoxp- xoxr- xoxs- xoxe- xoxe.", 10, .word) + marks("a token of Slack", "xapp-", 16, .word)
      + marks("a key of Postman", "PMAK-", 20, .hexadecimal)
      + marks("a key of Stripe", "sk_live_ rk_live_ sk_test_ rk_test_ whsec_", 16, .word)
      + marks("a key of OpenAI or Anthropic", "sk-", 20, .mixed) + marks("a key of Groq", "gsk_", 40, .mixed)
      + marks("a key of xAI", "xai-", 60, .mixed) + marks("a token of Hugging Face", "hf_", 30, .mixed)
      + marks("a token of Replicate", "r8_", 30, .mixed)
      + marks("a key of SendGrid", "SG.", 40, .mixed) + marks("a key of Twilio", "SK", 32, .hexadecimal)
      + marks("a token of Shopify", "shpat_ shpca_ shppa_ shpss_", 32, .hexadecimal)
      + marks("a token of Square", "sq0atp- sq0csp-", 20, .word)
      + marks("a key of Linear", "lin_api_ lin_oauth_", 30, .word) + marks("a token of Notion", "ntn_", 30, .mixed)
      + marks("a token of Figma", "figd_", 30, .word) + marks("a key of New Relic", "NRAK- NRII- NRAL-", 20, .word)
  }

  /// The marks by their first two bytes; most pairs of bytes begin none.
  private static let byPair: [Int: [Mark]] = Dictionary(grouping: all) { pair($0.beginning[0], $0.beginning[1]) }
  /// A bit for each pair, folded: asked before the table.
  private static let sieve: [Bool] = {
    var sieve = [Bool](repeating: false, count: 1 << 16)
    for pair in byPair.keys { sieve[pair] = true }
    return sieve
  }()

  private static func pair(_ one: UInt8, _ other: UInt8) -> Int { Int(one) << 8 | Int(other) }

  /// Whether a mark might begin here.
  @inline(__always) static func mayBegin(_ bytes: [UInt8], _ start: Int) -> Bool {
    sieve[Int(bytes[start]) << 8 | Int(bytes[start + 1])]
  }

  /// The token that begins here and ends before `end`, where one does.
  static func token(_ bytes: [UInt8], _ start: Int, _ end: Int) -> SecretFinding? {
    guard end - start >= 2, mayBegin(bytes, start), let marks = byPair[pair(bytes[start], bytes[start + 1])] else { return nil }
    let word = bytes[start..<end]
    for mark in marks where word.starts(with: mark.beginning) {
      let from = start + mark.beginning.count
      let stop = stop(mark, bytes, from, end)
      guard stop - from >= mark.count, fits(mark, bytes[from..<stop]) else { continue }
      return SecretFinding(.token(mark.name), start..<stop, hidden: from..<stop)
    }
    return nil
  }

  /// Where what follows a mark ends: a full stop of a sentence is none of it, nor is the ending of a file's name.
  private static func stop(_ mark: Mark, _ bytes: [UInt8], _ from: Int, _ end: Int) -> Int {
    var stop = end
    switch mark.alphabet {
    case .capitals, .hexadecimal: if let dot = bytes[from..<min(end, from + 256)].firstIndex(of: UInt8(ascii: ".")) { stop = dot }
    case .word, .mixed: break
    }
    while stop > from, bytes[stop - 1] == UInt8(ascii: ".") { stop -= 1 }
    return stop
  }

  private static func fits(_ mark: Mark, _ whole: ArraySlice<UInt8>) -> Bool {
    // A word may be as long as its file.
    let rest = whole.prefix(96)
    if MaskedText.isMasked(rest) { return true }
    // `ghp_xxxxxxxxxxxxxxxxxxxx` stands for one.
    if isPlaceholder(rest) { return false }
    switch mark.alphabet {
    case .word: return true
    case .capitals: return whole.count == mark.count && rest.allSatisfy { SecretBytes.isCapital($0) || SecretBytes.isDigit($0) }
    case .hexadecimal: return rest.allSatisfy { SecretBytes.isHexadecimal($0) || $0 == UInt8(ascii: "-") }
    case .mixed:
      return rest.contains(where: SecretBytes.isDigit) && rest.contains(where: SecretBytes.isCapital)
        && rest.contains(where: SecretBytes.isSmall) && !RandomText.hasWords(rest)
    }
  }

  /// Whether one letter fills nearly all of it, as documentation has it.
  static func isPlaceholder(_ bytes: some Collection<UInt8>) -> Bool {
    var counts = [Int](repeating: 0, count: 256)
    var all = 0
    for byte in bytes where SecretBytes.isAlphanumeric(byte) {
      counts[Int(byte)] += 1
      all += 1
    }
    let most = counts.max() ?? 0
    return most == all || all >= 8 && most * 10 >= all * 6
  }
}
