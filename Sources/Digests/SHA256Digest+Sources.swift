internal import Foundation

extension SHA256Digest {
  package static func of(_ bytes: UnsafeRawBufferPointer) -> SHA256Digest {
    var hasher = SHA256Hasher()
    hasher.update(bytes)
    return hasher.finalize()
  }

  package static func of(_ bytes: some Sequence<UInt8>) -> SHA256Digest {
    bytes.withContiguousStorageIfAvailable { of(UnsafeRawBufferPointer($0)) }
      ?? Array(bytes).withUnsafeBytes { of($0) }
  }

  /// The digest of a file's contents, read in pieces so that its size does not matter.
  ///
  /// - Throws: ``FileDigestError`` where the file cannot be opened or read.
  package static func ofFile(_ path: String) throws(FileDigestError) -> SHA256Digest {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileDigestError(path: path, systemError: errno) }
    defer { close(descriptor) }
    var hasher = SHA256Hasher()
    let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 64)
    defer { piece.deallocate() }
    while true {
      let count = read(descriptor, piece.baseAddress, piece.count)
      if count > 0 {
        hasher.update(UnsafeRawBufferPointer(rebasing: piece[..<count]))
      } else if count == 0 {
        return hasher.finalize()
      } else if errno != EINTR {
        throw FileDigestError(path: path, systemError: errno)
      }
    }
  }
}

/// A file whose digest was wanted could not be read.
package struct FileDigestError: Error, CustomStringConvertible {
  package let path: String
  package let systemError: Int32

  package var description: String { "\(path): cannot be read: \(String(cString: strerror(systemError)))" }
}
