import Digests
import Foundation
import Testing

struct SHA256Tests {
  /// FIPS 180-2, appendix B, and the empty message: a text, how often it is repeated, and its digest.
  static let knownAnswers: [(text: String, repeated: Int, hex: String)] = [
    ("", 1, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("abc", 1, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 1,
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    ),
    ("a", 1_000_000, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"),
  ]

  @Test(arguments: knownAnswers)
  func `the standard's examples have the standard's digests`(text: String, repeated: Int, hex: String) {
    let message = Array(String(repeating: text, count: repeated).utf8)
    #expect(SHA256Digest.of(message).hex == hex)
    #expect(SHA256Digest.of(message[...]).hex == hex)
  }

  @Test func `pieces have the digest of the whole`() {
    let message = (0..<1000).map { UInt8(truncatingIfNeeded: $0 * 7) }
    var hasher = SHA256Hasher()
    hasher.update(Array(message[..<1]))
    hasher.update([])
    hasher.update(Array(message[1...]))
    #expect(hasher.finalize() == SHA256Digest.of(message))
  }

  @Test func `a hasher that was reset starts afresh`() {
    var hasher = SHA256Hasher()
    for (text, repeated, hex) in Self.knownAnswers {
      hasher.update(Array(String(repeating: text, count: repeated).utf8))
      #expect(hasher.finalizeAndReset().hex == hex)
    }
  }

  @Test func `a file has the digest of its contents`() throws {
    let file = FileManager.default.temporaryDirectory.appendingPathComponent("digest-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: file) }
    let contents = [UInt8](repeating: 42, count: 600_000)
    try Data(contents).write(to: file)
    #expect(try SHA256Digest.ofFile(file.path) == SHA256Digest.of(contents))
  }

  @Test(arguments: [("/nowhere/at/all", "No such file or directory"), ("/tmp", "Is a directory")])
  func `a file that cannot be read is named with the reason`(path: String, reason: String) throws {
    let error = #expect(throws: FileDigestError.self) { try SHA256Digest.ofFile(path) }
    #expect(error?.description == "\(path): cannot be read: \(reason)")
  }
}

struct SHA256DigestTests {
  let digest = SHA256Digest.of(Array("abc".utf8))

  @Test func `hexadecimal text goes both ways in either case`() {
    #expect(SHA256Digest(hex: digest.hex) == digest)
    #expect(SHA256Digest(hex: digest.hex.uppercased()) == digest)
    #expect(SHA256Digest(bytes: digest.bytes) == digest)
    #expect(digest.short == "ba7816bf8f01")
  }

  @Test(arguments: ["", "ba78", String(repeating: "g", count: 64), String(repeating: "0", count: 65)])
  func `text that is no digest is refused`(text: String) {
    #expect(SHA256Digest(hex: text) == nil)
  }

  @Test func `bytes of another count are refused`() {
    #expect(SHA256Digest(bytes: [UInt8](repeating: 0, count: 31)) == nil)
    #expect(SHA256Digest(bytes: [UInt8](repeating: 0, count: 33)) == nil)
  }

  @Test func `digests are ordered as their bytes`() {
    let digests = (0..<100).map { SHA256Digest.of([UInt8($0)]) }
    #expect(digests.sorted().map(\.hex) == digests.map(\.hex).sorted())
  }

  @Test func `JSON holds the hexadecimal digits`() throws {
    let json = try JSONEncoder().encode([digest])
    #expect(String(decoding: json, as: UTF8.self) == "[\"\(digest.hex)\"]")
    #expect(try JSONDecoder().decode([SHA256Digest].self, from: json) == [digest])
    #expect(throws: DecodingError.self) { try JSONDecoder().decode([SHA256Digest].self, from: Data("[\"ab\"]".utf8)) }
  }
}
