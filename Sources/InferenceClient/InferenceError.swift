import WireProtocol

/// Why an inference did not come about.
public enum InferenceError: Error, Equatable, Sendable {
  /// The base station's address is not of the form HOST:PORT.
  case malformedAddress(String)
  /// Files of credentials that are missing, do not fit together, or are for another role.
  case unusableCredentials(String)
  /// No connection came about within the connect timeout.
  case unreachable(address: String, reason: String)
  /// The connection ended before the answer came.
  case connectionLost(reason: String)
  /// The base station did not answer within the request's time.
  case timedOut
  /// The base station refused the request or failed at it, or is not sent what it would refuse.
  case refused(code: String, message: String, isRetryable: Bool, retryAfter: Duration)
  /// A picture that cannot be read, with the reason.
  case unreadablePicture(String)
  /// The request itself is wrong: what was expected and what came.
  case badRequest(String)
  /// The client has been closed.
  case closed

  /// Whether the same request may succeed if it is sent again.
  public var isRetryable: Bool {
    switch self {
    case .connectionLost, .unreachable: true
    case .refused(_, _, let isRetryable, _): isRetryable
    case .malformedAddress, .unusableCredentials, .timedOut, .unreadablePicture, .badRequest, .closed: false
    }
  }
}

extension InferenceError {
  init(_ error: ProtocolError) {
    self = .refused(
      code: error.code.description, message: error.message, isRetryable: error.isRetryable,
      retryAfter: .microseconds(Int64(error.retryAfterMicroseconds)))
  }

  /// What the other side would refuse unread.
  static func tooLarge(bytes: Int, maximum: Int) -> InferenceError {
    InferenceError(ProtocolError(.tooLarge, "infer: \(bytes) bytes, of which the base station takes \(maximum)"))
  }

  /// How long the base station has asked to wait; nil where it has not.
  var retryAfter: Duration? {
    if case .refused(_, _, _, let retryAfter) = self, retryAfter > .zero { retryAfter } else { nil }
  }

  /// Whether the base station has refused it for want of room.
  var isBusy: Bool {
    if case .refused(ErrorCode.busy.description, _, _, _) = self { true } else { false }
  }

  /// Whether its time was over before it was answered.
  var isExpired: Bool {
    switch self {
    case .timedOut, .refused(ErrorCode.deadlineExceeded.description, _, _, _): true
    default: false
    }
  }
}

extension InferenceError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .malformedAddress(let address): "\(address) is no address of the form HOST:PORT"
    case .unusableCredentials(let reason): reason
    case .unreachable(let address, let reason): "the base station at \(address) cannot be reached: \(reason)"
    case .connectionLost(let reason): "the connection to the base station was lost: \(reason)"
    case .timedOut: "the base station did not answer in time"
    case .refused(let code, let message, _, _): message.isEmpty ? code : "\(code): \(message)"
    case .unreadablePicture(let reason): reason
    case .badRequest(let reason): reason
    case .closed: "the client has been closed"
    }
  }
}
