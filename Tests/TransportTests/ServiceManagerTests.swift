import Glibc
import Testing
import Transport

@Suite(.timeLimit(.minutes(1))) struct ServiceManagerTests {
  /// The socket of a service manager that is this test.
  private final class Manager {
    let path: String
    private let descriptor: Int32

    /// - Parameter isAbstract: whether the socket's name is in no file system.
    init(_ name: String, isAbstract: Bool = false) {
      path = (isAbstract ? "@" : "/tmp/") + "moe-edge-\(name)-\(getpid())"
      descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
      var address = sockaddr_un()
      address.sun_family = sa_family_t(AF_UNIX)
      var bytes = Array(path.utf8)
      if isAbstract { bytes[0] = 0 } else { unlink(path) }
      withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
      let length = socklen_t(2 + bytes.count)
      let result = withUnsafePointer(to: address) {
        $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, length) }
      }
      precondition(result == 0, String(cString: strerror(errno)))
      var timeout = timeval(tv_sec: 20, tv_usec: 0)
      setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
    }

    deinit {
      close(descriptor)
      unlink(path)
    }

    func next() -> String {
      var bytes = [UInt8](repeating: 0, count: 256)
      let count = recv(descriptor, &bytes, bytes.count, 0)
      return count < 0 ? String(cString: strerror(errno)) : String(decoding: bytes[..<count], as: UTF8.self)
    }
  }

  @Test(arguments: [false, true]) func `the manager is told of start, life and end`(isAbstract: Bool) throws {
    let manager = Manager("told", isAbstract: isAbstract)
    let variables = ["NOTIFY_SOCKET": manager.path, "WATCHDOG_USEC": "30000", "WATCHDOG_PID": "\(getpid())"]
    let told = try #require(ServiceManager { variables[$0] })
    let io = makeIO()
    let start = MonotonicTime.now
    told.ready(io: io)
    #expect(manager.next() == "READY=1")
    for _ in 0..<3 { #expect(manager.next() == "WATCHDOG=1") }
    #expect(MonotonicTime.now.duration(since: start) >= .milliseconds(20), "a third of the time that is waited")
    told.stopping()
    var next = manager.next()
    while next == "WATCHDOG=1" { next = manager.next() }
    #expect(next == "STOPPING=1")
  }

  @Test func `signs of life are given where the manager waits for this process's`() throws {
    let manager = Manager("waits")
    for variables in [[:], ["WATCHDOG_USEC": "1000", "WATCHDOG_PID": "1"], ["WATCHDOG_USEC": "0"]] {
      let told = try #require(ServiceManager { $0 == "NOTIFY_SOCKET" ? manager.path : variables[$0] })
      told.ready(io: makeIO())
      told.stopping()
      #expect(manager.next() == "READY=1")
      #expect(manager.next() == "STOPPING=1")
    }
  }

  @Test func `without a manager nothing is told`() {
    #expect(ServiceManager { _ in nil } == nil)
    #expect(ServiceManager { $0 == "NOTIFY_SOCKET" ? "vsock:2:1" : nil } == nil)
    #expect(ServiceManager { $0 == "NOTIFY_SOCKET" ? "/" + String(repeating: "x", count: 200) : nil } == nil)
  }
}
