extension FrameBuffer {
  /// How many images or latents the frame claims to hold; nil where it is of another type or cut off.
  ///
  /// Read without the rest of the message, so that a batch beyond the receiver's bound is refused before anything is
  /// taken for it.
  package var batchCount: Int? {
    let offset: Int
    switch type {
    case .infer: offset = Infer.countOffset
    case .dispatch: offset = Dispatch.countOffset
    default: return nil
    }
    guard fields.count >= offset + 2 else { return nil }
    return withExtendedLifetime(storage) {
      Int(UInt16(littleEndian: fields.loadUnaligned(fromByteOffset: offset, as: UInt16.self)))
    }
  }
}
