import WireProtocol

/// Input: `| 1: CRCs are made right, 2: small limits | seed of the pieces | stream... |`.
///
/// The stream gives the same frames and the same end in whatever pieces it comes, and the decoder never holds more memory
/// than its documented multiple of what has arrived.
func fuzzDecoder(_ input: [UInt8]) throws(Violation) {
  guard input.count > 2 else { return }
  var stream = Array(input[2...])
  if input[0] & 1 != 0 { reseal(&stream) }
  let limits = input[0] & 2 != 0 ? FrameLimits.beforeHello : .standard
  let whole = try cut(stream, limits) { $0.count }
  var state = UInt32(input[1])
  let pieces = try cut(stream, limits) { rest in
    state = state &* 1_664_525 &+ 1_013_904_223
    return min(rest.count, 1 + Int(state >> 16) & 0x7F)
  }
  try Violation.check(whole.frames == pieces.frames, "\(whole.frames.count) and \(pieces.frames.count) frames")
  try Violation.check(
    whole.error?.field == pieces.error?.field,
    "ends with \(String(describing: whole.error)) and \(String(describing: pieces.error))")
}

private struct Cut {
  var frames: [[UInt8]] = []
  var error: WireError?
}

private func cut(
  _ stream: [UInt8], _ limits: FrameLimits, pieceLength: (ArraySlice<UInt8>) -> Int
) throws(Violation) -> Cut {
  var decoder = FrameDecoder(limits: limits)
  var cut = Cut()
  var rest = stream[...]
  while !rest.isEmpty, cut.error == nil {
    let piece = rest.prefix(pieceLength(rest))
    rest = rest.dropFirst(piece.count)
    cut.take(piece, &decoder)
    let bound = max(FrameDecoder.firstCapacity, FrameDecoder.growthFactor * decoder.bytesPending)
    try Violation.check(
      decoder.bytesHeld <= min(bound, limits.maximumFrameBytes),
      "\(decoder.bytesHeld) bytes held for \(decoder.bytesPending)")
  }
  return cut
}

extension Cut {
  /// Every other piece is put into its place as a connection does it with what is missing of a large frame.
  fileprivate mutating func take(_ piece: ArraySlice<UInt8>, _ decoder: inout FrameDecoder) {
    do throws(WireError) {
      if piece.count % 2 == 0, let space = decoder.directSpace(atLeast: piece.count), space.count >= piece.count {
        space.copyBytes(from: piece)
        if let frame = try decoder.filled(piece.count) { frames.append(frame.withBytes { Array($0) }) }
        return
      }
      let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: piece.count, alignment: 1)
      defer { copy.deallocate() }
      copy.copyBytes(from: piece)
      var input = UnsafeRawBufferPointer(copy)
      while let frame = try decoder.next(from: &input) { frames.append(frame.withBytes { Array($0) }) }
    } catch {
      self.error = error
    }
  }
}
