internal import Foundation

/// A file or folder of data that cannot be used: which one, and why, in one line.
package struct DatasetError: Error, Equatable {
  package enum Problem: Sendable, Equatable {
    /// There is nothing at the path; the advice says what was expected and where to get it.
    case missing(advice: String)
    /// The system refused, with this `errno`.
    case unreadable(systemError: Int32)
    /// Something is there, of another kind (a folder for a file, say).
    case wrongKind(expected: String, received: String)
    /// Fewer bytes than the format promises.
    case truncated(expected: String, received: String)
    /// More bytes, pixels or files than the format or a limit allows.
    case oversized(expected: String, received: String)
    /// The bytes are not of the format.
    case malformed(expected: String, received: String)
    /// The format is known, but this program was built or runs without its library.
    case codecMissing(format: String, remedy: String)
  }

  package let path: String
  package let problem: Problem

  package init(path: String, _ problem: Problem) {
    self.path = path
    self.problem = problem
  }
}

extension DatasetError: CustomStringConvertible {
  /// One line, whatever characters the path is made of.
  package var description: String {
    String(text.map { $0.isNewline ? "?" : $0 })
  }

  private var text: String {
    switch problem {
    case .missing(let advice): "\(path): not found: \(advice)"
    case .unreadable(let systemError): "\(path): cannot be read: \(String(cString: strerror(systemError)))"
    case .wrongKind(let expected, let received): "\(path): expected \(expected), found \(received)"
    case .truncated(let expected, let received): "\(path): truncated: expected \(expected), found \(received)"
    case .oversized(let expected, let received): "\(path): too large: expected \(expected), found \(received)"
    case .malformed(let expected, let received): "\(path): expected \(expected), found \(received)"
    case .codecMissing(let format, let remedy):
      "\(path): a \(format) picture, but there is no \(format) library: \(remedy)"
    }
  }
}
