import Datasets
import Glibc
import Logging
import Transport
import WireProtocol

/// Events in the order in which they happen, for tests to wait for; nothing waits by the clock.
final class Events<Event: Sendable>: Sendable {
  private let stream: AsyncStream<Event>
  private let continuation: AsyncStream<Event>.Continuation

  init() { (stream, continuation) = AsyncStream.makeStream() }

  func add(_ event: Event) { continuation.yield(event) }

  func next() async -> Event? {
    for await event in stream { return event }
    return nil
  }
}

/// An io queue of its own, whose log goes nowhere.
func makeIO(_ label: String = #function) -> IOQueue {
  do {
    return try IOQueue(label: "test.\(label)", logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
  } catch {
    preconditionFailure("\(error)")
  }
}

extension IOQueue {
  /// The result of `body`, run on the queue.
  func run<Value: Sendable>(_ body: @escaping @Sendable () -> Value) async -> Value {
    await withCheckedContinuation { continuation in async { continuation.resume(returning: body()) } }
  }
}

let anyPort = SocketAddress(host: "127.0.0.1", port: 0)

func clientHello(_ node: String = "client", generation: UInt64 = 1) -> Hello {
  Hello(nodeID: node, generation: generation, software: "test", detail: .client)
}

/// A listener whose connections send every frame back.
func echoListener(_ address: SocketAddress = anyPort, io: IOQueue) throws -> Listener {
  try Listener(address: address, io: io) { connection in
    connection.limits = .standard
    connection.onFrame = { [unowned connection] in connection.send($0) }
    connection.start()
  }
}

/// A connection that has not started, to an address where somebody listens.
func connect(to address: SocketAddress, io: IOQueue) async throws -> Connection {
  try await withCheckedThrowingContinuation { continuation in
    Connection.connect(to: address, io: io) { continuation.resume(with: $0) }
  }
}

/// The two ends of an accepted peer: the one that listened and the one that dialled.
struct PeerPair {
  var accepted: Peer
  var dialled: Peer
  var listener: PeerListener

  init(io: IOQueue, options: Peer.Options = .init(), server: Hello? = nil, client: Hello? = nil) async throws {
    let peers = Events<Peer>()
    let serverHello = server ?? Hello(nodeID: "server", generation: 1, software: "test", detail: .operator)
    listener = try PeerListener(
      address: anyPort, io: io, options: options, respond: { _ in serverHello }, onPeer: { peers.add($0) })
    let address = listener.address
    let results = Events<Result<Peer, TransportError>>()
    Dialler.dialOnce(
      address, io: io, timeout: .seconds(10), hello: client ?? clientHello(), options: options
    ) { results.add($0) }
    guard let result = await results.next(), let accepted = await peers.next() else { throw CancellationError() }
    dialled = try result.get()
    self.accepted = accepted
  }
}

func ping(_ token: UInt64, requestID: UInt64 = 0) -> FrameBuffer {
  Message.ping(Ping(token: token)).encode(requestID: requestID)
}

/// A frame with a payload of so many bytes, each telling its place.
func bulk(_ byteCount: Int, requestID: UInt64) -> FrameBuffer {
  Infer(count: 1, shape: ImageShape(channels: 1, height: byteCount >> 10, width: 1024)).encode(
    requestID: requestID
  ) { bytes in
    for index in bytes.indices { bytes[index] = UInt8(truncatingIfNeeded: index &* 31 &+ Int(requestID)) }
  }
}

extension FrameBuffer {
  var bytes: [UInt8] { withBytes { Array($0) } }
}

/// A plain blocking socket: a program that does not keep to the protocol.
final class RawClient {
  private let descriptor: Int32
  private var isOpen = true

  init(_ address: SocketAddress) {
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var name = sockaddr_in()
    name.sin_family = sa_family_t(AF_INET)
    name.sin_port = address.port.bigEndian
    inet_pton(AF_INET, address.host, &name.sin_addr)
    var timeout = timeval(tv_sec: 20, tv_usec: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
    let result = withUnsafePointer(to: &name) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    precondition(result == 0, String(cString: strerror(errno)))
  }

  deinit { if isOpen { close(descriptor) } }

  /// Closes with a reset, as a host does that has lost its memory of the connection.
  func reset() {
    var linger = linger(l_onoff: 1, l_linger: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout<Glibc.linger>.size))
    close(descriptor)
    isOpen = false
  }

  func send(_ bytes: [UInt8]) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
      guard count > 0 else { return }
      rest = rest.dropFirst(count)
    }
  }

  /// Frames until the other side closes, or `count` of them.
  func frames(atMost count: Int = .max) -> [FrameBuffer] {
    var decoder = FrameDecoder(limits: .standard)
    var result: [FrameBuffer] = []
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 4096, alignment: 1)
    defer { buffer.deallocate() }
    while result.count < count {
      let received = read(descriptor, buffer.baseAddress, buffer.count)
      guard received > 0 else { break }
      var input = UnsafeRawBufferPointer(rebasing: buffer[..<received])
      while let frame = try? decoder.next(from: &input) { result.append(frame) }
    }
    return result
  }
}

/// The descriptors that this process has open.
var openDescriptorCount: Int {
  guard let directory = opendir("/proc/self/fd") else { return -1 }
  defer { closedir(directory) }
  var count = 0
  while readdir(directory) != nil { count += 1 }
  return count
}

/// What came instead of what the test waits for.
struct Unexpected: Error, CustomStringConvertible {
  var description: String
  init(_ description: String) { self.description = description }
}
