import Datasets
import Randomness
import Testing

/// No file can do worse than be refused.
struct PictureDamageTests {
  static let valid: [[UInt8]] =
    PictureFixture.all.map(\.file) + [
      Array("P6 4 3 255 ".utf8) + (0..<36).map { UInt8($0 * 7) },
      Array("P5 4 3 65535 ".utf8) + (0..<24).map { UInt8($0 * 7) },
      Array("P3 # comment\n2 2 255\n1 2 3 4 5 6 7 8 9 10 11 12\n".utf8),
    ]

  /// Whether it was refused; anything but ``DatasetError`` or a picture ends the test.
  @discardableResult
  private func isRefused(_ bytes: [UInt8]) -> Bool {
    do throws(DatasetError) {
      let picture = try Picture(decoding: bytes, name: "damaged")
      #expect(picture.rgb.count == 3 * picture.width * picture.height)
      return false
    } catch {
      #expect(!error.description.isEmpty && !error.description.contains("\n"))
      return true
    }
  }

  @Test func `random bytes with or without a signature never crash`() {
    var generator = CounterGenerator(seed: 1)
    let starts: [[UInt8]] = [
      [], [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A], [0xFF, 0xD8, 0xFF], Array("P6 ".utf8),
      Array("P3 9 9 ".utf8),
    ]
    for round in 0..<2_000 {
      let count = Int(generator.uniform(below: 300))
      isRefused(starts[round % starts.count] + (0..<count).map { _ in UInt8(truncatingIfNeeded: generator.next()) })
    }
  }

  @Test(arguments: valid.indices)
  func `flipped bits in a valid file never crash`(file: Int) {
    var generator = CounterGenerator(seed: 2, stream: UInt64(file))
    for _ in 0..<400 {
      var bytes = Self.valid[file]
      for _ in 0...generator.uniform(below: 4) {
        bytes[Int(generator.uniform(below: UInt64(bytes.count)))] ^= 1 << UInt8(generator.uniform(below: 8))
      }
      isRefused(bytes)
    }
  }

  @Test(arguments: valid.indices)
  func `a file cut short never crashes, and one cut by half is refused`(file: Int) {
    let bytes = Self.valid[file]
    for count in 0..<bytes.count { isRefused(Array(bytes[..<count])) }
    #expect(isRefused(Array(bytes[..<(bytes.count / 2)])))
  }

  @Test(arguments: valid.indices)
  func `exchanged pieces of a valid file never crash`(file: Int) {
    var generator = CounterGenerator(seed: 3, stream: UInt64(file))
    for _ in 0..<200 {
      var bytes = Self.valid[file]
      let from = Int(generator.uniform(below: UInt64(bytes.count)))
      let count = Int(generator.uniform(below: UInt64(bytes.count - from)))
      let piece = bytes[from..<from + count]
      bytes.insert(contentsOf: Array(piece), at: Int(generator.uniform(below: UInt64(bytes.count))))
      isRefused(bytes)
    }
  }

  static let jpegs = PictureFixture.readable(.jpeg)

  /// What belongs to no segment, a zero as it follows a byte 0xFF in a scan among it.
  private static let stray: [UInt8] = [0, 0x12, 0xFF, 0, 0x34]

  /// The JPEG with stray bytes behind its first segment, as cameras leave them.
  private func straying(_ fixture: PictureFixture) -> [UInt8] {
    let end = 4 + Int(fixture.file[4]) << 8 + Int(fixture.file[5])
    return fixture.file[..<end] + Self.stray + fixture.file[end...]
  }

  @Test(arguments: jpegs)
  func `stray bytes before a JPEG's scans or at its end harm nothing`(fixture: PictureFixture) throws {
    let clean = try Picture(decoding: fixture.file, name: fixture.name)
    for file in [straying(fixture), fixture.file.dropLast(2) + [0, 0, 0xFF, 0xD9], fixture.file + Self.stray] {
      let picture = try Picture(decoding: file, name: fixture.name)
      #expect((picture.width, picture.height) == (clean.width, clean.height) && picture.rgb == clean.rgb)
    }
  }

  @Test(arguments: jpegs)
  func `stray bytes hide no truncation of a JPEG`(fixture: PictureFixture) {
    let bytes = straying(fixture)
    let scan = bytes.count - fixture.file.count / 8
    for count in scan..<bytes.count {
      #expect(isRefused(Array(bytes[..<count])), "cut at \(count) of \(bytes.count)")
    }
    #expect(isRefused(bytes[..<scan] + [0xFF, 0xD9]), "cut, but with an end")
  }

  @Test(.enabled(if: PictureFormat.jpeg.isReadable)) func `bytes that scans have left over are refused`() throws {
    let file = try PictureFixture.named("jpeg-progressive").file
    let scans = file.indices.dropLast().filter { file[$0] == 0xFF && file[$0 + 1] == 0xDA }
    #expect(scans.count > 1)
    for scan in scans.dropFirst() { #expect(isRefused(file[..<scan] + [0x12, 0x34] + file[scan...])) }
  }
}
