import Foundation

/// Reading and replacing files in one piece.
package enum WholeFile {
  /// What the system said, or what the path is instead of a file.
  package struct Failure: Error, CustomStringConvertible {
    package let description: String

    init(_ description: String) { self.description = description }

    /// The last call's error.
    static var system: Failure { Failure(String(cString: strerror(errno))) }
  }

  /// - Throws: also where the path is no regular file.
  package static func read(_ path: String) throws(Failure) -> [UInt8] {
    // Not to hang on a named pipe.
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw .system }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw .system }
    guard status.st_mode & S_IFMT == S_IFREG else { throw Failure("not a regular file") }
    var failure: Failure?
    let bytes = [UInt8](unsafeUninitializedCapacity: Int(status.st_size)) { buffer, filled in
      while filled < buffer.count {
        let count = Foundation.read(descriptor, buffer.baseAddress.map { $0 + filled }, buffer.count - filled)
        if count < 0 && errno == EINTR { continue }
        if count < 0 { failure = .system }
        guard count > 0 else { break }
        filled += count
      }
    }
    if let failure { throw failure }
    return bytes
  }

  /// Puts `bytes` in the place of the file at `path`: beside it first, on the disk, and then by a rename, so that
  /// whatever happens there is the old file or the new one.
  static func replace(_ path: String, with bytes: [UInt8]) throws(Failure) {
    let url = URL(fileURLWithPath: path)
    let folder = url.deletingLastPathComponent()
    let partial = folder.appendingPathComponent(".\(url.lastPathComponent).\(getpid()).partial").path
    do throws(Failure) {
      try write(bytes, to: partial)
      guard rename(partial, path) == 0 else { throw .system }
    } catch {
      unlink(partial)
      throw error
    }
    // The rename itself reaches the disk with the folder.
    let descriptor = open(folder.path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    fsync(descriptor)
    close(descriptor)
  }

  private static func write(_ bytes: [UInt8], to path: String) throws(Failure) {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw .system }
    defer { close(descriptor) }
    var written = 0
    while written < bytes.count {
      let count = bytes.withUnsafeBytes { bytes in
        Foundation.write(descriptor, bytes.baseAddress.map { $0 + written }, bytes.count - written)
      }
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { throw .system }
      written += count
    }
    guard fsync(descriptor) == 0 else { throw .system }
  }
}
