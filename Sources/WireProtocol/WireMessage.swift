/// A message with its layout: how its fields are written and read, and what its payload is.
protocol WireMessage {
  static var type: MessageType { get }
  var payloadLength: Int { get }

  func writeFields(to sink: inout some FieldSink)
  func writePayload(to bytes: UnsafeMutableRawBufferPointer)

  /// - Parameter frame: for the payload alone; the fields come through the reader.
  init(reading reader: inout FieldReader, from frame: FrameBuffer) throws(WireError)
}

extension WireMessage {
  var payloadLength: Int { 0 }
  func writePayload(to bytes: UnsafeMutableRawBufferPointer) {}

  func frame(requestID: UInt64, deadlineMicroseconds: UInt32 = 0) -> FrameBuffer {
    frame(
      requestID: requestID, deadlineMicroseconds: deadlineMicroseconds, payloadLength: payloadLength,
      writingPayload: writePayload)
  }

  func frame(
    requestID: UInt64, deadlineMicroseconds: UInt32 = 0, floatCount: Int,
    writingFloats write: (UnsafeMutableBufferPointer<Float>) -> Void
  ) -> FrameBuffer {
    frame(requestID: requestID, deadlineMicroseconds: deadlineMicroseconds, payloadLength: 4 * floatCount) { bytes in
      bytes.withMemoryRebound(to: Float.self, write)
    }
  }

  func frame(
    requestID: UInt64, deadlineMicroseconds: UInt32 = 0, payloadLength: Int,
    writingPayload write: (UnsafeMutableRawBufferPointer) -> Void
  ) -> FrameBuffer {
    var counter = FieldCounter()
    writeFields(to: &counter)
    guard let fieldsLength = UInt32(exactly: counter.count), let payload = UInt32(exactly: payloadLength) else {
      preconditionFailure("\(Self.type): \(counter.count) and \(payloadLength) bytes do not fit a frame")
    }
    let header = FrameHeader(
      type: Self.type, fieldsLength: fieldsLength, payloadLength: payload, requestID: requestID,
      deadlineMicroseconds: deadlineMicroseconds)
    return FrameBuffer(header: header) { fields in
      var writer = FieldWriter(fields, count: counter.count)
      writeFields(to: &writer)
      writer.finish()
    } writingPayload: {
      write($0)
    }
  }

  /// - Throws: ``WireError`` where the frame is of another type or its contents are not this message.
  init(from frame: FrameBuffer) throws(WireError) {
    guard frame.type == Self.type else {
      throw WireError("frame", "type", expected: "\(Self.type)", received: "\(frame.type)")
    }
    // Not inside a closure, whose errors would lose their type.
    defer { withExtendedLifetime(frame) {} }
    var reader = FieldReader(frame.fields, of: Self.type)
    let message = try Self(reading: &reader, from: frame)
    reader.index = nil
    try reader.finish()
    guard message.payloadLength == Int(frame.header.payloadLength) else {
      throw reader.error(
        "payload", expected: "\(message.payloadLength) bytes", received: "\(frame.header.payloadLength) bytes")
    }
    self = message
  }
}
