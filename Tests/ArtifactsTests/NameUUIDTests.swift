import Testing

@testable import Artifacts

@Suite struct NameUUIDTests {
  /// The published examples of FIPS 180 and of RFC 3174, section 7.3; then lengths around a block's end, from Python's hashlib.
  @Test(arguments: [
    ("", "da39a3ee5e6b4b0d3255bfef95601890afd80709"),
    ("abc", "a9993e364706816aba3e25717850c26c9cd0d89d"),
    ("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", "84983e441c3bd26ebaae4aa1f95129e5e54670f1"),
    (String(repeating: "01234567", count: 80), "dea356a2cddd90c7a7ecedc5ebb563934f460452"),
    (String(repeating: "x", count: 55), "cef734ba81a024479e09eb5a75b6ddae62e6abf1"),
    (String(repeating: "x", count: 56), "901305367c259952f4e7af8323f480d59f81335b"),
    (String(repeating: "x", count: 63), "0ddc4e0cccd9a12850deb5abb0853a4425559fec"),
    (String(repeating: "x", count: 64), "bb2fa3ee7afb9f54c6dfb5d021f14b1ffe40c163"),
    (String(repeating: "x", count: 65), "78c741ddc482e4cdf8c474a0876347a0905b6233"),
    (String(repeating: "x", count: 119), "4300320394f7ee239bcdce7d3b8bcee173a0cd5c"),
    (String(repeating: "x", count: 120), "ceb2821639c4b6dcb10bce0e522ca2e608ce056d"),
  ]) func digestsAreThePublishedOnes(message: String, digest: String) {
    #expect(hexadecimal(SHA1.digest(Array(message.utf8))) == digest)
  }

  @Test func aMillionBytesAreDigested() {
    #expect(hexadecimal(SHA1.digest(Array(repeating: 0x61, count: 1_000_000))) == "34aa973cd4c4daa4f61eeb2bdbad27316534016f")
  }

  /// RFC 9562, appendix A.4, in the namespace of its table 3.
  @Test func idsAreThePublishedOnes() {
    let dns = NameUUID(high: 0x6BA7_B810_9DAD_11D1, low: 0x80B4_00C0_4FD4_30C8)
    #expect(dns.text == "6ba7b810-9dad-11d1-80b4-00c04fd430c8")
    #expect(NameUUID("www.example.com", in: dns).text == "2ed6657d-e927-568b-95e1-2665a8aea6a2")
  }

  /// What has been imported anywhere carries these.
  @Test func theNamespaceNeverChanges() {
    #expect(NameUUID.writ.text == "0c97eca5-2bbb-44b0-99e9-470ce3af0c90")
    #expect(NameUUID("postman_environment/a/b/c", in: .writ).text == "e7097655-e068-5223-bdca-fa308babb66a")
  }

  private func hexadecimal(_ bytes: [UInt8]) -> String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }
}
