internal import Foundation

/// A regular file opened for reading, with its size.
struct InputFile: ~Copyable {
  let path: String
  let size: Int
  private let descriptor: Int32

  /// Opens `path`, following symbolic links.
  ///
  /// - Parameters:
  ///   - expected: what should be there, for the error where something else is ("a picture file").
  ///   - advice: what to say where nothing is there.
  init(_ path: String, expected: String, advice: String) throws(DatasetError) {
    // Without O_NONBLOCK, opening a named pipe would wait for a writer.
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else {
      let code = errno
      throw DatasetError(
        path: path, code == ENOENT || code == ENOTDIR ? .missing(advice: advice) : .unreadable(systemError: code))
    }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      let code = errno
      close(descriptor)
      throw DatasetError(path: path, .unreadable(systemError: code))
    }
    guard status.st_mode & S_IFMT == S_IFREG else {
      close(descriptor)
      throw DatasetError(path: path, .wrongKind(expected: expected, received: Self.kind(of: status)))
    }
    self.path = path
    self.descriptor = descriptor
    self.size = Int(status.st_size)
  }

  deinit { close(descriptor) }

  /// Fills `buffer` from `offset`.
  func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws(DatasetError) {
    var filled = 0
    while filled < buffer.count {
      let count = pread(
        descriptor, buffer.baseAddress.map { $0 + filled }, buffer.count - filled, off_t(offset + filled))
      if count > 0 {
        filled += count
      } else if count == 0 {
        throw DatasetError(
          path: path,
          .truncated(expected: "\(offset + buffer.count) bytes", received: "\(offset + filled) while reading"))
      } else if errno != EINTR {
        throw DatasetError(path: path, .unreadable(systemError: errno))
      }
    }
  }

  func read(_ count: Int, at offset: Int = 0) throws(DatasetError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    var failure: DatasetError?
    bytes.withUnsafeMutableBytes { buffer in
      do throws(DatasetError) { try read(into: buffer, at: offset) } catch { failure = error }
    }
    if let failure { throw failure }
    return bytes
  }

  private static func kind(of status: stat) -> String {
    switch status.st_mode & S_IFMT {
    case S_IFDIR: "a folder"
    case S_IFIFO: "a named pipe"
    case S_IFSOCK: "a socket"
    case S_IFCHR, S_IFBLK: "a device"
    default: "a file of another kind"
    }
  }
}
