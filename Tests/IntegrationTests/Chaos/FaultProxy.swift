import Foundation
import Synchronization
import WireProtocol

/// A TCP relay between two of the programs that does to what passes what bad networks and bad hosts do.
///
/// What it does may change at any time, for the connections that exist and for new ones. One thread listens, and each
/// connection has one for each direction.
final class FaultProxy: Sendable {
  enum Fault: Sendable {
    case none
    /// Everything arrives so many milliseconds later.
    case delay(Int)
    /// So many bytes arrive a second.
    case throttle(Int)
    /// Nothing arrives, not even that a side has closed, and no connection comes about; what was held back arrives when
    /// this ends, as it does after lost packets.
    case blackHole
    /// One bit in so many bytes is another one.
    case corrupt(every: Int)
    /// The frames are replaced, or left out. To be set before the first connection.
    case rewrite(@Sendable (FrameBuffer) -> FrameBuffer?)
  }

  enum Direction: Int, CaseIterable, Sendable {
    /// From the side that dials to the side that listens.
    case toListener
    case toDialler
  }

  /// Where to dial.
  let address: String
  private let listener: Int32
  private let target: Mutex<String>
  private let state = Mutex(State())

  private struct State {
    var faults: [Fault] = [.none, .none]
    var pairs: [Relay] = []
    var hasEnded = false
  }

  /// - Parameter target: HOST:PORT of the side that listens, on loopback.
  init(to target: String) throws {
    self.target = Mutex(target)
    listener = try loopbackListener()
    address = "127.0.0.1:\(try localPort(listener))"
    Thread.detachNewThread { [self] in listen() }
  }

  /// - Parameter direction: nil for both.
  func set(_ fault: Fault, _ direction: Direction? = nil) {
    state.withLock { state in
      for each in Direction.allCases where direction == nil || direction == each { state.faults[each.rawValue] = fault }
    }
  }

  /// The side that listens has moved.
  func redirect(to target: String) { self.target.withLock { $0 = target } }

  /// Ends every connection with a reset.
  func cut() { for pair in state.withLock({ $0.pairs }) { pair.cut() } }

  var connectionCount: Int { state.withLock { $0.pairs.count { !$0.hasEnded } } }

  func end() {
    state.withLock { $0.hasEnded = true }
    cut()
  }

  func fault(_ direction: Direction) -> Fault { state.withLock { $0.faults[direction.rawValue] } }

  private var isDeaf: Bool {
    state.withLock { state in
      state.faults.allSatisfy {
        if case .blackHole = $0 { true } else { false }
      }
    }
  }

  private func listen() {
    defer { close(listener) }
    while !state.withLock({ $0.hasEnded }) {
      var descriptor = pollfd(fd: listener, events: Int16(POLLIN), revents: 0)
      guard poll(&descriptor, 1, Relay.glance) > 0, !isDeaf else {
        if descriptor.revents != 0 { poll(nil, 0, Relay.glance) }
        continue
      }
      let dialler = accept(listener, nil, nil)
      guard dialler >= 0 else { continue }
      guard let listening = try? connection(to: target.withLock { $0 }) else {
        close(dialler)
        continue
      }
      let relay = Relay(dialler: dialler, listener: listening)
      state.withLock { state in
        state.pairs.removeAll { $0.hasEnded }
        state.pairs.append(relay)
      }
      for direction in Direction.allCases {
        Thread.detachNewThread { relay.run(direction) { self.fault(direction) } }
      }
    }
  }
}

private func loopbackListener() throws -> Int32 {
  let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
  var address = sockaddr_in()
  address.sin_family = sa_family_t(AF_INET)
  address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
  let result = withUnsafePointer(to: &address) {
    $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
      bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
    }
  }
  guard result == 0, listen(descriptor, 64) == 0 else {
    throw ChildProcess.Failure(description: "a proxy cannot listen: \(String(cString: strerror(errno)))")
  }
  return descriptor
}

private func localPort(_ descriptor: Int32) throws -> UInt16 {
  var address = sockaddr_in()
  var length = socklen_t(MemoryLayout<sockaddr_in>.size)
  let result = withUnsafeMutablePointer(to: &address) {
    $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &length) }
  }
  guard result == 0 else { throw ChildProcess.Failure(description: String(cString: strerror(errno))) }
  return UInt16(bigEndian: address.sin_port)
}
