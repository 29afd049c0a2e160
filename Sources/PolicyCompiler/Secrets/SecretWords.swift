/// What a name ends in when its value is a secret, written with `_` between words.
package enum SecretWords {
  package static let endings = [
    "password", "passwd", "pwd", "passwrd", "pasword", "passwort", "passphrase", "secret", "token", "api_key", "apikey", "private_key",
    "access_key", "account_key", "authorization",
    "credentials",
  ]

  /// Those of them whose values people think of.
  static let passwords = ["password", "passwd", "pwd", "passwrd", "pasword", "passwort", "passphrase"]
}
