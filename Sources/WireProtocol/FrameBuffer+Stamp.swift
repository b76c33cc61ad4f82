extension FrameBuffer {
  /// Makes it another request with the same contents.
  ///
  /// In place, or in a copy while somebody else holds the bytes: a connection that has not written them yet.
  package mutating func stamp(requestID: UInt64, deadlineMicroseconds: UInt32) {
    header.requestID = requestID
    header.deadlineMicroseconds = deadlineMicroseconds
    if !isKnownUniquelyReferenced(&storage) {
      let copy = AlignedBytes(count: storage.count)
      copy.mutableBytes.copyMemory(from: storage.bytes)
      storage = copy
    }
    header.store(to: storage.mutableBytes)
    FrameHeader.storeCRC(FrameHeader.crc(ofFrame: storage.bytes), to: storage.mutableBytes)
  }
}
