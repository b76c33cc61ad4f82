import WireProtocol

/// Input: `| type | length of the fields u16 | fields... | payload... |`, made into a frame with the right CRC.
///
/// A message that can be read is encoded as one that can be read, too, and that is encoded as the same bytes.
func fuzzMessage(_ input: [UInt8]) throws(Violation) {
  guard input.count >= 3 else { return }
  let rest = input[3...]
  let fields = rest.prefix(Int(input[1]) | Int(input[2]) << 8)
  let frame = sealedFrame(type: input[0], fields: fields, payload: rest.dropFirst(fields.count))
  guard let received = try? decoded(frame), let message = try? Message(decoding: received) else { return }
  _ = received.batchCount
  // Not the same message: numbers beyond what a field is for (an SNR of 1e38 dB) are sent as its largest.
  let again = message.encode(requestID: received.requestID)
  let bytes = again.withBytes { Array($0) }
  let twice = Result { try Message(decoding: again).encode(requestID: received.requestID).withBytes { Array($0) } }
  guard case .success(bytes) = twice else {
    throw Violation(description: "\(message) is encoded as \(bytes), and that as \(twice)")
  }
}

private func decoded(_ bytes: [UInt8]) throws(WireError) -> FrameBuffer? {
  var decoder = FrameDecoder(limits: .standard)
  let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 1)
  defer { copy.deallocate() }
  copy.copyBytes(from: bytes)
  var input = UnsafeRawBufferPointer(copy)
  return try decoder.next(from: &input)
}
