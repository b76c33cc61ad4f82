package import TLS

/// What reads bytes of strangers, each with what must hold whatever the bytes are.
///
/// libFuzzer drives these (package `Fuzzing`), and a test replays the corpus that it has found.
package enum FuzzTarget: String, CaseIterable, Sendable {
  /// Cutting a stream into frames.
  case decoder
  /// Reading every message's fields and payload.
  case messages
  /// HELLO and what follows it, over a socket, on either side.
  case handshake
  /// TLS records.
  case tls

  /// The credentials of two sides that believe each other.
  package struct Credentials: Sendable {
    package var client: TLSContext
    package var server: TLSContext

    package init(client: TLSContext, server: TLSContext) {
      self.client = client
      self.server = server
    }
  }

  /// - Throws: ``Violation`` where something does not hold.
  package func run(_ input: [UInt8], _ credentials: Credentials) throws(Violation) {
    switch self {
    case .decoder: try fuzzDecoder(input)
    case .messages: try fuzzMessage(input)
    case .handshake: try fuzzHandshake(input)
    case .tls: try fuzzTLS(input, credentials)
    }
  }
}

/// What does not hold, and the values.
package struct Violation: Error, CustomStringConvertible {
  package let description: String

  static func check(_ holds: Bool, _ description: @autoclosure () -> String) throws(Violation) {
    if !holds { throw Violation(description: description()) }
  }
}
