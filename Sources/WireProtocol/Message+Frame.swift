extension Message {
  package func encode(requestID: UInt64, deadlineMicroseconds: UInt32 = 0) -> FrameBuffer { fatalError() }

  package init(decoding frame: FrameBuffer) throws(WireError) { fatalError() }
}

protocol WireMessage {}
extension Infer: WireMessage {}
extension InferenceResult: WireMessage {}
extension Dispatch: WireMessage {}
extension Reply: WireMessage {}
extension WireMessage {
  func encode(
    requestID: UInt64, deadlineMicroseconds: UInt32 = 0, payloadLength: Int,
    writingPayload: (UnsafeMutableRawBufferPointer) -> Void
  ) -> FrameBuffer { fatalError() }
  func encode(
    requestID: UInt64, deadlineMicroseconds: UInt32 = 0, floatCount: Int,
    writingFloats: (UnsafeMutableBufferPointer<Float>) -> Void
  ) -> FrameBuffer { fatalError() }
}
