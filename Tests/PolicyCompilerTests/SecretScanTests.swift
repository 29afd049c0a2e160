import TestSupport
import Testing

@testable import PolicyCompiler

/// What looks like a secret in a text, and what must not. Tokens are put together here, so that nobody takes this file for a
/// leak.
@Suite struct SecretScanTests {
  struct Token: Sendable, CustomTestStringConvertible {
    let mark: String
    let rest: String
    let words: String
    var text: String { mark + rest }
    var testDescription: String { words }
  }

  private static let base62 = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789")

  /// A random text of a seed, so that it is the same on every run.
  static func random(_ count: Int, seed: UInt64, of alphabet: [Character] = base62) -> String {
    var generator = SeededGenerator(seed: seed)
    return String((0..<count).map { _ in alphabet.randomElement(using: &generator) ?? "x" })
  }

  private static let hex = Array("0123456789abcdef")
  private static let capitals = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")

  static let tokens: [Token] = {
    func token(_ mark: String, _ count: Int, _ words: String, _ alphabet: [Character] = base62) -> Token {
      Token(mark: mark, rest: random(count, seed: UInt64(mark.utf8.reduce(7) { $0 &* 31 &+ Int($1) }), of: alphabet), words: words)
    }
    return [
      token("gh" + "p_", 36, "a token of GitHub"), token("gh" + "s_", 36, "a token of GitHub"),
      token("github" + "_pat_", 59, "a token of GitHub"), token("glp" + "at-", 20, "a token of GitLab"),
      token("AK" + "IA", 16, "a key of AWS", capitals), token("AI" + "za", 35, "a key of Google"),
      token("GOCS" + "PX-", 28, "a token of Google"), token("dop" + "_v1_", 64, "a token of DigitalOcean", hex),
      token("da" + "pi", 32, "a token of Databricks", hex), token("hv" + "s.", 90, "a token of Vault"),
      token("xo" + "xb-", 40, "a token of Slack"), token("PM" + "AK-", 24, "a key of Postman", hex),
      token("sk_" + "live_", 24, "a key of Stripe"), token("sk-" + "ant-api03-", 90, "a key of OpenAI or Anthropic"),
      token("np" + "m_", 36, "a token of npm"), token("py" + "pi-", 150, "a token of PyPI"),
      token("dck" + "r_pat_", 27, "a token of Docker"), token("h" + "f_", 34, "a token of Hugging Face"),
      token("S" + "K", 32, "a key of Twilio", hex), token("shp" + "at_", 32, "a token of Shopify", hex),
      token("db" + "tc_", 40, "a token of dbt"), token("ATA" + "TT3", 180, "a token of Atlassian"),
      token("tsk" + "ey-auth-", 40, "a token of Tailscale"), token("SG" + ".", 66, "a key of SendGrid"),
      token("pul" + "-", 40, "a token of Pulumi", hex), token("AGE-SECRET" + "-KEY-1", 58, "a secret key of age", capitals),
    ]
  }()

  /// Wherever a token stands, in whatever format.
  static let places: [(before: String, after: String)] = [
    ("", ""), ("description: ", "\n"), ("# see ", ", please\n"), ("\"", "\": 1\n"), ("- [a, ", "]\n"), ("\"a\\n", "\\n\"\n"),
    ("host=", ";x=1"),
    ("https://", "@github.com/acme/x"), ("<", ">"), ("key_", ""), ("(", ")"), ("x: |\n  ", "\n"), ("ends. ", ".\n"), ("policies/", ".yaml"),
  ]

  @Test(arguments: tokens) func aTokenIsFoundWhereverItStands(_ token: Token) throws {
    for place in Self.places {
      let text = place.before + token.text + place.after
      let found = SecretScan.findings(Array(text.utf8))
      #expect(found.count == 1 && found.first?.isCertain == true, "\(place) \(found)")
      let masked = MaskedText.masked(text)
      #expect(!masked.contains(token.rest) && masked.utf8.count == text.utf8.count, "\(place)")
      #expect(masked.hasPrefix(place.before) && masked.hasSuffix(place.after) || place.after == ".yaml", "\(masked)")
      #expect(SecretScan.isCertain(Array(masked.utf8)), "what is masked is of the same form: \(masked)")
      #expect(MaskedText.masked(masked) == masked)
    }
    let words = SecretScan.findings(Array(token.text.utf8)).first?.words
    #expect(words == "\(token.words) (\(token.text.count) characters)")
  }

  @Test(arguments: tokens) func aPlaceholderOfATokenIsNone(_ token: Token) {
    for sign in ["x", "X", "0", "*", "."] {
      let text = token.mark + String(repeating: sign, count: token.rest.count)
      #expect(SecretScan.findings(Array(text.utf8)).isEmpty, "\(text)")
    }
  }

  /// Each with what of it must not be seen.
  static let others: [(text: String, secret: String)] = {
    let word = random(20, seed: 91), long = random(44, seed: 92), hex = random(32, seed: 93, of: Self.hex)
    let payload = "eyJzdWIiOiJhbmFAYWNtZS5leGFtcGxlIn0"
    return [
      ("token: eyJhbGciOiJIUzI1NiJ9.\(payload).\(long)", long),
      ("-----BEGIN RSA " + "PRIVATE KEY-----\n\(long)\n\(long)\n-----END RSA", long),
      ("k: \"-----BEGIN " + "PRIVATE KEY-----\\n\(long)\\n-----END PRIVATE KEY-----\\n\"", long),
      ("-----BEGIN OPENSSH " + "PRIVATE KEY-----\n\(long)", long), ("postgresql://app:\(word)@db.acme.example/x", word),
      ("# redis://:\(word)@cache:6379/0", word), ("mongodb+srv://app:\(word)@h1,h2/x", word),
      ("Server=db;Uid=app;Pwd=\(word);Encrypt=yes", word),
      ("host=db user=app password=\(word)", word), ("AccountName=a;AccountKey=\(long)==;EndpointSuffix=x", long),
      ("https://a.blob.core.windows.net/c?sv=2022&sig=\(long)%3D&se=x", long), ("md:db?motherduck_token=\(word)", word),
      ("https://hooks.slack.com" + "/services/T0\(word)/B0\(word)/\(long)", long),
      ("123456789:AA" + random(33, seed: 94), random(33, seed: 94)),
      ("abc8Q~" + random(34, seed: 95), random(34, seed: 95)), ("Authorization: Bearer \(long)", long),
      ("Authorization: Basic \(long)", long),
      ("aws_secret_access_key: \(random(40, seed: 96))", random(40, seed: 96)), ("\"api_key\": \"\(hex)\"", hex),
      ("# DD_API_KEY: \(hex)", hex),
    ]
  }()

  @Test(arguments: others) func formsAndKeysTell(_ it: (text: String, secret: String)) {
    let found = SecretScan.findings(Array(it.text.utf8))
    #expect(found.contains { $0.isCertain }, "\(it.text): \(found)")
    #expect(!MaskedText.masked(it.text).contains(it.secret), "\(MaskedText.masked(it.text))")
  }

  /// Base64 of 30 random bytes, as many secrets are.
  @Test func nearlyEveryRandomValueIsFound() {
    var missed = 0
    for seed in 0..<2000 as Range<UInt64> {
      let value = Self.random(40, seed: 1000 + seed, of: Self.base62 + ["+", "/"])
      if SecretScan.findings(Array("  subject: \(value)\n".utf8)).isEmpty { missed += 1 }
    }
    #expect(missed <= 20, "\(missed) of 2000 are missed")
  }

  @Test func passwordsThatPeopleThinkOfAreWarnings() {
    for text in [
      "password: " + "hunter22", "  \"pwd\": \"" + "Summer2024\",", "# passphrase: " + "c0rrect!horse", "db_password: '" + "P4ssw0rd!'",
      "client_secret: " + "a1b2-c3d4e5",
    ] {
      let found = SecretScan.findings(Array(text.utf8))
      #expect(found.count == 1 && found.first?.isCertain == false, "\(text): \(found)")
    }
  }

  /// A value on the line below its key is one, a key there is none.
  @Test func aValueMayStandBelowItsKey() {
    for text in ["password:\n  hunter22", "\"pwd\":\r\n\t\"Summer2024\"", "api_token: \n\n  a1b2c3d4e5f6", "db_password:\nP4ssw0rd!"] {
      let found = SecretScan.findings(Array(text.utf8))
      #expect(found.count == (text.contains("\n\n") ? 0 : 1), "\(text): \(found)")
      #expect(found.allSatisfy { !text.utf8.dropFirst($0.range.lowerBound).contains(UInt8(ascii: "\n")) }, "\(text): \(found)")
    }
    for text in [
      "secret:\n  a1b2c3d4e5f6: x", "\"password\":\n  \"hunter22\": 1", "token:\n  - a1b2c3d4e5f6", "password:\n  # hunter22",
      "password:\n  ${HUNTER_22}",
      "password:\n  ref+vault://kv/a1#/b2", "password:\n", "password: \n  ",
    ] { #expect(SecretScan.findings(Array(text.utf8)).isEmpty, "\(text)") }
  }

  /// Only what escapes make of it is news: what stands in the file is judged there, with its mark.
  @Test func aMarkWithinATextCounts() throws {
    let token = Self.tokens[0].text
    for text in ["a: |\n  \(token) # writ: not a secret\n", "a: >\n  see\n  \(token) # writ: not a secret\n  there\n"] {
      let source = SearchedSource(Array(text.utf8), file: 0)
      #expect(source.findings.count == 1 && source.findings.allSatisfy(\.isMarked), "\(source.findings)")
      #expect(source.tree?.texts.contains { $0.contains(token) } == true, "\(source.tree?.texts ?? [])")
      #expect(source.shown == Array(text.utf8))
    }
  }

  // MARK: False alarms

  static let harmless = """
    commit 632b5a3572d5e6deda081bb3b165b1b8f12d7e31
    sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
    md5: d41d8cd98f00b204e9800998ecf8427e, sha1 = da39a3ee5e6b4b0d3255bfef95601890afd80709
    sha512: cf83e1357eefb8bdf1542850d66d8007d620e4050b5715dc83f4a921d36ce9ce47d0d13c5d85f2b0ff8318d2877eec2f63b931bd47417a81a538327af927da3e
    id: 123e4567-e89b-12d3-a456-426614174000
    image: ghcr.io/acme/loader@sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
    image: 123456789012.dkr.ecr.eu-west-1.amazonaws.com/acme/loader:v1.2.3-20240101.abcdef0
    "integrity": "sha512-9ZoJtbNB4jyTJPa5jZGBkNM1JKXXmzG5lXBsVDRGVS5zpMZ7oNCq1dKZYrGYkXdTjXZtmN6mCPY6TLfrIgW0uA=="
    "resolved": "https://registry.npmjs.org/lodash/-/lodash-4.17.21.tgz#679591c564c3bffaae8454cf0b3df370c3d6911c"
    github.com/stretchr/testify v1.8.4 h1:CcVxjf3Q8PM0mHUKJCdn+eZZtm5yQwehR5yeSVQQcUk=
    checksum = "c79fed4cdb43e993fcdadc7e58a09fd0e3e649c4436fa11da71c9f1f3ee7feb9"
    numpy==1.26.4 --hash=sha256:2a02aba9ed12e4ac4eb3ea9421c420301a0c6460d9830d74a9df87efa4912010
    hash: sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=
    ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJqfWzZQzpkO3fM3yQp3DkJ6mJxUBb0TOf2m0a8cQdEw ana@acme.example
    SHA256:uNiVztksCsDhcc0u9e8BgrJXVGDzU8hTKHcQ1ZzB1Ho ana@acme.example (ED25519)
    SECRETS.md,sha256=47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU,120
    -----BEGIN CERTIFICATE-----
    -----BEGIN PUBLIC KEY-----
    MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAu1SU1LfVLPHCozMxH2Mo4lgOEePzNm0tRgeLezV6ffAt0gunVTLw7onLRnrq0
    age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p
    arn:aws:iam::123456789012:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_DataEngineer_0a1b2c3d4e5f6a7b
    arn:aws:secretsmanager:eu-west-1:123456789012:secret:prod/orders/db-AbCdEf
    AROAJQABLZS4A3QDU576Q AIDAJQABLZS4A3QDU576Q 0oa1b2c3d4E5f6G7h8I9 00u1ab2cd3EF4gh5IJ6k
    projects/acme-data-prod-1234/locations/global/workloadIdentityPools/github-actions/providers/acme-contracts
    loader-sa@acme-data-prod-1234.iam.gserviceaccount.com
    1234567890-abcdefghijklmnopqrstuvwxyz012345.apps.googleusercontent.com
    pod/orders-api-7d9f8b6c5d-x2k4z deployment.apps/airflow-scheduler-statefulset-0 svc/kube-prometheus-stack-operator
    payments_orders_refunds_daily_snapshot_v2_backfill_2024_01_31 analytics.fct_customer_lifetime_value__dbt_tmp
    OrdersDb2ProdEuWest1ReaderEndpoint getUserAccountDetailsFromIdentityProviderV2 SalesforceOpportunityLineItemHistoryStream
    com.acme.data.platform.orders.OrderEventDeserializationSchemaFactoryBean
    c2VydmljZS1hY2NvdW50LW5hbWU= SGVsbG8sIFdvcmxkISBUaGlzIGlzIHBsYWluIHRleHQu
    https://docs.google.com/document/d/1BxiMVs0XRA5nFMdKvBdBZjgmUUqptlbs74OgvE2upms/edit?usp=sharing
    https://acme.slack.com/archives/C024BE91L/p1388190900000001 https://user@git.acme.example/x.git https://[::1]:8443/x
    https://acme.example:8443/a@b?next=https://x/y s3://acme-lake/raw/orders/dt=2024-01-31/part-00000-a1b2c3d4.c000.snappy.parquet
    ref+vault://kv/prod/dbt#/password secretref+awssecrets://prod/orders/db?region=eu-west-1#/password
    password: ref+vault://kv/prod/dbt#/password
    password: "{{ env_var('DBT_ENV_SECRET_PASSWORD') }}"
    "password": "${DB_PASSWORD}", token: $TOKEN, secret: <your-secret>, api_key: "********"
    PGPASSWORD=$PGPASSWORD psql "host=db password=${PGPASSWORD}" --password=PGPASSWORD_PROD
    password: airflow_default, secret: orders-api-credentials, token: token-for-loader
    password: see the vault, or ask the data platform team
    tls_secret_name: wildcard-acme-example-2024, secret: prod/orders/db
    token_endpoint: https://acme.okta.example/oauth2/default/v1/token, private_key: /etc/airflow/keys/rsa_key.p8
    def connect(password=password, token=get_token(), api_key=keys[0], refresh_token=False): pass
    private_key_path, passwordless, tokens_per_second=5, secretary: ana
    ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/
    AKIARA-is-a-town sk-learn-based-feature-engineering-2024-model-registry-of-Acme npm_config_registry_of_acme_2024
    task-SK-and-CZ dapi-service.acme.example.org pul-requests-of-the-data-platform-team hf_transfer_enabled_on_all_nodes
    ghp_short glpat AKIA xoxb- eyJ eyJafjallajokull.is.it SG.short Basic authentication, Bearer tokens are used
    aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa ----------------------------------------------------------------
    ==================================================== ______________________________________________ ........................
    2024-01-31T18:00:00.123456789+02:00/P1Y2M3DT4H5M6S 20240131T180000Z 192.168.100.200:5432 2001:0db8:85a3:0000:0000:8a2e:0370:7334
    """

  @Test(arguments: harmless.split(separator: "\n").map(String.init)) func hashesIDsAndNamesAreNone(_ line: String) {
    for text in [line, "# \(line)\n", "description: \(line)\n", "\"note\": \"\(line)\"\n"] {
      let bytes = Array(text.utf8)
      let found = SecretScan.findings(bytes)
      #expect(found.isEmpty, "\(found.map { "\($0.kind) \(String(decoding: bytes[$0.range], as: UTF8.self))" })")
    }
  }

  /// A block of PEM for everybody, of lines that are as random as any.
  @Test func certificatesAreNone() {
    let body = (0..<20 as Range<UInt64>).map { Self.random(64, seed: 300 + $0) + "\n" }.joined()
    for name in ["CERTIFICATE", "PUBLIC KEY", "PGP PUBLIC KEY BLOCK"] {
      let text = "-----BEGIN \(name)-----\n\n\(body)-----END \(name)-----\nsubject: ana\n"
      #expect(SecretScan.findings(Array(text.utf8)).isEmpty)
      let line = "  ca: \"\(text.replacing("\n", with: "\\n"))\"\n"
      #expect(SecretScan.findings(Array(line.utf8)).isEmpty)
    }
    #expect(SecretScan.findings(Array(body.utf8)).count == 20)
  }

  /// A name of many parts is none, whatever its hash-like parts are.
  @Test func randomHexadecimalIsNone() {
    for seed in 0..<500 as Range<UInt64> {
      let hash = Self.random(40, seed: seed, of: Self.hex)
      let text =
        "revision: \(hash)\nimage: acme/x@sha256:\(hash)\nname: orders-\(hash.prefix(10))-\(hash.suffix(5))\n\(hash.uppercased())\n"
      #expect(SecretScan.findings(Array(text.utf8)).isEmpty, "\(text)")
    }
  }

  // MARK: The mark

  @Test func aLineCanSayThatItHoldsNone() {
    let token = Self.tokens[0].text
    func isMarked(_ text: String) -> [Bool] { SecretScan.findings(Array(text.utf8)).map(\.isMarked) }
    #expect(isMarked("a: \(token)  # writ: not a secret\n") == [true])
    #expect(isMarked("# \(token), an example; writ: not a secret\n") == [true])
    #expect(isMarked("a: \(token)\n# writ: not a secret\n") == [false])
    #expect(isMarked("# writ: not a secret\na: \(token)\n") == [false])
    #expect(isMarked("a: \(token) writ: not a secret\n") == [false])
    #expect(isMarked("a: [\(token), \(token)] # writ: not a secret\nb: \(token)") == [true, true, false])
  }

  /// Most keys are passed over by their last letters.
  @Test func everyWordForASecretIsSeenAtTheEndOfAKey() {
    for word in SecretWords.endings + ["sig"] {
      for key in ["x_\(word)", "X-\(word.uppercased())", "\"orders.\(word)\"", "an\(word)".replacing("_", with: "")] {
        let bytes = Array(key.utf8)
        #expect(SecretWords.mayEndKey(bytes, bytes.count), "\(key)")
      }
    }
    for key in ["environment", "connection", "role", "to", "until", "tokens", "", "d"] {
      #expect(!SecretWords.mayEndKey(Array(key.utf8), key.utf8.count), "\(key)")
    }
  }

  // MARK: Bounds

  /// A text that begins the same thing again and again is read once, not once for each beginning: this would take hours.
  @Test(arguments: [
    "-----BEGIN " + "PRIVATE KEY-----", "://a:", "pwd=(", "token: (", "sk-", "Aa1+Bb2/Cc3d", "-sk-A1a", "eyJ.", "password: \"a1",
    "password:\n", "password:\n\"a1 ",
    "gh" + "p_1a-",
    "Bearer a1B2c3d4e5f6g7h8 ", "# writ: not a secret " + "gh" + "p_1aB2cD3eF4gH5iJ6kL7m ",
  ]) func repetitionIsNoTrouble(_ piece: String) {
    let text = String(repeating: piece, count: (256 << 10) / piece.utf8.count)
    _ = SecretScan.findings(Array(text.utf8))
    _ = MaskedText.masked(text)
  }

  @Test func anyBytesAreSearched() {
    var generator = SeededGenerator(seed: 4)
    let pieces = Self.others.map { Array($0.text.utf8) } + Self.tokens.map { Array($0.text.utf8) }
    for _ in 0..<2000 {
      var bytes: [UInt8] = []
      for _ in 0..<Int.random(in: 0...4, using: &generator) {
        let piece = pieces.randomElement(using: &generator) ?? []
        let cut = Int.random(in: 0...piece.count, using: &generator)
        bytes += Bool.random(using: &generator) ? piece[..<cut] : piece[cut...]
        if Bool.random(using: &generator) { bytes.append(UInt8.random(in: 0...255, using: &generator)) }
      }
      let found = SecretScan.findings(bytes)
      for (one, other) in zip(found, found.dropFirst()) { #expect(one.range.upperBound <= other.range.lowerBound) }
      for it in found {
        #expect(it.range.contains(it.hidden) && it.range.upperBound <= bytes.count)
      }
    }
  }
}

extension Range<Int> {
  fileprivate func contains(_ other: Range<Int>) -> Bool { lowerBound <= other.lowerBound && other.upperBound <= upperBound }
}
