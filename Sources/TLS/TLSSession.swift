internal import COpenSSL
internal import Digests
internal import WireProtocol

/// One TLS 1.3 connection as a transducer: bytes from the network in, bytes for the network out; it owns no descriptor.
///
/// Both sides show certificates. Bounded: it holds what has come of one record and of one flight of the handshake, and
/// ``maximumHeldBytes`` that are to be sent before the handshake is over. Not for use from several threads at once.
package final class TLSSession {
  /// HELLO has room, and whatever follows it before the other side has answered.
  package static let maximumHeldBytes = 128 << 10
  /// What goes through OpenSSL at once: a record's worth, so that its buffers stay that small.
  private static let pieceBytes = 16 << 10
  /// The session's place among what an `SSL` keeps for its user.
  static let ownerSlot: Int32 = 0

  private enum State {
    /// Nothing whole has come yet; then ``handshaking`` or ``ended``. Holds the first bytes.
    case greeting([UInt8])
    /// Then ``open`` or ``ended``.
    case handshaking
    /// Then ``ended``.
    case open
    /// Nothing comes out any more.
    case ended
  }

  private let ssl: OpaquePointer
  /// From the network and to it; `ssl` owns both.
  private let input: OpaquePointer
  private let output: OpaquePointer
  private var state = State.greeting([])
  /// Kept back until the handshake is over.
  private var held: [UInt8] = []

  /// The host that was dialled, whose name the other side's certificate has to have; nil for the side that listens.
  let dialledHost: String?
  let pins: Set<SHA256Digest>
  /// What the other side has shown, accepted or not.
  package internal(set) var peerCertificate: Certificate?
  /// Why its certificate was not accepted.
  var refusal: TLSError?

  /// - Parameter dialledHost: nil for the side that listens.
  package init(_ context: TLSContext, dialledHost: String?) {
    guard let ssl = SSL_new(context.handle), let input = moe_new_memory_bio(), let output = moe_new_memory_bio() else {
      preconditionFailure("SSL_new: out of memory")
    }
    self.ssl = ssl
    self.input = input
    self.output = output
    self.dialledHost = dialledHost
    pins = context.pins
    SSL_set_bio(ssl, input, output)
    SSL_set_ex_data(ssl, Self.ownerSlot, Unmanaged.passUnretained(self).toOpaque())
    if dialledHost == nil { SSL_set_accept_state(ssl) } else { SSL_set_connect_state(ssl) }
  }

  deinit { SSL_free(ssl) }

  package var isOpen: Bool { if case .open = state { true } else { false } }
  /// The other side has said farewell, or this one has; nothing comes any more.
  package var hasEnded: Bool { if case .ended = state { true } else { false } }

  /// Adds what the dialling side says first.
  package func start(_ toSend: inout [UInt8]) throws(TLSError) {
    guard dialledHost != nil else { return }
    try handshake(&toSend)
    drain(&toSend)
  }

  /// Takes bytes from the network, in any pieces; adds what they say and what is to be sent in answer.
  ///
  /// Where it throws, `toSend` may have the alert that tells the other side why; the session has ended.
  package func receive(
    _ bytes: UnsafeRawBufferPointer, received: inout [UInt8], toSend: inout [UInt8]
  ) throws(TLSError) {
    switch state {
    case .ended: return
    case .handshaking, .open: try take(bytes, received: &received, toSend: &toSend)
    case .greeting(var first):
      // Who speaks plainly begins with a frame's magic; anything else is OpenSSL's to judge.
      first += bytes
      let magic = FrameHeader.magicBytes
      if first.starts(with: magic) { try refusePlainFrames(&toSend) }
      guard !magic.starts(with: first) else {
        state = .greeting(first)
        return
      }
      state = .handshaking
      try first.span.bytes.withUnsafeBytes { bytes throws(TLSError) in
        try take(bytes, received: &received, toSend: &toSend)
      }
    }
  }

  /// Adds the records for `bytes`, or keeps them until the handshake is over.
  package func send(_ bytes: UnsafeRawBufferPointer, _ toSend: inout [UInt8]) throws(TLSError) {
    switch state {
    case .ended: return
    case .open: try write(bytes, &toSend)
    case .greeting, .handshaking:
      guard held.count + bytes.count <= Self.maximumHeldBytes else {
        throw .tooMuchBeforeHandshake(bytes: held.count + bytes.count)
      }
      held += bytes
    }
  }

  /// Adds the farewell (close_notify), after which nothing is sent or received.
  package func close(_ toSend: inout [UInt8]) {
    if case .open = state {
      SSL_shutdown(ssl)
      ERR_clear_error()
      drain(&toSend)
    }
    state = .ended
  }

  /// The network has no more bytes: an error unless the other side has said farewell.
  package func endOfInput() throws(TLSError) {
    switch state {
    case .ended: return
    case .open: throw .truncated(duringHandshake: false)
    case .greeting, .handshaking: throw .truncated(duringHandshake: true)
    }
  }

  // MARK: OpenSSL

  private func take(
    _ bytes: UnsafeRawBufferPointer, received: inout [UInt8], toSend: inout [UInt8]
  ) throws(TLSError) {
    defer { drain(&toSend) }
    var rest = bytes
    while !rest.isEmpty, !hasEnded {
      let piece = UnsafeRawBufferPointer(rebasing: rest.prefix(Self.pieceBytes))
      rest = UnsafeRawBufferPointer(rebasing: rest[piece.count...])
      precondition(
        BIO_write(input, piece.baseAddress, Int32(piece.count)) == Int32(piece.count), "BIO_write: out of memory")
      if !isOpen { try handshake(&toSend) }
      if isOpen { try read(&received) }
    }
  }

  private func handshake(_ toSend: inout [UInt8]) throws(TLSError) {
    ERR_clear_error()
    let status = SSL_do_handshake(ssl)
    if status == 1 {
      state = .open
      let held = self.held
      self.held = []
      try held.span.bytes.withUnsafeBytes { bytes throws(TLSError) in try write(bytes, &toSend) }
    } else if SSL_get_error(ssl, status) != SSL_ERROR_WANT_READ {
      throw failure()
    }
  }

  private func read(_ received: inout [UInt8]) throws(TLSError) {
    let status = withUnsafeTemporaryAllocation(of: UInt8.self, capacity: Self.pieceBytes) { piece -> Int32 in
      while true {
        var count = 0
        ERR_clear_error()
        let status = SSL_read_ex(ssl, piece.baseAddress, piece.count, &count)
        guard status == 1 else { return SSL_get_error(ssl, status) }
        received += UnsafeBufferPointer(rebasing: piece[..<count])
      }
    }
    switch status {
    case SSL_ERROR_WANT_READ: return
    case SSL_ERROR_ZERO_RETURN: state = .ended
    default: throw failure()
    }
  }

  private func write(_ bytes: UnsafeRawBufferPointer, _ toSend: inout [UInt8]) throws(TLSError) {
    var rest = bytes
    while !rest.isEmpty {
      var count = 0
      ERR_clear_error()
      guard SSL_write_ex(ssl, rest.baseAddress, min(rest.count, Self.pieceBytes), &count) == 1 else { throw failure() }
      rest = UnsafeRawBufferPointer(rebasing: rest[count...])
      drain(&toSend)
    }
  }

  /// Moves what OpenSSL has for the network.
  private func drain(_ toSend: inout [UInt8]) {
    var start: UnsafePointer<UInt8>?
    let count = moe_memory_bio_bytes(output, &start)
    guard count > 0 else { return }
    toSend += UnsafeBufferPointer(start: start, count: count)
    moe_memory_bio_clear(output)
  }

  private func refusePlainFrames(_ toSend: inout [UInt8]) throws(TLSError) -> Never {
    state = .ended
    if dialledHost == nil {
      let error = ProtocolError(.unauthorised, "this port speaks TLS: give --tls-cert, --tls-key and --tls-ca")
      Message.error(error).encode(requestID: 0).withBytes { toSend += $0 }
    }
    throw .plainFrames
  }

  /// What OpenSSL has just found wrong; the session has ended.
  private func failure() -> TLSError {
    state = .ended
    let error = OpenSSLError.take()
    if let refusal { return refusal }
    guard let error else { return .failed(reason: "it went wrong for an unknown reason") }
    if let alert = error.alert { return .alert(alert) }
    if error.reason == SSL_R_PEER_DID_NOT_RETURN_A_CERTIFICATE { return .noCertificate }
    if error.isOldVersion { return .oldVersion }
    if error.isNoTLS { return .notTLS(reason: error.text) }
    return .failed(reason: error.text)
  }
}
