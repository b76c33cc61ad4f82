import Datasets
import Foundation
import Testing

struct PictureReadingTests {
  @Test(arguments: PictureFixture.readable(.png))
  func `a PNG of any kind has the pixels that Pillow reads`(fixture: PictureFixture) throws {
    let picture = try Picture(decoding: fixture.file, name: fixture.name)
    #expect((picture.width, picture.height) == (fixture.width, fixture.height))
    #expect(largestDifference(picture.rgb, fixture.rgb) <= (fixture.name.contains("alpha") ? 1 : 0))
  }

  @Test(arguments: PictureFixture.readable(.jpeg))
  func `a JPEG of any kind has the pixels that Pillow reads`(fixture: PictureFixture) throws {
    let picture = try Picture(decoding: fixture.file, name: fixture.name)
    #expect((picture.width, picture.height) == (fixture.width, fixture.height))
    #expect(largestDifference(picture.rgb, fixture.rgb) <= 3)
  }

  @Test(.enabled(if: PictureFormat.png.isReadable))
  func `what a file holds counts, not what it is called`() throws {
    let fixture = try PictureFixture.named("png-rgb")
    let folder = try TemporaryFolder()
    #expect(try Picture.read(try folder.write(fixture.file, to: "holiday.jpg")).rgb == fixture.rgb)
  }

  @Test(arguments: PictureFixture.all.filter { $0.format?.isReadable == false })
  func `an absent codec is named with its Debian package`(fixture: PictureFixture) throws {
    let error = #expect(throws: DatasetError.self) { try Picture(decoding: fixture.file, name: "a") }
    let package = fixture.format == .png ? "libpng-dev" : "libturbojpeg0-dev"
    #expect(error?.description.contains("install the Debian package \(package)") == true)
  }

  @Test func `an empty file, a folder, a pipe, an absent file and a text are each refused in one clear line`() throws {
    let folder = try TemporaryFolder()
    let pipe = "\(folder.path)/pipe"
    #expect(mkfifo(pipe, 0o600) == 0)
    let picture = "a PNG, JPEG, PPM or PGM picture"
    for (path, message) in [
      (try folder.write([], to: "empty"), "truncated: expected \(picture), found an empty file"),
      (folder.path, "expected a picture file, found a folder"),
      (pipe, "expected a picture file, found a named pipe"),
      ("\(folder.path)/absent", "not found: expected a picture file"),
      ("\(folder.path)/empty/below", "not found: expected a picture file"),
      (
        try folder.write(Array("GIF89a".utf8), to: "g.png"),
        "expected \(picture), found a file that begins with bytes 47 49 46 38"
      ),
      (try folder.write([0xFF], to: "short"), "expected \(picture), found a file that begins with bytes ff"),
    ] {
      let error = #expect(throws: DatasetError.self) { try Picture.read(path) }
      #expect(error?.description == "\(path): \(message)")
    }
  }

  @Test(.enabled(if: geteuid() != 0)) func `a file without permission is refused with the system's reason`() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write([1], to: "secret")
    chmod(path, 0)
    let error = #expect(throws: DatasetError.self) { try Picture.read(path) }
    #expect(error?.description == "\(path): cannot be read: Permission denied")
  }

  @Test func `a path with a line break still makes one line`() throws {
    let error = #expect(throws: DatasetError.self) { try Picture.read("/no\nwhere") }
    #expect(error?.description == "/no?where: not found: expected a picture file")
  }

  @Test func `a size beyond the limit is refused before its pixels are allocated`() throws {
    var claims = ["P6 100000 100000 255 ", "P3 65536 65536 255 ", "P5 2147483646 2147483646 255 "].map {
      Array($0.utf8)
    }
    if PictureFormat.png.isReadable {
      claims.append(pngClaiming(width: 60_000, height: 60_000))
    }
    if PictureFormat.jpeg.isReadable {
      var jpeg = try PictureFixture.named("jpeg-444").file
      let frame = try #require((0..<jpeg.count - 1).first { jpeg[$0] == 0xFF && jpeg[$0 + 1] == 0xC0 })
      jpeg.replaceSubrange(frame + 5..<frame + 9, with: [0xFF, 0, 0xFF, 0])
      claims.append(jpeg)
    }
    for claim in claims {
      let error = #expect(throws: DatasetError.self) { try Picture(decoding: claim, name: "claim") }
      guard case .oversized = error?.problem else {
        Issue.record("not refused for its size: \(error?.description ?? "accepted")")
        continue
      }
    }
  }

  /// A PNG of one header chunk, whose CRC is right.
  private func pngClaiming(width: UInt32, height: UInt32) -> [UInt8] {
    func bigEndian(_ value: UInt32) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: value >> (24 - 8 * $0)) } }
    let body = Array("IHDR".utf8) + bigEndian(width) + bigEndian(height) + [8, 2, 0, 0, 0]
    var crc = UInt32.max
    for byte in body {
      crc ^= UInt32(byte)
      for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0xEDB8_8320 : crc >> 1 }
    }
    let header = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13] + body + bigEndian(~crc)
    return header + [0, 0, 0, 0] + Array("IDAT".utf8) + [0x35, 0xAF, 0x06, 0x1E]
  }
}
