import WireProtocol

/// What a lying expert says: frames with valid checksums and untrue contents.
enum Lie {
  /// Replaces every state of the link in what an expert sends.
  static func claiming(snrDB: Float) -> @Sendable (FrameBuffer) -> FrameBuffer? {
    { frame in
      switch try? Message(decoding: frame) {
      case .channelReport(let report): Message.channelReport(report.claiming(snrDB)).encode(requestID: frame.requestID)
      case .reply(var reply):
        Message.reply(
          {
            reply.reports = reply.reports.map { $0.claiming(snrDB) }
            for index in reply.items.indices { reply.items[index].snrDB = snrDB }
            return reply
          }()
        ).encode(requestID: frame.requestID)
      default: frame
      }
    }
  }
}

extension ChannelReport {
  fileprivate func claiming(_ value: Float) -> ChannelReport {
    var lie = self
    lie.snrDB = snrDB.map { _ in value }
    return lie
  }
}
