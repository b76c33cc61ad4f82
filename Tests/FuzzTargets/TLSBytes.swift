import TLS

/// Input: `| 0: to a server, 1: to a client, 2: between both | ... |`, then bytes of the other side, or, between both,
/// changes: `| place u16 | exclusive or u8 |`, on the way to the server where the place is even, else to the client.
///
/// Garbage yields nothing; what a real session delivers is what was sent, or the beginning of it.
func fuzzTLS(_ input: [UInt8], _ credentials: FuzzTarget.Credentials) throws(Violation) {
  guard let mode = input.first else { return }
  let rest = Array(input[1...])
  switch mode % 3 {
  case 0: try fuzzAlone(TLSSession(credentials.server, dialledHost: nil), rest)
  case 1: try fuzzAlone(TLSSession(credentials.client, dialledHost: "localhost"), rest)
  default: try fuzzBetween(credentials, changes: rest)
  }
}

private func fuzzAlone(_ session: TLSSession, _ bytes: [UInt8]) throws(Violation) {
  var received: [UInt8] = []
  var toSend: [UInt8] = []
  try? session.start(&toSend)
  let half = bytes.count / 2
  for piece in [bytes[..<half], bytes[half...]] where !session.hasEnded {
    try? piece.withUnsafeBytes { try session.receive($0, received: &received, toSend: &toSend) }
  }
  try Violation.check(received.isEmpty && !session.isOpen, "\(received.count) bytes from nobody")
}

private func fuzzBetween(_ credentials: FuzzTarget.Credentials, changes: [UInt8]) throws(Violation) {
  let sides = [
    Side(TLSSession(credentials.client, dialledHost: "localhost"), Array("what a client says".utf8)),
    Side(TLSSession(credentials.server, dialledHost: nil), Array("what a server says".utf8)),
  ]
  for start in stride(from: 0, to: changes.count - 2, by: 3) {
    let place = Int(changes[start]) | Int(changes[start + 1]) << 8
    sides[place & 1].changes[place >> 1, default: 0] ^= changes[start + 2]
  }
  for side in sides {
    try? side.session.start(&side.toSend)
    try? side.message.withUnsafeBytes { try side.session.send($0, &side.toSend) }
  }
  // A handshake has four flights; what is refused ends sooner.
  for _ in 0..<8 {
    for (from, to) in [(sides[0], sides[1]), (sides[1], sides[0])] { from.carry(to: to) }
  }
  for (side, other) in [(sides[0], sides[1]), (sides[1], sides[0])] {
    try Violation.check(
      other.message.starts(with: side.received), "\(side.received) of \(other.message)")
    let isWhole = sides.allSatisfy { !$0.isChanged }
    try Violation.check(!isWhole || side.received == other.message, "nothing was changed, yet not all arrived")
  }
}

/// One side of a connection in memory.
private final class Side {
  let session: TLSSession
  let message: [UInt8]
  var changes: [Int: UInt8] = [:]
  var toSend: [UInt8] = []
  var received: [UInt8] = []
  private var carried = 0
  private(set) var isChanged = false

  init(_ session: TLSSession, _ message: [UInt8]) {
    self.session = session
    self.message = message
  }

  func carry(to other: Side) {
    var bytes = toSend
    toSend = []
    for index in bytes.indices {
      guard let change = changes[carried + index], change != 0 else { continue }
      bytes[index] ^= change
      isChanged = true
    }
    carried += bytes.count
    try? bytes.withUnsafeBytes { try other.session.receive($0, received: &other.received, toSend: &other.toSend) }
  }
}
