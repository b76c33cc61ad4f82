internal import Glibc

/// A system call's refusal.
package struct SystemError: Error, CustomStringConvertible {
  let call: String
  let errno: Int32

  /// The reason of the call that has just failed.
  init(_ call: String) {
    self.call = call
    errno = Glibc.errno
  }

  init(_ call: String, errno: Int32) {
    self.call = call
    self.errno = errno
  }

  package var reason: String { describeSystemError(errno) }
  package var description: String { "\(call): \(reason)" }
}

/// "connection refused" rather than "Connection refused", so that it reads well within a line.
func describeSystemError(_ number: Int32) -> String {
  let text = String(cString: strerror(number))
  guard let first = text.first, text.dropFirst().first?.isLowercase == true else { return text }
  return first.lowercased() + text.dropFirst()
}

/// The result of a call that says -1 where it fails; interrupted calls are made again.
@discardableResult
func check<Value: SignedInteger>(_ call: String, _ body: () -> Value) throws(SystemError) -> Value {
  while true {
    let result = body()
    if result >= 0 { return result }
    if errno != EINTR { throw SystemError(call) }
  }
}
