package import Datasets
package import Digests

/// A client's wish to have images classified; answered by one ``InferenceResult`` or an error with the same request id.
package struct Infer: Equatable, Sendable {
  /// Which block of the links each image travels in.
  package enum Blocks: Equatable, Sendable {
    /// The base station counts.
    case unnamed
    /// Image i in block first + i, modulo 2⁶⁴.
    case from(UInt64)
    /// One block an image.
    case each([UInt64])
  }

  /// The most images that the format holds; a base station may take fewer.
  package static let maximumCount = Int(UInt16.max)

  package var count: Int
  package var shape: ImageShape
  package var blocks: Blocks
  /// Refuse (wrong model) unless the base station serves this one.
  package var modelDigest: SHA256Digest?
  /// Whether the result shall bring every class's probability.
  package var wantsProbabilities: Bool
  /// Whether the result shall tell why each image went where it did.
  package var wantsExplanations: Bool
  /// `[count, channels, height, width]`, planar RGB.
  package var pixels: BytePayload

  package init(
    count: Int, shape: ImageShape, blocks: Blocks = .unnamed, modelDigest: SHA256Digest? = nil,
    wantsProbabilities: Bool = false, wantsExplanations: Bool = false, pixels: BytePayload = .empty
  ) {
    self.count = count
    self.shape = shape
    self.blocks = blocks
    self.modelDigest = modelDigest
    self.wantsProbabilities = wantsProbabilities
    self.wantsExplanations = wantsExplanations
    self.pixels = pixels
  }

  /// The block of image `index`, where the client named it.
  package func block(ofImage index: Int) -> UInt64? {
    switch blocks {
    case .unnamed: nil
    case .from(let first): first &+ UInt64(index)
    case .each(let blocks): blocks[index]
    }
  }

  /// The frame, whose pixels `write` puts in place.
  package func encode(
    requestID: UInt64, deadlineMicroseconds: UInt32 = 0, writingPixels write: (UnsafeMutableRawBufferPointer) -> Void
  ) -> FrameBuffer {
    frame(
      requestID: requestID, deadlineMicroseconds: deadlineMicroseconds, payloadLength: count * shape.count,
      writingPayload: write)
  }
}

// Fields:
//      | count u16 | flags u8 | block mode u8 | channels u16 | height u16 | width u16 | [digest 32] | [blocks u64...] |
extension Infer: WireMessage {
  static let type = MessageType.infer
  static let countOffset = 0
  private static let wantsProbabilitiesFlag: UInt8 = 1
  private static let digestFlag: UInt8 = 2
  private static let wantsExplanationsFlag: UInt8 = 4

  /// The numbers of the three cases of ``Blocks``.
  private enum BlockMode: UInt8, CaseIterable { case unnamed, from, each }

  var payloadLength: Int { count * shape.count }

  func writeFields(to sink: inout some FieldSink) {
    sink.count(count, as: UInt16.self, of: "infer: count")
    sink.integer(
      (wantsProbabilities ? Self.wantsProbabilitiesFlag : 0) | (modelDigest == nil ? 0 : Self.digestFlag)
        | (wantsExplanations ? Self.wantsExplanationsFlag : 0))
    let mode: BlockMode =
      switch blocks {
      case .unnamed: .unnamed
      case .from: .from
      case .each: .each
      }
    sink.integer(mode.rawValue)
    shape.write(to: &sink)
    if let modelDigest { sink.digest(modelDigest) }
    switch blocks {
    case .unnamed: break
    case .from(let first): sink.integer(first)
    case .each(let each):
      precondition(each.count == count, "infer: \(each.count) blocks for \(count) images")
      for block in each { sink.integer(block) }
    }
  }

  func writePayload(to bytes: UnsafeMutableRawBufferPointer) { pixels.copy(to: bytes, "infer: pixels") }

  init(reading reader: inout FieldReader, from frame: FrameBuffer) throws(WireError) {
    count = try reader.count("count", as: UInt16.self, in: 1...Self.maximumCount)
    let flags: UInt8 = try reader.integer("flags")
    guard flags <= Self.wantsProbabilitiesFlag | Self.digestFlag | Self.wantsExplanationsFlag else {
      throw reader.error("flags", expected: "0 to 7", received: "\(flags)")
    }
    wantsProbabilities = flags & Self.wantsProbabilitiesFlag != 0
    wantsExplanations = flags & Self.wantsExplanationsFlag != 0
    let mode: BlockMode = try reader.enumeration("block mode")
    shape = try ImageShape(reading: &reader)
    modelDigest = flags & Self.digestFlag != 0 ? try reader.digest("model digest") : nil
    switch mode {
    case .unnamed: blocks = .unnamed
    case .from: blocks = .from(try reader.integer("first block"))
    case .each:
      try reader.require(count, elementsOf: 8, "blocks")
      var each: [UInt64] = []
      each.reserveCapacity(count)
      for _ in 0..<count { each.append(try reader.integer("blocks")) }
      blocks = .each(each)
    }
    pixels = try frame.bytePayload(count: count, bytesEach: shape.count, "pixels", reader)
  }
}
