internal import Glibc

/// The service manager that has started this process, where one wants to be told how it is: datagrams of text to the
/// local socket that `NOTIFY_SOCKET` names (sd_notify(3)).
///
/// Telling never blocks and never fails: what the manager does not take is lost, and without a manager nothing happens.
package final class ServiceManager: Sendable {
  private let descriptor: Int32
  private let address: sockaddr_un
  private let addressLength: socklen_t
  /// Of the signs of life that the manager waits for; nil where it waits for none.
  private let watchdogInterval: Duration?

  /// Nil where nobody wants to be told.
  ///
  /// - Parameter variable: the value of an environment variable; they say whom to tell and whether the manager waits for
  ///   signs of life.
  package init?(variable: (String) -> String? = { name in getenv(name).map { String(cString: $0) } }) {
    guard let path = variable("NOTIFY_SOCKET"), path.first == "/" || path.first == "@" else { return nil }
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    var name = Array(path.utf8)
    guard name.count < MemoryLayout.size(ofValue: address.sun_path) else { return nil }
    // A name that is in no file system starts with a zero byte.
    if path.first == "@" { name[0] = 0 }
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: name) }
    descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { return nil }
    self.address = address
    addressLength = socklen_t(MemoryLayout.size(ofValue: address.sun_family) + name.count)
    watchdogInterval = Self.watchdogInterval(variable)
  }

  deinit { close(descriptor) }

  /// The node is set up: it serves, or dials whom it is to serve.
  ///
  /// From now on the io queue gives the signs of life that the manager waits for: an io queue that hangs gives none.
  package func ready(io: IOQueue) {
    tell("READY=1")
    if watchdogInterval != nil { io.async { self.giveSignsOfLife(io) } }
  }

  /// The node takes no new work and will end.
  package func stopping() { tell("STOPPING=1") }

  private func giveSignsOfLife(_ io: IOQueue) {
    guard let watchdogInterval else { return }
    tell("WATCHDOG=1")
    io.after(watchdogInterval) { [weak io] in
      if let io { self.giveSignsOfLife(io) }
    }
  }

  private func tell(_ text: String) {
    let bytes = Array(text.utf8)
    withUnsafePointer(to: address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
        _ = sendto(
          descriptor, bytes, bytes.count, Int32(MSG_DONTWAIT) | Int32(MSG_NOSIGNAL), pointer, addressLength)
      }
    }
  }

  /// A third of what the manager waits, so that a late sign or a lost one does not end the process.
  private static func watchdogInterval(_ variable: (String) -> String?) -> Duration? {
    guard let text = variable("WATCHDOG_USEC"), let microseconds = Int64(text), microseconds > 0 else { return nil }
    // The variables may have come down from another process.
    if let process = variable("WATCHDOG_PID"), process != "\(getpid())" { return nil }
    return .microseconds(microseconds) / 3
  }
}
