import Datasets
import Foundation
import Testing

/// A small picture file and the pixels that Pillow reads from it.
struct PictureFixture: Sendable, CustomTestStringConvertible {
  let name: String
  let width: Int
  let height: Int
  let file: [UInt8]
  let rgb: [UInt8]

  init(_ name: String, width: Int, height: Int, file: String, rgb: String) {
    self.name = name
    self.width = width
    self.height = height
    self.file = [UInt8](Data(base64Encoded: file) ?? Data())
    self.rgb = [UInt8](Data(base64Encoded: rgb) ?? Data())
  }

  var testDescription: String { name }

  var format: PictureFormat? { PictureFormat(signature: file.prefix(8)) }

  static func named(_ name: String) throws -> PictureFixture {
    try #require(all.first { $0.name == name })
  }

  static func readable(_ format: PictureFormat) -> [PictureFixture] {
    format.isReadable ? all.filter { $0.format == format } : []
  }
}

/// A folder for one test, gone when the test ends.
final class TemporaryFolder {
  let path: String

  init() throws {
    path = FileManager.default.temporaryDirectory.appendingPathComponent("datasets-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// Writes a file, making the folders above it, and returns its path.
  @discardableResult
  func write(_ bytes: [UInt8], to name: String) throws -> String {
    let url = URL(fileURLWithPath: path).appendingPathComponent(name)
    try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(bytes).write(to: url)
    return url.path
  }
}

/// The largest difference between two lists of bytes, or 256 where their counts differ.
func largestDifference(_ a: [UInt8], _ b: [UInt8]) -> Int {
  a.count == b.count ? zip(a, b).map { abs(Int($0) - Int($1)) }.max() ?? 0 : 256
}
