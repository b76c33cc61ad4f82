import Datasets
import Digests
import Dispatch
import Glibc
import Logging
import Radio
import Transport
import WireProtocol

/// Input: `| 1: CRCs are made right, 2: we have dialled | stream... |`, which the other side sends before it closes.
///
/// The handshake ends exactly once, and the connection after it, whatever came.
func fuzzHandshake(_ input: [UInt8]) throws(Violation) {
  guard let flags = input.first else { return }
  var stream = Array(input[1...])
  if flags & 1 != 0 { reseal(&stream) }
  var ends: [Int32] = [-1, -1]
  precondition(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends) == 0, "socketpair: errno \(errno)")
  defer { close(ends[0]) }
  let counter = Counter()
  io.async { [ours = ends[1]] in
    let connection = Connection(owning: ours, io: io)
    let completion = { (result: Result<Peer, TransportError>) in
      counter.completions += 1
      guard case .success(let peer) = result else { return }
      peer.onClose = { _ in counter.closings += 1 }
      counter.peers += 1
    }
    if flags & 2 == 0 {
      Peer.accept(connection, respond: { _ in hello }, completion: completion)
    } else {
      Peer.initiate(connection, hello: hello, verify: { _ in }, completion: completion)
    }
  }
  // libFuzzer's alarm interrupts calls.
  var sent = 0
  while sent < stream.count {
    let count = stream[sent...].withUnsafeBytes { send(ends[0], $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
    if count > 0 { sent += count } else if errno != EINTR { break }
  }
  shutdown(ends[0], Int32(SHUT_WR))
  var answer = [UInt8](repeating: 0, count: 4096)
  while true {
    let count = read(ends[0], &answer, answer.count)
    if count == 0 || count < 0 && errno != EINTR { break }
  }
  let (completions, peers, closings) = io.queue.sync { (counter.completions, counter.peers, counter.closings) }
  try Violation.check(completions == 1, "the handshake ended \(completions) times")
  try Violation.check(peers == closings, "\(peers) peers, of which \(closings) ended")
}

private let io: IOQueue = {
  do {
    return try IOQueue(label: "fuzz", logger: Logger(label: "fuzz") { _ in SwiftLogNoOpLogHandler() })
  } catch {
    preconditionFailure("\(error)")
  }
}()

private let hello = Hello(
  nodeID: "fuzzed", generation: 1, software: "fuzz",
  detail: .baseStation(
    Hello.BaseStation(
      id: 0, modelName: "none", digest: SHA256Digest.of([]),
      inputShape: ImageShape(channels: 3, height: 32, width: 32), classLabels: [], gate: "none", link: .analog)))

// @unchecked: touched on the io queue only.
private final class Counter: @unchecked Sendable {
  var completions = 0
  var peers = 0
  var closings = 0
}
