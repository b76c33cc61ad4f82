extension Message {
  package var type: MessageType {
    switch self {
    case .hello: .hello
    case .infer: .infer
    case .result: .result
    case .dispatch: .dispatch
    case .reply: .reply
    case .channelReport: .channelReport
    case .subscribe: .subscribe
    case .cancel: .cancel
    case .ping: .ping
    case .pong: .pong
    case .goaway: .goaway
    case .error: .error
    case .statusRequest: .statusRequest
    case .status: .status
    case .reload: .reload
    case .reloaded: .reloaded
    }
  }

  /// The frame; bulk data is copied into it (the messages' own `encode(… writing…)` have it written in place).
  package func encode(requestID: UInt64, deadlineMicroseconds: UInt32 = 0) -> FrameBuffer {
    func frame(_ message: some WireMessage) -> FrameBuffer {
      message.frame(requestID: requestID, deadlineMicroseconds: deadlineMicroseconds)
    }
    switch self {
    case .hello(let message): return frame(message)
    case .infer(let message): return frame(message)
    case .result(let message): return frame(message)
    case .dispatch(let message): return frame(message)
    case .reply(let message): return frame(message)
    case .channelReport(let message): return frame(message)
    case .subscribe(let message): return frame(message)
    case .cancel: return frame(Cancel())
    case .ping(let message): return frame(message)
    case .pong(let message): return frame(message)
    case .goaway(let message): return frame(message)
    case .error(let message): return frame(message)
    case .statusRequest: return frame(StatusRequest())
    case .status(let message): return frame(message)
    case .reload: return frame(Reload())
    case .reloaded(let message): return frame(message)
    }
  }

  package init(decoding frame: FrameBuffer) throws(WireError) {
    switch frame.type {
    case .hello: self = .hello(try Hello(from: frame))
    case .infer: self = .infer(try Infer(from: frame))
    case .result: self = .result(try InferenceResult(from: frame))
    case .dispatch: self = .dispatch(try Dispatch(from: frame))
    case .reply: self = .reply(try Reply(from: frame))
    case .channelReport: self = .channelReport(try ChannelReport(from: frame))
    case .subscribe: self = .subscribe(try ChannelSubscription(from: frame))
    case .cancel:
      _ = try Cancel(from: frame)
      self = .cancel
    case .ping: self = .ping(try Ping(from: frame))
    case .pong: self = .pong(try Pong(from: frame))
    case .goaway: self = .goaway(try Goaway(from: frame))
    case .error: self = .error(try ProtocolError(from: frame))
    case .statusRequest:
      _ = try StatusRequest(from: frame)
      self = .statusRequest
    case .status: self = .status(try Status(from: frame))
    case .reload:
      _ = try Reload(from: frame)
      self = .reload
    case .reloaded: self = .reloaded(try Reloaded(from: frame))
    }
  }
}

/// Withdraws the request whose id the header has.
private struct Cancel: WireMessage {
  static let type = MessageType.cancel
  init() {}
  func writeFields(to sink: inout some FieldSink) {}
  init(reading reader: inout FieldReader, from frame: FrameBuffer) throws(WireError) {}
}

private struct StatusRequest: WireMessage {
  static let type = MessageType.statusRequest
  init() {}
  func writeFields(to sink: inout some FieldSink) {}
  init(reading reader: inout FieldReader, from frame: FrameBuffer) throws(WireError) {}
}

private struct Reload: WireMessage {
  static let type = MessageType.reload
  init() {}
  func writeFields(to sink: inout some FieldSink) {}
  init(reading reader: inout FieldReader, from frame: FrameBuffer) throws(WireError) {}
}

// The messages of the hot path also without the enum around them.

extension Infer {
  package init(decoding frame: FrameBuffer) throws(WireError) { try self.init(from: frame) }
}

extension InferenceResult {
  package init(decoding frame: FrameBuffer) throws(WireError) { try self.init(from: frame) }
}

extension Dispatch {
  package init(decoding frame: FrameBuffer) throws(WireError) { try self.init(from: frame) }
}

extension Reply {
  package init(decoding frame: FrameBuffer) throws(WireError) { try self.init(from: frame) }
}
