/// Why something failed, in the words of the wire.
package enum ErrorCode: UInt16, Sendable, CaseIterable, Codable {
  case badRequest = 1
  case unsupportedVersion = 2
  case tooLarge = 3
  case unauthorised = 4
  case wrongModel = 5
  case wrongClock = 6
  case noExpert = 7
  case busy = 8
  case deadlineExceeded = 9
  case shuttingDown = 10
  case cancelled = 11
  case timeout = 12
  case superseded = 13
  case unsupported = 14
  case internalError = 15

  /// Whether the same request may succeed later or elsewhere, where the sender does not know better.
  package var isRetryable: Bool {
    switch self {
    case .busy, .noExpert, .shuttingDown, .timeout: true
    case .badRequest, .unsupportedVersion, .tooLarge, .unauthorised, .wrongModel, .wrongClock, .deadlineExceeded,
      .cancelled, .superseded, .unsupported, .internalError:
      false
    }
  }
}

extension ErrorCode: CustomStringConvertible {
  package var description: String {
    switch self {
    case .badRequest: "bad request"
    case .unsupportedVersion: "unsupported version"
    case .tooLarge: "too large"
    case .unauthorised: "unauthorised"
    case .wrongModel: "wrong model"
    case .wrongClock: "wrong clock"
    case .noExpert: "no expert"
    case .busy: "busy"
    case .deadlineExceeded: "deadline exceeded"
    case .shuttingDown: "shutting down"
    case .cancelled: "cancelled"
    case .timeout: "timeout"
    case .superseded: "superseded"
    case .unsupported: "unsupported"
    case .internalError: "internal error"
    }
  }
}
