import Datasets
import Testing

struct PNMReaderTests {
  static func picture(_ text: String, _ bytes: [UInt8] = []) throws -> Picture {
    try Picture(decoding: Array(text.utf8) + bytes, name: "p")
  }

  @Test func `raw colour samples come through`() throws {
    let picture = try Self.picture("P6\n# a comment\n2 1 # another\n255\n", [1, 2, 3, 10, 35, 32])
    #expect(picture == Picture(width: 2, height: 1, rgb: [1, 2, 3, 10, 35, 32]))
  }

  @Test func `grey becomes equal colours`() throws {
    #expect(try Self.picture("P5 1 2 255 ", [7, 200]).rgb == [7, 7, 7, 200, 200, 200])
    #expect(try Self.picture("P2 1 2 255 7 200").rgb == [7, 7, 7, 200, 200, 200])
  }

  @Test func `plain samples may have any white space and comments`() throws {
    #expect(try Self.picture("P3\t1\r\n1#x\n15\n15#y\n \u{B}0\u{C}8\n\n").rgb == [255, 0, 136])
  }

  @Test func `samples are scaled to 255, rounding to nearest`() throws {
    #expect(
      try Self.picture("P2 4 1 1000 0 500 499 1000").rgb.enumerated().filter { $0.offset % 3 == 0 }.map(\.element) == [
        0, 128, 127, 255,
      ])
    #expect(try Self.picture("P5 2 1 65535 ", [0x80, 0x00, 0xFF, 0xFF]).rgb == [128, 128, 128, 255, 255, 255])
    #expect(try Self.picture("P6 1 1 300 ", [0, 0, 1, 44, 0, 150]).rgb == [0, 255, 128])
  }

  @Test(arguments: [
    ("P1 1 1 1", "expected PPM or PGM (P2, P3, P5, P6), found a black-and-white bitmap (P1 or P4)"),
    ("P7 1 1 1", "expected PPM or PGM (P2, P3, P5, P6), found PAM (P7)"),
    ("P6", "truncated: expected a width, found the end of the file"),
    ("P63 1 255 ", "expected white space before the width, found byte 51"),
    ("P6 x", "expected a width in decimal digits, found byte 120"),
    ("P6 -1 1 255 ", "expected a width in decimal digits, found byte 45"),
    ("P6 99999999999999999999 1 255 ", "expected a width below 2147483647, found 9999999999 or more"),
    ("P6 0 1 255 ", "expected at least one pixel, found a size of 0 x 1"),
    ("P6 1 1 0 ", "expected a highest value of 1 to 65535, found 0"),
    ("P6 1 1 65536 ", "expected a highest value below 65536, found 65536 or more"),
    ("P6 1 1 255", "truncated: expected white space after the header, found the end of the file"),
    ("P6 1 1 255 ab", "truncated: expected 3 bytes of samples, found 2"),
    ("P6 1 1 65535 abcde", "truncated: expected 6 bytes of samples, found 5"),
    ("P6 1 1 255 abcd", "too large: expected 3 bytes of samples, found 4"),
    ("P5 1 1 9 a", "expected samples of at most 9, found 97"),
    ("P2 1 1 9 10", "expected samples of at most 9, found 10"),
    ("P2 3 1 9 1 2", "truncated: expected 3 samples, found room for 2"),
    ("P2 1 1 9 1 2", "too large: expected 1 samples, found more"),
    ("P2 2 1 9 1       ", "truncated: expected a sample, found the end of the file"),
  ])
  func `a damaged file is refused with what was expected and what came`(text: String, message: String) throws {
    let error = #expect(throws: DatasetError.self) { try Self.picture(text) }
    #expect(error?.description == "p: \(message)")
  }

  @Test func `white space after the samples is no damage`() throws {
    #expect(try Self.picture("P5 1 1 255 a\n").rgb == [97, 97, 97])
  }
}
