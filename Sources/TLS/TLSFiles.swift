package import Digests
internal import Glibc

/// Where a node's credentials lie, all of them PEM files, and whom it believes beyond names.
package struct TLSFiles: Sendable {
  /// This node's certificate, followed by intermediate ones where there are any.
  package var certificate: String
  package var key: String
  /// The authorities that sign the other nodes' certificates.
  package var authority: String
  /// Fingerprints of certificates that are not held against the dialled host's name.
  package var pins: Set<SHA256Digest>

  package init(certificate: String, key: String, authority: String, pins: Set<SHA256Digest> = []) {
    self.certificate = certificate
    self.key = key
    self.authority = authority
    self.pins = pins
  }
}

/// A file of credentials that cannot be used.
package struct TLSFileError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The option that names the file.
  package let option: String
  package let path: String
  package let problem: String

  package var description: String { "\(option): \(path): \(problem)" }

  /// What the system has against reading the file, or nil.
  init?(unreadable path: String, option: String) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor < 0 else {
      close(descriptor)
      return nil
    }
    self.init(option: option, path: path, problem: "cannot be read: \(String(cString: strerror(errno)))")
  }

  init(option: String, path: String, problem: String) {
    self.option = option
    self.path = path
    self.problem = problem
  }
}

extension TLSFiles {
  /// Whether all users may read the file. (Groups are how an administrator gives a key to a service.)
  static func isReadableByOthers(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IROTH != 0
  }
}
