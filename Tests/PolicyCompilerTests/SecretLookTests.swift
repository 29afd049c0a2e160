import Testing

@testable import PolicyCompiler

/// What looks like a secret, and what only might. Tokens are put together here, so that nobody takes this file for a leak.
@Suite struct SecretLookTests {
  private static let mixed = "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8"
  private static let hex = "0123456789abcdef0123456789abcdef"

  @Test(arguments: [
    "AKIA" + "IOSFODNN7EXAMPLE", "key ASIA" + "IOSFODNN7EXAMPLE", "ghp_" + mixed, "gho_" + mixed, "github_pat_" + mixed, "glpat-" + mixed,
    "xoxb-" + "123456789012-abc", "xoxp-" + "123456789012", "xoxa-" + "2-123456789012", "sk-" + mixed, "sk-proj-" + mixed,
    "sk-ant-api03-" + mixed, "PMAK-" + hex + "-" + hex, "dapi" + hex, "dapi" + hex + "-2", "hvs." + mixed, "sk_live_" + mixed,
    "AIza" + mixed, "npm_" + mixed, "dbtc_" + mixed,
    "eyJhbGciOiJIUzI1NiJ9" + ".eyJzdWIiOiIxIn0." + mixed, "eyJhbGciOiJSU0EtT0FFUCJ9" + ".a.b.c.d",
    "-----BEGIN " + "PRIVATE KEY-----", "-----BEGIN RSA " + "PRIVATE KEY-----\\nMIIE", "-----BEGIN ENCRYPTED " + "PRIVATE KEY-----",
    "https://user:" + "password@acme.example", "postgresql://app:" + "p@ss@db/app", "see jdbc:x://a:" + "b@c for more",
    "ftp://:" + "pw@host",
    "https://x-access-token@acme.example/?token=" + "abc", "md:db?motherduck_token=" + "abc", "Server=db;Uid=app;Pwd=" + "abc",
    "host=db password=" + "abc", "AccountName=a;AccountKey=" + "abc", "use ghp_" + mixed + ", please", "\"ghp_" + mixed + "\"",
    "https://ghp_" + mixed + "@github.com/acme", "Basic " + "dXNlcjpwYXNz", "Bearer " + "abcdefgh1", "bearer " + mixed,
    // With an accent behind a sign, which is another character then.
    "Bearer " + "\u{301}abcdefgh1", "https://\u{301}user:" + "password@\u{301}acme.example", "Pwd=" + "\u{301}abc",
  ])
  func isASecret(_ text: String) { #expect(SecretLook.isSecret(value: text)) }

  @Test(arguments: [
    "", "acme", "d41d8cd98f00b204e9800998ecf8427e", "da39a3ee5e6b4b0d3255bfef95601890afd80709",
    "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", "123e4567-e89b-12d3-a456-426614174000",
    "0oa1b2c3d4e5f6g7h8i9", "arn:aws:iam::123456789012:role/loader", "arn:aws:secretsmanager:eu-west-1:123456789012:secret:prod/db-AbCdEf",
    "abfss://container@account.dfs.core.windows.net/path", "https://acme.example/a@b:c", "git+ssh://git@github.com/acme/x",
    "https://acme.example:8443/x?page=2", "s3://bucket/prefix", "mailto:data@acme.example", "db.acme.example:5432",
    "dapi-service.acme.example", "dapiserver", "sk-learn-based-feature-engineering", "sk-SK", "ghp_short", "AKIA",
    "AKIARA is a town in Japan",
    "eyJ", "eyJafjallajokull.is.it", "Basic authentication", "Bearer authentication", "Basic connection to the warehouse",
    "the bearer of this may read", "-----BEGIN CERTIFICATE-----", "-----BEGIN PUBLIC KEY-----", "ref+vault://kv/app#/password",
    "public, marts", "statement_timeout=5s", "{\"team\": \"data\"}", "-c search_path=marts", "+00:00",
    "loader@acme.iam.gserviceaccount.com",
    "xoxb-", "glpat", "PMAK-", "organisation-account", "Default/Group=a=b",
    "projects/1/locations/global/workloadIdentityPools/p/providers/x",
  ])
  func isNone(_ text: String) { #expect(!SecretLook.isSecret(value: text)) }

  @Test(arguments: [
    "password", "orders_password", "X-Api-Key", "clientSecret", "session.token", "apiKey", "AccountKey", "Authorization",
    "orders_\u{301}password", "orders-\u{301}password",
  ])
  func isANameOfASecret(_ name: String) { #expect(SecretLook.isSecret(name: name)) }

  @Test(arguments: ["host", "X-Tenant", "token_endpoint", "passwordless", "keepalives", "tokens_per_second", "secretary", ""])
  func isNoNameOfASecret(_ name: String) { #expect(!SecretLook.isSecret(name: name)) }
}
