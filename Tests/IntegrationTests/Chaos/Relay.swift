import Foundation
import Synchronization
import WireProtocol

/// One connection through a ``FaultProxy``: the two sockets and what waits between them.
final class Relay: Sendable {
  /// How long it may take until a new fault is noticed, in milliseconds.
  static let glance: Int32 = 10
  private static let maximumHeldBytes = 4 << 20

  private let sockets: [Int32]
  private let state = Mutex(State())

  private struct State {
    var running = 2
    var isCut = false
  }

  init(dialler: Int32, listener: Int32) {
    sockets = [dialler, listener]
    for socket in sockets {
      var yes: Int32 = 1
      setsockopt(socket, Int32(IPPROTO_TCP), TCP_NODELAY, &yes, socklen_t(MemoryLayout<Int32>.size))
    }
  }

  var hasEnded: Bool { state.withLock { $0.running == 0 } }

  func cut() { state.withLock { $0.isCut = true } }

  /// Carries what goes in one direction until a side closes or it is cut.
  func run(_ direction: FaultProxy.Direction, fault: () -> FaultProxy.Fault) {
    let (source, sink) = direction == .toListener ? (sockets[0], sockets[1]) : (sockets[1], sockets[0])
    var line = Line()
    var scratch = [UInt8](repeating: 0, count: 64 << 10)
    var sourceHasEnded = false
    while !state.withLock({ $0.isCut }) && !(sourceHasEnded && line.isEmpty) {
      let current = fault()
      if case .blackHole = current {
        poll(nil, 0, Self.glance)
        continue
      }
      let wait = line.wait
      var watched = [
        pollfd(
          fd: sourceHasEnded || line.byteCount > Self.maximumHeldBytes ? -1 : source, events: Int16(POLLIN), revents: 0),
        pollfd(fd: wait == 0 ? sink : -1, events: Int16(POLLOUT), revents: 0),
      ]
      poll(&watched, 2, wait == 0 ? Self.glance : min(Self.glance, wait))
      if watched[0].revents != 0 {
        let count = recv(source, &scratch, scratch.count, Int32(MSG_DONTWAIT))
        if count > 0 { line.take(scratch[..<count], current) }
        if count == 0 { sourceHasEnded = true }
        if count < 0, errno != EAGAIN { cut() }
      }
      while let piece = line.due {
        let count = piece.withUnsafeBytes { send(sink, $0.baseAddress, $0.count, Int32(MSG_DONTWAIT | MSG_NOSIGNAL)) }
        if count < 0 {
          if errno != EAGAIN { cut() }
          break
        }
        line.drop(count)
      }
    }
    end(sink)
  }

  private func end(_ sink: Int32) {
    shutdown(sink, Int32(SHUT_WR))
    let (isLast, isCut) = state.withLock { state in
      state.running -= 1
      return (state.running == 0, state.isCut)
    }
    guard isLast else { return }
    for socket in sockets {
      // A reset, as of a host that has forgotten the connection.
      var linger = linger(l_onoff: isCut ? 1 : 0, l_linger: 0)
      setsockopt(socket, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout<Foundation.linger>.size))
      close(socket)
    }
  }
}

/// What waits in one direction, each piece with the time at which it arrives.
private struct Line {
  /// A throttled line's pieces: so many a second.
  private static let piecesPerSecond = 50

  private var pieces: [(due: UInt64, bytes: ArraySlice<UInt8>)] = []
  private(set) var byteCount = 0
  private var lastDue: UInt64 = 0
  private var taken = 0
  private var decoder = FrameDecoder(limits: .standard)

  var isEmpty: Bool { pieces.isEmpty }

  private var now: UInt64 { DispatchTime.now().uptimeNanoseconds }

  /// Milliseconds until something arrives; the largest number where nothing is there.
  var wait: Int32 {
    guard let first = pieces.first else { return .max }
    // Once: between two readings the piece may have become due.
    let now = now
    return first.due <= now ? 0 : Int32(clamping: 1 + (first.due - now) / 1_000_000)
  }

  /// What arrives now.
  var due: ArraySlice<UInt8>? {
    guard let first = pieces.first, first.due <= now else { return nil }
    return first.bytes
  }

  mutating func drop(_ count: Int) {
    byteCount -= count
    pieces[0].bytes = pieces[0].bytes.dropFirst(count)
    if pieces[0].bytes.isEmpty { pieces.removeFirst() }
  }

  mutating func take(_ bytes: ArraySlice<UInt8>, _ fault: FaultProxy.Fault) {
    switch fault {
    case .none, .blackHole: add(bytes, after: 0)
    case .delay(let milliseconds): add(bytes, after: UInt64(milliseconds) * 1_000_000)
    case .throttle(let bytesPerSecond):
      let size = max(1, bytesPerSecond / Self.piecesPerSecond)
      for start in stride(from: bytes.startIndex, to: bytes.endIndex, by: size) {
        let piece = bytes[start..<min(start + size, bytes.endIndex)]
        lastDue = max(lastDue, now) + UInt64(piece.count) * 1_000_000_000 / UInt64(bytesPerSecond)
        add(piece, after: 0)
      }
    case .corrupt(let distance):
      var damaged = bytes
      for place in damaged.indices {
        taken += 1
        if taken % distance == 0 { damaged[place] ^= 1 << (taken / distance % 8) }
      }
      add(damaged, after: 0)
    case .rewrite(let replace):
      bytes.withUnsafeBytes { raw in
        var input = raw
        while let frame = try? decoder.next(from: &input) {
          if let replaced = replace(frame) { add(replaced.withBytes { ArraySlice($0) }, after: 0) }
        }
      }
    }
  }

  private mutating func add(_ bytes: ArraySlice<UInt8>, after nanoseconds: UInt64) {
    // Never before what came earlier.
    lastDue = max(lastDue, now + nanoseconds)
    pieces.append((lastDue, bytes))
    byteCount += bytes.count
  }
}
