internal import Foundation

/// A folder's visible entries, in the order of their names' bytes (the same on every machine and in every locale).
struct InputFolder {
  let path: String
  let files: [String]
  let folders: [String]

  init(_ path: String, expected: String, advice: String) throws(DatasetError) {
    var status = stat()
    guard stat(path, &status) == 0 else {
      let code = errno
      throw DatasetError(
        path: path, code == ENOENT || code == ENOTDIR ? .missing(advice: advice) : .unreadable(systemError: code))
    }
    guard status.st_mode & S_IFMT == S_IFDIR else {
      throw DatasetError(path: path, .wrongKind(expected: expected, received: "a file"))
    }
    guard let stream = opendir(path) else { throw DatasetError(path: path, .unreadable(systemError: errno)) }
    defer { closedir(stream) }
    var files: [String] = []
    var folders: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      // Entries that vanish or whose link leads nowhere are no data.
      guard !name.hasPrefix("."), stat("\(path)/\(name)", &status) == 0 else { continue }
      switch status.st_mode & S_IFMT {
      case S_IFDIR: folders.append(name)
      default: files.append(name)
      }
    }
    self.path = path
    self.files = files.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    self.folders = folders.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  static func exists(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }
}
