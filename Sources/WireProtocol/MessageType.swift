/// The kind of a message, as the header's type byte says it.
package enum MessageType: UInt8, Sendable, CaseIterable, CustomStringConvertible {
  case hello = 1
  case infer = 2
  case result = 3
  case dispatch = 4
  case reply = 5
  case channelReport = 6
  case subscribe = 7
  case cancel = 8
  case ping = 9
  case pong = 10
  case goaway = 11
  case error = 12
  case statusRequest = 13
  case status = 14
  case reload = 15
  case reloaded = 16

  package var description: String {
    switch self {
    case .hello: "hello"
    case .infer: "infer"
    case .result: "result"
    case .dispatch: "dispatch"
    case .reply: "reply"
    case .channelReport: "channel report"
    case .subscribe: "subscribe"
    case .cancel: "cancel"
    case .ping: "ping"
    case .pong: "pong"
    case .goaway: "goaway"
    case .error: "error"
    case .statusRequest: "status request"
    case .status: "status"
    case .reload: "reload"
    case .reloaded: "reloaded"
    }
  }

  /// Whether an answer is tied to it by its request id, which is not 0 then.
  package var isQuestion: Bool {
    switch self {
    case .infer, .dispatch, .subscribe, .statusRequest, .reload: true
    case .hello, .result, .reply, .channelReport, .cancel, .ping, .pong, .goaway, .error, .status, .reloaded: false
    }
  }

  /// Whether a node of that role sends this type of message at all.
  package func isSent(by role: Role) -> Bool {
    switch self {
    case .hello, .ping, .pong, .goaway, .error: true
    case .infer, .statusRequest: role == .client || role == .operator
    case .cancel: role != .expert
    case .result, .status, .dispatch, .subscribe: role == .baseStation
    case .reply, .channelReport: role == .expert
    case .reload: role == .operator || role == .baseStation
    case .reloaded: role == .baseStation || role == .expert
    }
  }
}
