/// Cuts a stream of bytes into frames, whatever pieces it comes in.
///
/// Pure and bounded: a frame's length is checked before memory is taken, and memory is taken for what has arrived, not
/// for what a header claims: at most ``growthFactor`` times as much, above a first ``firstCapacity``. After an error the
/// stream has no frames any more: whoever feeds the decoder closes the connection.
package struct FrameDecoder {
  /// Frames up to this size have their memory at once.
  package static let firstCapacity = 64 << 10
  package static let growthFactor = 4

  /// What is accepted; a change holds from the next header on.
  package var limits: FrameLimits
  /// The frame that has not arrived whole: its header's bytes first, then all of it.
  private var partial: AlignedBytes?
  private var partialHeader: FrameHeader?
  private var received = 0

  package init(limits: FrameLimits) { self.limits = limits }

  /// The bytes of a frame that is not whole yet.
  package var bytesPending: Int { received }

  /// The memory that is held for a frame that is not whole yet.
  package var bytesHeld: Int { partial?.count ?? 0 }

  /// Takes bytes from the front of `input` until a frame is whole, which it returns, or `input` is empty.
  package mutating func next(from input: inout UnsafeRawBufferPointer) throws(WireError) -> FrameBuffer? {
    if received == 0, input.count >= FrameHeader.byteCount {
      // The usual case: all of it is here.
      let header = try FrameHeader(loading: input, limits: limits)
      if header.frameLength <= input.count {
        let storage = AlignedBytes(count: header.frameLength)
        storage.mutableBytes.copyMemory(from: input.removeFirst(header.frameLength))
        return try FrameBuffer(checking: storage, header: header)
      }
    }
    while !input.isEmpty {
      let memory = ensureSpace()
      let end = partialHeader?.frameLength ?? FrameHeader.byteCount
      let piece = input.removeFirst(min(input.count, min(end, memory.count) - received))
      UnsafeMutableRawBufferPointer(rebasing: memory.mutableBytes[received...]).copyMemory(from: piece)
      if let frame = try advance(by: piece.count) { return frame }
    }
    return nil
  }

  /// Where the rest of a large frame may be put without a copy by way of the caller's buffer; nil where that is not worth it.
  ///
  /// Valid until the decoder is used again; what was put there is then told to ``filled(_:)``.
  package mutating func directSpace(atLeast worthwhile: Int) -> UnsafeMutableRawBufferPointer? {
    guard let header = partialHeader, header.frameLength - received >= worthwhile else { return nil }
    return UnsafeMutableRawBufferPointer(rebasing: ensureSpace().mutableBytes[received...])
  }

  /// So many bytes have been put at the start of ``directSpace(atLeast:)``.
  package mutating func filled(_ count: Int) throws(WireError) -> FrameBuffer? {
    precondition(count <= bytesHeld - received, "\(count) bytes in the space of \(bytesHeld - received)")
    return try advance(by: count)
  }

  private mutating func advance(by count: Int) throws(WireError) -> FrameBuffer? {
    guard let memory = partial else { preconditionFailure("bytes without a place") }
    received += count
    if partialHeader == nil {
      guard received == FrameHeader.byteCount else {
        try FrameHeader.checkMagic(UnsafeRawBufferPointer(rebasing: memory.bytes[..<received]))
        return nil
      }
      partialHeader = try FrameHeader(loading: memory.bytes, limits: limits)
    }
    guard let header = partialHeader, received == header.frameLength else { return nil }
    partial = nil
    partialHeader = nil
    received = 0
    return try FrameBuffer(checking: memory, header: header)
  }

  /// Memory with room for at least one more byte of the frame.
  private mutating func ensureSpace() -> AlignedBytes {
    if let partial, received < partial.count { return partial }
    let wanted = max(Self.firstCapacity, received * Self.growthFactor)
    let capacity = partialHeader.map { min($0.frameLength, wanted) } ?? FrameHeader.byteCount
    let memory = partial.map { moved($0, to: capacity) } ?? AlignedBytes(count: capacity)
    partial = memory
    return memory
  }

  private func moved(_ memory: AlignedBytes, to capacity: Int) -> AlignedBytes {
    let larger = AlignedBytes(count: capacity)
    larger.mutableBytes.copyMemory(from: UnsafeRawBufferPointer(rebasing: memory.bytes[..<received]))
    return larger
  }
}

extension UnsafeRawBufferPointer {
  /// Cuts off the first bytes and returns them.
  fileprivate mutating func removeFirst(_ count: Int) -> UnsafeRawBufferPointer {
    defer { self = UnsafeRawBufferPointer(rebasing: self[count...]) }
    return UnsafeRawBufferPointer(rebasing: self[..<count])
  }
}
