import Datasets
import Testing

struct OrientationTests {
  /// The corners of the stored picture, clockwise from the top left, after turning upright (EXIF 2.32, 4.6.4).
  static let turns: [(orientation: UInt8, corners: [Int])] = [
    (1, [0, 1, 2, 3]), (2, [1, 0, 3, 2]), (3, [2, 3, 0, 1]), (4, [3, 2, 1, 0]),
    (5, [0, 3, 2, 1]), (6, [3, 0, 1, 2]), (7, [2, 1, 0, 3]), (8, [1, 2, 3, 0]),
  ]

  @Test(.enabled(if: PictureFormat.jpeg.isReadable), arguments: turns, [true, false])
  func `a picture is turned upright`(turn: (orientation: UInt8, corners: [Int]), isLittleEndian: Bool) throws {
    let stored = try PictureFixture.named("jpeg-444")
    let plain = try Picture(decoding: stored.file, name: "plain")
    let turned = try Picture(
      decoding: Self.inserting(exif(turn.orientation, isLittleEndian), into: stored.file), name: "turned")
    let swaps = turn.orientation >= 5
    #expect(turned.width == (swaps ? plain.height : plain.width))
    #expect(turned.height == (swaps ? plain.width : plain.height))
    #expect(cornerColours(of: turned) == turn.corners.map { cornerColours(of: plain)[$0] })
  }

  @Test(.enabled(if: PictureFormat.jpeg.isReadable), arguments: [0, 9, 255] as [UInt8])
  func `an orientation that does not exist leaves the picture as it is`(orientation: UInt8) throws {
    let stored = try PictureFixture.named("jpeg-444").file
    let plain = try Picture(decoding: stored, name: "plain")
    #expect(try Picture(decoding: Self.inserting(exif(orientation, true), into: stored), name: "odd") == plain)
  }

  @Test(.enabled(if: PictureFormat.jpeg.isReadable)) func `every damaged EXIF segment leaves a whole picture`() throws {
    let stored = try PictureFixture.named("jpeg-444").file
    let segment = exif(6, false)
    for count in 0..<segment.count {
      _ = try Picture(decoding: Self.inserting(Array(segment[..<count]), into: stored), name: "cut")
      for bit in 0..<8 {
        var damaged = segment
        damaged[count] ^= 1 << bit
        _ = try Picture(decoding: Self.inserting(damaged, into: stored), name: "flipped")
      }
    }
  }

  private func cornerColours(of picture: Picture) -> [[UInt8]] {
    [
      (0, 0), (picture.width - 1, 0), (picture.width - 1, picture.height - 1), (0, picture.height - 1),
    ].map { x, y in Array(picture.rgb[3 * (y * picture.width + x)..<3 * (y * picture.width + x) + 3]) }
  }

  /// An Exif body whose directory has another tag before the orientation.
  private func exif(_ orientation: UInt8, _ isLittleEndian: Bool) -> [UInt8] {
    func short(_ value: UInt8) -> [UInt8] { isLittleEndian ? [value, 0] : [0, value] }
    func long(_ value: UInt8) -> [UInt8] { isLittleEndian ? [value, 0, 0, 0] : [0, 0, 0, value] }
    let other = (isLittleEndian ? [0x00, 0x01] : [0x01, 0x00]) + short(3) + long(1) + short(9) + short(0)
    let wanted = (isLittleEndian ? [0x12, 0x01] : [0x01, 0x12]) + short(3) + long(1) + short(orientation) + short(0)
    return Array("Exif".utf8) + [0, 0] + Array((isLittleEndian ? "II" : "MM").utf8) + short(42) + long(8) + short(2)
      + other + wanted + long(0)
  }

  private static func inserting(_ body: [UInt8], into jpeg: [UInt8]) -> [UInt8] {
    let length = body.count + 2
    return jpeg[..<2] + [0xFF, 0xE1, UInt8(length >> 8), UInt8(length & 255)] + body + jpeg[2...]
  }
}
