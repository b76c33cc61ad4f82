import Foundation

/// Reading a text file of bounded size.
enum TextFile {
  /// A trace of 2^24 numbers has room.
  static let maximumBytes = 1 << 28

  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  static func read(_ path: String) throws -> String {
    func failure(_ reason: String) -> Failure { Failure(description: "\"\(path)\" (\(reason))") }
    guard let file = fopen(path, "r") else { throw failure(String(cString: strerror(errno))) }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = fread(&piece, 1, piece.count, file)
      if count == 0 { break }
      bytes += piece[..<count]
      guard bytes.count <= maximumBytes else { throw failure("more than \(maximumBytes) bytes") }
    }
    guard ferror(file) == 0 else { throw failure(String(cString: strerror(errno))) }
    guard let text = String(validating: bytes, as: UTF8.self) else { throw failure("not UTF-8 text") }
    return text
  }
}
